//! What a consumer makes of a batch of counts: little enough to cost next to nothing.

use std::borrow::Borrow;

/// A fold over the pairs of key and total that a batch hands on, in any order.
///
/// Two batches with the same pairs have the same digest, whatever their order; that two different ones
/// have is as good as impossible. It reads the last eight bytes of each key, so that a contender must
/// really hand on the key.
///
/// ```
/// use measure::Digest;
/// let digest = Digest::of([("blue", 5), ("green", 3)]);
/// assert_eq!(digest.rows, 2);
/// assert_eq!(digest, Digest::of([("green", 3), ("blue", 5)]));
/// assert_ne!(digest, Digest::of([("blue", 3), ("green", 5)]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// How many pairs there are.
    pub rows: u64,
    /// The sum of their hashes.
    pub checksum: u64,
}

impl Digest {
    /// The digest of these pairs.
    pub fn of<K: Borrow<str>>(pairs: impl IntoIterator<Item = (K, i64)>) -> Digest {
        let mut digest = Digest::default();
        for (key, total) in pairs {
            digest.add(key.borrow(), total);
        }
        digest
    }

    /// The digest of the pairs of both.
    #[must_use]
    pub fn and(self, other: Digest) -> Digest {
        Digest {
            rows: self.rows + other.rows,
            checksum: self.checksum.wrapping_add(other.checksum),
        }
    }

    /// Takes one more pair in.
    #[inline]
    pub fn add(&mut self, key: &str, total: i64) {
        let hash = tail(key.as_bytes()) ^ total.cast_unsigned().rotate_left(32);
        self.rows += 1;
        // An odd factor loses nothing; the golden ratio spreads neighbours.
        self.checksum = self
            .checksum
            .wrapping_add(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }
}

/// The last eight bytes as a number; those of a shorter key.
#[inline]
fn tail(key: &[u8]) -> u64 {
    match key.last_chunk::<8>() {
        Some(tail) => u64::from_le_bytes(*tail),
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

    type Totals = BTreeMap<String, i64>;

    fn totals() -> impl Strategy<Value = Totals> {
        proptest::collection::btree_map("[a-c]{0,9}", -3_i64..3, 0..8)
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter_and_every_pair_does(totals in totals(), key in "[d-f]{1,9}") {
            let digest = Digest::of(totals.iter().map(|(key, total)| (key.as_str(), *total)));
            let reversed = Digest::of(totals.iter().rev().map(|(key, total)| (key.as_str(), *total)));
            prop_assert_eq!(digest, reversed);
            let mut more = digest;
            more.add(&key, 1);
            prop_assert_ne!(more, digest);
        }

        #[test]
        fn another_total_is_another_digest(totals in totals(), by in 1_i64..1_000) {
            prop_assume!(!totals.is_empty());
            let digest = Digest::of(totals.iter().map(|(key, total)| (key.as_str(), *total)));
            let mut changed = totals.clone();
            *changed.values_mut().next().expect("there is one") += by;
            prop_assert_ne!(Digest::of(changed), digest);
        }
    }
}
