//! Nodes of the graph: how the batch of a stream at a time is made, and what a node remembers.

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::time::Duration;

use super::failing::{Asker, FailingBatches};
use super::received::ReceivedBlocks;
use crate::block::Block;
use crate::failure::catch;
use crate::rows::HashPartitioner;
use crate::{Counters, Data, FailedBatch, Failure, Rdd, StreamId, Time, Workers};

/// Index of a node in the order of writing: parents come before children.
pub(crate) type NodeId = usize;

/// The handle of an operator that was not added to its program, as that breaks a rule.
pub(super) const REFUSED: NodeId = NodeId::MAX;

/// The graph of a context: the address of it, which no other one has as long as a handle is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GraphId(pub(super) usize);

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

/// A handle of a node, with the type of its batches.
pub(crate) struct NodeRef<B> {
    pub(crate) id: NodeId,
    graph: GraphId,
    batches: PhantomData<fn() -> B>,
}

impl<B> NodeRef<B> {
    pub(crate) fn new(graph: GraphId, id: NodeId) -> NodeRef<B> {
        NodeRef {
            id,
            graph,
            batches: PhantomData,
        }
    }

    /// This node as another's parent, of which batches up to `reach` back are needed.
    pub(crate) fn edge(self, reach: Duration) -> Edge {
        Edge {
            graph: self.graph,
            parent: self.id,
            reach,
        }
    }
}

impl<B> Clone for NodeRef<B> {
    fn clone(&self) -> NodeRef<B> {
        *self
    }
}

impl<B> Copy for NodeRef<B> {}

/// The need of a node for the batches of a parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) graph: GraphId,
    pub(crate) parent: NodeId,
    /// The time back from a batch for which the parent's batches are needed.
    pub(crate) reach: Duration,
}

/// A node with the batches that it remembers.
pub(crate) struct CachedNode<B> {
    node: Box<dyn Node<Batch = B>>,
    /// True if its batches change what it remembers: one that it has made is made, whatever it is made of.
    is_stateful: bool,
    /// In the order of time.
    batches: VecDeque<(Time, B)>,
    failing: FailingBatches<B>,
}

impl<B: Batch> CachedNode<B> {
    pub(crate) fn new(node: impl Node<Batch = B> + 'static, is_stateful: bool) -> CachedNode<B> {
        CachedNode {
            is_stateful,
            batches: VecDeque::new(),
            failing: FailingBatches::new(node.is_made_by_function()),
            node: Box::new(node),
        }
    }

    /// The index of the batch at `time`, or the one at which to insert it: mostly the end, as most batches
    /// are made in the order of time.
    fn find(&self, time: Time) -> Result<usize, usize> {
        match self.batches.back() {
            Some((newest, _)) if *newest >= time => {
                self.batches.binary_search_by_key(&time, |(at, _)| *at)
            }
            _ => Err(self.batches.len()),
        }
    }

