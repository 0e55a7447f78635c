//! The new values of a batch, key by key.

use crate::table::index::Place;

/// The values of each place that has some, places ascending, values in the order of arrival.
#[derive(Debug)]
pub(crate) struct Groups<V> {
    places: Vec<Place>,
    /// Where the values of each place end.
    ends: Vec<usize>,
    values: Vec<V>,
    /// The number of the record in which each place came first.
    first: Vec<u32>,
}

impl<V: Clone> Groups<V> {
    /// Groups the values of a batch, of which each record has a place.
    pub(crate) fn new(places: &[Place], values: &[&V]) -> Groups<V> {
        let mut groups = Groups {
            places: Vec::new(),
            ends: Vec::new(),
            values: Vec::with_capacity(values.len()),
            first: Vec::new(),
        };
        let mut at_hand = None;
        for record in by_place(places) {
            let (place, number) = ((record >> 32) as Place, record as u32);
            if at_hand.replace(place) != Some(place) {
                groups.ends.push(groups.values.len());
                groups.places.push(place);
                groups.first.push(number);
            }
            groups.values.push(values[number as usize].clone());
        }
        // What ended when a place began was the one before; before the first, nothing did.
        groups.ends.push(groups.values.len());
        groups.ends.remove(0);
        groups
    }

    /// The places that have values, in the order in which they came first.
    pub(crate) fn by_arrival(&self) -> Vec<Place> {
        let mut arrived: Vec<(u32, Place)> = self
            .first
            .iter()
            .copied()
            .zip(self.places.iter().copied())
            .collect();
        arrived.sort_unstable();
        arrived.into_iter().map(|(_, place)| place).collect()
    }
}

impl<V> Groups<V> {
    /// Each place with its values, places ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Place, &[V])> {
        let mut start = 0;
        self.places.iter().zip(&self.ends).map(move |(place, end)| {
            let values = &self.values[start..*end];
            start = *end;
            (*place, values)
        })
    }
}

/// Batches with fewer records are sorted by comparing them.
const SMALL: usize = 256;

/// Bits of a place that are sorted by at once.
const DIGIT: u32 = 8;

/// Each record as its place and its number in one word, in the order of both: a radix sort, as long
/// as the batch is no small one.
fn by_place(places: &[Place]) -> Vec<u64> {
    let numbered = (0_u64..).zip(places);
    let records = numbered.map(|(number, place)| u64::from(*place) << 32 | number);
    let mut records: Vec<u64> = records.collect();
    if records.len() < SMALL {
        records.sort_unstable();
        return records;
    }
    let bits = places
        .iter()
        .max()
        .map_or(0, |largest| Place::BITS - largest.leading_zeros());
    let mut sorted = vec![0; records.len()];
    for digit in 0..bits.div_ceil(DIGIT) {
        let digit_of = |record: u64| (record >> (32 + digit * DIGIT)) as usize % (1 << DIGIT);
        let mut next = [0; 1 << DIGIT];
        for record in &records {
            next[digit_of(*record)] += 1;
        }
        let mut start = 0;
        for next in &mut next {
            start += std::mem::replace(next, start);
        }
        for record in &records {
            let next = &mut next[digit_of(*record)];
            sorted[*next] = *record;
            *next += 1;
        }
        std::mem::swap(&mut records, &mut sorted);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_are_sorted_by_place_and_then_by_number(
            bits in 0..32_u32,
            seed in prop::collection::vec(any::<u32>(), 0..600),
        ) {
            let places: Vec<Place> = seed.iter().map(|place| place >> bits).collect();
            let sorted: Vec<(Place, u32)> =
                by_place(&places).iter().map(|it| ((it >> 32) as Place, *it as u32)).collect();
            let mut expected: Vec<(Place, u32)> = places.into_iter().zip(0..).collect();
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn values_are_grouped_by_place_and_keep_the_order_of_arrival() {
        let values = ['a', 'b', 'c', 'd', 'e'];
        let groups = Groups::new(&[7, 2, 7, 0, 2], &values.each_ref());
        let grouped: Vec<_> = groups.iter().collect();
        assert_eq!(
            grouped,
            [(0, &['d'][..]), (2, &['b', 'e']), (7, &['a', 'c'])]
        );
        assert_eq!(groups.by_arrival(), [7, 2, 0]);
    }

    #[test]
    fn a_batch_without_records_has_no_groups() {
        assert_eq!(Groups::<char>::new(&[], &[]).iter().count(), 0);
    }
}
