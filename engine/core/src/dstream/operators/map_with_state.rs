//! `map_with_state`: a state for every key, visited only for keys that have data.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::dstream::DStream;
use crate::dstream::node::{Batch, Node, NodeContext, codec_of};
use crate::dstream::node_ref::NodeRef;
use crate::recovery::StateContent;
use crate::rows::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use crate::rows::job_flags::{JobFlag, JobFlags};
use crate::rows::partitions::{Part, Partitions};
use crate::rows::{HashPartitioner, Shuffle};
use crate::state::budget::Share;
use crate::state::keyed_state::{KeyedState, OPERATOR};
use crate::state::map_snapshot::MapSnapshot;
use crate::state::saved_mapping::{MappingToSave, RestoredMapping};
use crate::state::saved_slots::SlotsToSave;
use crate::state::shared::Concurrency;
use crate::state::state_batch::{BATCHES_PER_CHECKPOINT, StateBatch};
use crate::state::{State, StateSpec};
use crate::{Data, Failure, Grid, Key, Rdd, Time};

/// The result of [`map_with_state`](DStream::map_with_state): the mapped rows, as a stream, and with them
/// the states (`org.apache.spark.streaming.dstream.MapWithStateDStream`).
#[derive(Debug)]
pub struct MapWithStateDStream<K, S, M> {
    mapped: DStream<M>,
    snapshots: DStream<(K, S)>,
    batches_per_checkpoint: Arc<AtomicU64>,
}

impl<K, S, M> Deref for MapWithStateDStream<K, S, M> {
    type Target = DStream<M>;

    fn deref(&self) -> &DStream<M> {
        &self.mapped
    }
}

impl<K, S, M: Data> MapWithStateDStream<K, S, M> {
    /// All keys with their states after each batch (`stateSnapshots()`, `MWS-11`).
    ///
    /// Reading them costs in proportion to the state; a `print` reads no more than it shows.
    pub fn state_snapshots(&self) -> DStream<(K, S)> {
        self.snapshots.clone()
    }

    /// Spark would checkpoint the states at this interval, a multiple of the slide, instead of every ten batches
    /// (`MapWithStateDStream.checkpoint`): then idle keys are looked for (`MWS-4`), and chains of tables are flattened
    /// (`MAP-4`). The program is refused if it is no multiple.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use engine::{State, StateSpec};
    /// use std::time::Duration;
    /// let seconds = Duration::from_secs;
    /// let seen = |key: &i64, value: Option<i64>, state: &mut State<'_, ()>| {
    ///     value.inspect(|_| state.update(()));
    ///     if value.is_some() { *key } else { -key }
    /// };
    /// test_operation(
    ///     [vec![(7, 1)]],
    ///     move |pairs| {
    ///         let spec = StateSpec::function(seen).timeout(seconds(1));
    ///         pairs.map_with_state(spec).checkpoint(seconds(4)).clone()
    ///     },
    ///     [vec![7], vec![], vec![], vec![-7], vec![]],
    /// );
    /// ```
    #[must_use]
    pub fn checkpoint(self, interval: Duration) -> MapWithStateDStream<K, S, M> {
        if let Some(batches) = self.mapped.batches_per_checkpoint(interval) {
            self.batches_per_checkpoint
                .store(batches, Ordering::Relaxed);
        }
        self
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
        F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>
            + Send
            + Sync
            + 'static,
    {
        let context = self.context();
        let slide = self.slide();
        let node = MapWithState::new(self, spec);
        let partitioner = node.partitioner;
        let batches_per_checkpoint = Arc::clone(&node.batches_per_checkpoint);
        let steps = context.add_node(slide, &[self.edge()], node, true);
        MapWithStateDStream {
            batches_per_checkpoint,
            mapped: context.derive(
                OPERATOR,
                steps,
                partitioner,
                slide,
                |_, step: StepBatch<K, S, M>, _| Ok(Rdd::of_partitions(step.mapped)),
            ),
            snapshots: context.derive(
                OPERATOR,
                steps,
                partitioner,
                slide,
                |_, step: StepBatch<K, S, M>, _| {
                    let flags = JobFlags::from(step.snapshots.flattened.clone());
                    Ok(Rdd::of_partitions(step.snapshots).with_job_flags(flags))
                },
            ),
        }
    }
}

/// The results of a batch: the mapped rows, and the states after it.
struct StepBatch<K, S, M> {
    mapped: Arc<Vec<Vec<M>>>,
    snapshots: Snapshots<K, S>,
}

impl<K, S, M> Clone for StepBatch<K, S, M> {
    fn clone(&self) -> StepBatch<K, S, M> {
        StepBatch {
            mapped: Arc::clone(&self.mapped),
            snapshots: self.snapshots.clone(),
        }
    }
}

impl<K: Key, S: Data, M: Data> Batch for StepBatch<K, S, M> {
    fn end_job(&self) {
        JobFlags::from(self.snapshots.flattened.clone()).raise();
    }

