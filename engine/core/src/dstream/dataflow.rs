//! A program while it runs: shared by the engine and its jobs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use super::failing::Asker;
use super::graph::Graph;
use super::node::{Batch, JobContext};
use super::node_ref::{NodeId, NodeRef};
use super::nodes::Nodes;
use super::output::{OutputContext, OutputOperation};
use crate::failure::let_go;
use crate::job::BatchJob;
use crate::lock::lock;
use crate::receive::Allocation;
use crate::recovery::{StateId, StatesToSave};
use crate::{
    BlockManager, Event, FailedBatch, Failure, Inline, Outcome, StateOwner, Time, Workers,
};

/// The nodes of a program with all that they remember, and its output operations.
///
/// Several jobs may be under way (`JOB-5`). One at a time has the nodes, while it makes its batch; the
/// rows of a batch are immutable, so the output operations of different jobs run side by side, each
/// operation on one batch at a time. The engine never waits for a job: while one has the nodes, messages
/// to them stay in the inbox until the next job takes them out.
pub(crate) struct Dataflow {
    inbox: Mutex<Vec<Message>>,
    /// False if the inbox is empty, so that an empty one costs no lock.
    has_mail: AtomicBool,
    nodes: Mutex<Nodes>,
    /// True for each output that is made of a stateful node.
    has_state: Vec<bool>,
    outputs: Vec<Mutex<Box<dyn OutputOperation>>>,
}

/// Why batches cannot be handed out.
pub(super) enum SliceError {
    /// A job makes its batch.
    Busy,
    /// No output is made of the stream, so that it has no batches.
    NotInitialized,
    /// A batch that was made for it failed.
    Failed(Failure),
}

/// A message of the engine to the nodes.
enum Message {
    /// Time begins here.
    Start(Time),
    /// A batch has this input.
    Allocate(Allocation),
    /// No batch up to this one runs again.
    Forget(Time),
    /// The states of an operator that were handed out last are not saved.
    SaveAll(NodeId),
}

impl Message {
    fn deliver(self, nodes: &mut Nodes) {
        match self {
            Message::Start(zero_time) => nodes.start(zero_time),
            Message::Allocate(allocation) => nodes.allocate(allocation),
            Message::Forget(batch_time) => nodes.forget(batch_time),
            Message::SaveAll(operator) => nodes.save_all(operator),
        }
    }
}

impl Dataflow {
    pub(crate) fn new(mut graph: Graph) -> Dataflow {
        let nodes = graph.take_nodes();
        Dataflow {
            inbox: Mutex::default(),
            has_mail: AtomicBool::new(false),
            has_state: nodes.has_state(),
            nodes: Mutex::new(nodes),
            outputs: graph
                .outputs
                .into_iter()
                .map(|output| Mutex::new(output.operation))
                .collect(),
        }
    }

    /// Sets where blocks are found that may be lost. No job is under way.
    pub(crate) fn find_blocks_by(&self, block_manager: Arc<dyn BlockManager>) {
        lock(&self.nodes).received.find_blocks_by(block_manager);
    }

    /// Sets the time before which there is no batch.
    pub(crate) fn start(&self, zero_time: Time) {
        drop(self.send(Message::Start(zero_time)));
    }

    /// Goes on after a crash: see [`Nodes::recover`]. No job is under way.
    pub(crate) fn recover(
        &self,
        zero_time: Time,
        first: Time,
        states: BTreeMap<StateId, Vec<u8>>,
    ) -> Time {
        lock(&self.nodes).recover(zero_time, first, states)
    }

    /// Adds the input of a batch that has some.
    pub(crate) fn allocate(&self, allocation: Allocation) {
        drop(self.send(Message::Allocate(allocation)));
    }

    /// Has all states of an operator saved the next time, and not only what changes until then.
    pub(crate) fn save_all(&self, operator: NodeId) {
        drop(self.send(Message::SaveAll(operator)));
    }

    /// Forgets what no batch after `batch_time` can ask for (`GEN-4`). Returns the failure of a `Drop` of its rows,
    /// unless the message waits: then the next job has it.
    pub(crate) fn forget(&self, batch_time: Time) -> Option<Failure> {
        self.send(Message::Forget(batch_time))?.failure.take()
    }

