//! The order in which a state store hands out its keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::DataType;
use engine::order::{ConcurrentHashMapLayout, unsafe_row};

use super::key::GroupKey;

/// An order of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreOrder {
    /// That in which they came, for a query that does not show another one.
    Arrival,
    /// That of the map of `HDFSBackedStateStoreProvider`.
    Table,
    /// That of the bytes of their rows (`RocksDBStateStoreProvider`, `NoPrefixKeyStateEncoder`).
    Bytes,
    /// The same, where the last column is a row of its own behind that of the others, whose length comes first
    /// (`PrefixKeyScanStateEncoder`).
    PrefixedBytes,
}

/// The types of a store's keys, and their order.
#[derive(Clone, Debug)]
pub(crate) struct StoreLayout {
    order: StoreOrder,
    types: Arc<[DataType]>,
}

impl StoreLayout {
    pub(crate) fn new(order: StoreOrder, types: &[DataType]) -> StoreLayout {
        StoreLayout {
            order,
            types: types.into(),
        }
    }

    /// That of words.
    #[cfg(test)]
    pub(crate) fn of_words(order: StoreOrder) -> StoreLayout {
        StoreLayout::new(order, &[DataType::String])
    }

    pub(crate) fn order(&self) -> StoreOrder {
        self.order
    }
}

/// The keys of a store in their order, each known by a number.
#[derive(Debug)]
pub(super) struct KeyLayout {
    keys: KeyNumbers,
    types: Arc<[DataType]>,
}

#[derive(Debug)]
enum KeyNumbers {
    Arrival,
    Table(ConcurrentHashMapLayout),
    Bytes {
        numbers: BTreeMap<Box<[u8]>, usize>,
        is_prefixed: bool,
    },
}

impl KeyLayout {
    pub(super) fn new(layout: &StoreLayout) -> KeyLayout {
        let bytes = |is_prefixed| KeyNumbers::Bytes {
            numbers: BTreeMap::new(),
            is_prefixed,
        };
        KeyLayout {
            keys: match layout.order {
                StoreOrder::Arrival => KeyNumbers::Arrival,
                StoreOrder::Table => KeyNumbers::Table(ConcurrentHashMapLayout::default()),
                StoreOrder::Bytes => bytes(false),
                StoreOrder::PrefixedBytes => bytes(true),
            },
            types: Arc::clone(&layout.types),
        }
    }

    /// Puts a key, which has a state already or not.
    pub(super) fn put(&mut self, key: &GroupKey, number: usize, is_new: bool) {
        match &mut self.keys {
            KeyNumbers::Arrival => {}
            // In Java a put may change the place of a key that is there.
            KeyNumbers::Table(table) => {
                table.put(unsafe_row::hash_row(key.values(), &self.types), number);
            }
            KeyNumbers::Bytes {
                numbers,
                is_prefixed,
            } => {
                if is_new {
                    numbers.insert(key_bytes(key, &self.types, *is_prefixed), number);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, key: &GroupKey, number: usize) {
        match &mut self.keys {
            KeyNumbers::Arrival => {}
            KeyNumbers::Table(table) => {
                table.remove(unsafe_row::hash_row(key.values(), &self.types), number);
            }
            KeyNumbers::Bytes {
                numbers,
                is_prefixed,
            } => {
                numbers.remove(&key_bytes(key, &self.types, *is_prefixed));
            }
        }
    }

    /// Begins the next version.
    pub(super) fn copy(&mut self) {
        if let KeyNumbers::Table(table) = &mut self.keys {
            *table = std::mem::take(table).next_batch();
        }
    }

    /// Begins the next version without the keys to which `number` gives none; the others have the numbers that it gives.
    pub(super) fn copy_of(&mut self, number: impl Fn(usize) -> Option<usize>) {
        match &mut self.keys {
            KeyNumbers::Arrival => {}
            KeyNumbers::Table(table) => *table = table.next_batch_of(number),
            KeyNumbers::Bytes { numbers, .. } => numbers.retain(|_, known| {
                let kept = number(*known);
                *known = kept.unwrap_or(*known);
                kept.is_some()
            }),
        }
    }

    /// Gives each key the number that `number` gives it.
    pub(super) fn renumber(&mut self, number: impl Fn(usize) -> usize) {
        match &mut self.keys {
            KeyNumbers::Arrival => {}
            KeyNumbers::Table(table) => table.renumber(number),
            KeyNumbers::Bytes { numbers, .. } => {
                for known in numbers.values_mut() {
                    *known = number(*known);
                }
            }
        }
    }

    /// The numbers of the keys in their order, of which there are `count`.
    pub(super) fn iter(&self, count: usize) -> impl Iterator<Item = usize> {
        let mut arrival = None;
        let mut table = None;
        let mut bytes = None;
        match &self.keys {
            KeyNumbers::Arrival => arrival = Some(0..count),
            KeyNumbers::Table(layout) => table = Some(layout.iter()),
            KeyNumbers::Bytes { numbers, .. } => bytes = Some(numbers.values().copied()),
        }
        let arrival = arrival.into_iter().flatten();
        let table = table.into_iter().flatten();
        arrival.chain(table).chain(bytes.into_iter().flatten())
    }
}

fn key_bytes(key: &GroupKey, types: &[DataType], is_prefixed: bool) -> Box<[u8]> {
    match key.values().split_last() {
        Some((last, others)) if is_prefixed => {
            let last_type = types.get(others.len()..).unwrap_or_default();
            let others = unsafe_row::row_bytes(others, types);
            let last = unsafe_row::row_bytes(std::slice::from_ref(last), last_type);
            let length = (others.len() as u32).to_le_bytes();
            [&length[..], &others, &last].concat().into()
        }
        _ => unsafe_row::row_bytes(key.values(), types).into(),
    }
}
