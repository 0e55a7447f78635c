//! A program while it runs: shared by the engine and its jobs.

use std::fmt;
use std::sync::Mutex;

use super::graph::Graph;
use super::node::JobContext;
use super::nodes::Nodes;
use super::output::{OutputContext, OutputOperation};
use crate::job::BatchJob;
use crate::lock::lock;
use crate::receive::Allocation;
use crate::{FailedBatch, Outcome, Time, Workers};

/// The nodes of a program with all that they remember, and its output operations.
///
/// Several jobs may be under way (`JOB-5`). One at a time has the nodes, while it makes its batch; the
/// rows of a batch are immutable, so the output operations of different jobs run side by side, each
/// operation on one batch at a time. The engine never waits for a job: while one has the nodes, messages
/// to them stay in the inbox until the next job takes them out.
pub(crate) struct Dataflow {
    inbox: Mutex<Vec<Message>>,
    nodes: Mutex<Nodes>,
    outputs: Vec<Mutex<Box<dyn OutputOperation>>>,
}

/// A message of the engine to the nodes.
enum Message {
    /// Time begins here.
    Start(Time),
    /// A batch has this input.
    Allocate(Allocation),
    /// No batch up to this one runs again.
    Forget(Time),
}

impl Dataflow {
    pub(crate) fn new(mut graph: Graph) -> Dataflow {
        Dataflow {
            inbox: Mutex::default(),
            nodes: Mutex::new(graph.take_nodes()),
            outputs: graph
                .outputs
                .into_iter()
                .map(|output| Mutex::new(output.operation))
                .collect(),
        }
    }

    /// Sets the time before which there is no batch.
    pub(crate) fn start(&self, zero_time: Time) {
        self.send(Message::Start(zero_time));
    }

    /// Adds the input of a batch.
    pub(crate) fn allocate(&self, allocation: Allocation) {
        self.send(Message::Allocate(allocation));
    }

    /// Forgets what no batch after `batch_time` can ask for (`GEN-4`).
    pub(crate) fn forget(&self, batch_time: Time) {
        self.send(Message::Forget(batch_time));
    }

    /// Runs one output operation on one batch.
    pub(crate) fn run(&self, batch_job: BatchJob, workers: &dyn Workers) -> Outcome {
        let BatchJob {
            batch_time,
            records,
            output,
        } = batch_job;
        self.read_inbox(&mut lock(&self.nodes));
        let job = JobContext::new(workers);
        let mut context = OutputContext {
            batch_time,
            records,
            output,
            nodes: &self.nodes,
            job: &job,
            events: Vec::new(),
        };
        let ran = lock(&self.outputs[output.0]).run(&mut context);
        let result = match ran {
            Ok(()) => {
                lock(&self.nodes).end_job(output, batch_time);
                Ok(context.events)
            }
            Err(failure) => Err(failure.in_batch(FailedBatch::At(batch_time))),
        };
        Outcome {
            result,
            counters: job.counters(),
        }
    }

    fn send(&self, message: Message) {
        lock(&self.inbox).push(message);
        if let Ok(mut nodes) = self.nodes.try_lock() {
            self.read_inbox(&mut nodes);
        }
    }

    fn read_inbox(&self, nodes: &mut Nodes) {
        for message in lock(&self.inbox).drain(..) {
            match message {
                Message::Start(zero_time) => nodes.start(zero_time),
                Message::Allocate(allocation) => nodes.allocate(allocation),
                Message::Forget(batch_time) => nodes.forget(batch_time),
            }
        }
    }
}

impl fmt::Debug for Dataflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataflow")
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}
