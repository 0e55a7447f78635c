//! Spark's hash table of the JVM: `AppendOnlyMap`, and `OpenHashMap`, which has the same layout.

use crate::murmur;
use crate::rules::{Rule, Rules};

/// A table with open addressing, from which nothing is ever removed.
#[derive(Clone, Debug)]
pub(crate) struct AppendOnlyMap<'a, K, V> {
    /// The place in `entries` of who sits here; as many as a power of two.
    slots: Vec<Option<usize>>,
    /// In the order in which they were put in.
    entries: Vec<(i32, K, V)>,
    rules: &'a Rules,
}

impl<'a, K: PartialEq, V: Default> AppendOnlyMap<'a, K, V> {
    pub(crate) fn new(rules: &'a Rules) -> AppendOnlyMap<'a, K, V> {
        let usual = rules.hold(Rule::SixtyFourSlots);
        AppendOnlyMap::with_room(if usual { 64 } else { 16 }, rules)
    }

    /// A table of as many slots, or the next power of two.
    pub(crate) fn with_room(slots: usize, rules: &'a Rules) -> AppendOnlyMap<'a, K, V> {
        AppendOnlyMap {
            slots: vec![None; slots.next_power_of_two()],
            entries: Vec::new(),
            rules,
        }
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&self, hash: i32, key: &K) -> Option<&V> {
        let place = self.slots[self.slot_of(hash, key)]?;
        Some(&self.entries[place].2)
    }

    /// The value of a key, which is there from now on.
    pub(crate) fn value(&mut self, hash: i32, key: K) -> &mut V {
        let slot = self.slot_of(hash, &key);
        let place = self.slots[slot].unwrap_or_else(|| self.put(slot, hash, key));
        &mut self.entries[place].2
    }

    /// Everything, in the order in which Spark iterates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let places = if self.rules.hold(Rule::SlotOrder) {
            self.slots.iter().copied().flatten().collect()
        } else {
            (0..self.entries.len()).collect::<Vec<_>>()
        };
        places.into_iter().map(|place| {
            let (_, key, value) = &self.entries[place];
            (key, value)
        })
    }

    fn put(&mut self, slot: usize, hash: i32, key: K) -> usize {
        let place = self.entries.len();
        self.slots[slot] = Some(place);
        self.entries.push((hash, key, V::default()));
        let most = if self.rules.hold(Rule::GrowsAtSevenTenths) {
            self.slots.len() * 7 / 10
        } else {
            self.slots.len() - 1
        };
        if self.len() > most {
            self.double();
        }
        place
    }

    fn double(&mut self) {
        let doubled = vec![None; self.slots.len() * 2];
        let mut places: Vec<usize> = std::mem::replace(&mut self.slots, doubled)
            .into_iter()
            .flatten()
            .collect();
        if !self.rules.hold(Rule::GrowsInSlotOrder) {
            places.sort_unstable();
        }
        for place in places {
            let (hash, key, _) = &self.entries[place];
            let slot = self.slot_of(*hash, key);
            self.slots[slot] = Some(place);
        }
    }

    /// The slot of a key, or the free one that it would take.
    fn slot_of(&self, hash: i32, key: &K) -> usize {
        let is_it = |place: usize| {
            let entry = &self.entries[place];
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
