//! The values of a batch, grouped by the slots of their keys.

use crate::table::index::SlotId;

/// The values of each slot that has some, slots ascending, values in the order of arrival.
#[derive(Debug)]
pub(crate) struct GroupedValues<V> {
    slots: Vec<SlotId>,
    /// The values of `slots[i]` are those from `bounds[i]` to `bounds[i + 1]`.
    bounds: Vec<usize>,
    values: Vec<V>,
    /// The number of the first record of each slot.
    first_records: Vec<u32>,
}

impl<V: Clone> GroupedValues<V> {
    /// Groups the values of a batch, given the slot of each.
    pub(crate) fn new(slots: &[SlotId], values: &[&V]) -> GroupedValues<V> {
        assert_eq!(slots.len(), values.len(), "each value has a slot");
        let mut groups = GroupedValues {
            slots: Vec::new(),
            bounds: Vec::new(),
            values: Vec::with_capacity(values.len()),
            first_records: Vec::new(),
        };
        let mut last = None;
        for record in sorted_records(slots) {
            let slot = slot_of(record);
            let number = record as u32;
            if last.replace(slot) != Some(slot) {
                groups.bounds.push(groups.values.len());
                groups.slots.push(slot);
                groups.first_records.push(number);
            }
            groups.values.push(values[number as usize].clone());
        }
        groups.bounds.push(groups.values.len());
        debug_assert!(
            groups.slots.is_sorted_by(|one, next| one < next),
            "slots ascend"
        );
        groups
    }

    /// The slots that have values, in the order in which they came first.
    pub(crate) fn by_arrival(&self) -> Vec<SlotId> {
        let mut groups: Vec<usize> = (0..self.slots.len()).collect();
        groups.sort_unstable_by_key(|group| self.first_records[*group]);
        groups.into_iter().map(|group| self.slots[group]).collect()
    }
}

impl<V> GroupedValues<V> {
    /// Each slot with its values, slots ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (SlotId, &[V])> {
        let bounds = self.bounds.windows(2);
        let values = bounds.map(|bounds| &self.values[bounds[0]..bounds[1]]);
        self.slots.iter().copied().zip(values)
    }
}

/// Fewer records are sorted by comparison.
const RADIX_SORTED_MIN: usize = 256;

/// Bits of a digit of the radix sort: its counters are 2 KiB and stay in the nearest cache.
const DIGIT_BITS: u32 = 8;

/// The records of a batch in the order of their slots, and of their arrival within a slot. A record is one
/// word: its slot in the upper half, its number in the lower one.
///
/// Large batches are sorted by least significant digit first (LSD radix sort): each round sorts by one
/// digit of the slot and keeps the order of records that have the same digit, so after the round of the
/// highest digit records are in the order of whole slots. The numbers need no rounds, as records
/// begin in their order. A round is two passes without a branch that could be mispredicted.
fn sorted_records(slots: &[SlotId]) -> Vec<u64> {
    assert!(
        u32::try_from(slots.len()).is_ok(),
        "a batch has less than 2^32 records"
    );
    let mut records: Vec<u64> = (0_u64..)
        .zip(slots)
        .map(|(number, slot)| u64::from(*slot) << 32 | number)
        .collect();
    if records.len() < RADIX_SORTED_MIN {
        records.sort_unstable();
        return records;
    }
    let largest = slots.iter().max().copied().unwrap_or(0);
    let significant_bits = SlotId::BITS - largest.leading_zeros();
    let mut sorted = vec![0; records.len()];
    for digit in 0..significant_bits.div_ceil(DIGIT_BITS) {
        sort_by_digit(&records, &mut sorted, digit);
        std::mem::swap(&mut records, &mut sorted);
    }
    records
}

/// One round: a counting sort by one digit of the slot, 0 being the lowest.
fn sort_by_digit(records: &[u64], sorted: &mut [u64], digit: u32) {
    let digit_of =
        |record: u64| (slot_of(record) >> (digit * DIGIT_BITS)) as usize % (1 << DIGIT_BITS);
    let mut positions = [0; 1 << DIGIT_BITS];
    for record in records {
        positions[digit_of(*record)] += 1;
    }
    // The number of records of each digit becomes the position of the first of them.
    let mut start = 0;
    for position in &mut positions {
        start += std::mem::replace(position, start);
    }
    for record in records {
        let position = &mut positions[digit_of(*record)];
        sorted[*position] = *record;
        *position += 1;
    }
}

fn slot_of(record: u64) -> SlotId {
    (record >> 32) as SlotId
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn records_are_sorted_by_slot_and_then_by_number(
            bits in 0..32_u32,
            seed in prop::collection::vec(any::<u32>(), 0..600),
        ) {
            let slots: Vec<SlotId> = seed.iter().map(|slot| slot >> bits).collect();
            let sorted = sorted_records(&slots).into_iter();
            let sorted: Vec<(SlotId, u32)> = sorted.map(|it| (slot_of(it), it as u32)).collect();
            let mut expected: Vec<(SlotId, u32)> = slots.into_iter().zip(0..).collect();
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn values_are_grouped_by_slot_and_keep_the_order_of_arrival() {
        let values = ['a', 'b', 'c', 'd', 'e'];
        let groups = GroupedValues::new(&[7, 2, 7, 0, 2], &values.each_ref());
        let grouped: Vec<_> = groups.iter().collect();
        assert_eq!(
            grouped,
            [(0, &['d'][..]), (2, &['b', 'e']), (7, &['a', 'c'])]
        );
        assert_eq!(groups.by_arrival(), [7, 2, 0]);
    }

    #[test]
    fn a_batch_without_records_has_no_groups() {
        assert_eq!(GroupedValues::<char>::new(&[], &[]).iter().count(), 0);
    }
}
