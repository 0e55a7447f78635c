//! Programs of DStreams: how they are written down, and the dataflow that they are run as.
//!
//! A [`StreamingContext`] writes a program down as a graph whose nodes are numbered in the order of
//! writing, so that parents come before children. Building turns it into a dataflow, which the engine
//! shares with its jobs.

mod cached_node;
mod cluster;
mod context;
mod dataflow;
mod error;
mod failing;
mod generation;
mod graph;
mod node;
mod node_ref;
mod nodes;
mod operators;
mod output;
mod program;
mod queue;
mod received;
mod remembered;
mod saved_rows;
mod saving;
mod stream;

pub use cluster::SparkContext;
pub use context::StreamingContext;
pub(crate) use dataflow::Dataflow;
pub use error::BuildError;
pub use operators::{MapWithStateDStream, WindowSpec};
pub use program::Program;
pub(crate) use program::SavingProgram;
pub use queue::QueueSpec;
pub use stream::DStream;
