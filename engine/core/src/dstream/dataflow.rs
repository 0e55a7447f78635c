//! A program while it runs: the nodes with what they remember, carried along by one job at a time.

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::graph::{Graph, NodeId, Output};
use super::stream::Parent;
use crate::Data;
use crate::Rdd;
use crate::event::OutputId;
use crate::input::{Block, StreamId};
use crate::job::Work;
use crate::receive::Allocation;
use crate::{Counters, Event, Time, Workers};

/// The nodes of a program and all they remember. Ownership is the lock: it is with the engine, or
/// with the one job that runs.
pub(crate) struct Dataflow {
    slots: Vec<Box<dyn Slot>>,
    slides: Vec<Duration>,
    remember: Vec<Duration>,
    outputs: Vec<Output>,
    /// The stateful nodes that each output is made of, parents first.
    stateful: Vec<Vec<NodeId>>,
    batches: Batches,
    zero_time: Time,
    /// The last batch that each node has seen, if it is stateful and an output is made of it.
    advanced_to: Vec<Time>,
    /// The job at hand.
    batch_time: Time,
    output: OutputId,
    /// What the job at hand has done to states.
    counters: Cell<Option<Counters>>,
}

impl Dataflow {
    pub(crate) fn new(graph: Graph) -> Dataflow {
        let remember = graph.remember_durations();
        let outputs = graph.outputs.iter();
        Dataflow {
            stateful: outputs
                .map(|output| graph.stateful_ancestors(output.parent))
                .collect(),
            advanced_to: vec![Time::EPOCH; graph.nodes.len()],
            slides: graph.nodes.iter().map(|node| node.slide).collect(),
            slots: graph.nodes.into_iter().map(|node| node.slot).collect(),
            batches: Batches::new(remember.iter().max().copied().unwrap_or(graph.interval)),
            remember,
            outputs: graph.outputs,
            zero_time: Time::EPOCH,
            batch_time: Time::EPOCH,
            output: OutputId(0),
            counters: Cell::default(),
        }
    }

    /// Sets the time before which there is no batch.
    pub(crate) fn start(&mut self, zero_time: Time) {
        self.zero_time = zero_time;
        self.advanced_to.fill(zero_time);
    }

    /// Makes this the job of one output operation of one batch, and takes in what was allocated
    /// since the job before.
    pub(crate) fn prepare(
        &mut self,
        batch_time: Time,
        output: OutputId,
        allocated: &mut Vec<Allocation>,
    ) {
        self.batch_time = batch_time;
        self.output = output;
        allocated
            .drain(..)
            .for_each(|allocation| self.batches.add(allocation));
    }

    /// What the job that has ended did to states, were it only before it failed: they have changed.
    pub(crate) fn take_counters(&mut self) -> Option<Counters> {
        self.counters.take()
    }

    /// Forgets what no batch after `batch_time` can ask for (`GEN-4`, Spark's `ClearMetadata`).
    ///
    /// A stateful node whose output was not due, or failed, has batches yet to see.
    pub(crate) fn forget(&mut self, batch_time: Time) {
        let stateful = self.stateful.iter().flatten();
        let seen_by_all = stateful.map(|&node| self.advanced_to[node]).min();
        let batch_time = seen_by_all.map_or(batch_time, |seen| seen.min(batch_time));
        let durations = self.slides.iter().zip(&self.remember);
        for (slot, (&slide, &remember)) in self.slots.iter_mut().zip(durations) {
            // The next batch that may ask: what it may ask for reaches back by whole slides.
            let next = batch_time.checked_add(slide).unwrap_or(batch_time);
            slot.forget(before(next, remember));
        }
        self.batches.forget(batch_time);
    }

