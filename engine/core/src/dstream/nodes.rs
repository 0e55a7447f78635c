//! The nodes of a running program, and the batches that they ask each other for.

use std::sync::Arc;
use std::time::Duration;

use super::cached_node::AnyNode;
use super::generation::Generation;
use super::node::{Batch, JobContext, NodeContext};
use super::node_ref::{NodeId, NodeRef};
use super::received::ReceivedBlocks;
use super::saving::Saving;
use crate::failure::{catch_panic, let_go};
use crate::job::BatchJob;
use crate::receive::Allocation;
use crate::{Event, FailedBatch, Failure, OutputId, Time};

/// All nodes of a program, with the batches and the input that they remember.
pub(crate) struct Nodes {
    pub(super) all: Vec<Box<dyn AnyNode>>,
    pub(super) slides: Vec<Duration>,
    /// For each node, the time behind the last batch that was done up to which its batches are forgotten: that
    /// for which it keeps them, less a slide, as the next batch may ask for what reaches back from itself.
    lags: Vec<Duration>,
    pub(super) outputs: Vec<OutputPlan>,
    pub(super) generation: Generation,
    /// For each node the first output that is made of it, if there is one.
    first_outputs: Vec<Option<OutputId>>,
    pub(super) received: ReceivedBlocks,
    pub(super) zero_time: Time,
    /// The last batch that each node has made, if it is stateful and an output is made of it.
    pub(super) advanced_to: Vec<Time>,
    /// The last batch of which a job has begun.
    newest: Time,
    /// The last batch that was done.
    done: Time,
    /// The failure of a batch that was forgotten, until a job ends with it.
    pub(super) failure: Option<Failure>,
    pub(super) saving: Saving,
}

/// A node that has made no batch.
pub(super) struct NewNode {
    pub(super) node: Box<dyn AnyNode>,
    pub(super) slide: Duration,
    /// The time for which it keeps its batches.
    pub(super) remember: Duration,
    /// The time for which it keeps those that are done.
    pub(super) remember_done: Duration,
    /// The first output that is made of it, if there is one.
    pub(super) first_output: Option<OutputId>,
}

/// The nodes that an output is made of, as far as they decide how its batches are made.
pub(super) struct OutputPlan {
    /// The one whose batches it is given.
    pub(super) parent: NodeId,
    /// Those that are stateful, parents first.
    pub(super) stateful: Arc<[NodeId]>,
    /// `None` if no lack of input means that the batch is empty, or the operation has a function to call all the same.
    pub(super) quiet: Option<Quiet>,
}

/// An output that does nothing without input.
pub(super) struct Quiet {
    /// The time back from a batch for which no input means that the batch is empty.
    pub(super) after: Duration,
    /// The event of a job on such a batch.
    pub(super) event: fn(BatchJob) -> Event,
}

impl NewNode {
    fn lag(&self) -> Duration {
        let lag = self.remember.checked_sub(self.slide);
        let lag = lag.expect("a node keeps its last batch until the next one");
        lag.max(self.remember_done)
    }
}

impl Nodes {
    /// The nodes of a program before its first batch.
    pub(super) fn new(
        new: Vec<NewNode>,
        outputs: Vec<OutputPlan>,
        generation: Generation,
        saving: Saving,
    ) -> Nodes {
        let longest = new
            .iter()
            .map(|new| new.lag().saturating_add(new.slide))
            .max();
        Nodes {
            outputs,
            generation,
            first_outputs: new.iter().map(|new| new.first_output).collect(),
            advanced_to: vec![Time::EPOCH; new.len()],
            slides: new.iter().map(|new| new.slide).collect(),
            lags: new.iter().map(NewNode::lag).collect(),
            all: new.into_iter().map(|new| new.node).collect(),
            received: ReceivedBlocks::new(longest.unwrap_or_default()),
            zero_time: Time::EPOCH,
            newest: Time::EPOCH,
            done: Time::EPOCH,
            failure: None,
            saving,
        }
    }