    /// The batch at `time`, made now unless it is remembered (`PLAN-1`).
    ///
    /// One that cannot be made is a batch whose reading fails, as Spark computes the rows of a batch when a job reads
    /// them, unless it is a function of whole batches that fails, which Spark calls to make one.
    pub(super) fn batch(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<B, Failure> {
        let index = match self.find(time) {
            Ok(index) => return Ok(self.batches[index].1.clone()),
            Err(index) => index,
        };
        let job = context.job;
        if let Some(failing) = self.failing.find(time, job.asker) {
            job.has_failing.set(true);
            return failing.clone();
        }
        let had_failing = job.has_failing.replace(false);
        let made = self.make(time, context);
        match made {
            Ok(batch) if self.is_stateful || !job.has_failing.get() => {
                job.has_failing.set(had_failing);
                if index == self.batches.len() {
                    self.batches.push_back((time, batch.clone()));
                } else {
                    self.batches.insert(index, (time, batch.clone()));
                }
                Ok(batch)
            }
            Err(failure) if self.node.is_made_by_function() => Err(failure),
            made => {
                job.has_failing.set(true);
                let batch = made.or_else(|failure| B::failing(failure, self.node.partitioner()));
                self.failing.push(time, job.asker, batch.clone());
                batch
            }
        }
    }

    fn make(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<B, Failure> {
        let name = self.node.name();
        let made = catch(name, || self.node.compute(time, context)).and_then(|made| made);
        made.map_err(|failure| failure.in_operator(name).in_batch(FailedBatch::At(time)))
    }
}

/// A node whose type of batches is erased.
pub(crate) trait AnyNode: Any + Send {
    /// Makes and remembers the batch at `time`, unless it is remembered.
    fn ensure(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<(), Failure>;

    /// True if the batch at `time` need not be made.
    fn remembers(&self, time: Time) -> bool;

    /// Lets the batch at `later` fail as the one at `time` has for this job.
    fn fail_later(&mut self, time: Time, later: Time, asker: Option<Asker>);

    /// Forgets the batches that failed for a job, but those that all jobs share.
    fn end_failing(&mut self, asker: Option<Asker>);

    /// Forgets the batches that failed for jobs on batches up to this one.
    fn forget_failing(&mut self, batch_time: Time);

    /// Ends a job that the batch at `time` is part of, if the batch is remembered.
    fn end_job(&self, time: Time);

    /// Forgets the batches at and before `time`. Sets `forgotten` to the time of each before it is dropped, which
    /// may panic: what is left is forgotten by another call.
    fn forget(&mut self, time: Time, forgotten: &mut Time);

    /// True if no batch is remembered.
    fn is_empty(&self) -> bool;

    /// The name of the operator.
    fn name(&self) -> &'static str;

    /// True if its batch is empty where those of its parents are.
    fn keeps_empty(&self) -> bool;

    /// True if a function of the user's makes its batch of those of its parents.
    fn is_made_by_function(&self) -> bool;
}

impl<B: Batch> AnyNode for CachedNode<B> {
    fn ensure(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<(), Failure> {
        self.batch(time, context).map(drop)
    }

    fn remembers(&self, time: Time) -> bool {
        self.find(time).is_ok() || self.failing.is_shared(time)
    }

    fn fail_later(&mut self, time: Time, later: Time, asker: Option<Asker>) {
        if self.failing.find(later, asker).is_none()
            && let Some(failing) = self.failing.find(time, asker).cloned()
        {
            self.failing.push(later, asker, failing);
        }
    }

    fn end_failing(&mut self, asker: Option<Asker>) {
        self.failing.end_job(asker);
    }

    fn forget_failing(&mut self, batch_time: Time) {
        self.failing.forget(batch_time);
    }

    fn end_job(&self, time: Time) {
        if let Ok(index) = self.find(time) {
            self.batches[index].1.end_job();
        }
    }

    fn forget(&mut self, time: Time, forgotten: &mut Time) {
        while let Some((at, batch)) = self.batches.pop_front_if(|(at, _)| *at <= time) {
            *forgotten = at;
            drop(batch);
        }
    }

    fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.failing.is_empty()
    }

    fn name(&self) -> &'static str {
        self.node.name()
    }

    fn keeps_empty(&self) -> bool {
        self.node.keeps_empty()
    }

    fn is_made_by_function(&self) -> bool {
        self.node.is_made_by_function()
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

/// The times of the batches in the window of `length` that ends with the batch at `end`, oldest
/// first; none at or before `zero_time` (`WIN-2`). `end` is a whole number of slides after it.
pub(crate) fn batch_times(
    end: Time,
    length: Duration,
    slide: Duration,
    zero_time: Time,
) -> impl Iterator<Item = Time> {
    let slide_ms = slide.as_millis() as i64;
    let batches = length.min(end.since(zero_time)).as_millis() as i64 / slide_ms;
    let back = (0..batches).rev();
    back.map(move |back| Time::from_millis(end.as_millis() - back * slide_ms))
}