    /// Shows every stateful node that the output at hand is made of each batch up to this one, in
    /// order: its results depend on all that came, also on batches for which no output asked
    /// (`GEN-3`). Other nodes are left alone, so that one that fails does not fail this output
    /// (`JOB-4`).
    fn advance(&mut self, workers: &dyn Workers) {
        let surroundings = Surroundings {
            zero_time: self.zero_time,
            batches: &self.batches,
            workers,
            counters: &self.counters,
        };
        for &node in &self.stateful[self.output.0] {
            while let Some(time) = self.advanced_to[node].checked_add(self.slides[node])
                && time <= self.batch_time
            {
                let (upstream, slot) = upstream(&mut self.slots, node, &surroundings);
                slot.ensure(time, upstream);
                self.advanced_to[node] = time;
            }
        }
    }
}

impl Work for Dataflow {
    fn run(&mut self, workers: &dyn Workers, events: &mut Vec<Event>) {
        self.advance(workers);
        let mut upstream = Upstream {
            slots: &mut self.slots,
            surroundings: &Surroundings {
                zero_time: self.zero_time,
                batches: &self.batches,
                workers,
                counters: &self.counters,
            },
        };
        let operation = &mut self.outputs[self.output.0].operation;
        operation.run(self.batch_time, &mut upstream, events);
        for &node in &self.stateful[self.output.0] {
            self.slots[node].do_checkpoint(self.batch_time);
        }
    }
}

impl fmt::Debug for Dataflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataflow")
            .field("nodes", &self.slots.len())
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}

/// What an operator may ask for: the batches of the nodes written before it.
pub(crate) struct Upstream<'a> {
    slots: &'a mut [Box<dyn Slot>],
    surroundings: &'a Surroundings<'a>,
}

/// What all nodes share while a job runs.
struct Surroundings<'a> {
    zero_time: Time,
    batches: &'a Batches,
    workers: &'a dyn Workers,
    counters: &'a Cell<Option<Counters>>,
}

impl Upstream<'_> {
    /// The batch of a parent at a valid `time`, computed now unless it is remembered (`PLAN-1`).
    pub(crate) fn batch<T: Data>(&mut self, parent: Parent<T>, time: Time) -> Rdd<T> {
        let (upstream, slot) = upstream(self.slots, parent.node, self.surroundings);
        let slot: &mut dyn Any = slot;
        let memory = slot
            .downcast_mut::<Memory<T>>()
            .expect("a handle has the type of its node");
        memory.batch(time, upstream)
    }

    /// The blocks of an input stream at `time`.
    pub(crate) fn blocks(&self, stream: StreamId, time: Time) -> Vec<Block> {
        self.surroundings.batches.blocks(stream, time)
    }

    /// Where stages of work are spread.
    pub(crate) fn workers(&self) -> &dyn Workers {
        self.surroundings.workers
    }

    /// Adds to what the job at hand has done to states.
    pub(crate) fn count(&mut self, counters: Counters) {
        let mut sum = self.surroundings.counters.get().unwrap_or_default();
        sum += counters;
        self.surroundings.counters.set(Some(sum));
    }

    /// The time before which there is no batch (`CLK-3`).
    pub(crate) fn zero_time(&self) -> Time {
        self.surroundings.zero_time
    }
}

/// One node, and what stands before it.
fn upstream<'a>(
    slots: &'a mut [Box<dyn Slot>],
    node: NodeId,
    surroundings: &'a Surroundings<'a>,
) -> (Upstream<'a>, &'a mut dyn Slot) {
    let (before, rest) = slots.split_at_mut(node);
    (
        Upstream {
            slots: before,
            surroundings,
        },
        rest[0].as_mut(),
    )
}

