//! A batch that could not be made.

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitioner::HashPartitioner;
use super::partitions::{Part, Partitions};
use super::rdd::Rdd;
use crate::{Data, Failure};

/// Partitions each of which fails to be read.
struct Failing {
    count: usize,
    failure: Failure,
}

impl<T> Partitions<T> for Failing {
    fn count(&self) -> usize {
        self.count
    }

    fn visit(&self, _: Part, _: ChunkSize, _: &mut ChunkReader<'_, T>) -> Result<(), Stop> {
        Err(Stop::Failed(self.failure.clone()))
    }
}

impl<T: Data> Rdd<T> {
    /// A batch whose reading fails so, in the partitions of this partitioner, or else in one.
    pub(crate) fn failing(failure: Failure, partitioner: Option<HashPartitioner>) -> Rdd<T> {
        let count = partitioner.map_or(1, HashPartitioner::partitions);
        let failing = Rdd::of_partitions(Failing { count, failure });
        match partitioner {
            Some(partitioner) => failing.partitioned_by(partitioner),
            None => failing,
        }
    }
}
