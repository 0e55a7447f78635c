//! The state of the iterator form of `update_state_by_key`: a list of states for each partition.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use super::budget::Footprint;
use super::update_by_key::OPERATOR;
use super::update_spec::{Beginning, States};
use crate::rows::Shuffle;
use crate::rows::partitioner::{FirstSeen, Partitioner};
use crate::{Counters, Failure, Time, Workers, blame};
use crate::{Data, Key, Rdd};

/// The keys of one partition that have new values or a state, each with its values and its old state
/// ([`UpdateSpec::iterator`](crate::UpdateSpec::iterator)).
///
/// Values are in the order of arrival, none for an idle key. Keys come in the order in which the
/// program's language hands them out.
pub struct KeyUpdates<K, V, S> {
    all: std::vec::IntoIter<KeyUpdate<K, V, S>>,
    /// The last one that was handed out, for whoever tells of a panic.
    at_hand: Rc<RefCell<Option<K>>>,
}

/// A key with its new values and its old state.
type KeyUpdate<K, V, S> = (K, Vec<V>, Option<S>);

impl<K: Key, V, S> Iterator for KeyUpdates<K, V, S> {
    type Item = (K, Vec<V>, Option<S>);

    fn next(&mut self) -> Option<KeyUpdate<K, V, S>> {
        let next = self.all.next();
        self.at_hand
            .replace(next.as_ref().map(|(key, ..)| key.clone()));
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

/// States partition by partition, in the order in which the function made them.
type Partitions<K, S> = Vec<Vec<(K, S)>>;

/// The states of all partitions, and the function that makes those of the next batch.
pub(crate) struct PartitionByPartition<K, V, S, F> {
    partitioner: Partitioner,
    remembers_partitioner: bool,
    function: F,
    /// The state after the last batch that was committed.
    partitions: Arc<Partitions<K, S>>,
    /// A batch that was run, and what it took.
    next: Option<(Partitions<K, S>, Counters)>,
    types: PhantomData<fn(V)>,
}

impl<K: Key, V: Data, S: Data, F> PartitionByPartition<K, V, S, F> {
    pub(crate) fn new(beginning: Beginning<K, S>, function: F) -> Self {
        PartitionByPartition {
            partitioner: beginning.partitioner,
            remembers_partitioner: beginning.remembers_partitioner,
            function,
            partitions: Arc::new(beginning.initial),
            next: None,
            types: PhantomData,
        }
    }

    /// The states before a batch, each where new values of its key will look for it.
    fn placed(&self) -> Arc<Partitions<K, S>> {
        if self.remembers_partitioner {
            return Arc::clone(&self.partitions);
        }
        let all = self.partitions.iter().flatten().cloned();
        Arc::new(self.partitioner.scatter(all.collect()))
    }
}

impl<K: Key, V: Data, S: Data, F, I> States<K, V, S> for PartitionByPartition<K, V, S, F>
where
    F: Fn(KeyUpdates<K, V, S>) -> I + Send + Sync,
    I: IntoIterator<Item = (K, S)>,
{
    fn run(
        &mut self,
        time: Time,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure> {
        let partitioner = self.partitioner;
        let old = self.placed();
        let mut partitions: Vec<&[(K, S)]> = old.iter().map(Vec::as_slice).collect();
        let shuffle = Shuffle {
            operator: OPERATOR,
            partitioner,
            workers,
        };
        let next = shuffle.reduce_each(records, &mut partitions, |old, records| {
            let updates = blame::within(OPERATOR, time, || cogroup(partitioner, records, old));
            let count: usize = records.iter().map(Vec::len).sum();
            Ok((update(&self.function, updates, time), count))
        })?;
        let (next, counts): (Partitions<K, S>, Vec<usize>) = next.into_iter().unzip();
        let mut footprint = Footprint::default();
        for (key, _) in next.iter().flatten() {
            footprint.add(key);
        }
        let keys: usize = next.iter().map(Vec::len).sum();
        let copied: usize = old.iter().map(Vec::len).sum();
        let counters = Counters {
            function_calls: next.len() as u64,
            keys_touched: keys as u64,
            // Old states are looked up as well as records.
            probes: (counts.iter().sum::<usize>() + copied) as u64,
            bytes_copied: (copied * size_of::<S>()) as u64,
        };
        self.next = Some((next, counters));
        Ok(footprint)
    }

    fn commit(&mut self) -> (Rdd<(K, S)>, Counters) {
        let mut counters = Counters::default();
        if let Some((next, taken)) = self.next.take() {
            self.partitions = Arc::new(next);
            counters = taken;
        }
        let states = Rdd::of_shared_rows(Arc::clone(&self.partitions));
        (states, counters)
    }
}

/// Calls the function on the keys of one partition.
fn update<K: Key, V, S, I: IntoIterator<Item = (K, S)>>(
    function: impl Fn(KeyUpdates<K, V, S>) -> I,
    updates: Vec<KeyUpdate<K, V, S>>,
    time: Time,
) -> Vec<(K, S)> {
    let at_hand = Rc::default();
    let updates = KeyUpdates {
        all: updates.into_iter(),
        at_hand: Rc::clone(&at_hand),
    };
    let all = AssertUnwindSafe(|| function(updates).into_iter().collect());
    catch_unwind(all).unwrap_or_else(|payload| {
        blame::resume(payload.as_ref(), OPERATOR, at_hand.borrow().as_ref(), time)
    })
}

/// Brings values and states together. The JVM puts the records into its table first, Python the old
/// states; of a key with several old states the first is taken (`USK-5`).
fn cogroup<K: Key, V: Data, S: Data>(
    partitioner: Partitioner,
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
