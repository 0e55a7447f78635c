//! Batches of rows: partitions that are computed when they are read, and the placement of keys in them.

mod actions;
mod aggregator;
mod by_key;
mod by_partition;
mod by_row;
mod by_value;
mod cached;
pub(crate) mod chunk;
mod coalesce;
mod cogroup;
mod combined;
mod failing;
mod groups;
pub(crate) mod job_flags;
mod lazy;
pub(crate) mod map_partitions;
mod ordered;
pub(crate) mod partitioner;
pub(crate) mod partitions;
pub(crate) mod place;
mod pulled;
pub(crate) mod push;
mod rdd;
mod shuffle;
mod union;

pub(crate) use aggregator::{Group, Reduce};
pub use cogroup::{Cogrouped, OuterPair};
pub use partitioner::HashPartitioner;
pub use place::JobNumber;
pub use pulled::{MadeRows, PartitionRows};
pub(crate) use rdd::Keys;
pub use rdd::Rdd;
pub(crate) use shuffle::Shuffle;
pub(crate) use union::UnitedBatches;
