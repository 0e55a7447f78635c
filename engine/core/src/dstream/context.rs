//! Where a program is written down.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use super::dataflow::{Memory, Operator, Upstream};
use super::error::BuildError;
use super::graph::{Edge, Graph, Node, NodeId, Output};
use super::program::Program;
use super::stream::{DStream, Parent};
use crate::Data;
use crate::Rdd;
use crate::event::OutputId;
use crate::input::StreamId;
use crate::key::{KeyOrder, RowOrder};
use crate::rows::Partitioner;
use crate::source::StreamSource;
use crate::state::budget::Budget;
use crate::{Event, Text, Time};

/// The cluster that a program is written for (`org.apache.spark.SparkContext`).
///
/// ```
/// // sc = SparkContext("local[2]", "NetworkWordCount")
/// let sc = engine::SparkContext::local(2, "NetworkWordCount");
/// assert_eq!(sc.default_parallelism(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparkContext {
    app_name: String,
    cores: usize,
    row_order: RowOrder,
    key_order: KeyOrder,
    memory: Option<u64>,
}

impl SparkContext {
    /// `local[cores]`: so many cores, and so many partitions wherever a program does not say.
    pub fn local(cores: usize, app_name: &str) -> SparkContext {
        SparkContext {
            app_name: app_name.to_owned(),
            cores,
            row_order: RowOrder::default(),
            key_order: KeyOrder::default(),
            memory: None,
        }
    }

    /// The same cluster, driven from another language: rows come in the order that it gives them.
    pub fn with_row_order(self, row_order: RowOrder) -> SparkContext {
        SparkContext { row_order, ..self }
    }

    /// The same cluster, where the keys of a partition come in this order.
    ///
    /// ```
    /// use engine::{KeyOrder, RowOrder, SparkContext};
    /// let sc = SparkContext::local(2, "NetworkWordCount")
    ///     .with_row_order(RowOrder::Jvm)
    ///     .with_key_order(KeyOrder::Arrival);
    /// # let _ = sc;
    /// ```
    pub fn with_key_order(self, key_order: KeyOrder) -> SparkContext {
        SparkContext { key_order, ..self }
    }

    /// The same cluster, in which the states of a program may take so many bytes. Default: as many as
    /// there are.
    ///
    /// A batch after which the states of all `update_state_by_key` and `map_with_state` took more fails,
    /// and they stay what they were; so a state that grows without end is told of before the machine
    /// swaps. What they take is an estimate, the same on every machine of 64 bits: for each key that
    /// has a state its own size, [its heap](crate::Key::heap_bytes), 24 bytes for its place and its age,
    /// and the size of the state, twice for `update_state_by_key`, which keeps what a state was until its
    /// batch is done. What a state keeps on the heap, the records of a batch and the past
    /// states that a window looks back to are not counted.
    ///
    /// ```
    /// let sc = engine::SparkContext::local(2, "NetworkWordCount").with_memory(512 * 1024 * 1024);
    /// # let _ = sc;
    /// ```
    pub fn with_memory(self, bytes: u64) -> SparkContext {
        SparkContext {
            memory: Some(bytes),
            ..self
        }
    }

    /// Name of the program.
    pub fn app_name(&self) -> &str {
        &self.app_name
    }

    /// Partitions of a partitioner where a program does not say: the number of cores (`PLAN-4`).
    pub fn default_parallelism(&self) -> usize {
        self.cores
    }
}

/// A program of DStreams while it is written
/// (`org.apache.spark.streaming.StreamingContext`).
///
/// Handles of one program share it: clone them freely. Mistakes are kept and reported by
/// [`build`](StreamingContext::build), so that a program reads like its meaning.
#[derive(Clone)]
pub struct StreamingContext {
    cluster: SparkContext,
    graph: Rc<RefCell<Graph>>,
    budget: Budget,
}

impl StreamingContext {
    /// A program with one batch every `interval`.
    pub fn new(cluster: &SparkContext, interval: Duration) -> StreamingContext {
        let graph = Rc::new(RefCell::new(Graph::new(interval)));
        StreamingContext {
            cluster: cluster.clone(),
            graph,
            budget: Budget::new(cluster.memory),
        }
    }

