//! Programs while they are written.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::cached_node::CachedNode;
use super::cluster::SparkContext;
use super::dataflow::Dataflow;
use super::error::BuildError;
use super::graph::{Graph, GraphNode, GraphOutput};
use super::node::Node;
use super::node::NodeContext;
use super::node_ref::{Edge, GraphId, NodeId, NodeRef, REFUSED};
use super::output::{OutputContext, Reads, StreamOutput};
use super::program::Program;
use super::stream::DStream;
use crate::StreamId;
use crate::lock::lock;
use crate::rows::HashPartitioner;
use crate::state::budget::Budget;
use crate::state::shared::Concurrency;
use crate::{Data, Failure, Profile, RateLimits, Rdd, StreamSource, Text, Time};

/// A program of DStreams while it is written
/// (`org.apache.spark.streaming.StreamingContext`).
///
/// Handles of one program share it: clone them freely. Mistakes are kept and reported by
/// [`build`](StreamingContext::build), so that a program reads like its meaning.
#[derive(Clone)]
pub struct StreamingContext {
    cluster: SparkContext,
    graph: Arc<Mutex<Graph>>,
    budget: Budget,
}

impl StreamingContext {
    /// A program with one batch every `interval`.
    pub fn new(cluster: &SparkContext, interval: Duration) -> StreamingContext {
        StreamingContext {
            cluster: cluster.clone(),
            graph: Arc::new(Mutex::new(Graph::new(interval))),
            budget: Budget::new(cluster.memory()),
        }
    }

    /// The cluster that the program is written for (`StreamingContext.sparkContext`).
    pub fn spark_context(&self) -> &SparkContext {
        &self.cluster
    }

    /// Cuts received records into blocks this often instead of every 200 ms
    /// (`spark.streaming.blockInterval`, `BLK-1`).
    pub fn block_interval(&self, interval: Duration) {
        if let Some(mut graph) = self.setting("block_interval") {
            graph.block_interval = interval;
        }
    }

    /// Limits the rate at which each receiver takes records one by one: one over its limit leaves them in its source
    /// (`BP-1` to `BP-10`). Records that are stored together are not limited.
    pub fn limit_rates(&self, limits: RateLimits) {
        if let Some(mut graph) = self.setting("limit_rates") {
            graph.rate_limits = limits;
        }
    }

    /// Lines of text from a TCP server (`socketTextStream`).
    ///
    /// The engine only writes down where they come from; a live driver connects, and a virtual world
    /// plays the server.
    pub fn socket_text_stream(&self, host: &str, port: u16) -> DStream<Text> {
        self.input_stream(StreamSource::Socket {
            host: host.to_owned(),
            port,
        })
    }

    /// Lines of text from a source that keeps them and that the driver knows by this name, as a topic or a folder of files
    /// (`KafkaUtils.createDirectStream`, `textFileStream`): a batch is made of the lines of its time, also after a crash.
    pub fn direct_stream(&self, name: &str) -> DStream<Text> {
        self.input_stream(StreamSource::Direct {
            name: name.to_owned(),
        })
    }

    /// Lines of text from a receiver that the driver knows by this name (`receiverStream`).
    pub fn receiver_stream(&self, name: &str) -> DStream<Text> {
        self.input_stream(StreamSource::Receiver {
            name: name.to_owned(),
        })
    }

    /// Saves what the program needs to go on after a crash, by [`Engine::recover`](crate::Engine::recover)
    /// (`StreamingContext.checkpoint`, `CKP-1` to `CKP-7`, `WAL-1`).
    ///
    /// The driver of the engine is asked to [write](crate::Effect::Write) a checkpoint when the jobs of a batch are
    /// generated and another one when they are done, the states of operators every ten seconds or so, and which blocks
    /// were received and belong to which batch. A batch of which that cannot be written runs without its blocks, which
    /// the next batch has. Operators with states must be able to save them: give their specs
    /// [`saved`](crate::UpdateSpec::saved).
    pub fn checkpoint(&self) {
        if let Some(mut graph) = self.setting("checkpoint") {
            graph.has_checkpoints = true;
        }
    }

