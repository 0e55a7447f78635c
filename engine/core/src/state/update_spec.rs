//! The settings of `update_state_by_key`.

use std::fmt;

use super::saved_slots::RowsCodec;
use super::shared::Concurrency;
use super::state_store::{StateStore, StoreSettings};
use super::update_by_key::KeyByKey;
use super::update_by_partition::{KeyUpdates, PartitionByPartition};
use crate::recovery::Codec;
use crate::rows::HashPartitioner;
use crate::{Data, Failure, Key, Saved, Time};

/// The function of `update_state_by_key`, and its settings, for each of which Spark has an overload of
/// `PairDStreamFunctions.updateStateByKey` (`USK-7`).
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
/// A function that panics fails its batch, with its key and the batch in the message. The states before the
/// batch are intact, and the next job runs the batch again: a function that always panics there gets no further
/// (`JOB-4`).
pub struct UpdateSpec<K, V, S> {
    constructor: Constructor<K, V, S>,
    initial: Vec<(K, S)>,
    partitions: Option<usize>,
    remembers_partitioner: bool,
    codec: Option<RowsCodec<K, S>>,
}

/// Builds the store of the form that the spec has.
type Constructor<K, V, S> = Box<dyn FnOnce(StoreSettings) -> Box<dyn StateStore<K, V, S>>>;

/// A store without states, and the state before its first batch.
pub(crate) struct StoreParts<K, V, S> {
    pub(crate) store: Box<dyn StateStore<K, V, S>>,
    pub(crate) initial: Vec<(K, S)>,
    pub(crate) codec: Option<RowsCodec<K, S>>,
}

impl<K: Key, V: Data, S: Data> UpdateSpec<K, V, S> {
    /// `function` computes the state of a key from its new values, in the order of arrival, and its old
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
        UpdateSpec::try_function_at(move |time, key: &K, values: &[V], old| {
            Ok(function(time, key, values, old))
        })
    }

    /// As [`function_at`](UpdateSpec::function_at), by a function that may fail: then the batch does.
    pub fn try_function_at(
        function: impl Fn(Time, &K, &[V], Option<S>) -> Result<Option<S>, Failure>
        + Send
        + Sync
        + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec::with_store(|settings| Box::new(KeyByKey::new(settings, function)))
    }

    /// `function` is called once for each partition in each batch, with all keys that have new values or a
    /// state, and returns the whole state of the partition: it may add other keys, and return a key twice,
    /// of which the first counts in the next batch (`USK-7`, `USK-5`).
    ///
    /// A partition is then a list of states and not a table: this form costs several times as much as
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
        UpdateSpec::with_store(|settings| Box::new(PartitionByPartition::new(settings, function)))
    }

    fn with_store(
        constructor: impl FnOnce(StoreSettings) -> Box<dyn StateStore<K, V, S>> + 'static,
    ) -> UpdateSpec<K, V, S> {
        UpdateSpec {
            constructor: Box::new(constructor),
            initial: Vec::new(),
            partitions: None,
            remembers_partitioner: true,
            codec: None,
        }
    }

    /// The number of partitions, unless it is the program's.
    pub(crate) fn partitions(&self) -> Option<usize> {
        self.partitions
    }

    /// Returns true if the stream is known to be partitioned so.
    pub(crate) fn remembers_partitioner(&self) -> bool {
        self.remembers_partitioner
    }

    /// The store, empty, and the state before the first batch, which calls code of its keys' type when it is
    /// [put in](StateStore::begin).
    pub(crate) fn into_parts(
        self,
        partitioner: HashPartitioner,
        concurrency: Concurrency,
    ) -> StoreParts<K, V, S> {
        let settings = StoreSettings {
            partitioner,
            remembers_partitioner: self.remembers_partitioner,
            concurrency,
        };
        StoreParts {
            store: (self.constructor)(settings),
            initial: self.initial,
            codec: self.codec,
        }
    }
}

impl<K, V, S> UpdateSpec<K, V, S> {
    /// The state before the first batch (`initialRDD`, `USK-5`). Of a key that is there twice the
    /// first state counts.
    pub fn initial_state(self, initial: Vec<(K, S)>) -> UpdateSpec<K, V, S> {
        UpdateSpec { initial, ..self }
    }

    /// The number of partitions into which keys are hashed, from 1 to
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX); a program with another number is refused. Default: the number
    /// of cores of the cluster.
    pub fn num_partitions(self, partitions: usize) -> UpdateSpec<K, V, S> {
        UpdateSpec {
            partitions: Some(partitions),
            ..self
        }
    }

    /// Lets a program that has [checkpoints](crate::StreamingContext::checkpoint) save the states: there a spec without
    /// it is refused, as nothing else says how keys and states become bytes.
    pub fn saved(self) -> UpdateSpec<K, V, S>
    where
        K: Saved,
        S: Saved,
    {
        UpdateSpec {
            codec: Some(Codec::new()),
            ..self
        }
    }

    /// Declares that each key of the state is in the partition of its hash (`rememberPartitioner`). Default:
    /// true.
    ///
    /// An iterator form that emits keys that it was not given sets `false`: its states then move to the
    /// partitions of their keys before each batch. With `true` such a state stays in the partition that has
    /// emitted it, and new values of its key do not find it (`USK-7`).
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
