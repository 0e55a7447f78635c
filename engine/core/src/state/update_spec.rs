//! How `update_state_by_key` is to keep the state of keys.

use std::fmt;

use super::budget::Footprint;
use super::update_by_key::KeyByKey;
use super::update_by_partition::{KeyUpdates, PartitionByPartition};
use crate::rows::Partitioner;
use crate::{Counters, Failure, Time, Workers};
use crate::{Data, Key, Rdd};

/// The function of `update_state_by_key`, and its settings: what Spark has an overload of
/// `PairDStreamFunctions.updateStateByKey` for (`USK-7`).
///
/// ```
/// use engine::{Time, UpdateSpec};
///
/// // Counts clicks, and forgets users an hour after their last one.
/// let spec = UpdateSpec::function_at(
///     |now: Time, _user: &String, clicks: &[i64], old: Option<(i64, Time)>| {
///         let (sum, last) = old.unwrap_or((0, now));
///         let last = if clicks.is_empty() { last } else { now };
///         let is_idle = now.since(last).as_secs() > 3_600;
///         (!is_idle).then(|| (sum + clicks.iter().sum::<i64>(), last))
///     },
/// )
/// .initial_state(vec![("ann".to_owned(), (3, Time::EPOCH))])
/// .num_partitions(4);
/// # let _ = spec;
/// ```
///
/// # Panics
///
/// A function that panics fails its batch, with its key and the batch in the message. The states of before
/// are intact, and the next job runs the batch again: one that always panics there goes no further (`JOB-4`).
pub struct UpdateSpec<K, V, S> {
    start: Start<K, V, S>,
    initial: Vec<(K, S)>,
    partitions: Option<usize>,
    remembers_partitioner: bool,
}

/// Makes the states before the first batch, of which each key is to be brought to its partition.
type Start<K, V, S> = Box<dyn FnOnce(Beginning<K, S>) -> Box<dyn States<K, V, S>>>;

/// What a state begins with.
pub(crate) struct Beginning<K, S> {
    pub(crate) partitioner: Partitioner,
    /// By partition.
    pub(crate) initial: Vec<Vec<(K, S)>>,
    /// Whether a key is where the partitioner brings it whatever the function has emitted.
    pub(crate) remembers_partitioner: bool,
}

/// The states of all keys, batch by batch. The cost of the call is once a batch and not once a key.
pub(crate) trait States<K, V, S>: Send {
    /// Runs a batch up to where it can be committed; one that was run and not committed is as if it
    /// had not been run. Returns what its states take.
    fn run(
        &mut self,
        time: Time,
        records: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Result<Footprint, Failure>;

    /// Makes the batch that was run the last one. Returns all states, and what it took.
    fn commit(&mut self) -> (Rdd<(K, S)>, Counters);
}

impl<K: Key, V: Data, S: Data> UpdateSpec<K, V, S> {
    /// `function` makes the state of a key of its new values, in the order of arrival, and its old
    /// state (`USK-2`). Without a result the key is removed (`USK-3`).
    ///
    /// ```
    /// use engine::UpdateSpec;
    /// use engine::testing::test_operation;
    ///
    /// let sum = |new_values: &[i64], last_sum: Option<i64>| {
    ///     Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
    /// };
    /// test_operation(
    ///     [vec![(4, 1)]],
    ///     |pairs| {
    ///         let spec = UpdateSpec::function(sum).initial_state(vec![(2, 7)]);
    ///         pairs.update_state_by_key_with(spec)
    ///     },
    ///     [vec![(2, 7), (4, 1)]],
    /// );
    /// ```
    pub fn function(
        function: impl Fn(&[V], Option<S>) -> Option<S> + Send + Sync + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec::function_at(move |_, _: &K, values: &[V], old| function(values, old))
    }

    /// As [`function`](UpdateSpec::function), with the time of the batch and the key.
    pub fn function_at(
        function: impl Fn(Time, &K, &[V], Option<S>) -> Option<S> + Send + Sync + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec::starting(|beginning| Box::new(KeyByKey::new(beginning, function)))
    }

