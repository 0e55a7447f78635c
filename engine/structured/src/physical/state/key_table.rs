//! Keys in the order in which they were first seen, each with a value.

use std::hint::black_box;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use engine::Value;

use super::hash::key_hash;
use super::key::GroupKey;
use super::store::READ_AHEAD;

/// Keys with values, each known by its index: from 0 on, in the order in which they came.
#[derive(Debug)]
pub(super) struct KeyTable<V> {
    entries: Vec<KeyEntry<V>>,
    indices: HashTable<u32>,
}

#[derive(Debug)]
struct KeyEntry<V> {
    hash: u64,
    key: GroupKey,
    value: V,
}

impl<V> Default for KeyTable<V> {
    fn default() -> KeyTable<V> {
        KeyTable {
            entries: Vec::new(),
            indices: HashTable::new(),
        }
    }
}

impl<V> KeyTable<V> {
    /// The number of keys.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The key of an index, and its value.
    pub(super) fn get_index(&self, index: usize) -> Option<(&GroupKey, &V)> {
        let entry = self.entries.get(index)?;
        Some((&entry.key, &entry.value))
    }

    /// The value of an index, to be changed, and its key.
    pub(super) fn index_mut(&mut self, index: usize) -> (&GroupKey, &mut V) {
        let entry = &mut self.entries[index];
        (&entry.key, &mut entry.value)
    }

    /// Reads the entries of keys of these hashes, so that they are in the cache when they are needed. All places in the
    /// table are read before the entries: no read of one kind waits for another.
    pub(super) fn read_ahead(&self, hashes: impl Iterator<Item = u64>) {
        let mut found = [0; READ_AHEAD];
        for (found, hash) in found.iter_mut().zip(hashes) {
            *found = self.indices.find(hash, |_| true).map_or(0, |index| *index);
        }
        let entry = |index: &u32| self.entries.get(*index as usize);
        let read = found.iter().filter_map(entry).map(|entry| entry.hash);
        // A prefetch instruction needs `unsafe`; these are plain reads, which the compiler would drop if nothing used them.
        black_box(read.fold(0, |all, hash| all ^ hash));
    }

    /// The index of a key of this hash.
    pub(super) fn find(&self, hash: u64, key: &[Value]) -> Option<usize> {
        let is_key = |index: &u32| self.entries[*index as usize].key.values() == key;
        let index = self.indices.find(hash, is_key)?;
        Some(*index as usize)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &GroupKey) -> Option<&V> {
        let index = self.find(key_hash(key.values()), key.values())?;
        Some(&self.entries[index].value)
    }

    /// The value of a key, to be changed.
    pub(super) fn get_mut(&mut self, key: &GroupKey) -> Option<&mut V> {
        let index = self.find(key_hash(key.values()), key.values())?;
        Some(&mut self.entries[index].value)
    }

    /// The index of a key of this hash; a new one has the key and the value that `new` makes.
    pub(super) fn find_or_add(
        &mut self,
        hash: u64,
        key: &[Value],
        new: impl FnOnce() -> (GroupKey, V),
    ) -> usize {
        let entries = &self.entries;
        let is_key = |index: &u32| entries[*index as usize].key.values() == key;
        match self
            .indices
            .entry(hash, is_key, |index| entries[*index as usize].hash)
        {
            Entry::Occupied(entry) => *entry.get() as usize,
            Entry::Vacant(entry) => {
                let index = self.entries.len();
                entry.insert(index as u32);
                let (key, value) = new();
                self.entries.push(KeyEntry { hash, key, value });
                index
            }
        }
    }

    /// The values, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|entry| &entry.value)
    }

    /// The keys and their values, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&GroupKey, &V)> {
        self.entries.iter().map(|entry| (&entry.key, &entry.value))
    }

    /// Keeps the keys whose values are such; their indices follow from their order.
    pub(super) fn retain(&mut self, keeps: impl Fn(&V) -> bool) {
        self.entries.retain(|entry| keeps(&entry.value));
        self.indices.clear();
        for (index, entry) in self.entries.iter().enumerate() {
            let hash = |index: &u32| self.entries[*index as usize].hash;
            self.indices.insert_unique(entry.hash, index as u32, hash);
        }
    }
}

impl<V> FromIterator<(GroupKey, V)> for KeyTable<V> {
    fn from_iter<I: IntoIterator<Item = (GroupKey, V)>>(entries: I) -> KeyTable<V> {
        let mut table = KeyTable::default();
        for (key, value) in entries {
            let hash = key_hash(key.values());
            let values = key.clone();
            table.find_or_add(hash, values.values(), || (key, value));
        }
        table
    }
}
