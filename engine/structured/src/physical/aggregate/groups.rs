//! The groups of the rows of a batch.

use engine::Value;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::physical::row_list::RowList;
use crate::physical::state::key_hash;

/// Groups, numbered from 0 as they came, with their keys and their buffers, each side by side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    keys: RowList,
    buffers: RowList,
    /// The hash of each key.
    hashes: Vec<u64>,
    numbers: HashTable<u32>,
}

impl Groups {
    /// No groups, with room for as many, whose keys and buffers have these numbers of values.
    pub(crate) fn with_capacity(groups: usize, key_width: usize, buffer_width: usize) -> Groups {
        Groups {
            keys: RowList::with_capacity(groups, key_width),
            buffers: RowList::with_capacity(groups, buffer_width),
            hashes: Vec::with_capacity(groups),
            numbers: HashTable::with_capacity(groups),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key of a group.
    pub(crate) fn key(&self, number: usize) -> &[Value] {
        self.keys.get(number)
    }

    /// The hash of its key.
    pub(crate) fn hash(&self, number: usize) -> u64 {
        self.hashes[number]
    }

    /// The buffers of a group.
    pub(crate) fn buffers(&self, number: usize) -> &[Value] {
        self.buffers.get(number)
    }

    /// The same, to be changed.
    pub(crate) fn buffers_mut(&mut self, number: usize) -> &mut [Value] {
        self.buffers.get_mut(number)
    }

    /// The number of the group of a key. A new one has these buffers.
    pub(crate) fn of_key(&mut self, key: &[Value], initial: &[Value]) -> usize {
        let (number, is_new) = self.find_or_number(key_hash(key), key);
        if is_new {
            self.push(key, initial);
        }
        number
    }

    /// Adds a group of others, or returns the number of the one that has its key.
    pub(crate) fn add(&mut self, others: &Groups, other: usize) -> Option<usize> {
        let (number, is_new) = self.find_or_number(others.hash(other), others.key(other));
        if is_new {
            self.push(others.key(other), others.buffers(other));
        }
        (!is_new).then_some(number)
    }

    fn push(&mut self, key: &[Value], buffers: &[Value]) {
        self.keys.push(key.iter().cloned());
        self.buffers.push(buffers.iter().cloned());
    }

    /// The number of a key, and whether it is a new one, whose key and buffers are to be added.
    fn find_or_number(&mut self, hash: u64, key: &[Value]) -> (usize, bool) {
        let Groups {
            keys,
            hashes,
            numbers,
            ..
        } = self;
        let is_key = |number: &u32| keys.get(*number as usize) == key;
        match numbers.entry(hash, is_key, |number| hashes[*number as usize]) {
            Entry::Occupied(entry) => (*entry.get() as usize, false),
            Entry::Vacant(entry) => {
                let number = hashes.len();
                entry.insert(number as u32);
                hashes.push(hash);
                (number, true)
            }
        }
    }
}
