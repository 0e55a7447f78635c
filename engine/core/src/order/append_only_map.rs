//! The order of keys in Spark's in-memory hash tables on the JVM.
//!
//! From `org.apache.spark.util.collection.AppendOnlyMap` (and its spilling heir
//! `ExternalAppendOnlyMap`, as long as it does not spill), `OpenHashSet` and `OpenHashMap` (Spark
//! 3.5.9): open addressing with triangular probing in a table of a power of two, doubled past a
//! load of 0.7, read in ascending slot order. Nothing is ever taken out.

use super::murmur3::rehash;

/// The slots of such a table, each with the key that is in it.
///
/// A key is known by its rank, the number of keys put in before it; only distinct keys may be put
/// in, so that the holder of the keys compares them.
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
    slots: Vec<Slot>,
    len: usize,
    /// The table doubles when it has more keys than that.
    room: usize,
}

/// A key in its slot: a number by which it is known, and its rehashed hash code. They are one word, as
/// most of the time goes by waiting for memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(u64);

impl Slot {
    /// No key has this number.
    const EMPTY: Slot = Slot(u64::MAX);

    /// The slot of a key of this Java hash code.
    pub(crate) fn new(number: u32, hash: i32) -> Slot {
        Slot(u64::from(number) << 32 | u64::from(rehash(hash).cast_unsigned()))
    }

    /// The number by which the key is known.
    pub(crate) fn number(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The same key by another number.
    pub(crate) fn with_number(self, number: u32) -> Slot {
        Slot(u64::from(number) << 32 | self.0 & u64::from(u32::MAX))
    }
}

impl AppendOnlyLayout {
    /// The capacity that Spark's tables start with.
    pub const CAPACITY: usize = 64;

    /// An empty table of at least `capacity` slots: the next power of two.
    pub fn with_capacity(capacity: usize) -> AppendOnlyLayout {
        let capacity = capacity.next_power_of_two();
        AppendOnlyLayout {
            slots: vec![Slot::EMPTY; capacity],
            len: 0,
            room: capacity * 7 / 10,
        }
    }

    /// Puts one more key in, different from all before it, with its Java hash code; doubles the
    /// table if more than seven tenths of it are then taken.
    pub fn insert(&mut self, hash: i32) {
        self.insert_slot(Slot::new(self.len as u32, hash));
    }

    /// Puts one more key in, with a number of its own.
    pub(crate) fn insert_slot(&mut self, key: Slot) {
        self.place(key);
        self.len += 1;
        if self.len > self.room {
            self.double();
        }
    }

    /// The ranks of the keys in the order in which Spark reads the table.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.slots().into_iter().map(|slot| slot.number() as usize)
    }

    /// The slots that are taken, in the order in which Spark reads the table.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let mut taken = vec![Slot::EMPTY; self.len + 1];
        let mut len = 0;
        for slot in &self.slots {
            // A slot is taken or not with equal odds: a branch would be mistaken half the time.
            taken[len] = *slot;
            len += usize::from(*slot != Slot::EMPTY);
        }
        taken.truncate(len);
        taken
    }

    fn place(&mut self, key: Slot) {
        let mask = self.slots.len() - 1;
        let mut slot = key.0 as usize & mask;
        let mut step = 1;
        while self.slots[slot] != Slot::EMPTY {
            slot = (slot + step) & mask;
            step += 1;
        }
        self.slots[slot] = key;
    }

    /// The keys move in slot order, so that where they collide anew, rank does not decide.
    fn double(&mut self) {
        let doubled = AppendOnlyLayout::with_capacity(self.slots.len() * 2);
        let old = std::mem::replace(
            self,
            AppendOnlyLayout {
                len: self.len,
                ..doubled
            },
        );
        for key in old.slots() {
            self.place(key);
        }
    }
}

/// An empty table of the capacity that Spark starts with.
impl Default for AppendOnlyLayout {
    fn default() -> AppendOnlyLayout {
        AppendOnlyLayout::with_capacity(AppendOnlyLayout::CAPACITY)
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
        let mut layout = AppendOnlyLayout::default();
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
        assert_eq!(layout.len, 45);
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
