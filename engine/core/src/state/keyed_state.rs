//! The state of `map_with_state`: one partition, batch by batch.

use super::budget::Footprint;
use super::cell::{BatchNumber, Batches};
use super::change_log::{ChangeLog, Chunk, SlotEntry, Unsaved};
use super::delta_chain::DeltaChain;
use super::delta_table::{DeltaEntry, DeltaKind};
use super::handle::State;
use super::map_snapshot::MapSnapshot;
use super::mapping_pass::MappingPass;
use super::saved_mapping::{RestoredEntry, RestoredPartition, Written};
use super::shared::{Concurrency, Shared};
use super::state_batch::StateBatch;
use super::state_table::StateTable;
use crate::failure::catch;
use crate::rows::HashPartitioner;
use crate::table::index::SlotId;
use crate::table::keys::{Unlink, lookup_groups};
use crate::{Counters, Data, Failure, Key, Time};

pub(crate) const OPERATOR: &str = "map_with_state";

/// The keys of one partition with their states, and the order in which Spark would read them.
///
/// A batch is [run](KeyedState::run) and then [committed](KeyedState::commit). One that was run and is run
/// again, because its function failed in some partition, starts from the state before it.
#[derive(Debug)]
pub(crate) struct KeyedState<K, S> {
    partitioner: HashPartitioner,
    table: Shared<StateTable<K, S>>,
    /// The order of the JVM's tables. Without it keys come in the order of their arrival.
    chain: Option<DeltaChain>,
    /// The chain before it was flattened, until the next job has ended.
    unflattened: Option<DeltaChain>,
    pending: Option<PendingDelta<K, S>>,
    /// The changes that are to be saved, in a program that saves them.
    log: Option<ChangeLog<K, Written<S>>>,
}

/// A batch that was run and is not committed.
#[derive(Debug)]
struct PendingDelta<K, S> {
    /// The keys that were removed.
    removed: Vec<Unlink>,
    /// The table of the batch in the chain.
    delta: Option<Vec<DeltaEntry>>,
    /// The entries of the batch in the log.
    chunk: Option<Chunk<K, Written<S>>>,
}

impl<K: Key, S: Data> KeyedState<K, S> {
    /// The state before the first batch, and as old as that. Of a key that is there twice the last state
    /// counts (`MWS-10`).
    pub(crate) fn new(
        partitioner: HashPartitioner,
        initial: Vec<(K, S)>,
        can_time_out: bool,
        concurrency: Concurrency,
    ) -> KeyedState<K, S> {
        let mut table = StateTable::with_capacity(initial.len(), can_time_out);
        table.begin(0);
        for (key, state) in initial {
            let found = table.lookup(&key);
            match found.slot() {
                Some(slot) => table.write(slot, state),
                None => table.add(found, &key, state),
            }
        }
        let has_tables = partitioner.has_tables();
        let chain = has_tables.then(|| DeltaChain::new(delta_of(&table, partitioner)));
        table.commit(&[]);
        KeyedState {
            partitioner,
            table: Shared::new(table, concurrency),
            chain,
            unflattened: None,
            pending: None,
            log: None,
        }
    }

    /// The states of one partition as they were saved after a batch.
    pub(crate) fn restored(
        partitioner: HashPartitioner,
        batch: BatchNumber,
        saved: RestoredPartition<K, S>,
        can_time_out: bool,
        concurrency: Concurrency,
    ) -> KeyedState<K, S> {
        let mut states = Vec::with_capacity(saved.before.len() + saved.newest.len());
        let mut entry = |saved| match saved {
            RestoredEntry::State(key, state, last_written) => {
                let hash = partitioner.hash_code(&key);
                let slot = states.len() as SlotId;
                states.push((key, state, last_written));
                DeltaEntry {
                    hash,
                    kind: DeltaKind::Written(slot),
                }
            }
            RestoredEntry::Room(hash) => DeltaEntry {
                hash,
                kind: DeltaKind::Gone,
            },
        };
        let before = saved.before.into_iter().map(&mut entry).collect();
        let newest = saved.newest.into_iter().map(&mut entry).collect();
        let chain = || DeltaChain::restored(batch, before, saved.room, newest);
        KeyedState {
            partitioner,
            chain: partitioner.has_tables().then(chain),
            table: Shared::new(StateTable::restored(states, can_time_out), concurrency),
            unflattened: None,
            pending: None,
            log: None,
        }
    }

    /// The footprint of the states after the batch that was run last.
    pub(crate) fn footprint(&self) -> Footprint {
        self.table.read().footprint()
    }

