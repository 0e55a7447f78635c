//! A program that has been checked and is ready to start.

use std::fmt;
use std::time::Duration;

use super::dataflow::Dataflow;
use super::error::BuildError;
use super::graph::Graph;
use crate::{Grid, StreamSource};

/// A checked program: what [`StreamingContext::build`](crate::StreamingContext::build) makes.
pub struct Program {
    interval: Duration,
    block_interval: Duration,
    sources: Vec<StreamSource>,
    output_slides: Vec<Duration>,
    dataflow: Box<Dataflow>,
}

impl Program {
    pub(crate) fn new(mut graph: Graph) -> Result<Program, BuildError> {
        graph.validate()?;
        Ok(Program {
            interval: graph.interval,
            block_interval: graph.block_interval,
            sources: std::mem::take(&mut graph.sources),
            output_slides: graph.outputs.iter().map(|output| output.slide).collect(),
            dataflow: Box::new(Dataflow::new(graph)),
        })
    }

    pub(crate) fn sources(&self) -> &[StreamSource] {
        &self.sources
    }

    /// The batch interval.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    pub(crate) fn batch_grid(&self) -> Grid {
        Grid::every(self.interval)
    }

    /// The block grid of the receiver of each input stream.
    pub(crate) fn receivers(&self) -> impl Iterator<Item = Grid> {
        self.sources
            .iter()
            .map(|_| Grid::every(self.block_interval))
    }

    pub(crate) fn output_slides(&self) -> Vec<Grid> {
        self.output_slides
            .iter()
            .map(|&slide| Grid::every(slide))
            .collect()
    }

    pub(crate) fn into_dataflow(self) -> Box<Dataflow> {
        self.dataflow
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
