//! Handles of nodes, and the batches that a node needs of another.

use std::marker::PhantomData;
use std::time::Duration;

use crate::Time;

/// Index of a node in the order of writing: parents come before children.
pub(crate) type NodeId = usize;

/// The handle of an operator that was not added to its program, as that breaks a rule.
pub(super) const REFUSED: NodeId = NodeId::MAX;

/// The graph of a context: the address of it, which no other one has as long as a handle is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GraphId(pub(super) usize);

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
