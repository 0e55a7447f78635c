//! Streams: the typed handles of nodes, on which operators are called.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::context::StreamingContext;
use super::error::BuildError;
use super::node::NodeContext;
use super::node::{Batch, Derived, MadeBy};
use super::node_ref::{Edge, NodeRef};
use super::output::{OutputContext, Reads};
use crate::rows::map_partitions::ChunkFunction;
use crate::rows::{HashPartitioner, Keys};
use crate::{Data, Failure, Rdd, Time};

/// A discretized stream: a sequence of batches, one [`Rdd`] each slide
/// (`org.apache.spark.streaming.dstream.DStream`).
///
/// An operator on a stream adds a node to the program of its [`StreamingContext`]; nothing is
/// computed until the program is started. Streams are handles: clone them freely.
///
/// A function that fails, by its result or by a panic, fails the batch (`JOB-4`), as does a failing
/// `Clone`, `Hash` or `Eq` of a record. The [`Failure`] names the operator.
pub struct DStream<T> {
    context: StreamingContext,
    node: NodeRef<Rdd<T>>,
    slide: Duration,
    windows: Option<Windows<T>>,
    /// The partitions of an operator by key on this stream; `None` for those of the program.
    partitions: Option<usize>,
}

/// The batches of which a stream of windows is made.
pub(crate) struct Windows<T> {
    pub(crate) parent: NodeRef<Rdd<T>>,
    pub(crate) parent_slide: Duration,
    pub(crate) length: Duration,
}

impl<T> Clone for Windows<T> {
    fn clone(&self) -> Windows<T> {
        *self
    }
}

impl<T> Copy for Windows<T> {}

impl<T> DStream<T> {
    pub(crate) fn new(
        context: StreamingContext,
        node: NodeRef<Rdd<T>>,
        slide: Duration,
    ) -> DStream<T> {
        DStream {
            context,
            node,
            slide,
            windows: None,
            partitions: None,
        }
    }

    /// The same stream, each batch of which is a window.
    pub(crate) fn of_windows(self, windows: Windows<T>) -> DStream<T> {
        DStream {
            windows: Some(windows),
            ..self
        }
    }

    /// The batches of which the windows are made, if each batch is a window.
    pub(crate) fn windows(&self) -> Option<Windows<T>> {
        self.windows
    }

    /// The same stream, of which an operator by key makes this number of partitions (`numPartitions`), from 1 to
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX): such an operator refuses another number. Default: the number of
    /// cores of the cluster. The streams that operators make of it have the default again.
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "words"), Duration::from_secs(1));
    /// let pairs = ssc.queue_stream([vec![("blue", 1), ("green", 1)]]);
    /// pairs.num_partitions(3).reduce_by_key(|x, y| x + y).foreach_rdd(|counts, _time| {
    ///     assert_eq!(counts.partition_count(), 3);
    ///     Ok(())
    /// });
    /// ```
    #[must_use]
    pub fn num_partitions(&self, partitions: usize) -> DStream<T> {
        DStream {
            partitions: Some(partitions),
            ..self.clone()
        }
    }

    /// The same stream, with the number of partitions that operators on another one make.
    pub(crate) fn with_partitions_of<U>(self, other: &DStream<U>) -> DStream<T> {
        DStream {
            partitions: other.partitions,
            ..self
        }
    }

    /// The placement of keys by an operator on this stream; one that there cannot be is refused.
    pub(crate) fn partitioner(&self, operator: &'static str) -> HashPartitioner {
        self.partitioner_with(operator, None)
    }

    /// As [`partitioner`](Self::partitioner), with the partitions that the operator is given, if it is.
    pub(crate) fn partitioner_with(
        &self,
        operator: &'static str,
        partitions: Option<usize>,
    ) -> HashPartitioner {
        let partitions = partitions.or(self.partitions);
        self.context.partitioner_of(operator, partitions)
    }

    /// The time from one batch of the stream to the next: the batch interval, or the slide of a window.
    pub fn slide(&self) -> Duration {
        self.slide
    }

    /// The program that the stream is part of.
    pub fn context(&self) -> &StreamingContext {
        &self.context
    }

    /// The node of the stream.
    pub(crate) fn node(&self) -> NodeRef<Rdd<T>> {
        self.node
    }
}

impl<T: Data> DStream<T> {
    /// This stream as another node's parent, of which only the batch of the same time is needed.
    pub(crate) fn edge(&self) -> Edge {
        self.node.edge(Duration::ZERO)
    }

