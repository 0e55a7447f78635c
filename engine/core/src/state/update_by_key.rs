//! The full state of `update_state_by_key`: one partition, batch by batch.

use std::sync::Arc;

use super::budget::Footprint;
use super::change_log::Chunk;
use super::cogroup_order::CogroupOrder;
use super::grouped_values::GroupedValues;
use super::shared::{Concurrency, Shared};
use super::state_column::StateColumn;
use super::state_store::{OPERATOR, StateStore, StoreSettings, UnsavedStates};
use super::update_log::UpdateLog;
use super::update_pass::UpdatePass;
use super::update_snapshot::UpdateSnapshot;
use crate::failure::catch;
use crate::rows::{HashPartitioner, Shuffle};
use crate::table::index::SlotId;
use crate::table::keys::{InternedKeys, KeyEntry, Unlink, lookup_groups};
use crate::{Counters, Data, Failure, Key, Rdd, Time, Workers};

/// The states of all partitions, and the function that is called key by key.
pub(crate) struct KeyByKey<K, S, F> {
    settings: StoreSettings,
    function: F,
    partitions: Vec<FullState<K, S>>,
    /// The batches from one save to the next, in a program that saves its states.
    batches_per_save: Option<u64>,
}

impl<K: Key, S: Data, F> KeyByKey<K, S, F> {
    pub(crate) fn new(settings: StoreSettings, function: F) -> KeyByKey<K, S, F> {
        KeyByKey {
            settings,
            function,
            partitions: Vec::new(),
            batches_per_save: None,
        }
    }
}

