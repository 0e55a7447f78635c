//! The keys of one partition with their states, changed batch by batch in place, with a way back.

use super::budget::Footprint;
use super::cell::{BatchNumber, StateCell};
use super::history::{History, Overwritten, SlotWrite, UndoLog, Version};
use super::lru_lists::LruLists;
use super::open_batch::OpenBatch;
use crate::Counters;
use crate::rows::partitioner::FirstSeen;
use crate::table::index::SlotId;
use crate::table::keys::{HalfLine, InternedKeys, LOOKUP_GROUP, Lookup, Unlink};
use crate::{Data, Key};

const IS_OPEN: &str = "a batch is begun before it writes, and committed or undone after";

/// The states of the keys of one partition.
///
/// A batch is open between [`begin`](StateTable::begin) and [`commit`](StateTable::commit). Its writes
/// change the states in place, and its undo log keeps what they replace. A batch that is begun again
/// before it was committed, because its function failed, starts from the state before it.
///
/// The cost of a batch is proportional to its writes. Only reading all of a table and compaction cost
/// in proportion to its size.
#[derive(Debug)]
pub(crate) struct StateTable<K, S> {
    keys: InternedKeys<K, StateCell<S>, HalfLine>,
    /// If keys can time out.
    lru: Option<LruLists>,
    /// The batch that was begun and is neither committed nor undone.
    open: Option<OpenBatch<K, S>>,
    /// With the writes of the open batch.
    footprint: Footprint,
    history: History<S>,
    /// Tombstones of the last batch, until the next one: a commit drops nothing of the user's, which could panic.
    tombstones: FirstSeen<K, usize>,
}

impl<K: Key, S: Data> StateTable<K, S> {
    /// No keys, and room for `slots`. Without `can_time_out` the table knows of no idle keys.
    pub(crate) fn with_capacity(slots: usize, can_time_out: bool) -> StateTable<K, S> {
        StateTable {
            keys: InternedKeys::with_capacity(slots),
            lru: can_time_out.then(LruLists::default),
            open: None,
            footprint: Footprint::default(),
            history: History::default(),
            tombstones: FirstSeen::default(),
        }
    }

    /// A table of states that were saved, each with the batch that wrote it last, in slots in their order. A key that is
    /// there twice keeps its first state.
    pub(crate) fn restored(
        states: impl IntoIterator<Item = (K, S, BatchNumber)>,
        can_time_out: bool,
    ) -> StateTable<K, S> {
        let mut table = StateTable::with_capacity(0, false);
        for (key, state, batch) in states {
            let found = table.keys.lookup(&key);
            if found.slot().is_none() {
                table.footprint.add(&key);
                let cell = StateCell::new(state, batch);
                table.keys.add_missing(found, key, cell);
            }
        }
        table.lru = can_time_out.then(|| table.lists_of_all());
        table
    }

    /// Lists of recent use for all slots, each of which has a state.
    fn lists_of_all(&self) -> LruLists {
        let last_written = |slot| self.cell(slot).last_written();
        LruLists::new((0..self.slot_count() as SlotId).filter_map(last_written))
    }

    /// Opens a batch. Undoes the one that is still open, if any.
    pub(crate) fn begin(&mut self, batch: BatchNumber) {
        self.undo();
        self.history.prune();
        self.tombstones = FirstSeen::default();
        self.open = Some(OpenBatch::new(batch, self.slot_count(), self.footprint));
    }

    fn open(&self) -> &OpenBatch<K, S> {
        self.open.as_ref().expect(IS_OPEN)
    }

