//! An order-independent checksum of the rows that a batch emits.

use std::borrow::Borrow;

/// The number of pairs of key and total, and a sum over them, whatever their order.
///
/// Batches with the same pairs have the same checksum; two different ones almost never do. It reads the
/// last eight bytes of each key, so that a subject must really emit the key, and costs little else.
///
/// ```
/// use measure::Checksum;
/// let checksum = Checksum::of([("blue", 5), ("green", 3)]);
/// assert_eq!(checksum.rows, 2);
/// assert_eq!(checksum, Checksum::of([("green", 3), ("blue", 5)]));
/// assert_ne!(checksum, Checksum::of([("blue", 3), ("green", 5)]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checksum {
    /// The number of pairs.
    pub rows: u64,
    /// The wrapping sum of their hashes.
    pub sum: u64,
}

impl Checksum {
    /// The checksum of these pairs.
    pub fn of<K: Borrow<str>>(pairs: impl IntoIterator<Item = (K, i64)>) -> Checksum {
        let mut checksum = Checksum::default();
        for (key, total) in pairs {
            checksum.add(key.borrow(), total);
        }
        checksum
    }

    /// The checksum of the pairs of both.
    #[must_use]
    pub fn combine(self, other: Checksum) -> Checksum {
        Checksum {
            rows: self.rows + other.rows,
            sum: self.sum.wrapping_add(other.sum),
        }
    }

    /// Adds a pair.
    #[inline]
    pub fn add(&mut self, key: &str, total: i64) {
        let hash = last_bytes(key.as_bytes()) ^ total.cast_unsigned().rotate_left(32);
        self.rows += 1;
        // Multiplying by an odd number is a bijection, so no difference is lost; the digits of the golden
        // ratio spread neighbouring keys over all bits (Fibonacci hashing).
        self.sum = self
            .sum
            .wrapping_add(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }
}

/// The last eight bytes of a key as a number, or all bytes of a shorter one.
#[inline]
fn last_bytes(key: &[u8]) -> u64 {
    match key.last_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => key
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn totals() -> impl Strategy<Value = BTreeMap<String, i64>> {
        proptest::collection::btree_map("[a-c]{0,9}", -3_i64..3, 0..8)
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter_and_every_pair_does(totals in totals(), key in "[d-f]{1,9}") {
            let checksum = Checksum::of(totals.iter().map(|(key, total)| (key.as_str(), *total)));
            let reversed = Checksum::of(totals.iter().rev().map(|(key, total)| (key.as_str(), *total)));
            prop_assert_eq!(checksum, reversed);
            let mut more = checksum;
            more.add(&key, 1);
            prop_assert_ne!(more, checksum);
        }

        #[test]
        fn another_total_has_another_checksum(totals in totals(), by in 1_i64..1_000) {
            prop_assume!(!totals.is_empty());
            let checksum = Checksum::of(totals.iter().map(|(key, total)| (key.as_str(), *total)));
            let mut changed = totals.clone();
            *changed.values_mut().next().expect("there is one") += by;
            prop_assert_ne!(Checksum::of(changed), checksum);
        }
    }
}
