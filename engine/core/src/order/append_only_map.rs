//! In which order Spark's in-memory hash tables of the JVM hand their keys out.
//!
//! From `org.apache.spark.util.collection.AppendOnlyMap` (and its spilling heir
//! `ExternalAppendOnlyMap`, as long as it does not spill), `OpenHashSet` and `OpenHashMap` (Spark
//! 3.5.9): open addressing with triangular probing in a table of a power of two, doubled past a
//! load of 0.7, read in ascending slot order. Nothing is ever taken out.

use super::murmur3::rehash;

/// The slots of such a table: which of the keys put in sits where.
///
/// A key is known by its rank, the number of keys put in before it; only distinct keys may be put
/// in, so that whether two are equal is settled by whoever holds them.
///
/// ```
/// use engine::order::{AppendOnlyLayout, java};
/// let words = ["blue", "green", "gohawks"];
/// let layout: AppendOnlyLayout = words.iter().map(|word| java::hash(word)).collect();
/// let printed: Vec<&str> = layout.iter().map(|rank| words[rank]).collect();
/// assert_eq!(printed, ["gohawks", "green", "blue"]);
/// ```
#[derive(Clone, Debug)]
pub struct AppendOnlyLayout {
    slots: Vec<Option<Key>>,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    rehash: usize,
    rank: usize,
}

impl AppendOnlyLayout {
    /// The capacity that Spark's tables start with.
    pub const CAPACITY: usize = 64;

    /// An empty table of the capacity that Spark starts with.
    pub fn new() -> AppendOnlyLayout {
        AppendOnlyLayout::with_capacity(AppendOnlyLayout::CAPACITY)
    }

    /// An empty table of at least `capacity` slots: the next power of two.
    pub fn with_capacity(capacity: usize) -> AppendOnlyLayout {
        AppendOnlyLayout {
            slots: vec![None; capacity.next_power_of_two()],
            len: 0,
        }
    }

    /// Puts one more key in, different from all before it, with its Java hash code; doubles the
    /// table if more than seven tenths of it are then taken.
    pub fn insert(&mut self, hash: i32) {
        let rehash = rehash(hash).cast_unsigned() as usize;
        self.place(Key {
            rehash,
            rank: self.len,
        });
        self.len += 1;
        if self.len > self.slots.len() * 7 / 10 {
            self.double();
        }
    }

    /// The ranks of the keys in the order in which Spark reads the table.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.slots.iter().flatten().map(|key| key.rank)
    }

    /// How many keys were put in.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no key was put in.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn place(&mut self, key: Key) {
        let mask = self.slots.len() - 1;
        let mut slot = key.rehash & mask;
        let mut step = 1;
        while self.slots[slot].is_some() {
            slot = (slot + step) & mask;
            step += 1;
        }
        self.slots[slot] = Some(key);
    }

    /// The keys move in slot order, so that where they collide anew, rank does not decide.
    fn double(&mut self) {
        let doubled = vec![None; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, doubled);
        for key in old.into_iter().flatten() {
            self.place(key);
        }
    }
}

impl Default for AppendOnlyLayout {
    fn default() -> AppendOnlyLayout {
        AppendOnlyLayout::new()
    }
}

impl Extend<i32> for AppendOnlyLayout {
    fn extend<I: IntoIterator<Item = i32>>(&mut self, hashes: I) {
        for hash in hashes {
            self.insert(hash);
        }
    }
}

impl FromIterator<i32> for AppendOnlyLayout {
    fn from_iter<I: IntoIterator<Item = i32>>(hashes: I) -> AppendOnlyLayout {
        let mut layout = AppendOnlyLayout::new();
        layout.extend(hashes);
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::java;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// `expected` is the order in which Spark printed `words` out of one table.
    #[track_caller]
    fn check(words: &str, expected: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        let layout: AppendOnlyLayout = words.iter().map(|word| java::hash(word)).collect();
        let order: Vec<&str> = layout.iter().map(|rank| words[rank]).collect();
        assert_eq!(order.join(" "), expected);
    }

    #[test]
    fn keys_come_in_slot_order() {
        // "" is slot 30, é 34, 你好 2; blue 32, green 18, gohawks 12.
        check("é  你好", "你好  é");
        check("blue green gohawks", "gohawks green blue");
    }

    #[test]
    fn equal_hash_codes_go_one_then_two_then_three_slots_on() {
        check(
            "Aa BB AaAa BBBB AaBB BBAa x y",
            "x Aa BB y AaAa BBBB AaBB BBAa",
        );
        check("BB Aa", "BB Aa");
    }

    #[test]
    fn the_table_doubles_at_the_45th_key() {
        let mut layout: AppendOnlyLayout = (0..44).collect();
        assert_eq!(layout.slots.len(), 64);
        layout.insert(44);
        assert_eq!(layout.slots.len(), 128);
        assert_eq!(layout.len(), 45);
    }

    #[test]
    fn any_capacity_becomes_a_power_of_two() {
        assert_eq!(AppendOnlyLayout::with_capacity(0).slots.len(), 1);
        assert_eq!(AppendOnlyLayout::with_capacity(58).slots.len(), 64);
        assert_eq!(AppendOnlyLayout::with_capacity(128).slots.len(), 128);
    }

    /// The same said plainly: slots as a sorted map, triangular numbers as a formula.
    fn twin(hashes: &[i32]) -> Vec<usize> {
        let (mut table, mut capacity) = (BTreeMap::new(), 64);
        for rank in 0..hashes.len() {
            settle(&mut table, capacity, hashes, rank);
            if table.len() * 10 > capacity * 7 {
                capacity *= 2;
                for rank in std::mem::take(&mut table).into_values() {
                    settle(&mut table, capacity, hashes, rank);
                }
            }
        }
        table.into_values().collect()
    }

    fn settle(table: &mut BTreeMap<usize, usize>, capacity: usize, hashes: &[i32], rank: usize) {
        let start = rehash(hashes[rank]).rem_euclid(capacity as i32) as usize;
        let free = (0..capacity)
            .map(|step| (start + step * (step + 1) / 2) % capacity)
            .find(|slot| !table.contains_key(slot))
            .expect("triangular probing visits every slot where their count is a power of two");
        table.insert(free, rank);
    }

    proptest! {
        #[test]
        fn equals_its_plain_twin(
            hashes in prop_oneof![
                prop::collection::vec(0..9_i32, 0..200),
                prop::collection::vec(any::<i32>(), 0..200),
            ],
        ) {
            let layout: AppendOnlyLayout = hashes.iter().copied().collect();
            prop_assert_eq!(layout.iter().collect::<Vec<_>>(), twin(&hashes));
        }
    }
}