    /// Looks up the first [`LOOKUP_GROUP`] of these keys, in order.
    pub(crate) fn lookup_group<'a>(
        &self,
        keys: impl ExactSizeIterator<Item = &'a K> + Clone,
    ) -> [Lookup; LOOKUP_GROUP] {
        self.keys.lookup_group(keys, StateCell::prefetch)
    }

    /// Looks a key up.
    pub(crate) fn lookup(&self, key: &K) -> Lookup {
        self.keys.lookup(key)
    }

    /// The slot of a key that was looked up, perhaps before it was added.
    #[inline]
    pub(crate) fn current_slot(&self, found: Lookup, key: &K) -> Option<SlotId> {
        self.keys.current_slot(found, key)
    }

    /// The number of slots, those of removed keys among them.
    pub(crate) fn slot_count(&self) -> usize {
        self.keys.entries().len()
    }

    /// The key of a slot.
    pub(crate) fn key(&self, slot: SlotId) -> &K {
        &self.keys.entries()[slot as usize].key
    }

    /// The state and the last batch of a slot, which is marked if its key was removed.
    #[inline]
    pub(crate) fn cell(&self, slot: SlotId) -> &StateCell<S> {
        &self.keys.entries()[slot as usize].value
    }

    /// The slots of the keys whose last write was before `batch`, ascending. The open batch must remove
    /// all of them: they are found this once.
    pub(crate) fn idle_before(&mut self, batch: BatchNumber) -> Vec<SlotId> {
        opened(&mut self.open).min_batch = batch;
        let last_written = |slot| self.cell(slot).last_written();
        let lru = self.lru.as_ref();
        lru.map_or_else(Vec::new, |lru| lru.written_before(batch, last_written))
    }

    /// The write set of the open batch, in the order of the first write to each key: keys with their
    /// slots, and tombstones of keys without one.
    pub(crate) fn writes(&self) -> impl Iterator<Item = (Option<SlotId>, &K)> {
        let open = self.open();
        open.log.writes.iter().map(|write| match write {
            SlotWrite::Created(slot) | SlotWrite::Changed { slot, .. } => {
                (Some(*slot), self.key(*slot))
            }
            SlotWrite::Tombstone(number) => (None, open.tombstone(*number)),
        })
    }

    /// The slots that the open batch has written; none without one.
    pub(crate) fn slots_written(&self) -> impl Iterator<Item = SlotId> {
        let open = self.open.iter();
        open.flat_map(|open| open.log.slots_written())
    }

    /// Adds a key that was looked up and has no slot.
    pub(crate) fn add(&mut self, found: Lookup, key: &K, state: S) {
        let open = opened(&mut self.open);
        let cell = StateCell::new(state, open.log.batch);
        let slot = self.keys.add_missing(found, key.clone(), cell);
        self.footprint.add(key);
        open.create(key, slot);
    }

    /// Sets the state in a slot.
    #[inline]
    pub(crate) fn write(&mut self, slot: SlotId, state: S) {
        let open = opened(&mut self.open);
        let cell = StateCell::new(state, open.log.batch);
        let previous = std::mem::replace(self.keys.value_mut(slot), cell);
        if previous.is_removed() {
            self.footprint.add(&self.keys.entries()[slot as usize].key);
        }
        if !open.has_written(&previous) {
            open.change(slot, previous);
        }
    }

    /// Writes the state in a slot once more, which makes the key a recently used one.
    pub(crate) fn refresh(&mut self, slot: SlotId) {
        if let Some(state) = self.cell(slot).state().cloned() {
            self.write(slot, state);
        }
    }

    /// Removes the state in a slot.
    pub(crate) fn remove(&mut self, slot: SlotId) {
        let open = opened(&mut self.open);
        let entry = &self.keys.entries()[slot as usize];
        if entry.value.state().is_some() {
            self.footprint.remove(&entry.key);
        }
        if !open.has_written(&entry.value) {
            open.change(slot, entry.value.clone());
        }
        open.log.has_removals = true;
        self.keys.value_mut(slot).remove();
    }

    /// Leaves a tombstone for a key without a slot.
    pub(crate) fn remove_missing(&mut self, key: &K) {
        opened(&mut self.open).remove_missing(key);
    }

    /// Counts lookups of the open batch, and calls of its function that follow.
    pub(crate) fn count(&mut self, lookups: usize, function_calls: usize) {
        let open = opened(&mut self.open);
        open.count(lookups, function_calls);
    }

    /// The counters of the open batch so far.
    pub(crate) fn counters(&self) -> Counters {
        self.open().counters(self.slot_count())
    }

    /// Prepares to unlink the keys that the open batch has removed.
    pub(crate) fn removed(&self) -> Vec<Unlink> {
        let log = &self.open().log;
        if !log.has_removals {
            return Vec::new();
        }
        let is_removed = |slot: &SlotId| self.cell(*slot).is_removed();
        self.keys.unlinks(log.slots_written().filter(is_removed))
    }

    /// Closes the batch and unlinks the keys that it has [removed](StateTable::removed). It calls no code of the
    /// user's types, nor their `Drop`, which could panic when other partitions have committed the batch.
    pub(crate) fn commit(&mut self, removed: &[Unlink]) {
        let log = &mut opened(&mut self.open).log;
        if log.has_removals {
            // Tombstones of keys without a slot undo nothing.
            log.writes.retain(|write| write.slot().is_some());
        }
        for it in removed {
            self.keys.unlink(*it);
        }
        debug_assert!(log.is_a_set(), "no slot is in a write set twice");
        if let Some(open) = self.open.take() {
            self.update_lru(open.min_batch, &open.log);
            self.history.push(open.log);
            self.tombstones = open.tombstones;
        }
        self.check();
    }

    /// A key can be found if and only if it has a state.
    fn check(&self) {
        debug_assert_eq!(
            self.keys.len() as u64,
            self.footprint.keys(),
            "they count the same keys"
        );
    }

    /// Lists the keys that a committed batch has written. It has removed those that were idle since before
    /// `min_batch`.
    fn update_lru(&mut self, min_batch: BatchNumber, log: &UndoLog<S>) {
        let Some(lru) = &mut self.lru else {
            return;
        };
        let last_written = |slot: SlotId| self.keys.entries()[slot as usize].value.last_written();
        debug_assert!(
            lru.written_before(min_batch, last_written).is_empty(),
            "a batch that asks for idle keys removes them"
        );
        lru.drop_before(min_batch);
        let is_live = |slot: &SlotId| last_written(*slot) == Some(log.batch);
        let written = log.slots_written().filter(is_live).collect();
        lru.push(log.batch, written, self.keys.len(), last_written);
    }

    /// The footprint of the states, with the writes of the open batch.
    pub(crate) fn footprint(&self) -> Footprint {
        self.footprint
    }

    /// The number of keys that had a state before the open batch.
    pub(crate) fn previous_keys(&self) -> usize {
        self.open().previous_footprint.keys() as usize
    }

    /// Undoes the open batch, if any.
    ///
    /// The order of its writes does not matter, as no slot is there twice. The slots that it has created
    /// go last.
    pub(crate) fn undo(&mut self) {
        let Some(open) = &mut self.open else {
            return;
        };
        self.footprint = open.previous_footprint;
        // Dropped at the end, when all is as before: the `Drop` of a state may panic.
        let mut writes = std::mem::take(&mut open.log.writes);
        for write in &mut writes {
            if let SlotWrite::Changed { slot, previous } = write {
                std::mem::swap(self.keys.value_mut(*slot), previous);
            }
        }
        self.keys.truncate(open.log.slots);
        self.open = None;
        self.check();
    }

    /// A version of the table as it is after `batch`, the last one that was committed.
    pub(crate) fn version(&mut self, batch: BatchNumber) -> Version {
        self.history.version(batch)
    }

    /// The cells that were overwritten after a version.
    pub(crate) fn overwritten(&self, version: &Version) -> Overwritten<'_, S> {
        let open = self.open.as_ref().map(|open| &open.log);
        self.history.overwritten(version, open)
    }

    /// A copy without the batch that is open, if any. Versions stay with this table.
    pub(crate) fn fork(&self) -> StateTable<K, S> {
        let mut fork = StateTable {
            keys: self.keys.clone(),
            lru: self.lru.clone(),
            open: self.open.clone(),
            footprint: self.footprint,
            history: History::default(),
            tombstones: FirstSeen::default(),
        };
        fork.undo();
        fork
    }

    /// Returns true if most slots are those of removed keys.
    pub(crate) fn needs_compaction(&self) -> bool {
        self.keys.needs_compaction()
    }

    /// The same keys and states without the slots of removed keys, and the new slot of each old one.
    /// Versions stay with the old table.
    pub(crate) fn compacted(&self) -> (StateTable<K, S>, Vec<Option<SlotId>>) {
        assert!(self.open.is_none(), "tables are compacted between batches");
        let mut compacted = StateTable::with_capacity(self.keys.len(), false);
        compacted.footprint = self.footprint;
        let mut remap = Vec::with_capacity(self.slot_count());
        for entry in self.keys.entries() {
            let is_live = entry.value.state().is_some();
            remap.push(is_live.then(|| {
                let key = entry.key.clone();
                compacted.keys.add(key, entry.value.clone())
            }));
        }
        compacted.lru = self.lru.is_some().then(|| compacted.lists_of_all());
        (compacted, remap)
    }
}

