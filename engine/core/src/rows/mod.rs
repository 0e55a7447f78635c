//! Batches of rows: partitions that are computed when they are read, and how keys are placed in them.

mod aggregator;
mod data;
mod narrow;
mod ordered;
mod pairs;
pub(crate) mod partitioner;
pub(crate) mod partitions;
pub(crate) mod push;
pub(crate) mod rdd;
mod union;

pub(crate) use aggregator::{Group, Reduce};
pub use data::Data;
pub(crate) use partitioner::Partitioner;
pub use rdd::Rdd;
