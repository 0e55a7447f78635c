//! The settings of `map_with_state`.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::handle::State;
use super::saved_mapping::{MappingToSave, SavedMapping};
use crate::recovery::Codec;
use crate::{Failure, Saved, Time};

/// The bytes of a batch that is saved.
pub(crate) type MappingCodec<K, S, M> = Codec<MappingToSave<K, S, M>, SavedMapping<K, S, M>>;

/// The function of `map_with_state`, and its settings (`org.apache.spark.streaming.StateSpec`,
/// `MWS-1`).
///
/// ```
/// use engine::{State, StateSpec};
/// use std::time::Duration;
///
/// let spec = StateSpec::function(|user: &String, clicks: Option<i64>, state: &mut State<'_, i64>| {
///     if state.is_timing_out() {
///         return format!("{user} left after {} clicks", state.get());
///     }
///     let sum = state.get_option().unwrap_or(&0) + clicks.unwrap_or(0);
///     state.update(sum);
///     format!("{user} clicked {sum} times")
/// })
/// .initial_state(vec![("ann".to_owned(), 3)])
/// .timeout(Duration::from_secs(30));
/// # let _ = spec;
/// ```
///
/// # Panics
///
/// A function that panics fails its batch, with its key and the batch in the message. The states before the
/// batch are intact, and the next job runs the batch again: a function that always panics there gets no further
/// (`JOB-4`).
pub struct StateSpec<K, V, S, M, F> {
    pub(crate) function: F,
    pub(crate) initial: Vec<(K, S)>,
    pub(crate) partitions: Option<usize>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) exact_timeouts: bool,
    pub(crate) codec: Option<MappingCodec<K, S, M>>,
    types: PhantomData<fn(V) -> M>,
}

impl<K, V, S, M> StateSpec<K, V, S, M, ()> {
    /// `function` is called for each record of a batch, with its key and the state of the key, and
    /// returns one row.
    #[expect(
        clippy::type_complexity,
        reason = "the function's type cannot be named, and an alias of it is no simpler"
    )]
    pub fn function(
        function: impl Fn(&K, Option<V>, &mut State<'_, S>) -> M + Send + Sync + 'static,
    ) -> StateSpec<
        K,
        V,
        S,
        M,
        impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>
        + Send
        + Sync
        + 'static,
    > {
        StateSpec::function_at(move |_, key: &K, value, state: &mut State<'_, S>| {
            Some(function(key, value, state))
        })
    }

    /// As [`function`](StateSpec::function), with the time of the batch, and an optional row.
    #[expect(
        clippy::type_complexity,
        reason = "the function's type cannot be named, and an alias of it is no simpler"
    )]
    pub fn function_at(
        function: impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M> + Send + Sync + 'static,
    ) -> StateSpec<
        K,
        V,
        S,
        M,
        impl Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>
        + Send
        + Sync
        + 'static,
    > {
        StateSpec::try_function_at(move |time, key: &K, value, state: &mut State<'_, S>| {
            Ok(function(time, key, value, state))
        })
    }

    /// As [`function_at`](StateSpec::function_at), by a function that may fail: then the batch does.
    pub fn try_function_at<F>(function: F) -> StateSpec<K, V, S, M, F>
    where
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>
            + Send
            + Sync
            + 'static,
    {
        StateSpec {
            function,
            initial: Vec::new(),
            partitions: None,
            timeout: None,
            exact_timeouts: false,
            codec: None,
            types: PhantomData,
        }
    }
}

impl<K, V, S, M, F> StateSpec<K, V, S, M, F> {
    /// The state before the first batch (`MWS-10`). Of a key that is there twice the last state
    /// counts.
    pub fn initial_state(self, initial: Vec<(K, S)>) -> StateSpec<K, V, S, M, F> {
        StateSpec { initial, ..self }
    }

    /// The number of partitions into which keys are hashed, from 1 to
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX); a program with another number is refused. Default: the number
    /// of cores of the cluster.
    pub fn num_partitions(self, partitions: usize) -> StateSpec<K, V, S, M, F> {
        StateSpec {
            partitions: Some(partitions),
            ..self
        }
    }

    /// Times out keys that have had no data for longer than this: `function` is called for the key once more,
    /// and the key is removed, in the next batch that scans for idle keys, which is every tenth (`MWS-4`).
    pub fn timeout(self, idle: Duration) -> StateSpec<K, V, S, M, F> {
        StateSpec {
            timeout: Some(idle),
            ..self
        }
    }

    /// Lets a program that has [checkpoints](crate::StreamingContext::checkpoint) save the states: there a spec without
    /// it is refused, as nothing else says how keys, states and mapped rows become bytes.
    pub fn saved(self) -> StateSpec<K, V, S, M, F>
    where
        K: Saved,
        S: Saved,
        M: Saved,
    {
        StateSpec {
            codec: Some(Codec::new()),
            ..self
        }
    }

    /// Scans for idle keys in every batch, so that a key times out in the first batch in which it is
    /// overdue, whose time is more than the time-out after the key's last data. Spark has no such setting
    /// (`MWS-4`).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use engine::testing::test_operation;
    /// use engine::{State, StateSpec};
    ///
    /// let is_timing_out = |key: &i64, one: Option<i64>, state: &mut State<'_, i64>| {
    ///     if let Some(one) = one {
    ///         state.update(one);
    ///     }
    ///     (*key, state.is_timing_out())
    /// };
    /// test_operation(
    ///     [vec![(7, 1)]],
    ///     move |pairs| {
    ///         let spec = StateSpec::function(is_timing_out).timeout(Duration::from_secs(2));
    ///         pairs.map_with_state(spec.exact_timeouts()).clone()
    ///     },
    ///     // Two seconds later is not more than two: it times out in batch 4. The next scan of Spark is batch 10.
    ///     [vec![(7, false)], vec![], vec![], vec![(7, true)], vec![]],
    /// );
    /// ```
    pub fn exact_timeouts(self) -> StateSpec<K, V, S, M, F> {
        StateSpec {
            exact_timeouts: true,
            ..self
        }
    }
}

impl<K, V, S, M, F> fmt::Debug for StateSpec<K, V, S, M, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateSpec")
            .field("initial", &self.initial.len())
            .field("partitions", &self.partitions)
            .field("timeout", &self.timeout)
            .field("exact_timeouts", &self.exact_timeouts)
            .finish_non_exhaustive()
    }
}
