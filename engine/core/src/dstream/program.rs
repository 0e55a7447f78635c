//! Programs that have been checked and are ready to start.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::dataflow::Dataflow;
use super::graph::Graph;
use super::node_ref::NodeId;
use crate::{Grid, RateLimits, StreamSource, Text};

/// A checked program: the result of [`StreamingContext::build`](crate::StreamingContext::build).
pub struct Program {
    pub(crate) interval: Duration,
    pub(crate) block_interval: Duration,
    pub(crate) rate_limits: RateLimits,
    pub(crate) sources: Vec<StreamSource>,
    /// The slide of each output operation's stream.
    pub(crate) output_slides: Vec<Grid>,
    pub(crate) concurrent_jobs: usize,
    /// `None` if it has no checkpoints.
    pub(crate) saving: Option<SavingProgram>,
    pub(crate) dataflow: Arc<Dataflow>,
}

/// The things that a program saves.
pub(crate) struct SavingProgram {
    pub(crate) shape: Vec<Text>,
    pub(crate) logs_records: bool,
    /// The operators that save their states, each with the time for which Spark remembers its batches.
    pub(crate) operators: Vec<(NodeId, Duration)>,
    /// The longest time for which input is remembered.
    pub(crate) remember_input: Duration,
}

impl SavingProgram {
    fn new(graph: &Graph) -> SavingProgram {
        let operators = graph.saving_operators();
        let longest = operators.iter().map(|(_, remember)| *remember).max();
        let reach = graph.remember_durations().into_iter().max();
        SavingProgram {
            shape: graph.shape(),
            logs_records: graph.logs_records,
            remember_input: longest.unwrap_or_default() + reach.unwrap_or_default(),
            operators,
        }
    }
}

impl Program {
    pub(crate) fn new(mut graph: Graph, concurrent_jobs: usize) -> Program {
        let saving = graph.has_checkpoints.then(|| SavingProgram::new(&graph));
        let slides = graph.outputs.iter().map(|output| Grid::every(output.slide));
        Program {
            interval: graph.interval,
            block_interval: graph.block_interval,
            rate_limits: graph.rate_limits,
            output_slides: slides.collect(),
            sources: std::mem::take(&mut graph.sources),
            concurrent_jobs,
            saving,
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
