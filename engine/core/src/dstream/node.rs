//! Nodes of the graph: how the batch of a stream at a time is made.

use std::any::Any;
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::cached_node::{AnyNode, CachedNode};
use super::failing::Asker;
use super::node_ref::NodeRef;
use super::received::ReceivedBlocks;
use crate::block::Block;
use crate::recovery::{Codec, StateContent};
use crate::rows::HashPartitioner;
use crate::{
    BlockManager, Counters, Data, Failure, FailureKind, Grid, Rdd, StreamId, Time, Workers,
};

const TEN_SECONDS: Duration = Duration::from_secs(10);

const SAVES_NOTHING: &str = "the operator saves no states";

/// The codec of an operator that is asked to save or restore its states.
pub(crate) fn codec_of<W, R>(codec: Option<Codec<W, R>>) -> Result<Codec<W, R>, Failure> {
    codec.ok_or_else(|| Failure::new(FailureKind::Checkpoint, SAVES_NOTHING))
}

/// An operator in a program: how its batch at a time is made, and the state that this takes
/// (`org.apache.spark.streaming.dstream.DStream.compute`).
///
/// All state of an operator is in the fields of its node.
pub(crate) trait Node: Send {
    /// The batches that it makes.
    type Batch: Batch;

    /// The name of the operator, as its method has it; failures and events name it.
    fn name(&self) -> &'static str;

    /// True if it makes an empty batch of empty batches of its parents, or of no input, and calls no function of
    /// the user's for it.
    fn keeps_empty(&self) -> bool {
        false
    }

    /// True if a function of the user's makes its batch of those of its parents, as Spark has it do when it generates
    /// the jobs of a batch (`GEN-2`).
    fn is_made_by_function(&self) -> bool {
        false
    }

    /// The partitioner that has placed the keys of its batches, where it computes their rows at once and Spark only when
    /// a job reads them.
    fn partitioner(&self) -> Option<HashPartitioner> {
        None
    }

    /// Makes the batch at a valid `time`. Called once for each batch, unless it fails.
    fn compute(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Self::Batch, Failure>;

    /// True if [`save`](Node::save) and [`restore`](Node::restore) are there, as they must be of a stateful node in a
    /// program that has checkpoints.
    fn can_save(&self) -> bool {
        false
    }

    /// From one batch whose states are saved to the next, where the program does not say: the slides of at least ten
    /// seconds (`CKP-6`).
    fn checkpoint_interval(&self, slide: Duration) -> Duration {
        let slides = TEN_SECONDS.as_millis().div_ceil(slide.as_millis());
        slide.saturating_mul(u32::try_from(slides).unwrap_or(u32::MAX))
    }

    /// The placement of its states; `None` of a node that has none.
    fn state_partitioner(&self) -> Option<HashPartitioner> {
        None
    }

    /// Keeps what changes of its states, in a program that saves them at the times of `saves`.
    fn begin_saving(&mut self, saves: Grid, slide: Duration) {
        let _ = (saves, slide);
    }

    /// Has all states saved the next time, as those that were handed out last are lost.
    fn save_all(&mut self) {}

    /// The batch at `time`, and what has changed of the states since the last one that was saved; with the batch with
    /// whose file those begin that they are put together from.
    fn save(&mut self, time: Time, batch: &Self::Batch) -> Result<(StateContent, Time), Failure> {
        let _ = (time, batch);
        Err(Failure::new(FailureKind::Checkpoint, SAVES_NOTHING))
    }

    /// Makes the batch at `time` of what was [saved](Node::save) up to it, oldest first, and takes over the states after
    /// it.
    fn restore(
        &mut self,
        time: Time,
        saved: &[u8],
        zero_time: Time,
    ) -> Result<Self::Batch, Failure> {
        let _ = (time, saved, zero_time);
        Err(Failure::new(FailureKind::Checkpoint, SAVES_NOTHING))
    }
}

/// The result of a node at a time.
pub(crate) trait Batch: Clone + Send + 'static {
    /// Ends a job that the batch is part of.
    fn end_job(&self);

    /// The batch in the place of one that could not be made: its reading fails so. The failure, if there is no reading
    /// it.
    fn failing(failure: Failure, partitioner: Option<HashPartitioner>) -> Result<Self, Failure>;
}

impl<T: Data> Batch for Rdd<T> {
    fn end_job(&self) {
        Rdd::end_job(self);
    }

    fn failing(failure: Failure, partitioner: Option<HashPartitioner>) -> Result<Self, Failure> {
        Ok(Rdd::failing(failure, partitioner))
    }
}

