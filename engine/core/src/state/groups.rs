//! The new values of a batch, key by key.

use super::index::Place;

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
        let numbered = (0_u64..).zip(places);
        let mut sorted: Vec<u64> = numbered
            .map(|(number, place)| u64::from(*place) << 32 | number)
            .collect();
        sorted.sort_unstable();
        let mut groups = Groups {
            places: Vec::new(),
            ends: Vec::new(),
            values: Vec::with_capacity(values.len()),
            first: Vec::new(),
        };
        for record in sorted {
            groups.add((record >> 32) as Place, record as u32, values);
        }
        groups
    }

    fn add(&mut self, place: Place, number: u32, values: &[&V]) {
        if self.places.last() != Some(&place) {
            self.places.push(place);
            self.first.push(number);
            self.ends.push(self.values.len());
        }
        self.values.push(values[number as usize].clone());
        if let Some(end) = self.ends.last_mut() {
            *end = self.values.len();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

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
