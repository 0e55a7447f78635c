//! The full state of `update_state_by_key`: one partition, batch by batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, RwLock};

use super::budget::Footprint;
use super::column::Column;
use super::groups::Groups;
use super::lock::{read, write};
use super::slot_order::SlotOrder;
use super::sweep::Sweep;
use super::update_spec::{Beginning, States};
use crate::rows::Partitioner;
use crate::rows::Shuffle;
use crate::rows::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use crate::rows::partitions::{Part, Partitions};
use crate::table::index::Place;
use crate::table::keys::{BLOCK, Entry, Keys};
use crate::{Counters, Failure, Time, Workers, blame};
use crate::{Data, Key, Rdd};

pub(crate) const OPERATOR: &str = "update_state_by_key";

/// The states of all partitions, and the function that is called key by key.
pub(crate) struct KeyByKey<K, S, F> {
    partitioner: Partitioner,
    function: F,
    partitions: Vec<FullState<K, S>>,
}

impl<K: Key, S: Data, F> KeyByKey<K, S, F> {
    pub(crate) fn new(beginning: Beginning<K, S>, function: F) -> KeyByKey<K, S, F> {
        let Beginning {
            partitioner,
            initial,
            ..
        } = beginning;
        let partitions = initial.into_iter();
        KeyByKey {
            partitioner,
            function,
            partitions: partitions
                .map(|initial| FullState::new(partitioner, initial))
                .collect(),
        }
    }
}