/// The way in which a batch is made of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeBy {
    /// Row by row, or key by key: of no rows, none are made, and no function of the user's is called.
    Rows,
    /// Partition by partition, or of all rows: there may be rows where the other batch has none.
    Partitions,
    /// By a function of the user's that is given the whole batch, when the jobs are generated (`GEN-2`).
    Function,
}

/// A node that makes its batch of its parent's batch of the same time, by a function.
pub(crate) struct Derived<B, F> {
    pub(crate) name: &'static str,
    pub(crate) parent: NodeRef<B>,
    pub(crate) made_by: MadeBy,
    /// As that of a [`Node`].
    pub(crate) partitioner: Option<HashPartitioner>,
    pub(crate) function: F,
}

impl<B, C, F> Node for Derived<B, F>
where
    B: Batch,
    C: Batch,
    F: FnMut(Time, B, &mut NodeContext<'_>) -> Result<C, Failure> + Send,
{
    type Batch = C;

    fn name(&self) -> &'static str {
        self.name
    }

    fn keeps_empty(&self) -> bool {
        self.made_by == MadeBy::Rows
    }

    fn is_made_by_function(&self) -> bool {
        self.made_by == MadeBy::Function
    }

    fn partitioner(&self) -> Option<HashPartitioner> {
        self.partitioner
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<C, Failure> {
        let batch = context.batch(self.parent, time)?;
        (self.function)(time, batch, context)
    }
}

/// The surroundings of a job: where its stages run, and what it has done to states so far.
pub(crate) struct JobContext<'a> {
    workers: &'a dyn Workers,
    /// `None` for a slice.
    pub(super) asker: Option<Asker>,
    counters: Cell<Option<Counters>>,
    /// True if a batch that could not be made has been handed out.
    pub(super) has_failing: Cell<bool>,
}

impl<'a> JobContext<'a> {
    pub(super) fn new(workers: &'a dyn Workers, asker: Option<Asker>) -> JobContext<'a> {
        JobContext {
            workers,
            asker,
            counters: Cell::new(None),
            has_failing: Cell::new(false),
        }
    }

    pub(crate) fn workers(&self) -> &'a dyn Workers {
        self.workers
    }

    /// Changes of states so far; `None` if there were no states to change.
    pub(crate) fn counters(&self) -> Option<Counters> {
        self.counters.get()
    }

    /// Adds to the changes of states.
    pub(super) fn count(&self, counters: Counters) {
        let mut sum = self.counters.get().unwrap_or_default();
        sum += counters;
        self.counters.set(Some(sum));
    }
}

/// The surroundings of a node while it makes a batch: the nodes written before it, and the job.
pub(crate) struct NodeContext<'a> {
    pub(super) earlier: &'a mut [Box<dyn AnyNode>],
    pub(super) received: &'a ReceivedBlocks,
    pub(super) zero_time: Time,
    pub(super) job: &'a JobContext<'a>,
}

impl<'a> NodeContext<'a> {
    /// The batch of a parent at a valid `time`, made now unless it is remembered (`PLAN-1`).
    pub(crate) fn batch<B: Batch>(&mut self, node: NodeRef<B>, time: Time) -> Result<B, Failure> {
        let (earlier, rest) = self.earlier.split_at_mut(node.id);
        let any: &mut dyn Any = rest[0].as_mut();
        let node = any
            .downcast_mut::<CachedNode<B>>()
            .expect("a handle has the type of its node");
        let mut context = NodeContext {
            earlier,
            received: self.received,
            zero_time: self.zero_time,
            job: self.job,
        };
        node.batch(time, &mut context)
    }

    /// The blocks of an input stream at `time`.
    pub(crate) fn blocks(&self, stream: StreamId, time: Time) -> Vec<Block> {
        self.received.blocks(stream, time)
    }

    /// Where blocks are found that may be lost.
    pub(crate) fn block_manager(&self) -> Option<Arc<dyn BlockManager>> {
        self.received.block_manager()
    }

    /// True if one of the batches that it has asked for could not be made.
    pub(crate) fn has_failing(&self) -> bool {
        self.job.has_failing.get()
    }

    /// The workers over which stages of work are spread.
    pub(crate) fn workers(&self) -> &'a dyn Workers {
        self.job.workers()
    }

    /// Adds to what the job has done to states.
    pub(crate) fn count(&self, counters: Counters) {
        self.job.count(counters);
    }

    /// The time before which there is no batch (`CLK-3`).
    pub(crate) fn zero_time(&self) -> Time {
        self.zero_time
    }
}