    /// Both streams that are made of it have rows to read.
    fn failing(failure: Failure, _: Option<HashPartitioner>) -> Result<Self, Failure> {
        Err(failure)
    }
}

/// The states of all partitions after a batch.
struct Snapshots<K, S> {
    partitions: Arc<Vec<MapSnapshot<K, S>>>,
    /// Raised when a job has ended since the batch or one that was made with it.
    flattened: JobFlag,
}

impl<K, S> Clone for Snapshots<K, S> {
    fn clone(&self) -> Snapshots<K, S> {
        Snapshots {
            partitions: Arc::clone(&self.partitions),
            flattened: self.flattened.clone(),
        }
    }
}

impl<K: Key, S: Data> Partitions<(K, S)> for Snapshots<K, S> {
    fn count(&self) -> usize {
        self.partitions.len()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, (K, S)>,
    ) -> Result<(), Stop> {
        let is_flattened = self.flattened.is_raised();
        ChunkWriter::write(size, reader, |made| {
            self.partitions[part.partition].visit(is_flattened, made)
        })
    }
}

struct MapWithState<K, V, S, M, F> {
    parent: NodeRef<Rdd<(K, V)>>,
    partitioner: HashPartitioner,
    slide: Duration,
    spec: StateSpec<K, V, S, M, F>,
    share: Share,
    /// One a partition, from the first batch on.
    states: Vec<KeyedState<K, S>>,
    concurrency: Concurrency,
    flattened: JobFlag,
    /// Set while the program is written.
    batches_per_checkpoint: Arc<AtomicU64>,
    /// In a program that saves its states.
    batches_per_save: Option<u64>,
}

impl<K: Key, V: Data, S: Data, M: Data, F> MapWithState<K, V, S, M, F> {
    fn new(records: &DStream<(K, V)>, spec: StateSpec<K, V, S, M, F>) -> Self {
        MapWithState {
            parent: records.node(),
            partitioner: records.partitioner_with(OPERATOR, spec.partitions),
            slide: records.slide(),
            share: records.context().budget().share(OPERATOR, 1),
            states: Vec::new(),
            concurrency: records.context().concurrency(),
            flattened: JobFlag::default(),
            batches_per_checkpoint: Arc::new(AtomicU64::new(BATCHES_PER_CHECKPOINT)),
            batches_per_save: None,
            spec,
        }
    }

    /// The states before the first batch.
    fn initial(&self) -> Vec<KeyedState<K, S>> {
        let times_out = self.spec.timeout.is_some();
        self.partitioner
            .scatter(self.spec.initial.clone())
            .into_iter()
            .map(|initial| KeyedState::new(self.partitioner, initial, times_out, self.concurrency))
            .collect()
    }

    /// Takes over the states before a batch.
    fn set_states(&mut self, states: Vec<KeyedState<K, S>>) {
        self.states = states;
        self.spec.initial = Vec::new();
        if let Some(batches) = self.batches_per_save {
            let states = self.states.iter_mut();
            states.for_each(|state| state.begin_saving(batches));
        }
    }

    /// Drops the order of before chains were flattened, once a job has ended since (`MAP-4`).
    fn flatten(&mut self) {
        if self.flattened.is_raised() {
            self.flattened = JobFlag::default();
            self.states.iter_mut().for_each(KeyedState::end_job);
        }
    }

    /// The rows and states of a batch.
    fn step(&self, mapped: Vec<Vec<M>>, snapshots: Vec<MapSnapshot<K, S>>) -> StepBatch<K, S, M> {
        StepBatch {
            mapped: Arc::new(mapped),
            snapshots: Snapshots {
                partitions: Arc::new(snapshots),
                flattened: self.flattened.clone(),
            },
        }
    }