    /// Sets the time before which there is no batch.
    pub(crate) fn start(&mut self, zero_time: Time) {
        self.zero_time = zero_time;
        self.advanced_to.fill(zero_time);
        self.newest = zero_time;
        self.done = zero_time;
        self.generation.start(zero_time);
    }

    /// Adds the input of a batch that has some.
    pub(crate) fn allocate(&mut self, allocation: Allocation) {
        self.received.add(allocation);
    }

    /// Forgets what no batch after `batch_time` can ask for (`GEN-4`, Spark's `ClearMetadata`).
    ///
    /// A stateful node whose output was not due, or failed, has batches yet to make.
    pub(crate) fn forget(&mut self, batch_time: Time) {
        for node in &mut self.all {
            node.forget_failing(batch_time);
        }
        let stateful = self.outputs.iter().flat_map(|output| &*output.stateful);
        let made_by_all = stateful.map(|&node| self.advanced_to[node]).min();
        let batch_time = made_by_all.map_or(batch_time, |made| made.min(batch_time));
        self.done = self.done.max(batch_time);
        self.forget_batches(batch_time);
        self.received.forget(batch_time);
    }

    /// Has each node forget its batches. A `Drop` of their rows that panics is a failure, of which the first is kept,
    /// and keeps no other batch.
    fn forget_batches(&mut self, batch_time: Time) {
        let mut forgotten = batch_time;
        let mut next = 0;
        // One round for all nodes, and another one after each panic.
        while next < self.all.len() {
            let round = catch_panic(|| {
                while let Some(node) = self.all.get_mut(next) {
                    if let Some(time) = batch_time.checked_sub(self.lags[next]) {
                        node.forget(time, &mut forgotten);
                    }
                    next += 1;
                }
            });
            if let Err(failure) = round {
                let failure = failure.in_operator(self.all[next].name());
                let failure = failure.in_batch(FailedBatch::At(forgotten));
                self.failure.get_or_insert(failure);
            }
        }
    }

    /// The only event of a job whose batch is known to be empty, as nothing has come for it: then no node need make
    /// one, and no function of the user's is called.
    pub(crate) fn quiet_event(&self, job: BatchJob) -> Option<Event> {
        let quiet = self.outputs[job.output.0].quiet.as_ref()?;
        let has_blocks = self.received.has_blocks(quiet.after, job.batch_time);
        (!has_blocks).then(|| (quiet.event)(job))
    }

    /// Returns true if a job of this output has a [`quiet_event`](Nodes::quiet_event) while the nodes are
    /// [empty](Nodes::is_empty).
    pub(crate) fn may_be_quiet(&self, output: OutputId) -> bool {
        self.outputs[output.0].quiet.is_some()
    }

    /// True if neither a batch nor input is remembered: there is nothing to forget.
    pub(super) fn is_empty(&self) -> bool {
        self.failure.is_none()
            && self.received.is_empty()
            && self.all.iter().all(|node| node.is_empty())
    }

    /// Has every stateful node that an output is made of make each batch up to this one, in order: its
    /// results depend on all that came, also on batches for which no output asked (`GEN-3`). Other nodes
    /// are left alone, so that one that fails does not fail this output (`JOB-4`).
    pub(crate) fn advance(&mut self, output: OutputId, batch_time: Time, job: &JobContext<'_>) {
        let stateful = Arc::clone(&self.outputs[output.0].stateful);
        self.make_each(&stateful, batch_time, job);
    }

    /// Has these stateful nodes, parents first, make each batch up to this one. Where one fails, all later ones do.
    pub(super) fn make_each(
        &mut self,
        stateful: &[NodeId],
        batch_time: Time,
        job: &JobContext<'_>,
    ) {
        for &id in stateful {
            let slide = self.slides[id];
            let mut failed = None;
            let mut next = self.advanced_to[id].checked_add(slide);
            while let Some(time) = next.filter(|time| *time <= batch_time) {
                if let Some(failed) = failed {
                    self.all[id].fail_later(failed, time, job.asker);
                } else if self.advance_node(id, time, job) {
                    self.advanced_to[id] = time;
                } else {
                    failed = Some(time);
                }
                next = time.checked_add(slide);
            }
        }
    }