impl<K: Key, V: Data, S: Data, F> States<K, V, S> for KeyByKey<K, S, F>
where
    F: Fn(Time, &K, &[V], Option<S>) -> Option<S> + Send + Sync,
{
    fn run(
        &mut self,
        time: Time,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure> {
        let partitioner = self.partitioner;
        let function = &self.function;
        let update = |key: &K, values: &[V], old| function(time, key, values, old);
        let shuffle = Shuffle {
            operator: OPERATOR,
            partitioner,
            workers,
        };
        let footprints = shuffle.reduce_each(records, &mut self.partitions, |state, records| {
            Ok(state.run(partitioner, time, records, &update))
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
        let snapshots: Vec<Snapshot<K, S>> = committed.collect();
        (Rdd::of_partitions(snapshots), sum)
    }
}

/// The keys of one partition with their states.
///
/// A batch is [run](FullState::run) and then [committed](FullState::commit); one that was run and is
/// run anew, because its function failed somewhere, starts from the batch before.
#[derive(Debug)]
pub(crate) struct FullState<K, S> {
    keys: Arc<RwLock<Keys<K>>>,
    /// After the last batch that was committed or, if it `is_swept`, the one that was run since.
    column: Arc<Column<S>>,
    is_swept: bool,
    /// Whether the column was copied since that commit, as a batch before was read then.
    is_copied: bool,
    /// How to go back to the one before.
    sweep: Sweep<S>,
    /// Where keys come in the order of the JVM's tables; without it they come as they came.
    order: Option<SlotOrder>,
    footprint: Footprint,
    next: Option<Next>,
}

/// A batch that was run.
#[derive(Debug)]
struct Next {
    order: Option<SlotOrder>,
    counters: Counters,
    footprint: Footprint,
}

impl<K: Key, S: Data> FullState<K, S> {
    /// The state before the first batch: of a key that is there twice the first counts (`USK-5`).
    pub(crate) fn new(partitioner: Partitioner, initial: Vec<(K, S)>) -> FullState<K, S> {
        let (mut keys, mut states) = (
            Keys::with_room(initial.len()),
            Vec::with_capacity(initial.len()),
        );
        let mut footprint = Footprint::default();
        for (key, state) in initial {
            let (tag, place) = keys.find(&key);
            if place.is_none() {
                footprint.add(&key);
                keys.add_tagged(tag, key, ());
                states.push(state);
            }
        }
        let hashes = keys
            .entries()
            .iter()
            .map(|entry| partitioner.hash_code(&entry.key));
        let order = partitioner.has_tables().then(|| SlotOrder::new(hashes));
        FullState {
            keys: Arc::new(RwLock::new(keys)),
            column: Arc::new(Column::new(states)),
            is_swept: false,
            is_copied: false,
            sweep: Sweep::default(),
            order,
            footprint,
            next: None,
        }
    }

    /// Runs a batch of these records up to where it can be committed (`USK-1` to `USK-3`). Returns
    /// what its states take.
    ///
    /// # Panics
    ///
    /// If `update` does, with the key and the batch in the message.
    pub(crate) fn run<V: Data>(
        &mut self,
        partitioner: Partitioner,
        time: Time,
        records: &[Vec<(K, V)>],
        update: &impl Fn(&K, &[V], Option<S>) -> Option<S>,
    ) -> Footprint {
        blame::within(OPERATOR, time, || {
            self.roll_back();
            self.tidy();
            self.own_column();
        });
        let old = self.column.places();
        let mut keys = write(&self.keys);
        let groups = blame::within(OPERATOR, time, || group(&mut keys, records));
        let calls = self.column.len() + keys.entries().len() - old;
        let (column, sweep) = (Arc::make_mut(&mut self.column), &mut self.sweep);
        self.is_swept = true;
        let all = catch_unwind(AssertUnwindSafe(|| {
            column.sweep(keys.entries(), &groups, update, sweep);
        }));
        if let Err(payload) = all {
            let at_hand = keys.entries().get(sweep.at());
            blame::resume(
                payload.as_ref(),
                OPERATOR,
                at_hand.map(|entry| &entry.key),
                time,
            );
        }
        let copied = self.sweep.changed() + if self.is_copied { old } else { 0 };
        let order = self.order.as_ref().map(|order| {
            let hash_code =
                |place: &Place| partitioner.hash_code(&keys.entries()[*place as usize].key);
            let arrived = groups.by_arrival();
            order.cogroup(arrived.iter().map(|place| (*place, hash_code(place))))
        });
        let counters = Counters {
            function_calls: calls as u64,
            keys_touched: (calls - self.sweep.uncreated()) as u64,
            probes: records.iter().map(|records| records.len() as u64).sum(),
            bytes_copied: (copied * size_of::<S>()) as u64,
        };
        let footprint = self.footprint_after(keys.entries(), old);
        self.next = Some(Next {
            order,
            counters,
            footprint,
        });
        footprint
    }

    /// Copies the column if somebody still reads the batch before, who keeps it.
    fn own_column(&mut self) {
        self.is_copied |= Arc::strong_count(&self.column) > 1;
        Arc::make_mut(&mut self.column);
    }

    /// What the states take after a sweep before which there were so many places.
    fn footprint_after(&self, keys: &[Entry<K>], old: usize) -> Footprint {
        let mut footprint = self.footprint;
        for (place, entry) in (old as Place..).zip(&keys[old..]) {
            if self.sweep.moved(place).is_some() {
                footprint.add(&entry.key);
            }
        }
        for place in self.sweep.removed() {
            footprint.remove(&keys[*place as usize].key);
        }
        footprint
    }

    /// Makes the batch that was run the last one. Returns the state after it, and what it took.
    pub(crate) fn commit(&mut self) -> (Snapshot<K, S>, Counters) {
        let mut counters = Counters::default();
        if let Some(next) = self.next.take() {
            counters = next.counters;
            self.footprint = next.footprint;
            self.settle_keys();
            Arc::make_mut(&mut self.column).settle(&self.sweep);
            self.order = match next.order {
                Some(order) if !self.sweep.is_empty() => {
                    Some(order.moved(|place| self.column.settled(place, &self.sweep)))
                }
                order => order,
            };
            self.sweep.forget();
            (self.is_swept, self.is_copied) = (false, false);
        }
        let snapshot = Snapshot {
            keys: Arc::clone(&self.keys),
            column: Arc::clone(&self.column),
            order: self.order.clone(),
        };
        (snapshot, counters)
    }

    /// Goes back to the batch before, if one was begun since.
    fn roll_back(&mut self) {
        self.next = None;
        if std::mem::take(&mut self.is_swept) {
            Arc::make_mut(&mut self.column).undo(&mut self.sweep);
        }
        write(&self.keys).take_back(self.column.places());
    }

    /// Forgets the keys that were removed, and those that got no state, after which the others that
    /// are new move together.
    fn settle_keys(&self) {
        let sweep = &self.sweep;
        let mut keys = write(&self.keys);
        for place in sweep.removed() {
            keys.forget(*place);
        }
        if sweep.uncreated() == 0 {
            return;
        }
        let old = sweep.places();
        for (place, entry) in (old as Place..).zip(keys.take_back(old)) {
            if sweep.moved(place).is_some() {
                keys.add(entry.key, ());
            }
        }
    }

    /// Makes room when most places are those of keys that were removed. Snapshots keep the old ones. Where a
    /// key or a state cannot be cloned nothing has changed.
    fn tidy(&mut self) {
        let keys = Arc::clone(&self.keys);
        let keys = read(&keys);
        if !keys.is_mostly_dead() {
            return;
        }
        let column = self.column.tidied();
        let mut tidy = Keys::with_room(column.len());
        for place in self.column.live_places() {
            tidy.add(keys.entries()[place].key.clone(), ());
        }
        if let Some(order) = &mut self.order {
            let mut moved = vec![0; self.column.places()];
            for (new, place) in (0..).zip(self.column.live_places()) {
                moved[place] = new;
            }
            *order = order.moved(|place| Some(moved[place as usize]));
        }
        self.keys = Arc::new(RwLock::new(tidy));
        self.column = Arc::new(column);
    }
}

/// The values of a batch by the places of their keys; keys that are new get one.
fn group<K: Key, V: Data>(keys: &mut Keys<K>, records: &[Vec<(K, V)>]) -> Groups<V> {
    let count = records.iter().map(Vec::len).sum();
    let (mut places, mut values) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for block in records.iter().flat_map(|records| records.chunks(BLOCK)) {
        let found = keys.look_up(block.iter().map(|(key, _)| key), |()| 0);
        for ((key, value), found) in block.iter().zip(found) {
            let place = keys.place_now(found, key);
            places.push(place.unwrap_or_else(|| keys.add_tagged(found.0, key.clone(), ())));
            values.push(value);
        }
    }
    Groups::new(&places, &values)
}

impl<K: Key, S: Data> Partitions<(K, S)> for Vec<Snapshot<K, S>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, (K, S)>,
    ) -> Result<(), Stop> {
        ChunkWriter::write(size, reader, |made| self[part.partition].visit(made))
    }
}

/// The keys of one partition with their states as they were after a batch, whatever comes later.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot<K, S> {
    keys: Arc<RwLock<Keys<K>>>,
    column: Arc<Column<S>>,
    order: Option<SlotOrder>,
}

impl<K: Key, S: Data> Snapshot<K, S> {
    /// Hands out keys with their states, in order.
    pub(crate) fn visit(&self, run: &mut ChunkWriter<'_, (K, S)>) -> Result<(), Stop> {
        let keys = read(&self.keys);
        match &self.order {
            Some(order) => self
                .column
                .visit_places(keys.entries(), order.places(), run),
            None => self.column.visit(keys.entries(), run),
        }
    }

    /// What `function` makes of `zero` and of each key with its state in turn, in order.
    pub(crate) fn fold<A>(&self, zero: A, function: &mut impl FnMut(A, &K, &S) -> A) -> A {
        let keys = read(&self.keys);
        match &self.order {
            Some(order) => self
                .column
                .fold_places(keys.entries(), order.places(), zero, function),
            None => self.column.fold(keys.entries(), zero, function),
        }
    }
}
