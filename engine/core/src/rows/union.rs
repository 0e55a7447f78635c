//! Batches one after the other, or partition by partition.

use super::Data;
use super::partitions::{Flow, Pace, Partitions, Visitor};
use crate::Rdd;

/// The rows of batches one after the other (`org.apache.spark.rdd.UnionRDD`).
pub(super) struct Union<T> {
    pub(super) parts: Vec<Rdd<T>>,
}

impl<T: Data> Partitions<T> for Union<T> {
    fn count(&self) -> usize {
        self.parts.iter().map(Rdd::partition_count).sum()
    }

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, T>) -> Flow {
        let mut index = partition;
        for part in &self.parts {
            match index.checked_sub(part.partition_count()) {
                None => return part.visit(index, pace, each),
                Some(rest) => index = rest,
            }
        }
        Flow::Continue(())
    }

    fn do_checkpoint(&self) {
        self.parts.iter().for_each(Rdd::do_checkpoint);
    }
}

/// Partition by partition the rows of batches whose keys are where the same partitioner brought them
/// (`org.apache.spark.rdd.PartitionerAwareUnionRDD`).
pub(super) struct AlignedUnion<T> {
    pub(super) parts: Vec<Rdd<T>>,
}

impl<T: Data> Partitions<T> for AlignedUnion<T> {
    fn count(&self) -> usize {
        self.parts.first().map_or(0, Rdd::partition_count)
    }

    fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, T>) -> Flow {
        self.parts
            .iter()
            .try_for_each(|part| part.visit(partition, pace, each))
    }

    fn do_checkpoint(&self) {
        self.parts.iter().for_each(Rdd::do_checkpoint);
    }
}
