//! A program while it is written: nodes, outputs, and what each must remember.

use std::time::Duration;

use super::dataflow::{OutputOperation, Slot};
use super::error::BuildError;
use super::program::StreamSource;

/// A node of the graph: its place in the order of writing.
pub(crate) type NodeId = usize;

/// What a node needs of a parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) parent: NodeId,
    /// How far back, from the batch at hand, the parent's batches are needed.
    pub(crate) reach: Duration,
}

/// A node as it was written down.
pub(crate) struct Node {
    pub(crate) slot: Box<dyn Slot>,
    pub(crate) slide: Duration,
    pub(crate) parents: Vec<Edge>,
    /// Whether the node must see every batch of its parent, in order, whatever the outputs ask for.
    pub(crate) stateful: bool,
}

/// The program of one context.
pub(crate) struct Graph {
    pub(crate) interval: Duration,
    pub(crate) block_interval: Duration,
    pub(crate) sources: Vec<StreamSource>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<(Duration, Box<dyn OutputOperation>)>,
    /// The rules that were broken on the way, in the order of writing.
    pub(crate) errors: Vec<BuildError>,
}

impl Graph {
    pub(crate) fn new(interval: Duration) -> Graph {
        Graph {
            interval,
            block_interval: Duration::from_millis(200),
            sources: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Refuses a program that breaks a rule.
    pub(crate) fn validate(&mut self) -> Result<(), BuildError> {
        check_interval("batch interval", self.interval)?;
        check_interval("block interval", self.block_interval)?;
        if !self.errors.is_empty() {
            return Err(self.errors.remove(0));
        }
        if self.outputs.is_empty() {
            Err(BuildError::NoOutput)
        } else {
            Ok(())
        }
    }

    /// How long each node keeps its batches: its slide, and as much more as its children reach back
    /// (`PLAN-1`, `WIN-7`).
    pub(crate) fn remember_durations(&self) -> Vec<Duration> {
        let mut remember: Vec<Duration> = self.nodes.iter().map(|node| node.slide).collect();
        for (child, node) in self.nodes.iter().enumerate().rev() {
            for edge in &node.parents {
                let needed = remember[child].saturating_add(edge.reach);
                remember[edge.parent] = remember[edge.parent].max(needed);
            }
        }
        remember
    }
}

fn check_interval(what: &'static str, interval: Duration) -> Result<(), BuildError> {
    let whole = interval.as_nanos().is_multiple_of(1_000_000);
    let fits = interval.as_millis() <= i64::MAX as u128;
    if whole && fits && !interval.is_zero() {
        Ok(())
    } else {
        Err(BuildError::Interval { what, interval })
    }
}