    /// Cuts received records into blocks this often instead of every 200 ms
    /// (`spark.streaming.blockInterval`, `BLK-1`).
    pub fn block_interval(&self, interval: Duration) {
        self.graph.borrow_mut().block_interval = interval;
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

    /// Lines of text from a receiver that the driver knows by this name (`receiverStream`).
    pub fn receiver_stream(&self, name: &str) -> DStream<Text> {
        self.input_stream(StreamSource::Receiver {
            name: name.to_owned(),
        })
    }

    /// One of these batches each interval, each one partition; then empty batches (`queueStream`
    /// with `oneAtATime`, `PLAN-6`).
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "queue"), Duration::from_secs(1));
    /// let numbers = ssc.queue_stream([vec![1, 2, 3], vec![], vec![4]]);
    /// numbers.reduce(|x, y| x + y).print();
    /// # ssc.build()?;
    /// # Ok::<(), engine::BuildError>(())
    /// ```
    pub fn queue_stream<T: Data>(&self, batches: impl IntoIterator<Item = Vec<T>>) -> DStream<T> {
        let mut queue: std::collections::VecDeque<Vec<T>> = batches.into_iter().collect();
        let slide = self.graph.borrow().interval;
        self.add_stateful_node(slide, &[], move |_, _| {
            Rdd::of_rows(
                queue
                    .pop_front()
                    .into_iter()
                    .filter(|batch| !batch.is_empty())
                    .collect(),
            )
        })
    }

    /// Checks the program and readies it to start. Streams and contexts of it can no longer be used.
    ///
    /// # Errors
    ///
    /// The first rule that the program breaks.
    pub fn build(&self) -> Result<Program, BuildError> {
        if self.cluster.cores == 0 {
            return Err(BuildError::NoCores);
        }
        let interval = self.graph.borrow().interval;
        Program::new(self.graph.replace(Graph::new(interval)))
    }

    fn input_stream(&self, source: StreamSource) -> DStream<Text> {
        let (stream, slide) = {
            let mut graph = self.graph.borrow_mut();
            graph.sources.push(source);
            (StreamId(graph.sources.len() - 1), graph.interval)
        };
        self.add_node(slide, &[], move |time, upstream| {
            Rdd::of_blocks(upstream.blocks(stream, time))
        })
    }

    /// How this program's shuffles place and order keys.
    pub(crate) fn partitioner(&self) -> Partitioner {
        let SparkContext {
            cores,
            row_order,
            key_order,
            ..
        } = self.cluster;
        Partitioner::new(row_order, key_order, cores.max(1))
    }

    /// The memory that the states of this program share.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Keeps a broken rule until the program is built.
    pub(crate) fn refuse(&self, error: BuildError) {
        self.graph.borrow_mut().errors.push(error);
    }

    /// Adds a node that computes only what its children ask for.
    pub(crate) fn add_node<T: Data>(
        &self,
        slide: Duration,
        parents: &[Edge],
        operator: impl Operator<T> + 'static,
    ) -> DStream<T> {
        self.push(slide, parents, operator, false)
    }

    /// Adds a node that sees every batch, in order, whether or not anybody asks.
    pub(crate) fn add_stateful_node<T: Data>(
        &self,
        slide: Duration,
        parents: &[Edge],
        operator: impl Operator<T> + 'static,
    ) -> DStream<T> {
        self.push(slide, parents, operator, true)
    }

    fn push<T: Data>(
        &self,
        slide: Duration,
        parents: &[Edge],
        operator: impl Operator<T> + 'static,
        stateful: bool,
    ) -> DStream<T> {
        let mut graph = self.graph.borrow_mut();
        let id: NodeId = graph.nodes.len();
        assert!(
            parents.iter().all(|edge| edge.parent < id),
            "parents are written before children"
        );
        let slot = Box::new(Memory::new(operator));
        graph.nodes.push(Node {
            slot,
            slide,
            parents: parents.to_vec(),
            stateful,
        });
        DStream::new(self.clone(), id, slide)
    }

    pub(crate) fn add_output<T: Data>(
        &self,
        stream: &DStream<T>,
        operation: impl FnMut(Time, Rdd<T>, &mut Upstream<'_>, &mut Vec<Event>) + Send + 'static,
    ) {
        let parent = stream.parent();
        self.graph.borrow_mut().outputs.push(Output {
            slide: stream.slide(),
            parent: parent.node,
            operation: Box::new(StreamOutput { parent, operation }),
        });
    }

    /// The place that the next output operation will have.
    pub(crate) fn next_output(&self) -> OutputId {
        OutputId(self.graph.borrow().outputs.len())
    }
}

impl fmt::Debug for StreamingContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamingContext")
            .field("cluster", &self.cluster)
            .finish_non_exhaustive()
    }
}

struct StreamOutput<T, F> {
    parent: Parent<T>,
    operation: F,
}

impl<T, F> super::dataflow::OutputOperation for StreamOutput<T, F>
where
    T: Data,
    F: FnMut(Time, Rdd<T>, &mut Upstream<'_>, &mut Vec<Event>) + Send,
{
    fn run(&mut self, time: Time, upstream: &mut Upstream<'_>, events: &mut Vec<Event>) {
        let batch = upstream.batch(self.parent, time);
        (self.operation)(time, batch, upstream, events);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test_operation;

    #[test]
    fn plan_6_a_queue_gives_one_batch_an_interval_and_then_empty_ones() {
        test_operation(
            [vec![1, 2], vec![], vec![3]],
            |numbers| numbers,
            [vec![1, 2], vec![], vec![3], vec![], vec![]],
        );
    }

    #[test]
    fn plan_6_a_queue_moves_on_whether_or_not_an_output_asks() {
        let seconds = Duration::from_secs;
        test_operation(
            (1..=6).map(|number| vec![number]),
            move |numbers| numbers.window(seconds(1), seconds(3)),
            [vec![3], vec![6], vec![]],
        );
    }

    #[test]
    fn plan_4_a_shuffle_has_as_many_partitions_as_the_cluster_has_cores() {
        for cores in [1, 2, 7] {
            let cluster = SparkContext::local(cores, "partitioner");
            let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
            assert_eq!(ssc.partitioner().partitions(), cores);
        }
    }
}