    /// A stream each of whose batches is made of this stream's batch of the same time.
    pub(crate) fn derive<U: Data>(
        &self,
        name: &'static str,
        function: impl FnMut(Time, Rdd<T>, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure>
        + Send
        + 'static,
    ) -> DStream<U> {
        self.derive_as(name, MadeBy::Partitions, function)
    }

    /// As [`derive`](Self::derive), by a function that makes nothing of nothing: it calls the user's for rows alone.
    pub(crate) fn derive_rows<U: Data>(
        &self,
        name: &'static str,
        function: impl FnMut(Time, Rdd<T>, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure>
        + Send
        + 'static,
    ) -> DStream<U> {
        self.derive_as(name, MadeBy::Rows, function)
    }

    /// As [`derive_rows`](Self::derive_rows), into the partitions of this partitioner.
    pub(crate) fn derive_placed<U: Data>(
        &self,
        name: &'static str,
        partitioner: HashPartitioner,
        function: impl FnMut(Time, Rdd<T>, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure>
        + Send
        + 'static,
    ) -> DStream<U> {
        self.derive_into(name, MadeBy::Rows, Some(partitioner), function)
    }

    /// As [`derive`](Self::derive), by this part of the user.
    pub(crate) fn derive_as<U: Data>(
        &self,
        name: &'static str,
        made_by: MadeBy,
        function: impl FnMut(Time, Rdd<T>, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure>
        + Send
        + 'static,
    ) -> DStream<U> {
        self.derive_into(name, made_by, None, function)
    }

    fn derive_into<U: Data>(
        &self,
        name: &'static str,
        made_by: MadeBy,
        partitioner: Option<HashPartitioner>,
        function: impl FnMut(Time, Rdd<T>, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure>
        + Send
        + 'static,
    ) -> DStream<U> {
        let node = Derived {
            name,
            parent: self.node,
            made_by,
            partitioner,
            function,
        };
        self.context.add_stream(self.slide, &[self.edge()], node)
    }

    /// A stream each of whose batches is made of this stream's batch and another one's of the same time. Streams of
    /// different slides are refused (`PLAN-2`).
    pub(crate) fn derive_with<U: Data, V: Data>(
        &self,
        name: &'static str,
        other: &DStream<U>,
        made_by: MadeBy,
        mut function: impl FnMut(Time, Rdd<T>, Rdd<U>) -> Result<Rdd<V>, Failure> + Send + 'static,
    ) -> DStream<V> {
        self.context.check_slides(self.slide, other.slide);
        let right = other.node;
        let node = Derived {
            name,
            parent: self.node,
            made_by,
            partitioner: None,
            function: move |time, batch: Rdd<T>, context: &mut NodeContext<'_>| {
                let other = context.batch(right, time)?;
                function(time, batch, other)
            },
        };
        let parents = [self.edge(), other.edge()];
        self.context.add_stream(self.slide, &parents, node)
    }

    /// A stream whose rows are made of each chunk of this stream's rows.
    pub(crate) fn map_chunks<U: Data>(
        &self,
        name: &'static str,
        keys: Keys,
        function: impl ChunkFunction<T, U>,
    ) -> DStream<U> {
        let function = Arc::new(function);
        self.derive_rows(name, move |_, batch, _| {
            Ok(batch.map_chunks(name, keys, &function))
        })
    }

    /// Registers an output operation on this stream.
    pub(crate) fn output(
        &self,
        name: &'static str,
        reads: Reads,
        function: impl FnMut(&Rdd<T>, &mut OutputContext<'_>) -> Result<(), Failure> + Send + 'static,
    ) {
        self.context.add_output(name, reads, self, function);
    }
}

impl StreamingContext {
    /// Refuses a program that brings together streams of different slides (`PLAN-2`).
    pub(crate) fn check_slides(&self, left: Duration, right: Duration) {
        if left != right {
            self.refuse(BuildError::Slides { left, right });
        }
    }

    /// A stream each of whose batches is made of another node's batch of the same time, in the partitions of this
    /// partitioner.
    pub(crate) fn derive<B: Batch, U: Data>(
        &self,
        name: &'static str,
        parent: NodeRef<B>,
        partitioner: HashPartitioner,
        slide: Duration,
        function: impl FnMut(Time, B, &mut NodeContext<'_>) -> Result<Rdd<U>, Failure> + Send + 'static,
    ) -> DStream<U> {
        let node = Derived {
            name,
            parent,
            made_by: MadeBy::Partitions,
            partitioner: Some(partitioner),
            function,
        };
        self.add_stream(slide, &[parent.edge(Duration::ZERO)], node)
    }
}

impl<T> Clone for DStream<T> {
    fn clone(&self) -> DStream<T> {
        DStream {
            context: self.context.clone(),
            ..*self
        }
    }
}

impl<T> fmt::Debug for DStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DStream")
            .field("node", &self.node.id)
            .field("slide", &self.slide)
            .finish_non_exhaustive()
    }
}
