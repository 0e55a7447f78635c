//! Programs of DStreams: how they are written down, and what they become to be run.
//!
//! A [`StreamingContext`] writes a program down as a graph whose nodes are numbered in the order of
//! writing, so that parents come before children. Starting turns it into a dataflow that one job at
//! a time carries along.

mod aggregator;
mod arranged;
mod context;
mod dataflow;
mod error;
mod graph;
mod key;
mod operators;
mod pairs;
pub(crate) mod partitions;
mod program;
pub(crate) mod push;
pub(crate) mod rdd;
pub(crate) mod shuffle;
mod stream;
mod totals;

pub use context::{SparkContext, StreamingContext};
pub(crate) use dataflow::Dataflow;
pub use error::BuildError;
pub use key::{Key, KeyOrder, RowOrder};
pub use operators::MapWithStateDStream;
pub use program::{Program, StreamSource};
pub use rdd::Rdd;
pub use stream::{DStream, Data};