impl<K: Key, V: Data, S: Data, F> StateStore<K, V, S> for KeyByKey<K, S, F>
where
    F: Fn(Time, &K, &[V], Option<S>) -> Result<Option<S>, Failure> + Send + Sync,
{
    fn begin(&mut self, states: Vec<Vec<(K, S)>>) {
        let StoreSettings {
            partitioner,
            concurrency,
            ..
        } = self.settings;
        let batches_per_save = self.batches_per_save;
        let partition = |states| FullState {
            log: batches_per_save.map(UpdateLog::new),
            ..FullState::new(partitioner, states, concurrency)
        };
        self.partitions = states.into_iter().map(partition).collect();
    }

    fn begin_saving(&mut self, batches_per_save: u64) {
        self.batches_per_save = Some(batches_per_save);
    }

    fn save_all(&mut self) {
        let logs = self.partitions.iter_mut().filter_map(|it| it.log.as_mut());
        logs.for_each(UpdateLog::begin_anew);
    }

    fn log_all(&mut self, time: Time) {
        self.partitions.iter_mut().for_each(|it| it.log_all(time));
    }

    fn take_unsaved(&mut self, time: Time) -> Option<(UnsavedStates<K, S>, Time)> {
        let logs = self.partitions.iter_mut().filter_map(|it| it.log.as_mut());
        let (unsaved, since): (Vec<_>, Vec<_>) = logs.map(|log| log.take(time)).unzip();
        Some((unsaved, since.into_iter().min().unwrap_or(time)))
    }

    fn run(
        &mut self,
        time: Time,
        is_saved: bool,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure> {
        let partitioner = self.settings.partitioner;
        let function = &self.function;
        let update = |key: &K, values: &[V], old| function(time, key, values, old);
        let shuffle = Shuffle {
            operator: OPERATOR,
            partitioner,
            workers,
        };
        let footprints = shuffle.reduce_each(records, &mut self.partitions, |state, records| {
            state.run(partitioner, time, is_saved, records, &update)
        })?;
        Ok(footprints.into_iter().sum())
    }

    fn commit(&mut self) -> (Rdd<(K, S)>, Counters) {
        let mut sum = Counters::default();
        let committed = self.partitions.iter_mut().map(|partition| {
            let (snapshot, counters) = partition.commit();
            sum += counters;
            snapshot
        });
        let snapshots: Vec<UpdateSnapshot<K, S>> = committed.collect();
        (Rdd::of_partitions(snapshots), sum)
    }
}

/// The keys of one partition with their states.
///
/// A batch is [run](FullState::run) and then [committed](FullState::commit). One that was run and is run
/// again, because its function failed in some partition, starts from the state before it.
#[derive(Debug)]
pub(crate) struct FullState<K, S> {
    keys: Shared<InternedKeys<K>>,
    /// The states after the last batch that was committed or, if it is dirty, run.
    column: Arc<StateColumn<S>>,
    /// True if a pass has changed the column since the last commit.
    is_dirty: bool,
    /// True if the column was copied since the last commit, because a snapshot shared it.
    was_shared: bool,
    /// The pass of the last batch that was run, to undo it.
    pass: UpdatePass<S>,
    /// The order of the JVM's tables. Without it keys come in the order of their arrival.
    order: Option<CogroupOrder>,
    footprint: Footprint,
    pending: Option<PendingUpdate<K, S>>,
    /// The changes that are to be saved, in a program that saves them.
    log: Option<UpdateLog<K, S>>,
    /// Keys that the last commit removed, until the next batch: it drops nothing of the user's, which could panic.
    removed_keys: Vec<KeyEntry<K>>,
}

/// A batch that was run and is not committed.
#[derive(Debug)]
struct PendingUpdate<K, S> {
    /// The keys that were removed.
    removed: Vec<Unlink>,
    /// All new keys, if one of them was created empty.
    created: Vec<Unlink>,
    order: Option<CogroupOrder>,
    counters: Counters,
    footprint: Footprint,
    /// The changes that are to be saved.
    unsaved: Option<Chunk<K, S>>,
    is_saved: bool,
}

impl<K: Key, S: Data> FullState<K, S> {
    /// The state before the first batch. Of a key that is there twice the first state counts (`USK-5`).
    pub(crate) fn new(
        partitioner: HashPartitioner,
        initial: Vec<(K, S)>,
        concurrency: Concurrency,
    ) -> FullState<K, S> {
        let mut keys = InternedKeys::with_capacity(initial.len());
        let mut states = Vec::with_capacity(initial.len());
        let mut footprint = Footprint::default();
        for (key, state) in initial {
            let found = keys.lookup(&key);
            if found.slot().is_none() {
                footprint.add(&key);
                keys.add_missing(found, key, ());
                states.push(state);
            }
        }
        let order = partitioner.has_tables().then(|| {
            let hash_code = |entry: &KeyEntry<K>| partitioner.hash_code(&entry.key);
            CogroupOrder::new(keys.entries().iter().map(hash_code))
        });
        FullState {
            keys: Shared::new(keys, concurrency),
            column: Arc::new(StateColumn::new(states)),
            is_dirty: false,
            was_shared: false,
            pass: UpdatePass::default(),
            order,
            footprint,
            pending: None,
            log: None,
            removed_keys: Vec::new(),
        }
    }

    /// Runs a batch of these records up to where it can be committed (`USK-1` to `USK-3`), given its time, and true if it
    /// is to be saved. Returns the footprint of the states after it.
    ///
    /// # Errors
    ///
    /// The first failure of `update`, with the key.
    pub(crate) fn run<V: Data>(
        &mut self,
        partitioner: HashPartitioner,
        time: Time,
        is_saved: bool,
        records: &[Vec<(K, V)>],
        update: &impl Fn(&K, &[V], Option<S>) -> Result<Option<S>, Failure>,
    ) -> Result<Footprint, Failure> {
        self.keys.fork(InternedKeys::clone);
        self.roll_back();
        self.compact();
        self.own_column();
        let previous_slots = self.column.slot_count();
        let mut keys = self.keys.write();
        let groups = group(&mut keys, records);
        let function_calls = self.column.len() + keys.entries().len() - previous_slots;
        self.is_dirty = true;
        let column = Arc::make_mut(&mut self.column);
        let pass = &mut self.pass;
        catch(OPERATOR, || {
            column.update(keys.entries(), &groups, update, pass)
        })
        .and_then(|result| result)
        .map_err(|failure| match keys.entries().get(pass.current()) {
            Some(current) => failure.with_key(&current.key),
            None => failure,
        })?;
        let lookups: usize = records.iter().map(Vec::len).sum();
        let created = match self.pass.created_empty() {
            0 => 0..0,
            _ => previous_slots as SlotId..keys.entries().len() as SlotId,
        };
        let pending = PendingUpdate {
            removed: keys.unlinks(self.pass.removed().iter().copied()),
            created: keys.unlinks(created),
            order: self.next_order(partitioner, keys.entries(), &groups),
            counters: self.counters(function_calls, lookups),
            footprint: self.next_footprint(keys.entries()),
            unsaved: self.log.as_mut().and_then(|log| {
                log.note(&self.pass, &self.column);
                let is_kept = is_saved || log.has_few(&self.column);
                is_kept.then(|| log.chunk(time, keys.entries(), &self.column, &self.pass))
            }),
            is_saved,
        };
        let footprint = pending.footprint;
        self.pending = Some(pending);
        Ok(footprint)
    }

    /// Copies the column if a snapshot of an earlier batch shares it.
    fn own_column(&mut self) {
        self.was_shared |= Arc::strong_count(&self.column) > 1;
        Arc::make_mut(&mut self.column);
    }

    /// The order after a pass, by the slots that keys had during the pass.
    fn next_order<V: Clone>(
        &self,
        partitioner: HashPartitioner,
        keys: &[KeyEntry<K>],
        groups: &GroupedValues<V>,
    ) -> Option<CogroupOrder> {
        let order = self.order.as_ref()?;
        let with_hash = |slot: SlotId| (slot, partitioner.hash_code(&keys[slot as usize].key));
        Some(order.cogroup(groups.by_arrival().into_iter().map(with_hash)))
    }

    /// The counters of a batch after its pass.
    fn counters(&self, function_calls: usize, lookups: usize) -> Counters {
        let shared = if self.was_shared {
            self.pass.slots()
        } else {
            0
        };
        let copied = self.pass.changed() + shared;
        let keys = (function_calls - self.pass.created_empty()) as u64;
        Counters {
            function_calls: function_calls as u64,
            keys_touched: keys,
            keys_passed: keys,
            probes: lookups as u64,
            bytes_copied: (copied * size_of::<S>()) as u64,
            ..Counters::default()
        }
    }

    /// The footprint of the states after a pass.
    fn next_footprint(&self, keys: &[KeyEntry<K>]) -> Footprint {
        let previous_slots = self.pass.slots();
        let mut footprint = self.footprint;
        for (slot, entry) in (previous_slots as SlotId..).zip(&keys[previous_slots..]) {
            if self.pass.remap(slot).is_some() {
                footprint.add(&entry.key);
            }
        }
        for slot in self.pass.removed() {
            footprint.remove(&keys[*slot as usize].key);
        }
        footprint
    }

    /// Makes the batch that was run the last one. Returns the states after it, and its counters.
    pub(crate) fn commit(&mut self) -> (UpdateSnapshot<K, S>, Counters) {
        let mut counters = Counters::default();
        if let Some(pending) = self.pending.take() {
            counters = pending.counters;
            self.apply(pending);
        }
        let snapshot = UpdateSnapshot {
            keys: self.keys.reader(),
            column: Arc::clone(&self.column),
            order: self.order.clone(),
        };
        (snapshot, counters)
    }

    /// Makes the effects of a pass final. It calls no code of the user's types, nor their `Drop`, which could panic
    /// when other partitions have committed the batch. The order comes after the column, which says which keys have a
    /// state.
    fn apply(&mut self, pending: PendingUpdate<K, S>) {
        debug_assert_eq!(
            Arc::strong_count(&self.column),
            1,
            "only committed states are shared"
        );
        self.apply_to_keys(&pending);
        Arc::make_mut(&mut self.column).apply(&self.pass);
        self.footprint = pending.footprint;
        self.order = match pending.order {
            Some(order) if !self.pass.keeps_all_slots() => {
                Some(order.remapped(|slot| self.column.slot_after(slot, &self.pass)))
            }
            order => order,
        };
        if let Some((log, chunk)) = self.log.as_mut().zip(pending.unsaved) {
            log.push(chunk, self.order.as_ref().filter(|_| pending.is_saved));
        }
        self.is_dirty = false;
        self.was_shared = false;
        self.check();
    }

    /// Keeps all states for the next save, as they are before the next batch.
    fn log_all(&mut self, time: Time) {
        if let Some(log) = &mut self.log {
            log.begin_anew();
            let keys = self.keys.read();
            let chunk = log.chunk(time, keys.entries(), &self.column, &self.pass);
            log.push(chunk, None);
        }
    }

    /// Keys, states, order and footprint are of the same keys.
    fn check(&self) {
        let keys = self.keys.read();
        let live = self.column.len();
        assert_eq!(
            keys.entries().len(),
            self.column.slot_count(),
            "each key has a slot in the column"
        );
        debug_assert_eq!(
            keys.len(),
            live,
            "a key can be found if and only if it has a state"
        );
        debug_assert_eq!(
            self.footprint.keys(),
            live as u64,
            "a key counts if it has a state"
        );
        let order = self.order.as_ref();
        assert!(
            order.is_none_or(|order| order.len() == live),
            "the order has each key once"
        );
    }

    /// Unlinks the keys that were removed. Those that were created empty go, and new keys behind them move
    /// up.
    fn apply_to_keys(&mut self, pending: &PendingUpdate<K, S>) {
        let mut keys = self.keys.write();
        for it in &pending.removed {
            keys.unlink(*it);
        }
        let keeps = |slot| self.pass.remap(slot).is_some();
        self.removed_keys = keys.retain_last(&pending.created, keeps);
    }

    /// Goes back to the last batch that was committed, if one was begun since: first the column, as its
    /// number of slots says which keys are new. Drops what the last commit replaced.
    fn roll_back(&mut self) {
        self.pending = None;
        if std::mem::take(&mut self.is_dirty) {
            Arc::make_mut(&mut self.column).undo(&mut self.pass);
        }
        self.pass.drop_log();
        self.removed_keys.clear();
        self.keys.write().truncate(self.column.slot_count());
    }

    /// Builds new keys and a new column if most slots are those of removed keys. Snapshots keep the old
    /// ones. All copies are made before anything is replaced: one that panics changes nothing.
    fn compact(&mut self) {
        let keys = self.keys.read();
        if !keys.needs_compaction() {
            return;
        }
        let column = self.column.compacted();
        let mut compacted = InternedKeys::with_capacity(column.len());
        let mut remap = vec![None; self.column.slot_count()];
        for slot in self.column.live_slots() {
            let key = keys.entries()[slot].key.clone();
            remap[slot] = Some(compacted.add(key, ()));
        }
        drop(keys);
        let order = self.order.take();
        self.order = order.map(|order| order.remapped(|slot| remap[slot as usize]));
        // Dropped when both are replaced: the `Drop` of a state may panic.
        let _replaced = std::mem::replace(&mut self.column, Arc::new(column));
        self.keys.replace(compacted);
        if let Some(log) = &mut self.log {
            log.begin_anew();
        }
    }
}

/// The values of a batch by the slots of their keys. New keys get one.
fn group<K: Key, V: Data>(keys: &mut InternedKeys<K>, records: &[Vec<(K, V)>]) -> GroupedValues<V> {
    let count = records.iter().map(Vec::len).sum();
    let mut slots = Vec::with_capacity(count);
    let mut values = Vec::with_capacity(count);
    for group in lookup_groups(records) {
        let found = keys.lookup_group(group.iter().map(|(key, _)| key), |()| 0);
        for ((key, value), &found) in group.iter().zip(&found) {
            let slot = keys.current_slot(found, key);
            slots.push(slot.unwrap_or_else(|| keys.add_missing(found, key.clone(), ())));
            values.push(value);
        }
    }
    GroupedValues::new(&slots, &values)
}
