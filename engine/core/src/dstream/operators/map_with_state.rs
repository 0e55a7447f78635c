//! `map_with_state`: a state for every key, visited only for keys that have data.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::Time;
use crate::dstream::DStream;
use crate::dstream::dataflow::Upstream;
use crate::rows::Partitioner;
use crate::rows::partitions::{Flow, Pace, Partitions, Run, Visitor};
use crate::rows::rdd::Rdd;
use crate::state::budget::Share;
use crate::state::keyed_state::{KeyedState, OPERATOR, StateBatch};
use crate::state::map_snapshot::MapSnapshot;
use crate::state::{State, StateSpec};
use crate::{Data, Key};

/// What [`map_with_state`](DStream::map_with_state) makes of a stream: the mapped rows, as a stream,
/// and with them the states (`org.apache.spark.streaming.dstream.MapWithStateDStream`).
#[derive(Debug)]
pub struct MapWithStateDStream<K, S, M> {
    mapped: DStream<M>,
    snapshots: DStream<(K, S)>,
}

impl<K, S, M> Deref for MapWithStateDStream<K, S, M> {
    type Target = DStream<M>;

    fn deref(&self) -> &DStream<M> {
        &self.mapped
    }
}

impl<K, S, M> MapWithStateDStream<K, S, M> {
    /// All keys with their states after each batch (`stateSnapshots()`, `MWS-11`).
    ///
    /// Reading them costs in proportion to the state; a `print` reads no more than it shows. The function of the
    /// operator may not read a batch of them that it was handed elsewhere, as jobs do not nest: it would wait
    /// for itself.
    pub fn state_snapshots(&self) -> DStream<(K, S)> {
        self.snapshots.clone()
    }
}

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Gives each record, with the state of its key, to the function of `spec` (`MWS-1` to `MWS-12`;
    /// `PairDStreamFunctions.mapWithState`).
    ///
    /// The stream has what the function returned, in the order of the records in each partition, and
    /// then what it returned of keys that timed out. A batch costs in proportion to its records.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use engine::{State, StateSpec};
    /// let running_sum = |key: &i64, value: Option<i64>, state: &mut State<'_, i64>| {
    ///     let sum = state.get_option().unwrap_or(&0) + value.unwrap_or(0);
    ///     state.update(sum);
    ///     (*key, sum)
    /// };
    /// test_operation(
    ///     [vec![(2, 1), (2, 1)], vec![(4, 1)], vec![(2, 1)]],
    ///     move |pairs| pairs.map_with_state(StateSpec::function(running_sum)).clone(),
    ///     [vec![(2, 1), (2, 2)], vec![(4, 1)], vec![(2, 3)]],
    /// );
    /// ```
    pub fn map_with_state<S: Data, M: Data, F>(
        &self,
        spec: StateSpec<K, V, S, M, F>,
    ) -> MapWithStateDStream<K, S, M>
    where
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M> + Send + Sync + 'static,
    {
        let (parent, slide) = (self.parent(), self.slide());
        let share = self.context().budget().share(OPERATOR, 1);
        let mut states = MappedStates::new((self.context().partitioner(), share), slide, spec);
        let steps =
            self.context()
                .add_stateful_node(slide, &[self.edge()], move |time, upstream| {
                    let records = upstream.batch(parent, time);
                    Rdd::of_partitions(states.step(time, &records, upstream))
                });
        MapWithStateDStream {
            mapped: steps.derive(|steps, _| Rdd::of_shared_rows(step_of(&steps).mapped)),
            snapshots: steps.derive(|steps, _| Rdd::of_partitions(step_of(&steps).snapshots)),
        }
    }
}

/// What a batch leaves, as its only row: the mapped rows, and the states after it.
struct Step<K, S, M> {
    mapped: Arc<Vec<Vec<M>>>,
    snapshots: Arc<Snapshots<K, S>>,
}

impl<K, S, M> Clone for Step<K, S, M> {
    fn clone(&self) -> Step<K, S, M> {
        Step {
            mapped: Arc::clone(&self.mapped),
            snapshots: Arc::clone(&self.snapshots),
        }
    }
}

fn step_of<K: Key, S: Data, M: Data>(steps: &Rdd<Step<K, S, M>>) -> Step<K, S, M> {
    // It is no job that would read what the step holds.
    let mut only = None;
    steps.visit_all(0, |step| only = Some(step));
    only.expect("every batch has its step")
}