    /// Runs a batch up to where it can be committed. Returns what the function made of the records, in
    /// order, and then of the keys that timed out (`MWS-2` to `MWS-6`, `MWS-11`).
    ///
    /// # Errors
    ///
    /// The first failure of the function, with the key.
    pub(crate) fn run<V: Data, M>(
        &mut self,
        batch: StateBatch,
        records: &[Vec<(K, V)>],
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>,
    ) -> Result<Vec<M>, Failure> {
        self.pending = None;
        self.table.fork(StateTable::fork);
        self.compact();
        let mut table = self.table.write();
        table.begin(batch.number);
        let count = records.iter().map(Vec::len).sum();
        table.count(count, count);
        let mut pass = MappingPass {
            batch,
            table: &mut table,
            function,
            leaves_tombstones: self.chain.is_some(),
            mapped: Vec::with_capacity(count),
        };
        let mut current_key = None;
        let all = catch(OPERATOR, || {
            for group in lookup_groups(records) {
                // A panic of a lookup may be the fault of any key of the group.
                current_key = None;
                let found = pass.table.lookup_group(group.iter().map(|(key, _)| key));
                for (record, &found) in group.iter().zip(&found) {
                    current_key = Some(&record.0);
                    pass.apply(record, found)?;
                }
            }
            Ok(())
        });
        all.and_then(|result| result)
            .map_err(|failure| match current_key {
                Some(key) => failure.with_key(key),
                None => failure,
            })?;
        if batch.always_scans || batch.is_checkpoint() {
            self.time_out(&mut pass)?;
        }
        let mapped = pass.mapped;
        let pending = PendingDelta {
            removed: table.removed(),
            delta: self
                .chain
                .is_some()
                .then(|| delta_of(&table, self.partitioner)),
            chunk: self
                .log
                .as_ref()
                .map(|log| chunk_of(&table, log, batch.time)),
        };
        drop(table);
        self.pending = Some(pending);
        Ok(mapped)
    }

