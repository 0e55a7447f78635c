//! Spark's hash table of the JVM: `AppendOnlyMap`, and `OpenHashMap`, which has the same layout.

use crate::murmur;
use crate::rules::{Rule, Rules};

/// A table with open addressing, from which nothing is ever removed.
#[derive(Clone, Debug)]
pub(crate) struct AppendOnlyMap<'a, K, V> {
    /// For each slot the index of its entry. The length is a power of two.
    slots: Vec<Option<usize>>,
    /// Hash, key and value, in the order of insertion.
    entries: Vec<(i32, K, V)>,
    rules: &'a Rules,
}

impl<'a, K: PartialEq, V: Default> AppendOnlyMap<'a, K, V> {
    pub(crate) fn new(rules: &'a Rules) -> AppendOnlyMap<'a, K, V> {
        let usual = rules.hold(Rule::SixtyFourSlots);
        AppendOnlyMap::with_room(if usual { 64 } else { 16 }, rules)
    }

    /// A table with this number of slots, rounded up to a power of two.
    pub(crate) fn with_room(slots: usize, rules: &'a Rules) -> AppendOnlyMap<'a, K, V> {
        AppendOnlyMap {
            slots: vec![None; slots.next_power_of_two()],
            entries: Vec::new(),
            rules,
        }
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key, if it has one.
    pub(crate) fn get(&self, hash: i32, key: &K) -> Option<&V> {
        let index = self.slots[self.slot_of(hash, key)]?;
        Some(&self.entries[index].2)
    }

    /// The value of a key, inserted if it has none.
    pub(crate) fn value(&mut self, hash: i32, key: K) -> &mut V {
        let slot = self.slot_of(hash, &key);
        let index = self.slots[slot].unwrap_or_else(|| self.put(slot, hash, key));
        &mut self.entries[index].2
    }

    /// All entries, in the order in which Spark iterates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let indices = if self.rules.hold(Rule::SlotOrder) {
            self.slots.iter().copied().flatten().collect()
        } else {
            (0..self.entries.len()).collect::<Vec<_>>()
        };
        indices.into_iter().map(|index| {
            let (_, key, value) = &self.entries[index];
            (key, value)
        })
    }

    fn put(&mut self, slot: usize, hash: i32, key: K) -> usize {
        let index = self.entries.len();
        self.slots[slot] = Some(index);
        self.entries.push((hash, key, V::default()));
        let most = if self.rules.hold(Rule::GrowsAtSevenTenths) {
            self.slots.len() * 7 / 10
        } else {
            self.slots.len() - 1
        };
        if self.len() > most {
            self.double();
        }
        index
    }

    fn double(&mut self) {
        let doubled = vec![None; self.slots.len() * 2];
        let mut indices: Vec<usize> = std::mem::replace(&mut self.slots, doubled)
            .into_iter()
            .flatten()
            .collect();
        if !self.rules.hold(Rule::GrowsInSlotOrder) {
            indices.sort_unstable();
        }
        for index in indices {
            let (hash, key, _) = &self.entries[index];
            let slot = self.slot_of(*hash, key);
            self.slots[slot] = Some(index);
        }
    }

    /// The slot of a key, or the free slot that it would take.
    fn slot_of(&self, hash: i32, key: &K) -> usize {
        let is_it = |index: usize| {
            let entry = &self.entries[index];
            entry.0 == hash && entry.1 == *key
        };
        let triangular = self.rules.hold(Rule::ProbesTriangular);
        let mut slot = self.rehash(hash) as usize;
        let mut step = 1;
        loop {
            slot %= self.slots.len();
            if self.slots[slot].is_none_or(is_it) {
                return slot;
            }
            slot += step;
            step += usize::from(triangular);
        }
    }

    fn rehash(&self, hash: i32) -> u32 {
        let hash = hash.cast_unsigned();
        if self.rules.hold(Rule::SlotIsRehashed) {
            murmur::finish(murmur::take(0, hash), 4)
        } else {
            hash
        }
    }
}
