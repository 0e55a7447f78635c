//! The groups of the rows of a batch.

use engine::{Text, Value};
use engine_sql::columns::{Column, ColumnValues, Operand};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::physical::row_list::RowList;
use crate::physical::state::{key_hash, key_hashes};

/// The number of no group.
const NO_GROUP: u32 = u32::MAX;

/// Groups by their keys, numbered from 0 as they came.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    keys: RowList,
    /// The hash of each key.
    hashes: Vec<u64>,
    numbers: HashTable<u32>,
}

impl Groups {
    /// No groups, with room for as many, whose keys have this number of values.
    pub(crate) fn with_capacity(groups: usize, width: usize) -> Groups {
        Groups {
            keys: RowList::with_capacity(groups, width),
            hashes: Vec::with_capacity(groups),
            numbers: HashTable::with_capacity(groups),
        }
    }

    /// The number of groups.
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

    /// Adds the group of all rows.
    pub(crate) fn add_global(&mut self) {
        self.find_or_add(key_hash(&[]), |_| true, std::iter::empty);
    }

    /// Puts the numbers of the groups of some rows into `numbers`, in the place of those that are there. A key that is not
    /// there becomes a new group.
    ///
    /// The table is read for all rows, and then the keys that it names, so that the cache misses of one row overlap with
    /// those of others.
    pub(crate) fn numbers_of(
        &mut self,
        keys: &[Operand<'_>],
        rows: &[u32],
        numbers: &mut Vec<u32>,
    ) {
        let mut hashes = Vec::with_capacity(rows.len());
        key_hashes(keys, rows, &mut hashes);
        let candidate = |hash: &u64| self.numbers.find(*hash, |_| true).copied();
        numbers.clear();
        numbers.extend(
            hashes
                .iter()
                .map(|hash| candidate(hash).unwrap_or(NO_GROUP)),
        );
        let text = only_text(keys);
        for ((row, hash), number) in rows.iter().zip(hashes).zip(numbers) {
            let row = *row as usize;
            let is_key = |known: &[Value]| {
                if let (Some(texts), [Value::String(known)]) = (text, known) {
                    return *known == texts[row];
                }
                let mut values = keys.iter().zip(known);
                values.all(|(key, known)| is_value(key, row, known))
            };
            if *number == NO_GROUP || !is_key(self.key(*number as usize)) {
                let new = || keys.iter().map(|key| key.value(row));
                *number = self.find_or_add(hash, is_key, new);
            }
        }
    }

    /// The number of the group of this hash whose key is the one looked for; a new one has the key that `new` makes.
    #[inline]
    fn find_or_add<K: Iterator<Item = Value>>(
        &mut self,
        hash: u64,
        is_key: impl Fn(&[Value]) -> bool,
        new: impl FnOnce() -> K,
    ) -> u32 {
        let Groups {
            keys,
            hashes,
            numbers,
        } = self;
        let is_found = |number: &u32| is_key(keys.get(*number as usize));
        match numbers.entry(hash, is_found, |number| hashes[*number as usize]) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let number = hashes.len() as u32;
                entry.insert(number);
                hashes.push(hash);
                keys.push(new());
                number
            }
        }
    }
}

/// The texts that are the only key, none of which is `NULL`.
fn only_text<'a>(keys: &[Operand<'a>]) -> Option<&'a [Text]> {
    match keys {
        [Operand::Column(column)] if !column.has_nulls() => match column.values() {
            ColumnValues::Texts(texts) => Some(texts),
            _ => None,
        },
        _ => None,
    }
}

fn is_value(key: &Operand<'_>, row: usize, known: &Value) -> bool {
    match key {
        Operand::Constant(value) => *value == known,
        Operand::Column(column) => Column::is_value(column, row, known),
    }
}
