//! Output operations: what is done with the batches of a stream. Each makes one job a batch.

use std::sync::MutexGuard;

use super::node::JobContext;
use super::node_ref::NodeRef;
use super::nodes::Nodes;
use crate::failure::catch;
use crate::job::BatchJob;
use crate::{Data, Event, Failure, Rdd, TextFolder};

/// The job of an output operation on one batch.
pub(crate) struct OutputContext<'a> {
    pub(crate) batch_job: BatchJob,
    /// The nodes, until the operation has its batch: other jobs may have them while it goes on.
    pub(super) nodes: Option<MutexGuard<'a, Nodes>>,
    pub(super) job: &'a JobContext<'a>,
    /// The events that the operation wants to be recorded.
    pub(crate) events: Vec<Event>,
    /// The rows that it wants to be saved.
    pub(crate) folder: Option<TextFolder>,
}

impl OutputContext<'_> {
    /// The batch of the operation's stream. States are brought up to it first.
    fn batch<T: Data>(&mut self, stream: NodeRef<Rdd<T>>) -> Result<Rdd<T>, Failure> {
        let nodes = self.nodes.take();
        let mut nodes = nodes.expect("an operation asks for its batch once");
        let BatchJob {
            batch_time, output, ..
        } = self.batch_job;
        nodes.advance(output, batch_time, self.job);
        let batch = nodes.batch(stream, batch_time, self.job);
        nodes.end_failing(self.job);
        batch
    }
}

/// The part of a batch that an output operation asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reads {
    /// The rows alone: a batch that is known to have none is not made, and the operation comes down to this event.
    Rows { of_none: fn(BatchJob) -> Event },
    /// All that a batch has, as its partitions.
    Batch,
}

/// An output operation of a program (`org.apache.spark.streaming.dstream.ForEachDStream`).
pub(crate) trait OutputOperation: Send {
    /// Runs the operation on one batch.
    fn run(&mut self, context: &mut OutputContext<'_>) -> Result<(), Failure>;
}

/// A function on the batches of a stream.
pub(crate) struct StreamOutput<T, F> {
    /// The name of the operation, as its method has it.
    pub(crate) name: &'static str,
    pub(crate) stream: NodeRef<Rdd<T>>,
    pub(crate) function: F,
}

impl<T, F> OutputOperation for StreamOutput<T, F>
where
    T: Data,
    F: FnMut(&Rdd<T>, &mut OutputContext<'_>) -> Result<(), Failure> + Send,
{
    fn run(&mut self, context: &mut OutputContext<'_>) -> Result<(), Failure> {
        let batch = context.batch(self.stream)?;
        catch(self.name, || (self.function)(&batch, context))
            .and_then(|result| result)
            .map_err(|failure| failure.in_operator(self.name))
    }
}
