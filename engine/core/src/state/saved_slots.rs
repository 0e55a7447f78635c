//! The states of a partition as they are saved: by slot, as far as they have changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::change_log::{SlotEntry, Unsaved};
use super::cogroup_order::CogroupOrder;
use crate::recovery::Codec;
use crate::table::bits::Bits;
use crate::table::index::SlotId;
use crate::{Failure, FailureKind};

/// The states of a partition that are to be saved, in an order `O` of their own.
#[derive(Serialize)]
#[serde(bound(serialize = "K: Serialize, V: Serialize, O: Serialize"))]
pub(crate) struct SlotsToSave<K, V, O> {
    is_whole: bool,
    #[serde(serialize_with = "newest_of_each_slot")]
    entries: Vec<Vec<SlotEntry<K, V>>>,
    order: Option<O>,
}

/// The states of a partition in one save.
#[derive(Debug, Deserialize)]
pub(crate) struct SavedSlots<K, V, O> {
    /// True if what was saved before does not count.
    is_whole: bool,
    entries: Vec<SlotEntry<K, V>>,
    /// The order of the keys after the batch; without one it is that of their slots.
    order: Option<O>,
}

/// The states of a partition, put together from several saves: by slot, and the order of the last save.
#[derive(Debug)]
pub(crate) struct SlotTable<K, V, O> {
    pub(crate) slots: BTreeMap<SlotId, (K, V)>,
    pub(crate) order: Option<O>,
}

impl<K, V, O> SlotsToSave<K, V, O> {
    pub(crate) fn new(unsaved: Unsaved<K, V>, order: Option<O>) -> SlotsToSave<K, V, O> {
        SlotsToSave {
            is_whole: unsaved.is_whole,
            entries: unsaved.chunks,
            order,
        }
    }

    /// All states, in the order in which they are read.
    pub(crate) fn whole(rows: Vec<(K, V)>) -> SlotsToSave<K, V, O> {
        let entry = |(slot, row)| SlotEntry {
            slot,
            value: Some(row),
        };
        SlotsToSave {
            is_whole: true,
            entries: vec![(0..).zip(rows).map(entry).collect()],
            order: None,
        }
    }
}

/// The bytes of a batch that is all states, as it is saved: of each partition the rows, or what has changed of them.
pub(crate) type RowsCodec<K, V> =
    Codec<Vec<SlotsToSave<K, V, CogroupOrder>>, Vec<SavedSlots<K, V, Vec<SlotId>>>>;

/// Of a slot that is there several times, the last entry counts.
fn newest_of_each_slot<K: Serialize, V: Serialize, S: Serializer>(
    chunks: &[Vec<SlotEntry<K, V>>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut seen = Bits::default();
    let newest_first = chunks.iter().rev().flat_map(|chunk| chunk.iter().rev());
    let newest = newest_first.filter(|entry| seen.set(entry.slot as usize));
    let newest: Vec<&SlotEntry<K, V>> = newest.collect();
    serializer.collect_seq(newest)
}

/// Puts the partitions of a state together from its saves, oldest first.
pub(crate) fn put_together<K, V, O>(
    saves: impl IntoIterator<Item = Vec<SavedSlots<K, V, O>>>,
) -> Vec<SlotTable<K, V, O>> {
    let mut tables: Vec<SlotTable<K, V, O>> = Vec::new();
    for save in saves {
        tables.resize_with(save.len().max(tables.len()), || SlotTable {
            slots: BTreeMap::new(),
            order: None,
        });
        for (table, saved) in tables.iter_mut().zip(save) {
            table.add(saved);
        }
    }
    tables
}

impl<K, V, O> SlotTable<K, V, O> {
    fn add(&mut self, saved: SavedSlots<K, V, O>) {
        if saved.is_whole {
            self.slots.clear();
        }
        for SlotEntry { slot, value } in saved.entries {
            match value {
                Some(value) => drop(self.slots.insert(slot, value)),
                None => drop(self.slots.remove(&slot)),
            }
        }
        self.order = saved.order;
    }

    /// Takes the key in a slot out, with its state.
    ///
    /// # Errors
    ///
    /// It is not there: the states were not saved by this operator.
    pub(crate) fn take(&mut self, slot: SlotId) -> Result<(K, V), Failure> {
        self.slots.remove(&slot).ok_or_else(|| {
            let message =
                "the saved states cannot be read: the order names a key that has no state";
            Failure::new(FailureKind::Checkpoint, message)
        })
    }
}

impl<K, V> SlotTable<K, V, Vec<SlotId>> {
    /// All states, in their order.
    pub(crate) fn into_rows(mut self) -> Result<Vec<(K, V)>, Failure> {
        match self.order.take() {
            Some(order) => order.into_iter().map(|slot| self.take(slot)).collect(),
            None => Ok(self.slots.into_values().collect()),
        }
    }
}
