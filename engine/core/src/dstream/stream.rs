//! The typed face of the graph.

use std::marker::PhantomData;
use std::time::Duration;

use super::context::StreamingContext;
use super::dataflow::Upstream;
use super::graph::{Edge, NodeId};
use crate::Rdd;
use crate::{Data, Time};

/// A discretized stream: a sequence of batches, one [`Rdd`] each slide
/// (`org.apache.spark.streaming.dstream.DStream`).
///
/// An operator on a stream adds a node to the program of its [`StreamingContext`]; nothing is
/// computed until the program is started. Streams are handles: clone them freely.
pub struct DStream<T> {
    context: StreamingContext,
    node: NodeId,
    slide: Duration,
    records: PhantomData<fn() -> T>,
}

impl<T> DStream<T> {
    pub(crate) fn new(context: StreamingContext, node: NodeId, slide: Duration) -> DStream<T> {
        DStream {
            context,
            node,
            slide,
            records: PhantomData,
        }
    }

    /// How often the stream has a batch: the batch interval, or the slide of a window.
    pub fn slide(&self) -> Duration {
        self.slide
    }

    /// The program that the stream is part of.
    pub fn context(&self) -> &StreamingContext {
        &self.context
    }
}

impl<T: Data> DStream<T> {
    /// This stream as another node's parent, of which only the batch at hand is needed.
    pub(crate) fn edge(&self) -> Edge {
        self.edge_back(Duration::ZERO)
    }

    /// This stream as another node's parent, of which batches up to `reach` back are needed.
    pub(crate) fn edge_back(&self, reach: Duration) -> Edge {
        Edge {
            parent: self.node,
            reach,
        }
    }

    /// A stream each of whose batches is made of this stream's batch of the same time.
    pub(crate) fn derive<U: Data>(
        &self,
        mut operator: impl FnMut(Rdd<T>, &mut Upstream<'_>) -> Rdd<U> + Send + 'static,
    ) -> DStream<U> {
        let parent = self.parent();
        self.context
            .add_node(self.slide, &[self.edge()], move |time, upstream| {
                let batch = upstream.batch(parent, time);
                operator(batch, upstream)
            })
    }

    /// The batches of this stream, as an operator asks for them.
    pub(crate) fn parent(&self) -> Parent<T> {
        Parent {
            node: self.node,
            records: PhantomData,
        }
    }

    /// Registers an output operation on this stream.
    pub(crate) fn output(
        &self,
        operation: impl FnMut(Time, Rdd<T>, &mut Upstream<'_>, &mut Vec<crate::Event>) + Send + 'static,
    ) {
        self.context.add_output(self, operation);
    }
}

impl<T> Clone for DStream<T> {
    fn clone(&self) -> DStream<T> {
        DStream::new(self.context.clone(), self.node, self.slide)
    }
}

impl<T> std::fmt::Debug for DStream<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DStream")
            .field("node", &self.node)
            .field("slide", &self.slide)
            .finish_non_exhaustive()
    }
}

/// A node of the graph with the type of its records.
pub(crate) struct Parent<T> {
    pub(crate) node: NodeId,
    records: PhantomData<fn() -> T>,
}

impl<T> Clone for Parent<T> {
    fn clone(&self) -> Parent<T> {
        *self
    }
}

impl<T> Copy for Parent<T> {}