    /// Calls the function for every key that has been idle for too long, and removes the key.
    fn time_out<V, M, F>(&self, pass: &mut MappingPass<'_, K, S, F, M>) -> Result<(), Failure>
    where
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>,
    {
        let overdue = self.overdue(pass.batch, pass.table);
        pass.table.count(0, overdue.len());
        let mut current_slot = None;
        let all = catch(OPERATOR, || {
            for slot in overdue {
                current_slot = Some(slot);
                pass.time_out(slot)?;
            }
            Ok(())
        });
        all.and_then(|result| result)
            .map_err(|failure| match current_slot {
                Some(slot) => failure.with_key(pass.table.key(slot)),
                None => failure,
            })
    }

    /// The slots of the keys that have been idle for too long, in the order in which Spark scans.
    fn overdue(&self, batch: StateBatch, table: &mut StateTable<K, S>) -> Vec<SlotId> {
        let Some(oldest) = batch.overdue_before() else {
            return Vec::new();
        };
        let overdue = table.idle_before(oldest);
        // Spark flattens at the end of a job. Until then the batches of the same job scan the old chain.
        let chain = self.unflattened.as_ref().or(self.chain.as_ref());
        let Some(chain) = chain.filter(|_| overdue.len() > 1) else {
            return overdue;
        };
        let mut chain = chain.clone();
        chain.push(batch.number, delta_of(table, self.partitioner));
        let is_live = |slot, batches: &Batches| table.cell(slot).was_last_written_in(batches);
        let is_overdue = |slot: &SlotId| overdue.binary_search(slot).is_ok();
        let in_order: Vec<SlotId> = chain.slots(&is_live).filter(is_overdue).collect();
        assert_eq!(
            in_order.len(),
            overdue.len(),
            "the chain has every live key once"
        );
        in_order
    }

    /// Makes the batch that was run the last one. Returns the states after it, and its counters. It calls no
    /// code of the user's types, which could panic when other partitions have committed the batch.
    pub(crate) fn commit(&mut self, batch: StateBatch) -> (MapSnapshot<K, S>, Counters) {
        let pending = self
            .pending
            .take()
            .expect("a batch is run and then committed");
        let mut table = self.table.write();
        let counters = table.counters();
        let previous_keys = table.previous_keys();
        table.commit(&pending.removed);
        drop(table);
        if let Some((log, chunk)) = self.log.as_mut().zip(pending.chunk) {
            log.push(chunk);
        }
        if let Some(delta) = pending.delta {
            self.push_delta(batch, delta, previous_keys);
        }
        (self.snapshot(batch.number), counters)
    }

    /// The states after a batch, the last one.
    pub(crate) fn snapshot(&self, batch: BatchNumber) -> MapSnapshot<K, S> {
        MapSnapshot {
            version: self.table.write().version(batch),
            table: self.table.reader(),
            chain: self.chain.clone(),
            unflattened: self.unflattened.clone(),
        }
    }

    /// Adds the delta of a batch to the chain, which may then be flattened. `live` keys had a state before
    /// the batch.
    fn push_delta(&mut self, batch: StateBatch, delta: Vec<DeltaEntry>, live: usize) {
        let Some(chain) = &mut self.chain else {
            return;
        };
        if let Some(unflattened) = &mut self.unflattened {
            unflattened.push(batch.number, delta.clone());
        }
        chain.push(batch.number, delta);
        if batch.is_checkpoint() && chain.should_flatten() {
            self.unflattened.get_or_insert_with(|| chain.clone());
            chain.flatten(live);
            assert!(!chain.should_flatten(), "a flattened chain is short");
        }
    }

    /// Builds a new table if most slots of this one are those of removed keys, not counting the writes of
    /// a batch that failed. Snapshots keep the old table.
    fn compact(&mut self) {
        self.table.write().undo();
        let table = self.table.read();
        if !table.needs_compaction() {
            return;
        }
        let (compacted, remap) = table.compacted();
        drop(table);
        for chain in [&mut self.chain, &mut self.unflattened] {
            *chain = chain.take().map(|chain| chain.remapped(&remap));
        }
        self.table.replace(compacted);
        self.save_all();
    }

    /// Keeps the changes of each batch from now on, of which this number come between two saves.
    pub(crate) fn begin_saving(&mut self, batches_per_save: u64) {
        self.log = Some(ChangeLog::new(batches_per_save));
    }

    /// Keeps all states for the next save, as they are after the batch at `time`, the last one: those that were saved
    /// have other slots.
    pub(crate) fn log_all(&mut self, time: Time) {
        if let Some(log) = &mut self.log {
            log.begin_anew();
            let chunk = chunk_of(&self.table.read(), log, time);
            log.push(chunk);
        }
    }

    /// Has the next batch keep all states for the next save.
    pub(crate) fn save_all(&mut self) {
        if let Some(log) = &mut self.log {
            log.begin_anew();
        }
    }

    /// Takes out what is to be saved after the batch at `time`.
    pub(crate) fn take_unsaved(&mut self, time: Time) -> Option<Unsaved<K, Written<S>>> {
        Some(self.log.as_mut()?.take(time))
    }

    /// A job has ended since the last batch: no batch so far is read in the order of the unflattened chain
    /// any more.
    pub(crate) fn end_job(&mut self) {
        self.unflattened = None;
    }
}

/// The entries that the open batch of a table adds to a log: what it has written, and some that it has not.
fn chunk_of<K: Key, S: Data>(
    table: &StateTable<K, S>,
    log: &ChangeLog<K, Written<S>>,
    time: Time,
) -> Chunk<K, Written<S>> {
    let value = |slot| {
        let cell = table.cell(slot);
        let state = cell.state().cloned().zip(cell.last_written())?;
        Some((table.key(slot).clone(), state))
    };
    let written = || table.slots_written();
    let changed = if log.is_anew() { 0 } else { written().count() };
    let mut chunk = log.chunk(time, table.slot_count(), changed);
    let swept = chunk.swept();
    chunk.entries.reserve(changed + swept.len());
    let changed = written().take(changed).map(|slot| SlotEntry {
        slot,
        value: value(slot),
    });
    chunk.entries.extend(changed);
    let swept = swept.filter_map(|slot| {
        let value = Some(value(slot)?);
        Some(SlotEntry { slot, value })
    });
    chunk.entries.extend(swept);
    chunk
}

/// The delta of the open batch of a table.
fn delta_of<K: Key, S: Data>(
    table: &StateTable<K, S>,
    partitioner: HashPartitioner,
) -> Vec<DeltaEntry> {
    let kind = |slot| match table.cell(slot).last_written() {
        Some(_) => DeltaKind::Written(slot),
        None => DeltaKind::Removed(slot),
    };
    let entry = |(slot, key): (Option<SlotId>, &K)| DeltaEntry {
        hash: partitioner.hash_code(key),
        kind: slot.map_or(DeltaKind::Gone, kind),
    };
    table.writes().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::state_batch::BATCHES_PER_CHECKPOINT;
    use super::*;
    use crate::{KeyOrder, Profile};

    fn batch(number: BatchNumber) -> StateBatch {
        StateBatch {
            number,
            time: Time::EPOCH,
            slide: Duration::from_secs(1),
            timeout: None,
            always_scans: false,
            batches_per_checkpoint: BATCHES_PER_CHECKPOINT,
        }
    }

    /// Runs a batch that removes the keys without a value, and sets the others.
    fn run(state: &mut KeyedState<i64, i64>, number: BatchNumber, records: &[(i64, Option<i64>)]) {
        let set = |_: Time, _: &i64, value: Option<Option<i64>>, state: &mut State<'_, i64>| {
            match value.flatten() {
                Some(value) => state.update(value),
                None => state.remove(),
            }
            Ok(None::<()>)
        };
        let ran = state.run(batch(number), &[records.to_vec()], &set);
        assert_eq!(ran, Ok(Vec::new()));
        state.commit(batch(number));
    }

    #[test]
    fn a_table_loses_the_slots_of_removed_keys_once_they_are_most_of_it() {
        for profile in [Profile::Pyspark, Profile::Jvm] {
            let partitioner = HashPartitioner::new(profile, KeyOrder::Spark, 1);
            let all: Vec<_> = (0..100).map(|key| (key, Some(key))).collect();
            let mut state = KeyedState::new(partitioner, Vec::new(), false, Concurrency::OneJob);
            run(&mut state, 1, &all);
            run(&mut state, 2, &[]);
            assert_eq!(state.table.read().slot_count(), 100);
            let removed: Vec<_> = (10..100).map(|key| (key, None)).collect();
            run(&mut state, 3, &removed);
            assert_eq!(state.table.read().slot_count(), 100);
            run(&mut state, 4, &[]);
            assert_eq!(state.table.read().slot_count(), 10);
        }
    }
}