/// A node whose type of records is forgotten.
pub(crate) trait Slot: Any + Send {
    /// Computes and remembers the batch at `time`, unless it is remembered.
    fn ensure(&mut self, time: Time, upstream: Upstream<'_>);

    /// Tells the batch at `time`, if it is remembered, that a job on it has ended.
    fn do_checkpoint(&self, time: Time);

    /// Forgets the batches at and before `time`.
    fn forget(&mut self, time: Option<Time>);
}

/// How the batch of a node at a time is made.
pub(crate) trait Operator<T>: FnMut(Time, &mut Upstream<'_>) -> Rdd<T> + Send {}

impl<T, F: FnMut(Time, &mut Upstream<'_>) -> Rdd<T> + Send> Operator<T> for F {}

/// A node: its operator, and the batches it remembers.
pub(crate) struct Memory<T> {
    operator: Box<dyn Operator<T>>,
    /// In the order of time.
    remembered: VecDeque<(Time, Rdd<T>)>,
}

impl<T: Data> Memory<T> {
    pub(crate) fn new(operator: impl Operator<T> + 'static) -> Memory<T> {
        Memory {
            operator: Box::new(operator),
            remembered: VecDeque::new(),
        }
    }

    /// The place of the batch at `time`, or where it would be.
    fn find(&self, time: Time) -> Result<usize, usize> {
        self.remembered.binary_search_by_key(&time, |(at, _)| *at)
    }

    fn batch(&mut self, time: Time, mut upstream: Upstream<'_>) -> Rdd<T> {
        match self.find(time) {
            Ok(place) => self.remembered[place].1.clone(),
            Err(place) => {
                let rdd = (self.operator)(time, &mut upstream);
                self.remembered.insert(place, (time, rdd.clone()));
                rdd
            }
        }
    }
}

impl<T: Data> Slot for Memory<T> {
    fn ensure(&mut self, time: Time, upstream: Upstream<'_>) {
        self.batch(time, upstream);
    }

    fn do_checkpoint(&self, time: Time) {
        if let Ok(place) = self.find(time) {
            self.remembered[place].1.do_checkpoint();
        }
    }

    fn forget(&mut self, time: Option<Time>) {
        while self
            .remembered
            .pop_front_if(|(at, _)| Some(*at) <= time)
            .is_some()
        {}
    }
}

/// What is done with the batches of a stream; each makes one job a batch.
pub(crate) trait OutputOperation: Send {
    fn run(&mut self, time: Time, upstream: &mut Upstream<'_>, events: &mut Vec<Event>);
}

/// The blocks of the batches that are remembered.
#[derive(Debug)]
struct Batches {
    remember: Duration,
    /// In the order of time; a batch without blocks has none.
    allocations: VecDeque<Allocation>,
    forgotten: Option<Time>,
}

impl Batches {
    fn new(remember: Duration) -> Batches {
        Batches {
            remember,
            allocations: VecDeque::new(),
            forgotten: None,
        }
    }

    fn add(&mut self, allocation: Allocation) {
        if !allocation.blocks.is_empty() {
            self.allocations.push_back(allocation);
        }
    }

    fn blocks(&self, stream: StreamId, time: Time) -> Vec<Block> {
        assert!(
            Some(time) > self.forgotten,
            "the input of the batch at {time} has been forgotten"
        );
        let found = self
            .allocations
            .binary_search_by_key(&time, |allocation| allocation.batch_time);
        let blocks = found.map_or(&[][..], |place| &self.allocations[place].blocks);
        blocks
            .iter()
            .filter(|(of, _)| *of == stream)
            .map(|(_, block)| Arc::clone(block))
            .collect()
    }

    fn forget(&mut self, batch_time: Time) {
        self.forgotten = before(batch_time, self.remember);
        while self
            .allocations
            .front()
            .is_some_and(|first| Some(first.batch_time) <= self.forgotten)
        {
            self.allocations.pop_front();
        }
    }
}

/// The latest time that is no longer needed when `remember` up to `batch_time` is; `None` if that is
/// before the beginning of time.
fn before(batch_time: Time, remember: Duration) -> Option<Time> {
    let remember_ms = i64::try_from(remember.as_millis()).ok()?;
    batch_time
        .as_millis()
        .checked_sub(remember_ms)
        .map(Time::from_millis)
}
