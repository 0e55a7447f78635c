//! Batches one after the other, or partition by partition.

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::partitions::{Part, Partitions};
use super::rdd::Rdd;
use crate::Data;

/// The partitions of batches one after the other (`org.apache.spark.rdd.UnionRDD`).
pub(super) struct Union<T> {
    pub(super) batches: Vec<Rdd<T>>,
}

impl<T: Data> Union<T> {
    /// The batch in which a partition is, and its index there.
    fn locate(&self, partition: usize) -> (&Rdd<T>, usize) {
        let mut index = partition;
        for batch in &self.batches {
            match index.checked_sub(batch.partition_count()) {
                None => return (batch, index),
                Some(rest) => index = rest,
            }
        }
        panic!(
            "partition {partition} is one of the union's {}",
            self.batches.len()
        );
    }
}

impl<T: Data> Partitions<T> for Union<T> {
    fn count(&self) -> usize {
        self.batches.iter().map(Rdd::partition_count).sum()
    }

    fn parts(&self, partition: usize) -> usize {
        let (batch, partition) = self.locate(partition);
        batch.part_count(partition)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        let (batch, partition) = self.locate(part.partition);
        batch.visit(part.of_partition(partition), size, reader)
    }
}

/// Partition by partition the rows of batches whose keys one partitioner has placed
/// (`org.apache.spark.rdd.PartitionerAwareUnionRDD`).
pub(super) struct AlignedUnion<T> {
    pub(super) batches: Vec<Rdd<T>>,
}

impl<T: Data> Partitions<T> for AlignedUnion<T> {
    fn count(&self) -> usize {
        self.batches.first().map_or(0, Rdd::partition_count)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        self.batches
            .iter()
            .try_for_each(|batch| batch.visit(part, size, reader))
    }
}