    /// Logs the records of received blocks before they count, so that a crash does not lose them
    /// (`spark.streaming.receiver.writeAheadLog.enable`, `WAL-3`). Without it the blocks of a program that goes on after
    /// a crash are known and empty (`WAL-4`). It needs [checkpoints](Self::checkpoint).
    pub fn log_records(&self) {
        if let Some(mut graph) = self.setting("log_records") {
            graph.logs_records = true;
        }
    }

    /// Keeps the batches of all streams for this long at least, so that [`slice`](DStream::slice) finds them
    /// (`StreamingContext.remember`). Without it each is kept as long as an operator may need it.
    pub fn remember(&self, duration: Duration) {
        if let Some(mut graph) = self.setting("remember") {
            graph.remember = duration;
        }
    }

    /// Checks the program and readies it to start. There is one program of a context: what is added afterwards is
    /// in none, and the next call says so.
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// let ssc = StreamingContext::new(&SparkContext::local(2, "lines"), Duration::from_secs(1));
    /// let lines = ssc.receiver_stream("lines");
    /// let refused = ssc.build().unwrap_err();
    /// assert_eq!(refused.to_string(), "no output operations registered, so nothing to execute");
    /// lines.print();
    /// assert!(ssc.build().is_ok());
    /// assert!(ssc.build().is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The first rule that the program breaks. It is left as it is, and may be mended if nothing is wrong with its
    /// operators.
    pub fn build(&self) -> Result<Program, BuildError> {
        self.cluster.check()?;
        let mut graph = lock(&self.graph);
        let program = Program::new(graph.build()?, self.cluster.concurrent_jobs());
        graph.running = Arc::downgrade(&program.dataflow);
        Ok(program)
    }

    /// The graph, for a setting; `None` if the program is built already.
    fn setting(&self, name: &'static str) -> Option<MutexGuard<'_, Graph>> {
        let mut graph = lock(&self.graph);
        graph.admits(name, self.id(), &[]).then_some(graph)
    }

    fn id(&self) -> GraphId {
        GraphId(Arc::as_ptr(&self.graph).addr())
    }

    fn input_stream(&self, source: StreamSource) -> DStream<Text> {
        let mut graph = lock(&self.graph);
        let slide = graph.interval;
        let stream = StreamId(graph.sources.len());
        let name = match source {
            StreamSource::Socket { .. } => "socket_text_stream",
            StreamSource::Receiver { .. } => "receiver_stream",
            StreamSource::Direct { .. } | StreamSource::Topic { .. } => "direct_stream",
        };
        graph.sources.push(source);
        drop(graph);
        self.add_stream(
            slide,
            &[],
            ReceiverInput {
                name,
                stream,
                made: 0,
            },
        )
    }

    /// The placement and order of keys in this program's shuffles.
    pub(crate) fn partitioner(&self) -> HashPartitioner {
        self.cluster.partitioner()
    }

    /// The placement and order of keys in this number of partitions, by default that of the program. A program with a
    /// number that there cannot be is refused.
    pub(crate) fn partitioner_of(
        &self,
        operator: &'static str,
        partitions: Option<usize>,
    ) -> HashPartitioner {
        let own = self.partitioner();
        match partitions {
            None => own,
            Some(partitions @ 1..=SparkContext::CORES_MAX) => own.with_partitions(partitions),
            Some(partitions) => {
                self.refuse(BuildError::Partitions {
                    operator,
                    partitions,
                });
                own
            }
        }
    }

    /// The language of the program, which decides what some operators do.
    pub(crate) fn profile(&self) -> Profile {
        self.cluster.profile()
    }

    /// The jobs of this program that may be under way at the same time.
    pub(crate) fn concurrency(&self) -> Concurrency {
        Concurrency::of_jobs(self.cluster.concurrent_jobs())
    }

    /// The memory that the states of this program share.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Keeps a broken rule until the program is built.
    pub(crate) fn refuse(&self, error: BuildError) {
        lock(&self.graph).refuse(error);
    }

    /// A stream that is in no program, as the operator that should make it is refused.
    pub(crate) fn refused<T: Data>(&self) -> DStream<T> {
        DStream::new(
            self.clone(),
            NodeRef::new(self.id(), REFUSED),
            self.interval(),
        )
    }

    /// The program that was built, as long as it is there.
    pub(super) fn running(&self) -> Option<Arc<Dataflow>> {
        lock(&self.graph).running.upgrade()
    }

    /// Keeps the batches of a node for this long at least.
    pub(super) fn remember_batches_of(&self, node: NodeId, duration: Duration) {
        if let Some(node) = lock(&self.graph).nodes.get_mut(node) {
            node.remember = node.remember.max(duration);
        }
    }

    /// Saves the states of a node at this interval.
    pub(super) fn save_states_of(&self, node: NodeId, interval: Duration) {
        if let Some(node) = lock(&self.graph).nodes.get_mut(node) {
            node.checkpoint_interval = Some(interval);
        }
    }

    /// The batch interval.
    pub(super) fn interval(&self) -> Duration {
        lock(&self.graph).interval
    }

    /// Adds a stream that computes only what its children ask for.
    pub(crate) fn add_stream<T: Data>(
        &self,
        slide: Duration,
        parents: &[Edge],
        node: impl Node<Batch = Rdd<T>> + 'static,
    ) -> DStream<T> {
        DStream::new(
            self.clone(),
            self.add_node(slide, parents, node, false),
            slide,
        )
    }

    /// Adds a stream that makes every batch, in order, whether or not a child asks.
    pub(crate) fn add_stateful<T: Data>(
        &self,
        slide: Duration,
        parents: &[Edge],
        node: impl Node<Batch = Rdd<T>> + 'static,
    ) -> DStream<T> {
        DStream::new(
            self.clone(),
            self.add_node(slide, parents, node, true),
            slide,
        )
    }

    /// Adds a node, unless it breaks a rule. One that is stateful makes every batch, in order.
    pub(crate) fn add_node<N: Node + 'static>(
        &self,
        slide: Duration,
        parents: &[Edge],
        node: N,
        stateful: bool,
    ) -> NodeRef<N::Batch> {
        let own = self.id();
        let mut graph = lock(&self.graph);
        if !graph.admits(node.name(), own, parents) {
            return NodeRef::new(own, REFUSED);
        }
        let id = graph.nodes.len();
        assert!(
            parents.iter().all(|edge| edge.parent < id),
            "parents are written before children"
        );
        graph.nodes.push(GraphNode {
            node: Box::new(CachedNode::new(node, stateful)),
            slide,
            parents: parents.to_vec(),
            stateful,
            remember: Duration::ZERO,
            checkpoint_interval: None,
        });
        NodeRef::new(own, id)
    }