/// The open batch. Matching on it directly, not on what `as_mut` returns, saves each write a twentieth.
#[inline]
fn opened<K, S>(open: &mut Option<OpenBatch<K, S>>) -> &mut OpenBatch<K, S> {
    match open {
        Some(open) => open,
        None => panic!("{IS_OPEN}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the keys from 0 to `keys` in the open batch.
    fn write(table: &mut StateTable<i64, ()>, keys: i64) {
        for key in 0..keys {
            let found = table.lookup(&key);
            match found.slot() {
                Some(slot) => table.write(slot, ()),
                None => table.add(found, &key, ()),
            }
        }
    }

    fn commit(table: &mut StateTable<i64, ()>) {
        let removed = table.removed();
        table.commit(&removed);
    }

    /// A table of the keys from 0 to `keys`, which batch 1 has written.
    fn of_batch_1(keys: i64) -> StateTable<i64, ()> {
        let mut table = StateTable::with_capacity(0, true);
        table.begin(1);
        write(&mut table, keys);
        commit(&mut table);
        table
    }

    /// A function need not do the same when its batch is run again.
    #[test]
    fn mws_4_keys_that_only_an_undone_batch_has_written_are_not_idle() {
        let mut table = StateTable::with_capacity(0, true);
        table.begin(1);
        write(&mut table, 600);
        table.begin(1);
        write(&mut table, 3);
        commit(&mut table);
        table.begin(2);
        assert_eq!(table.idle_before(2), [0, 1, 2]);
        assert!(table.idle_before(1).is_empty());
    }

    #[test]
    fn mws_4_keys_that_a_batch_removed_as_idle_are_idle_again_when_it_is_undone() {
        let mut table = of_batch_1(3);
        for times_run in 0..3 {
            table.begin(2);
            assert_eq!(table.idle_before(2), [0, 1, 2], "run {times_run} times");
            (0..3).for_each(|slot| table.remove(slot));
        }
        commit(&mut table);
        table.begin(3);
        assert!(table.idle_before(3).is_empty());
    }

    #[test]
    fn mws_4_a_batch_that_was_undone_need_not_remove_idle_keys_when_it_is_run_again() {
        let mut table = of_batch_1(3);
        table.begin(2);
        assert_eq!(table.idle_before(2), [0, 1, 2]);
        table.begin(2);
        commit(&mut table);
        table.begin(3);
        assert_eq!(table.idle_before(3), [0, 1, 2]);
    }

    #[test]
    fn mws_4_compaction_keeps_the_last_batch_of_each_key() {
        let mut table = of_batch_1(100);
        table.begin(2);
        (0..97).for_each(|slot| table.remove(slot));
        table.write(99, ());
        commit(&mut table);
        assert!(table.needs_compaction());
        let (mut compacted, _) = table.compacted();
        compacted.begin(3);
        assert_eq!(compacted.idle_before(2), [0, 1]);
        assert_eq!(compacted.idle_before(3), [0, 1, 2]);
    }
}
