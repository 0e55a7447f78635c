//! Programs of DStreams: how they are written down, and what they become to be run.
//!
//! A [`StreamingContext`] writes a program down as a graph whose nodes are numbered in the order of
//! writing, so that parents come before children. Starting turns it into a dataflow that one job at
//! a time carries along.

mod context;
pub(crate) mod dataflow;
mod error;
mod graph;
mod operators;
mod program;
mod stream;

pub use context::{SparkContext, StreamingContext};
pub(crate) use dataflow::Dataflow;
pub use error::BuildError;
pub use operators::MapWithStateDStream;
pub use program::Program;
pub use stream::DStream;
