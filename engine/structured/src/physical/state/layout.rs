//! The order in which a state store hands out its keys.

use std::collections::BTreeMap;

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

/// The keys of a store in their order, each known by a number.
#[derive(Debug)]
pub(super) enum KeyLayout {
    Arrival,
    Table(ConcurrentHashMapLayout),
    Bytes {
        numbers: BTreeMap<Box<[u8]>, usize>,
        is_prefixed: bool,
    },
}

impl KeyLayout {
    pub(super) fn new(order: StoreOrder) -> KeyLayout {
        let bytes = |is_prefixed| KeyLayout::Bytes {
            numbers: BTreeMap::new(),
            is_prefixed,
        };
        match order {
            StoreOrder::Arrival => KeyLayout::Arrival,
            StoreOrder::Table => KeyLayout::Table(ConcurrentHashMapLayout::default()),
            StoreOrder::Bytes => bytes(false),
            StoreOrder::PrefixedBytes => bytes(true),
        }
    }

    /// Puts a key, which has a state already or not.
    pub(super) fn put(&mut self, key: &GroupKey, number: usize, is_new: bool) {
        match self {
            KeyLayout::Arrival => {}
            // In Java a put may change the place of a key that is there.
            KeyLayout::Table(table) => table.put(key.state_hash(), number),
            KeyLayout::Bytes {
                numbers,
                is_prefixed,
            } => {
                if is_new {
                    numbers.insert(key_bytes(key, *is_prefixed), number);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, key: &GroupKey, number: usize) {
        match self {
            KeyLayout::Arrival => {}
            KeyLayout::Table(table) => table.remove(key.state_hash(), number),
            KeyLayout::Bytes {
                numbers,
                is_prefixed,
            } => {
                numbers.remove(&key_bytes(key, *is_prefixed));
            }
        }
    }

    /// Begins the next version.
    pub(super) fn copy(&mut self) {
        if let KeyLayout::Table(table) = self {
            *table = std::mem::take(table).next_batch();
        }
    }

    /// Begins the next version without the keys to which `number` gives none; the others have the numbers that it gives.
    pub(super) fn copy_of(&mut self, number: impl Fn(usize) -> Option<usize>) {
        match self {
            KeyLayout::Arrival => {}
            KeyLayout::Table(table) => *table = table.next_batch_of(number),
            KeyLayout::Bytes { numbers, .. } => numbers.retain(|_, known| {
                let kept = number(*known);
                *known = kept.unwrap_or(*known);
                kept.is_some()
            }),
        }
    }

    /// Gives each key the number that `number` gives it.
    pub(super) fn renumber(&mut self, number: impl Fn(usize) -> usize) {
        match self {
            KeyLayout::Arrival => {}
            KeyLayout::Table(table) => table.renumber(number),
            KeyLayout::Bytes { numbers, .. } => {
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
        match self {
            KeyLayout::Arrival => arrival = Some(0..count),
            KeyLayout::Table(layout) => table = Some(layout.iter()),
            KeyLayout::Bytes { numbers, .. } => bytes = Some(numbers.values().copied()),
        }
        let arrival = arrival.into_iter().flatten();
        let table = table.into_iter().flatten();
        arrival.chain(table).chain(bytes.into_iter().flatten())
    }
}

fn key_bytes(key: &GroupKey, is_prefixed: bool) -> Box<[u8]> {
    match key.values().split_last() {
        Some((last, others)) if is_prefixed => {
            let others = unsafe_row::row_bytes(others);
            let last = unsafe_row::row_bytes(std::slice::from_ref(last));
            let length = (others.len() as u32).to_le_bytes();
            [&length[..], &others, &last].concat().into()
        }
        _ => unsafe_row::row_bytes(key.values()).into(),
    }
}
