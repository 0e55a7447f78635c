//! The writes of a batch that is neither committed nor undone.

use super::budget::Footprint;
use super::cell::{BatchNumber, StateCell};
use super::history::{SlotWrite, UndoLog};
use crate::rows::partitioner::FirstSeen;
use crate::table::index::SlotId;
use crate::{Counters, Key};

/// The open batch of a table.
#[derive(Clone, Debug)]
pub(crate) struct OpenBatch<K, S> {
    pub(crate) log: UndoLog<S>,
    /// Keys without a slot that were removed, each with the number of its write. Spark leaves a tombstone
    /// for such a key too, which takes up room in its table.
    pub(crate) tombstones: FirstSeen<K, usize>,
    /// The batch removes all keys whose last write was before this batch.
    pub(crate) min_batch: BatchNumber,
    /// Lookups and calls so far.
    counters: Counters,
    /// The footprint before the batch.
    pub(crate) previous_footprint: Footprint,
}

impl<K: Key, S> OpenBatch<K, S> {
    /// A batch without writes, on a table of `slots`.
    pub(crate) fn new(batch: BatchNumber, slots: usize, footprint: Footprint) -> OpenBatch<K, S> {
        OpenBatch {
            log: UndoLog::new(batch, slots),
            tombstones: FirstSeen::default(),
            min_batch: 0,
            counters: Counters::default(),
            previous_footprint: footprint,
        }
    }

    /// Records that a key got a slot.
    pub(crate) fn create(&mut self, key: &K, slot: SlotId) {
        let write = SlotWrite::Created(slot);
        match self.tombstones.get(key) {
            // It takes the place of the removal in the write set.
            Some(number) => self.log.writes[*number] = write,
            None => self.log.writes.push(write),
        }
    }

    /// Returns true if the batch has written or removed the key of this cell.
    #[inline]
    pub(crate) fn has_written(&self, cell: &StateCell<S>) -> bool {
        cell.is_written_in(self.log.batch)
    }

    /// Records the first write to a slot, or its removal.
    #[inline]
    pub(crate) fn change(&mut self, slot: SlotId, previous: StateCell<S>) {
        self.log.writes.push(SlotWrite::Changed { slot, previous });
    }

    /// Leaves a tombstone for a key without a slot.
    pub(crate) fn remove_missing(&mut self, key: &K) {
        if !self.tombstones.contains_key(key) {
            let tombstone = SlotWrite::Tombstone(self.tombstones.len());
            self.tombstones.insert(key.clone(), self.log.writes.len());
            self.log.writes.push(tombstone);
            self.log.has_removals = true;
        }
    }

    /// The key of a tombstone.
    pub(crate) fn tombstone(&self, number: usize) -> &K {
        let tombstone = self.tombstones.get_index(number);
        tombstone
            .expect("tombstones stay while the batch is open")
            .0
    }

    /// Counts lookups, and calls of the function that follow.
    pub(crate) fn count(&mut self, lookups: usize, function_calls: usize) {
        self.log.writes.reserve(function_calls);
        self.counters.probes += lookups as u64;
        self.counters.function_calls += function_calls as u64;
    }

    /// The counters so far, where the table has `slots` now.
    pub(crate) fn counters(&self, slots: usize) -> Counters {
        let is_tombstone = |number: &&usize| self.log.writes[**number].slot().is_none();
        let tombstones = self.tombstones.values().filter(is_tombstone).count();
        // A key that had no state and has none is written in Spark's tables only.
        let written = self.log.writes.len() - tombstones;
        let created = slots - self.log.slots;
        let copied = written - created;
        Counters {
            keys_touched: written as u64,
            bytes_copied: (copied * size_of::<S>()) as u64,
            ..self.counters
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_of_a_batch_leave_out_tombstones_and_copy_what_was_there() {
        let mut batch = OpenBatch::new(7, 10, Footprint::default());
        batch.count(5, 4);
        batch.count(0, 2);
        batch.create(&"new", 10);
        batch.change(3, StateCell::new(1_i64, 6));
        batch.change(4, StateCell::new(1, 5));
        batch.remove_missing(&"gone");
        batch.remove_missing(&"gone");
        let expected = Counters {
            function_calls: 6,
            keys_touched: 3,
            probes: 5,
            bytes_copied: 2 * 8,
            ..Counters::default()
        };
        assert_eq!(batch.counters(11), expected);
        assert_eq!(*batch.tombstone(0), "gone");
        batch.create(&"gone", 11);
        let keys_touched = 4;
        assert_eq!(
            batch.counters(12),
            Counters {
                keys_touched,
                ..expected
            }
        );
    }
}
