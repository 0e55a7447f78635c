//! Programs that have been checked and are ready to start.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::dataflow::Dataflow;
use super::graph::Graph;
use crate::{Grid, StreamSource};

/// A checked program: the result of [`StreamingContext::build`](crate::StreamingContext::build).
pub struct Program {
    pub(crate) interval: Duration,
    pub(crate) block_interval: Duration,
    pub(crate) sources: Vec<StreamSource>,
    /// The slide of each output operation's stream.
    pub(crate) output_slides: Vec<Grid>,
    pub(crate) concurrent_jobs: usize,
    pub(crate) logs_allocations: bool,
    pub(crate) dataflow: Arc<Dataflow>,
}

impl Program {
    pub(crate) fn new(mut graph: Graph, concurrent_jobs: usize) -> Program {
        let slides = graph.outputs.iter().map(|output| Grid::every(output.slide));
        Program {
            interval: graph.interval,
            block_interval: graph.block_interval,
            output_slides: slides.collect(),
            sources: std::mem::take(&mut graph.sources),
            concurrent_jobs,
            logs_allocations: graph.logs_allocations,
            dataflow: Arc::new(Dataflow::new(graph)),
        }
    }

    /// The batch interval.
    pub fn interval(&self) -> Duration {
        self.interval
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("interval", &self.interval)
            .field("sources", &self.sources)
            .finish_non_exhaustive()
    }
}
