//! The state of `map_with_state`: one partition, batch by batch.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use super::chain::{Batches, Chain};
use super::handle::{Change, State};
use super::table::{BatchNumber, Entry, Place, Table, Version};
use crate::Time;
use crate::dstream::shuffle::Shuffle;
use crate::dstream::{Data, Key, RowOrder};

/// Batches from one scan of all keys, and one checkpoint, to the next (`MWS-4`).
const BATCHES_PER_SCAN: u64 = 10;

/// One batch, as the state of a partition sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    pub(crate) number: BatchNumber,
    pub(crate) time: Time,
    /// How long a key may be idle; `None` if for ever.
    pub(crate) timeout: Option<Duration>,
}

impl Batch {
    fn is_checkpointed(self) -> bool {
        self.number.is_multiple_of(BATCHES_PER_SCAN)
    }

    /// Whether a key that was put at this time has been idle for too long (`MWS-4`).
    fn is_overdue(self, updated: Time) -> bool {
        let idle = self.time.since(updated);
        self.timeout.is_some_and(|timeout| idle > timeout)
    }
}

/// The keys of one partition, with the order in which Spark would read them.
#[derive(Debug)]
pub(crate) struct KeyedState<K, S> {
    table: Arc<RwLock<Table<K, S>>>,
    /// Where keys come in the order of the JVM's tables; without it they come as they came.
    chain: Option<Chain>,
}

impl<K: Key, S: Data> KeyedState<K, S> {
    /// The state before the first batch, which is at `first_time`. Of a key that is there twice the
    /// last state counts (`MWS-10`).
    pub(crate) fn new(
        shuffle: Shuffle,
        initial: Vec<(K, S)>,
        first_time: Time,
    ) -> KeyedState<K, S> {
        let mut table = Table::new();
        table.begin(0);
        for (key, state) in initial {
            table.put(table.find(&key), key, state, first_time);
        }
        let chain = shuffle.has_tables().then(|| Chain::new(touched(&table)));
        table.commit();
        KeyedState {
            table: Arc::new(RwLock::new(table)),
            chain,
        }
    }

    /// Runs a batch up to where it can be committed; when the function panics, or the batch is run
    /// anew, the state is that of the batch before. Returns what the function made of the records, in
    /// order, and then of the keys that were idle for too long (`MWS-2` to `MWS-6`, `MWS-11`).
    pub(crate) fn run<V, M>(
        &self,
        batch: Batch,
        records: impl Iterator<Item = (K, V)>,
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M>,
    ) -> Vec<M> {
        let mut table = write(&self.table);
        table.begin(batch.number);
        let mut mapped = Vec::new();
        for (key, value) in records {
            let place = table.find(&key);
            let before = place.and_then(|place| table.entry(place));
            let had_state = before.is_some();
            let mut state = State::new(before.map(|entry| &entry.state));
            mapped.extend(function(batch.time, &key, Some(value), &mut state));
            match (state.into_change(), place) {
                (Change::Removed, place) => table.remove(place, key),
                (Change::Updated(state), place) => table.put(place, key, state, batch.time),
                (Change::Untouched, Some(place)) if had_state && batch.timeout.is_some() => {
                    table.refresh(place, batch.time);
                }
                (Change::Untouched, _) => {}
            }
        }
        if batch.is_checkpointed() {
            mapped.extend(self.time_out(batch, &mut table, function));
        }
        mapped
    }

    /// Tells the function of every key that has been idle for too long, and removes it.
    fn time_out<V, M>(
        &self,
        batch: Batch,
        table: &mut Table<K, S>,
        function: &impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M>,
    ) -> Vec<M> {
        if batch.timeout.is_none() {
            return Vec::new();
        }
        let mut mapped = Vec::new();
        for place in self.overdue(batch, table) {
            let key = table.key(place).clone();
            if let Some(entry) = table.entry(place) {
                let mut state = State::timing_out(&entry.state);
                mapped.extend(function(batch.time, &key, None, &mut state));
            }
            table.remove(Some(place), key);
        }
        mapped
    }

