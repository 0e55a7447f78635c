//! The state of the iterator form of `update_state_by_key`: a list of states for each partition.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use super::budget::Footprint;
use super::state_store::{OPERATOR, StateStore, StoreSettings};
use crate::failure::catch;
use crate::rows::Shuffle;
use crate::rows::partitioner::{FirstSeen, HashPartitioner};
use crate::{Counters, Data, Failure, Key, Rdd, Time, Workers};

/// The keys of one partition that have new values or a state, each with its values and its old state
/// ([`UpdateSpec::iterator`](crate::UpdateSpec::iterator)).
///
/// Values are in the order of arrival, none for an idle key. Keys come in the order in which the
/// program's language hands them out.
pub struct KeyUpdates<K, V, S> {
    all: std::vec::IntoIter<KeyUpdate<K, V, S>>,
    /// The key that was handed out last, which a failure names.
    current_key: Rc<RefCell<Option<K>>>,
}

/// A key with its new values and its old state.
type KeyUpdate<K, V, S> = (K, Vec<V>, Option<S>);

impl<K: Key, V, S> Iterator for KeyUpdates<K, V, S> {
    type Item = (K, Vec<V>, Option<S>);

    fn next(&mut self) -> Option<KeyUpdate<K, V, S>> {
        let next = self.all.next();
        let key = next.as_ref().map(|(key, ..)| key.clone());
        self.current_key.replace(key);
        next
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.all.size_hint()
    }
}

impl<K: Key, V, S> ExactSizeIterator for KeyUpdates<K, V, S> {}

impl<K, V, S> fmt::Debug for KeyUpdates<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyUpdates")
            .field("left", &self.all.len())
            .finish_non_exhaustive()
    }
}

/// The states of each partition, in the order in which the function returned them.
type StateLists<K, S> = Vec<Vec<(K, S)>>;

/// The states of all partitions, and the function from one batch to the next.
pub(crate) struct PartitionByPartition<K, V, S, F> {
    partitioner: HashPartitioner,
    remembers_partitioner: bool,
    function: F,
    /// The states after the last batch that was committed.
    partitions: Arc<StateLists<K, S>>,
    /// Those before it, until the next batch: to drop them calls code of the states' type, which may panic.
    replaced: Arc<StateLists<K, S>>,
    pending: Option<PendingLists<K, S>>,
    types: PhantomData<fn(V)>,
}

/// A batch that was run and is not committed.
struct PendingLists<K, S> {
    partitions: StateLists<K, S>,
    counters: Counters,
}

impl<K: Key, V: Data, S: Data, F> PartitionByPartition<K, V, S, F> {
    pub(crate) fn new(settings: StoreSettings, function: F) -> Self {
        PartitionByPartition {
            partitioner: settings.partitioner,
            remembers_partitioner: settings.remembers_partitioner,
            function,
            partitions: Arc::default(),
            replaced: Arc::default(),
            pending: None,
            types: PhantomData,
        }
    }

    /// The states before a batch, each in the partition of its key.
    fn partitioned(&self) -> Arc<StateLists<K, S>> {
        if self.remembers_partitioner {
            return Arc::clone(&self.partitions);
        }
        let all = self.partitions.iter().flatten().cloned().collect();
        Arc::new(self.partitioner.scatter(all))
    }
}

impl<K: Key, V: Data, S: Data, F, I> StateStore<K, V, S> for PartitionByPartition<K, V, S, F>
where
    F: Fn(KeyUpdates<K, V, S>) -> I + Send + Sync,
    I: IntoIterator<Item = (K, S)>,
{
    fn begin(&mut self, states: Vec<Vec<(K, S)>>) {
        self.partitions = Arc::new(states);
        self.pending = None;
    }

    fn run(
        &mut self,
        _: Time,
        _: bool,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure> {
        self.replaced = Arc::default();
        self.pending = None;
        let partitioner = self.partitioner;
        let old = self.partitioned();
        let mut partitions: Vec<&[(K, S)]> = old.iter().map(Vec::as_slice).collect();
        let shuffle = Shuffle {
            operator: OPERATOR,
            partitioner,
            workers,
        };
        let next = shuffle.reduce_each(records, &mut partitions, |old, records| {
            let updates = cogroup(partitioner, records, old);
            let count: usize = records.iter().map(Vec::len).sum();
            Ok((update(&self.function, updates)?, count))
        })?;
        let (next, counts): (StateLists<K, S>, Vec<usize>) = next.into_iter().unzip();
        let mut footprint = Footprint::default();
        for (key, _) in next.iter().flatten() {
            footprint.add(key);
        }
        let copied: usize = old.iter().map(Vec::len).sum();
        let counters = Counters {
            function_calls: next.len() as u64,
            keys_touched: footprint.keys(),
            keys_passed: footprint.keys(),
            // Old states are looked up as well as records.
            probes: (counts.iter().sum::<usize>() + copied) as u64,
            bytes_copied: (copied * size_of::<S>()) as u64,
            ..Counters::default()
        };
        self.pending = Some(PendingLists {
            partitions: next,
            counters,
        });
        Ok(footprint)
    }

    fn commit(&mut self) -> (Rdd<(K, S)>, Counters) {
        let mut counters = Counters::default();
        if let Some(pending) = self.pending.take() {
            let committed = Arc::new(pending.partitions);
            self.replaced = std::mem::replace(&mut self.partitions, committed);
            counters = pending.counters;
        }
        let states = Rdd::of_partitions(Arc::clone(&self.partitions));
        (states, counters)
    }
}

/// Calls the function on the keys of one partition.
fn update<K: Key, V, S, I: IntoIterator<Item = (K, S)>>(
    function: impl Fn(KeyUpdates<K, V, S>) -> I,
    updates: Vec<KeyUpdate<K, V, S>>,
) -> Result<Vec<(K, S)>, Failure> {
    let current_key: Rc<RefCell<Option<K>>> = Rc::default();
    let updates = KeyUpdates {
        all: updates.into_iter(),
        current_key: Rc::clone(&current_key),
    };
    let states = catch(OPERATOR, || function(updates).into_iter().collect());
    states.map_err(|failure| match current_key.borrow().as_ref() {
        Some(key) => failure.with_key(key),
        None => failure,
    })
}

/// Groups values and old states by key. The JVM's table gets the records first, Python's the old states. Of
/// a key with several old states the first counts (`USK-5`).
fn cogroup<K: Key, V: Data, S: Data>(
    partitioner: HashPartitioner,
    records: &[Vec<(K, V)>],
    old: &[(K, S)],
) -> Vec<KeyUpdate<K, V, S>> {
    let mut table: FirstSeen<K, (Vec<V>, Option<S>)> = FirstSeen::default();
    if !partitioner.has_tables() {
        table.extend(old.iter().map(|(key, _)| (key.clone(), Default::default())));
    }
    for (key, value) in records.iter().flatten() {
        let (values, _) = table.entry(key.clone()).or_default();
        values.push(value.clone());
    }
    for (key, state) in old {
        let (_, first) = table.entry(key.clone()).or_default();
        first.get_or_insert_with(|| state.clone());
    }
    let updates = table
        .into_iter()
        .map(|(key, (values, old))| (key, values, old));
    partitioner.order(updates.collect(), |(key, ..)| key)
}
