//! Batches of rows: partitions that are computed when they are read, and the placement of keys in them.

mod actions;
mod aggregator;
pub(crate) mod chunk;
pub(crate) mod job_flags;
pub(crate) mod map_partitions;
mod ordered;
pub(crate) mod partitioner;
pub(crate) mod partitions;
pub(crate) mod push;
mod rdd;
mod shuffle;
mod union;

pub(crate) use aggregator::{Group, Reduce};
pub(crate) use partitioner::Partitioner;
pub(crate) use rdd::Keys;
pub use rdd::Rdd;
pub(crate) use shuffle::Shuffle;
pub(crate) use union::UnitedBatches;