    /// The places of the keys that have been idle for too long, in the order in which Spark scans.
    fn overdue(&self, batch: Batch, table: &Table<K, S>) -> Vec<Place> {
        let is_overdue = |place: &Place| {
            let entry = table.entry(*place);
            entry.is_some_and(|entry| batch.is_overdue(entry.updated))
        };
        let Some(chain) = &self.chain else {
            return table.all_places().filter(is_overdue).collect();
        };
        let mut chain = chain.clone();
        chain.push(batch.number, touched(table));
        let is_live = |place, batches: &Batches| is_in(table.entry(place), batches);
        chain.places(&is_live).filter(is_overdue).collect()
    }

    /// Makes the batch that was run the last one, and returns the state after it.
    ///
    /// While a batch is checkpointed Spark flattens the chain, after `print` has read the first
    /// partition: there, the order is still that of the chain as it was.
    pub(crate) fn commit(&mut self, batch: Batch, is_first_partition: bool) -> Snapshot<K, S> {
        let table = Arc::clone(&self.table);
        let mut open = write(&table);
        let as_it_was = self.push_link(batch, &open);
        open.commit();
        let snapshot = Snapshot {
            table: Arc::clone(&table),
            version: open.version(batch.number),
            chain: if is_first_partition {
                as_it_was
            } else {
                self.chain.clone()
            },
        };
        if open.is_mostly_dead() {
            let (tidy, moved) = open.tidied();
            self.chain = self.chain.take().map(|chain| chain.moved(&moved));
            self.table = Arc::new(RwLock::new(tidy));
        }
        snapshot
    }

    /// Adds the delta of the open batch to the chain, and returns the chain before it was flattened.
    fn push_link(&mut self, batch: Batch, open: &Table<K, S>) -> Option<Chain> {
        let chain = self.chain.as_mut()?;
        chain.push(batch.number, touched(open));
        let as_it_was = chain.clone();
        if batch.is_checkpointed() && chain.should_compact() {
            let before = open.at(batch.number - 1);
            chain.compact(|place, batches| {
                is_in(before.get(place).map(|(_, entry)| entry), batches)
            });
        }
        Some(as_it_was)
    }
}

/// The keys of one partition as they were after a batch, whatever comes later.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot<K, S> {
    table: Arc<RwLock<Table<K, S>>>,
    version: Version,
    chain: Option<Chain>,
}

impl<K: Key, S: Data> Snapshot<K, S> {
    /// Hands out keys with their states, until the visitor has enough.
    pub(crate) fn visit(&self, each: &mut dyn FnMut((K, S)) -> ControlFlow<()>) -> ControlFlow<()> {
        let table = read(&self.table);
        let past = table.at(self.version.batch);
        let mut visit = |place| match past.get(place) {
            Some((key, entry)) => each((key.clone(), entry.state.clone())),
            None => ControlFlow::Continue(()),
        };
        let Some(chain) = &self.chain else {
            return past.all_places().try_for_each(visit);
        };
        let is_live =
            |place, batches: &Batches| is_in(past.get(place).map(|(_, entry)| entry), batches);
        chain.places(&is_live).try_for_each(&mut visit)
    }
}

fn is_in<S>(entry: Option<&Entry<S>>, batches: &Batches) -> bool {
    entry.is_some_and(|entry| batches.contains(&entry.put_in))
}

/// The places that the open batch has touched, with the Java hash codes of their keys.
fn touched<K: Key, S>(table: &Table<K, S>) -> Vec<(Place, i32)> {
    let places = table.touched();
    let hashed = places.map(|place| (place, table.key(place).spark_hash(RowOrder::Jvm) as i32));
    hashed.collect()
}

/// A function that panicked may have left the lock poisoned; its batch is undone by the next.
fn write<K, S>(table: &RwLock<Table<K, S>>) -> RwLockWriteGuard<'_, Table<K, S>> {
    table.write().unwrap_or_else(PoisonError::into_inner)
}

fn read<K, S>(table: &RwLock<Table<K, S>>) -> RwLockReadGuard<'_, Table<K, S>> {
    table.read().unwrap_or_else(PoisonError::into_inner)
}