impl<K: Key, S: Data, M: Data> Partitions<Step<K, S, M>> for Step<K, S, M> {
    fn count(&self) -> usize {
        1
    }

    fn visit(&self, _: usize, pace: Pace, each: &mut Visitor<'_, Step<K, S, M>>) -> Flow {
        Run::hand_out(pace, each, |run| run.push(self.clone()))
    }

    fn do_checkpoint(&self) {
        self.snapshots.do_checkpoint();
    }
}

/// True once a job has ended since a batch and those that were computed with it.
type JobEnded = Arc<AtomicBool>;

/// The states of all partitions after a batch.
struct Snapshots<K, S> {
    partitions: Vec<MapSnapshot<K, S>>,
    job_ended: JobEnded,
}

impl<K: Key, S: Data> Partitions<(K, S)> for Arc<Snapshots<K, S>> {
    fn count(&self) -> usize {
        self.partitions.len()
    }

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, (K, S)>) -> Flow {
        let job_ended = self.job_ended.load(Ordering::Relaxed);
        Run::hand_out(pace, each, |run| {
            self.partitions[partition].visit(job_ended, run)
        })
    }

    fn do_checkpoint(&self) {
        self.job_ended.store(true, Ordering::Relaxed);
    }
}

/// The states of all partitions, and what changes them.
struct MappedStates<K, V, S, M, F> {
    partitioner: Partitioner,
    slide: Duration,
    spec: StateSpec<K, V, S, M, F>,
    share: Share,
    /// One a partition, from the first batch on.
    partitions: Vec<KeyedState<K, S>>,
    job_ended: JobEnded,
}

impl<K: Key, V: Data, S: Data, M: Data, F> MappedStates<K, V, S, M, F>
where
    F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Option<M> + Send + Sync + 'static,
{
    fn new(
        (partitioner, share): (Partitioner, Share),
        slide: Duration,
        spec: StateSpec<K, V, S, M, F>,
    ) -> Self {
        let partitions = spec.partitions.unwrap_or(partitioner.partitions());
        MappedStates {
            partitioner: partitioner.with_partitions(partitions.max(1)),
            slide,
            spec,
            share,
            partitions: Vec::new(),
            job_ended: JobEnded::default(),
        }
    }

    /// Runs the batch at `time`. If the function panics nothing has changed.
    fn step(
        &mut self,
        time: Time,
        records: &Rdd<(K, V)>,
        upstream: &mut Upstream<'_>,
    ) -> Step<K, S, M> {
        if self.partitions.is_empty() {
            self.partitions = self.initial();
        }
        if self.job_ended.load(Ordering::Relaxed) {
            self.job_ended = JobEnded::default();
            self.partitions.iter_mut().for_each(KeyedState::end_job);
        }
        let batch = StateBatch {
            number: (time.since(upstream.zero_time()).as_millis() / self.slide.as_millis()) as u64,
            time,
            slide: self.slide,
            timeout: self.spec.timeout,
            always_scans: self.spec.exact_timeouts,
        };
        let workers = upstream.workers();
        let (partitions, function) = (&mut self.partitions, &self.spec.function);
        let mapped =
            (self.partitioner).reduce_each(records, workers, partitions, |state, records| {
                state.run(batch, records, function)
            });
        let partitions = self.partitions.iter().map(KeyedState::footprint);
        self.share.take::<K, S>(partitions.sum(), time);
        let partitions = self.partitions.iter_mut();
        let committed = partitions.map(|partition| partition.commit(batch));
        let (snapshots, counters): (Vec<_>, Vec<_>) = committed.unzip();
        for counters in counters {
            upstream.count(counters);
        }
        Step {
            mapped: Arc::new(mapped),
            snapshots: Arc::new(Snapshots {
                partitions: snapshots,
                job_ended: Arc::clone(&self.job_ended),
            }),
        }
    }

    /// The states before the first batch.
    fn initial(&mut self) -> Vec<KeyedState<K, S>> {
        let initial = std::mem::take(&mut self.spec.initial);
        let times_out = self.spec.timeout.is_some();
        let buckets = self.partitioner.scatter(initial).into_iter();
        buckets
            .map(|initial| KeyedState::new(self.partitioner, initial, times_out))
            .collect()
    }
}