    /// Has a stateful node make its next batch, or take it over from what was saved. Returns false if it fails.
    fn advance_node(&mut self, id: NodeId, time: Time, job: &JobContext<'_>) -> bool {
        match self.restore(id, time) {
            Ok(true) => return true,
            Ok(false) => {}
            Err(failure) => {
                self.all[id].fail(failure, time, job.asker);
                job.has_failing.set(true);
                return false;
            }
        }
        let is_made = self.make(id, time, job).is_ok() && self.all[id].remembers(time, job.asker);
        if is_made {
            self.note_made(id, time);
        }
        is_made
    }

    /// Forgets the batches that failed for a job.
    pub(super) fn end_failing(&mut self, job: &JobContext<'_>) {
        if job.has_failing.get() {
            let nodes = self.all.iter_mut();
            nodes.for_each(|node| node.end_failing(job.asker));
        }
    }

    /// Has a node make its batch at a valid `time`, unless it is remembered.
    pub(super) fn make(
        &mut self,
        id: NodeId,
        time: Time,
        job: &JobContext<'_>,
    ) -> Result<(), Failure> {
        let (earlier, node) = self.all.split_at_mut(id);
        let mut context = NodeContext {
            earlier,
            received: &self.received,
            zero_time: self.zero_time,
            job,
        };
        node[0].ensure(time, &mut context)
    }

    /// The batch of a node at a valid `time`.
    pub(crate) fn batch<B: Batch>(
        &mut self,
        node: NodeRef<B>,
        time: Time,
        job: &JobContext<'_>,
    ) -> Result<B, Failure> {
        self.newest = self.newest.max(time);
        let mut context = NodeContext {
            earlier: &mut self.all,
            received: &self.received,
            zero_time: self.zero_time,
            job,
        };
        context.batch(node, time)
    }

    /// The batches of a node from `from` to `to`, as far as they have begun and are remembered; `None` if no output is
    /// made of the node, so that it has no batches.
    pub(super) fn slice<B: Batch>(
        &mut self,
        node: NodeRef<B>,
        from: Time,
        to: Time,
        job: &JobContext<'_>,
    ) -> Option<Result<Vec<B>, Failure>> {
        let output = (*self.first_outputs.get(node.id)?)?;
        let last = to.min(self.newest);
        self.advance(output, last, job);
        let slide_ms = self.slides[node.id].as_millis() as i64;
        let zero_ms = self.zero_time.as_millis();
        // Counted from zero time; a time between two batches is that of the one before.
        let number = |time: Time| {
            time.as_millis()
                .saturating_sub(zero_ms)
                .div_euclid(slide_ms)
        };
        let forgotten = self.done.checked_sub(self.lags[node.id]);
        let forgotten = forgotten.map_or(0, |time| number(time).max(0));
        let numbers = number(from).max(forgotten + 1)..=number(last);
        let times = numbers.map(|number| Time::from_millis(zero_ms + number * slide_ms));
        let slice = times.map(|time| self.batch(node, time, job)).collect();
        self.end_failing(job);
        Some(slice)
    }

    /// True for each output that is made of a stateful node.
    pub(super) fn has_state(&self) -> Vec<bool> {
        self.outputs
            .iter()
            .map(|output| !output.stateful.is_empty())
            .collect()
    }

    /// Ends a job of an output on the batch at `batch_time`.
    pub(crate) fn end_job(&self, output: OutputId, batch_time: Time) {
        for &id in &*self.outputs[output.0].stateful {
            self.all[id].end_job(batch_time);
        }
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        let_go(&mut self.all);
    }
}