    pub(crate) fn add_output<T: Data>(
        &self,
        name: &'static str,
        reads: Reads,
        stream: &DStream<T>,
        function: impl FnMut(&Rdd<T>, &mut OutputContext<'_>) -> Result<(), Failure> + Send + 'static,
    ) {
        let operation = StreamOutput {
            name,
            stream: stream.node(),
            function,
        };
        let mut graph = lock(&self.graph);
        if !graph.admits(name, self.id(), &[stream.edge()]) {
            return;
        }
        graph.outputs.push(GraphOutput {
            slide: stream.slide(),
            parent: stream.node().id,
            reads,
            operation: Box::new(operation),
        });
    }
}

impl fmt::Debug for StreamingContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamingContext")
            .field("cluster", &self.cluster)
            .finish_non_exhaustive()
    }
}

/// The blocks of a receiver, one partition each.
struct ReceiverInput {
    name: &'static str,
    stream: StreamId,
    /// The number of batches that it has made: each is an RDD.
    made: u64,
}

impl Node for ReceiverInput {
    type Batch = Rdd<Text>;

    fn name(&self) -> &'static str {
        self.name
    }

    fn keeps_empty(&self) -> bool {
        true
    }

    fn compute(&mut self, time: Time, context: &mut NodeContext<'_>) -> Result<Rdd<Text>, Failure> {
        let blocks = context.blocks(self.stream, time);
        let rdd = self.made;
        self.made += 1;
        Ok(match context.block_manager() {
            Some(block_manager) => Rdd::of_losable_blocks(blocks, rdd, block_manager),
            None => Rdd::of_blocks(blocks),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plan_4_a_shuffle_has_as_many_partitions_as_the_cluster_has_cores() {
        for cores in [1, 2, 7] {
            let cluster = SparkContext::local(cores, "partitioner");
            let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
            assert_eq!(ssc.partitioner().partitions(), cores);
        }
    }
}
