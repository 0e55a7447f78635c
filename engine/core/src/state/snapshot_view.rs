//! A table of states as it was after an earlier batch.

use super::cell::StateCell;
use super::history::{Overwritten, Version};
use super::state_table::StateTable;
use crate::table::index::SlotId;
use crate::{Data, Key};

/// A table as it was when a version of it was taken, whatever later batches have written: their undo
/// logs have the cells that they replaced, and all others are as they were.
pub(crate) struct SnapshotView<'a, K, S> {
    table: &'a StateTable<K, S>,
    overwritten: Overwritten<'a, S>,
}

impl<'a, K: Key, S: Data> SnapshotView<'a, K, S> {
    /// Costs in proportion to the writes of the batches since the version.
    pub(crate) fn new(table: &'a StateTable<K, S>, version: &Version) -> SnapshotView<'a, K, S> {
        SnapshotView {
            table,
            overwritten: table.overwritten(version),
        }
    }

    /// The key and the cell of a slot; `None` if there was no such slot.
    pub(crate) fn get(&self, slot: SlotId) -> Option<(&'a K, &'a StateCell<S>)> {
        let cell = match self.overwritten.cells.get(&slot) {
            Some(overwritten) => (*overwritten)?,
            None => self.table.cell(slot),
        };
        Some((self.table.key(slot), cell))
    }

    /// All slots in order, those of removed keys among them.
    pub(crate) fn slots(&self) -> impl Iterator<Item = SlotId> + use<K, S> {
        let count = self.overwritten.slots.unwrap_or(self.table.slot_count());
        0..count as SlotId
    }
}
