//! The changes of a partition of `update_state_by_key` that are yet to be saved.

use super::change_log::{ChangeLog, Chunk, SlotEntry};
use super::cogroup_order::CogroupOrder;
use super::saved_slots::SlotsToSave;
use super::state_column::StateColumn;
use super::update_pass::UpdatePass;
use crate::table::bits::Bits;
use crate::table::index::SlotId;
use crate::table::keys::KeyEntry;
use crate::{Data, Time};

/// Up to one slot in this number is few.
const FEW: usize = 16;

/// Changes where few states change, batch by batch. Where many do, as every batch visits all keys, only their slots are
/// noted until a batch that is saved.
#[derive(Debug)]
pub(crate) struct UpdateLog<K, S> {
    log: ChangeLog<K, S>,
    /// The slots that have changed since the last batch with entries, and perhaps some that a batch which failed has
    /// changed.
    changed: Bits,
    /// The order after each batch that is yet to be saved.
    orders: Vec<(Time, CogroupOrder)>,
}

impl<K: Data, S: Data> UpdateLog<K, S> {
    pub(crate) fn new(batches_per_save: u64) -> UpdateLog<K, S> {
        UpdateLog {
            log: ChangeLog::new(batches_per_save),
            changed: Bits::default(),
            orders: Vec::new(),
        }
    }

    /// Has the next batch with entries keep all states.
    pub(crate) fn begin_anew(&mut self) {
        self.log.begin_anew();
    }

    /// Notes the slots that a pass has changed in this column.
    pub(crate) fn note(&mut self, pass: &UpdatePass<S>, column: &StateColumn<S>) {
        let removed = pass.removed().iter().map(|slot| *slot as usize);
        let created = pass.slots()..column.slot_count();
        for slot in pass.changed_slots().chain(removed).chain(created) {
            self.changed.set(slot);
        }
    }

    /// True if few states of a column have changed.
    pub(crate) fn has_few(&self, column: &StateColumn<S>) -> bool {
        self.changed.ones() <= column.slot_count() / FEW
    }

    /// The entries to be kept of a batch whose pass has changed this column, and is not applied.
    pub(crate) fn chunk(
        &self,
        time: Time,
        keys: &[KeyEntry<K>],
        column: &StateColumn<S>,
        pass: &UpdatePass<S>,
    ) -> Chunk<K, S> {
        let previous = pass.slots();
        // Keys that were created empty lose their slots, and those behind them move up.
        let stays = |slot: &usize| pass.remap(*slot as SlotId).is_some();
        let created: Vec<usize> = (previous..keys.len()).filter(stays).collect();
        let value = |slot: usize| {
            let key = match slot.checked_sub(previous) {
                Some(number) => created[number],
                None if column.has_state(slot) && !pass.removes(slot as SlotId) => slot,
                None => return None,
            };
            Some((keys[key].key.clone(), column.state(slot).clone()))
        };
        let slots = column.slot_count();
        let changed = if self.log.is_anew() {
            0
        } else {
            self.changed.ones()
        };
        let mut chunk = self.log.chunk(time, slots, changed);
        let changed = self.changed.iter().take(changed);
        let changed = changed.filter(|slot| *slot < slots).map(|slot| SlotEntry {
            slot: slot as SlotId,
            value: value(slot),
        });
        chunk.entries.extend(changed);
        let swept = chunk.swept().filter_map(|slot| {
            let value = Some(value(slot as usize)?);
            Some(SlotEntry { slot, value })
        });
        chunk.entries.extend(swept);
        chunk
    }

    /// Keeps what a batch has changed, now that it is committed, and the order after one that is saved.
    pub(crate) fn push(&mut self, chunk: Chunk<K, S>, order: Option<&CogroupOrder>) {
        let order = order.map(|order| (chunk.time(), order.clone()));
        self.orders.extend(order);
        self.log.push(chunk);
        self.changed = Bits::default();
    }

    /// Takes out what is to be saved after the batch at `time`, with the batch with whose file those begin that the
    /// states are put together from.
    pub(crate) fn take(&mut self, time: Time) -> (SlotsToSave<K, S, CogroupOrder>, Time) {
        let unsaved = self.log.take(time);
        let since = unsaved.since;
        let later = self.orders.partition_point(|(of, _)| *of <= time);
        let order = self.orders.drain(..later).next_back();
        (
            SlotsToSave::new(unsaved, order.map(|(_, order)| order)),
            since,
        )
    }
}