    /// `function` is called once a partition and batch, with all its keys that have new values or a
    /// state, and makes the whole state of the partition: of other keys too, and of one key twice, of
    /// which the first counts in the next batch (`USK-7`, `USK-5`).
    ///
    /// A partition then is a list of states and not a table: this form costs several times as much as
    /// the others.
    ///
    /// ```
    /// use engine::UpdateSpec;
    /// use engine::testing::test_operation;
    ///
    /// // The three best so far.
    /// let spec = UpdateSpec::iterator(|keys| {
    ///     let sums = keys.map(|(key, values, old)| (key, values.iter().sum::<i64>() + old.unwrap_or(0)));
    ///     let mut sums: Vec<(i64, i64)> = sums.collect();
    ///     sums.sort_by_key(|(_, sum)| -sum);
    ///     sums.truncate(3);
    ///     sums
    /// });
    /// test_operation(
    ///     [vec![(1, 10), (2, 20), (3, 30)], vec![(4, 40), (1, 25)]],
    ///     |scores| scores.update_state_by_key_with(spec),
    ///     [vec![(3, 30), (2, 20), (1, 10)], vec![(4, 40), (1, 35), (3, 30)]],
    /// );
    /// ```
    pub fn iterator<I: IntoIterator<Item = (K, S)>>(
        function: impl Fn(KeyUpdates<K, V, S>) -> I + Send + Sync + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec::starting(|beginning| Box::new(PartitionByPartition::new(beginning, function)))
    }

    fn starting(
        start: impl FnOnce(Beginning<K, S>) -> Box<dyn States<K, V, S>> + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec {
            start: Box::new(start),
            initial: Vec::new(),
            partitions: None,
            remembers_partitioner: true,
        }
    }

    /// How keys are placed, given how the program places them.
    pub(crate) fn partitioner(&self, default: Partitioner) -> Partitioner {
        let partitions = self.partitions.unwrap_or(default.partitions());
        default.with_partitions(partitions.max(1))
    }

    /// Whether the stream is known to be placed so.
    pub(crate) fn remembers_partitioner(&self) -> bool {
        self.remembers_partitioner
    }

    /// The states before the first batch.
    pub(crate) fn start(self, partitioner: Partitioner) -> Box<dyn States<K, V, S>> {
        (self.start)(Beginning {
            partitioner,
            initial: partitioner.scatter(self.initial),
            remembers_partitioner: self.remembers_partitioner,
        })
    }
}

impl<K, V, S> UpdateSpec<K, V, S> {
    /// The state before the first batch (`initialRDD`, `USK-5`). Of a key that is there twice the
    /// first state counts.
    pub fn initial_state(self, initial: Vec<(K, S)>) -> UpdateSpec<K, V, S> {
        UpdateSpec { initial, ..self }
    }

    /// Into how many partitions keys are hashed, at least one. Default: as many as the cluster has
    /// cores.
    pub fn num_partitions(self, partitions: usize) -> UpdateSpec<K, V, S> {
        UpdateSpec {
            partitions: Some(partitions),
            ..self
        }
    }

    /// Whether each key of the state is known to be where its hash brings it. Default: true.
    ///
    /// An iterator form that emits keys that it was not given says `false`: its states are then
    /// brought to where they belong before each batch. With `true` such a state stays in the partition
    /// that has emitted it, and new values of its key do not find it (`USK-7`).
    pub fn remember_partitioner(self, remembers: bool) -> UpdateSpec<K, V, S> {
        UpdateSpec {
            remembers_partitioner: remembers,
            ..self
        }
    }
}

impl<K, V, S> fmt::Debug for UpdateSpec<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateSpec")
            .field("initial", &self.initial.len())
            .field("partitions", &self.partitions)
            .field("remembers_partitioner", &self.remembers_partitioner)
            .finish_non_exhaustive()
    }
}