    /// The nodes, if they remember nothing and no job has them.
    pub(crate) fn empty_nodes(&self) -> Option<MutexGuard<'_, Nodes>> {
        let mut nodes = self.nodes.try_lock().ok()?;
        self.read_inbox(&mut nodes);
        nodes.is_empty().then_some(nodes)
    }

    /// Runs one output operation on one batch.
    pub(crate) fn run(&self, batch_job: BatchJob, workers: &dyn Workers) -> Outcome {
        let BatchJob {
            batch_time, output, ..
        } = batch_job;
        // First the operation, which may be at work on another batch: no job waits for it with the nodes.
        let mut operation = lock(&self.outputs[output.0]);
        let mut nodes = lock(&self.nodes);
        self.read_inbox(&mut nodes);
        nodes.generate(batch_time, workers);
        let generated = nodes.take_generated(batch_job);
        let (counters, failed) = generated.map_or((None, None), |it| (it.counters, it.failure));
        let forgotten = nodes.failure.take();
        if failed.is_none()
            && let Some(event) = nodes.quiet_event(batch_job)
        {
            return Outcome {
                events: vec![event],
                failure: forgotten,
                ..Outcome::default()
            };
        }
        let asker = Asker { output, batch_time };
        let job = JobContext::new(workers, Some(asker));
        if let Some(counters) = counters {
            job.count(counters);
        }
        let mut context = OutputContext {
            batch_job,
            nodes: Some(nodes),
            job: &job,
            events: Vec::new(),
            folder: None,
        };
        let ran = match failed {
            Some(failure) => Err(failure),
            None => operation.run(&mut context),
        };
        drop(operation);
        // A job that has failed before it began has them still.
        drop(context.nodes.take());
        let saved = ran.and_then(|()| self.end_job(batch_job));
        self.outcome(context, saved, forgotten)
    }

    /// Ends a job that did well: the states that are to be saved.
    fn end_job(&self, job: BatchJob) -> Result<Vec<StatesToSave>, Failure> {
        if !self.has_state[job.output.0] {
            return Ok(Vec::new());
        }
        let mut nodes = lock(&self.nodes);
        let saved = nodes.save()?;
        nodes.end_job(job.output, job.batch_time);
        Ok(saved)
    }

    /// The outcome of a job, with the states that are to be saved if it did well.
    fn outcome(
        &self,
        context: OutputContext<'_>,
        saved: Result<Vec<StatesToSave>, Failure>,
        forgotten: Option<Failure>,
    ) -> Outcome {
        let BatchJob {
            batch_time, output, ..
        } = context.batch_job;
        // Also of a job that failed after them.
        let updated = context.job.counters().map(|counters| Event::StateUpdated {
            batch_time,
            owner: StateOwner::Output(output),
            counters,
        });
        let updated = updated.into_iter();
        match saved {
            Ok(saved) => Outcome {
                events: updated.chain(context.events).collect(),
                failure: forgotten,
                saved,
                folder: context.folder,
            },
            Err(failure) => {
                if forgotten.is_some() {
                    lock(&self.nodes).failure = forgotten;
                }
                Outcome {
                    events: updated.collect(),
                    failure: Some(failure.in_batch(FailedBatch::At(batch_time))),
                    ..Outcome::default()
                }
            }
        }
    }

    /// The batches of a node from `from` to `to`, as far as they have begun and are remembered.
    ///
    /// # Errors
    ///
    /// Why there are none, or the failure of a batch that is made now.
    pub(super) fn slice<B: Batch>(
        &self,
        node: NodeRef<B>,
        from: Time,
        to: Time,
    ) -> Result<Vec<B>, SliceError> {
        let mut nodes = self.nodes.try_lock().map_err(|_| SliceError::Busy)?;
        self.read_inbox(&mut nodes);
        let slice = nodes.slice(node, from, to, &JobContext::new(&Inline, None));
        slice
            .ok_or(SliceError::NotInitialized)?
            .map_err(SliceError::Failed)
    }

    /// Returns the nodes, unless a job has them: then the message waits.
    fn send(&self, message: Message) -> Option<MutexGuard<'_, Nodes>> {
        if let Ok(mut nodes) = self.nodes.try_lock() {
            self.read_inbox(&mut nodes);
            message.deliver(&mut nodes);
            Some(nodes)
        } else {
            lock(&self.inbox).push(message);
            self.has_mail.store(true, Ordering::Release);
            None
        }
    }

    fn read_inbox(&self, nodes: &mut Nodes) {
        // Mail that is not seen here was sent at the same time, and the next job or message reads it first.
        if self.has_mail.load(Ordering::Acquire) {
            let mut inbox = lock(&self.inbox);
            self.has_mail.store(false, Ordering::Relaxed);
            for message in inbox.drain(..) {
                message.deliver(nodes);
            }
        }
    }
}

impl Drop for Dataflow {
    fn drop(&mut self) {
        let_go(&mut self.outputs);
    }
}

impl fmt::Debug for Dataflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataflow")
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}