    fn batch(&self, time: Time, zero_time: Time) -> StateBatch {
        StateBatch {
            number: (time.since(zero_time).as_millis() / self.slide.as_millis()) as u64,
            time,
            slide: self.slide,
            timeout: self.spec.timeout,
            always_scans: self.spec.exact_timeouts,
            batches_per_checkpoint: self.batches_per_checkpoint.load(Ordering::Relaxed),
        }
    }
}

impl<K: Key, V: Data, S: Data, M: Data, F> Node for MapWithState<K, V, S, M, F>
where
    F: Fn(Time, &K, Option<V>, &mut State<'_, S>) -> Result<Option<M>, Failure>
        + Send
        + Sync
        + 'static,
{
    type Batch = StepBatch<K, S, M>;

    fn name(&self) -> &'static str {
        OPERATOR
    }

    /// Runs the batch in all partitions, and commits it in all if none has failed.
    fn compute(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<StepBatch<K, S, M>, Failure> {
        let records = context.batch(self.parent, time)?;
        if self.states.is_empty() {
            // If a key of it panics, the next job reads it again.
            self.set_states(self.initial());
        }
        self.flatten();
        let batch = self.batch(time, context.zero_time());
        let shuffle = Shuffle {
            operator: OPERATOR,
            partitioner: self.partitioner,
            workers: context.workers(),
        };
        let function = &self.spec.function;
        let mapped = shuffle.reduce_each(&records, &mut self.states, |state, records| {
            state.run(batch, records, function)
        })?;
        let footprint = self.states.iter().map(KeyedState::footprint).sum();
        self.share.take::<K, S>(footprint)?;
        let mut snapshots = Vec::with_capacity(self.states.len());
        for state in &mut self.states {
            let (snapshot, counters) = state.commit(batch);
            snapshots.push(snapshot);
            context.count(counters);
        }
        Ok(self.step(mapped, snapshots))
    }

    fn can_save(&self) -> bool {
        self.spec.codec.is_some()
    }

    fn checkpoint_interval(&self, slide: Duration) -> Duration {
        let batches = self.batches_per_checkpoint.load(Ordering::Relaxed);
        slide.saturating_mul(u32::try_from(batches).unwrap_or(u32::MAX))
    }

    fn state_partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn begin_saving(&mut self, saves: Grid, slide: Duration) {
        let batches = saves.interval().as_millis() / slide.as_millis();
        self.batches_per_save = u64::try_from(batches).ok();
    }

    fn save_all(&mut self) {
        self.states.iter_mut().for_each(KeyedState::save_all);
    }

    fn save(
        &mut self,
        time: Time,
        batch: &StepBatch<K, S, M>,
    ) -> Result<(StateContent, Time), Failure> {
        let codec = codec_of(self.spec.codec)?;
        let unsaved = self.states.iter_mut().zip(&*batch.snapshots.partitions);
        let mut since = time;
        let partitions = unsaved.filter_map(|(state, snapshot)| {
            let unsaved = state.take_unsaved(time)?;
            since = since.min(unsaved.since);
            Some(SlotsToSave::new(unsaved, snapshot.saved_chain().cloned()))
        });
        let content = MappingToSave {
            partitions: partitions.collect(),
            mapped: Arc::clone(&batch.mapped),
        };
        let content = StateContent::new(content, move |content| codec.encode(content));
        Ok((content, since))
    }

    fn restore(
        &mut self,
        time: Time,
        saved: &[u8],
        zero_time: Time,
    ) -> Result<StepBatch<K, S, M>, Failure> {
        let saved = RestoredMapping::of(codec_of(self.spec.codec)?.decode(saved)?)?;
        let batch = self.batch(time, zero_time).number;
        let times_out = self.spec.timeout.is_some();
        let states = saved.partitions.into_iter().map(|partition| {
            KeyedState::restored(
                self.partitioner,
                batch,
                partition,
                times_out,
                self.concurrency,
            )
        });
        self.set_states(states.collect());
        for state in &mut self.states {
            state.log_all(time);
        }
        self.flattened = JobFlag::default();
        let snapshots = self.states.iter().map(|state| state.snapshot(batch));
        Ok(self.step(saved.mapped, snapshots.collect()))
    }
}
