//! Batches one after the other, or partition by partition.

use std::collections::VecDeque;
use std::sync::Arc;

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::job_flags::JobFlags;
use super::partitioner::HashPartitioner;
use super::partitions::{Part, Partitions};
use super::place::{JobNumber, Place};
use super::pulled::PartitionRows;
use super::rdd::Rdd;
use crate::{Data, Failure};

/// Batches in a row that are united, while new ones come and the oldest leave.
///
/// To add, remove and unite them costs nothing that grows with their number, unless a union of before is still
/// read: then they are copied before they are changed.
pub(crate) struct UnitedBatches<T> {
    batches: Arc<VecDeque<UnitedBatch<T>>>,
    /// The number of batches whose keys another partitioner has placed than those of the batch before.
    partitioner_changes: usize,
    /// The number of batches with flags.
    flagged: usize,
}

#[derive(Clone)]
struct UnitedBatch<T> {
    batch: Rdd<T>,
    /// The number of partitions of all batches that were ever added before this one.
    first_partition: usize,
}

impl<T: Data> UnitedBatches<T> {
    pub(crate) fn new() -> UnitedBatches<T> {
        UnitedBatches {
            batches: Arc::default(),
            partitioner_changes: 0,
            flagged: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Adds a batch. One without partitions is left out, as it makes no difference.
    pub(crate) fn push(&mut self, batch: Rdd<T>) {
        if batch.partition_count() == 0 {
            return;
        }
        let last = self.batches.back();
        let is_change = last.is_some_and(|it| it.batch.partitioner() != batch.partitioner());
        self.partitioner_changes += usize::from(is_change);
        self.flagged += usize::from(!batch.job_flags().is_empty());
        let first_partition = last.map_or(0, UnitedBatch::end);
        Arc::make_mut(&mut self.batches).push_back(UnitedBatch {
            batch,
            first_partition,
        });
    }

    /// Removes the oldest batch of those that were not left out.
    pub(crate) fn pop(&mut self) {
        let batches = Arc::make_mut(&mut self.batches);
        let Some(UnitedBatch { batch, .. }) = batches.pop_front() else {
            return;
        };
        let next = batches.front();
        let was_change = next.is_some_and(|it| it.batch.partitioner() != batch.partitioner());
        self.partitioner_changes -= usize::from(was_change);
        self.flagged -= usize::from(!batch.job_flags().is_empty());
    }

    /// The partitioner that has placed the keys of all batches.
    pub(crate) fn partitioner(&self) -> Option<HashPartitioner> {
        let first = self.batches.front()?;
        first
            .batch
            .partitioner()
            .filter(|_| self.partitioner_changes == 0)
    }

    /// The rows of all batches, oldest first: partition by partition if one partitioner has placed the keys of all
    /// of them, else all partitions of a batch before those of the next (`SparkContext.union`).
    pub(crate) fn union(&self) -> Rdd<T> {
        let mut job_flags = JobFlags::default();
        if self.flagged > 0 {
            let flags = self.batches.iter().map(|it| it.batch.job_flags());
            flags.for_each(|flags| job_flags.extend(&flags));
        }
        let batches = Arc::clone(&self.batches);
        let union = match self.partitioner() {
            Some(partitioner) => {
                Rdd::of_partitions(AlignedUnion { batches }).partitioned_by(partitioner)
            }
            None => Rdd::of_partitions(Union { batches }),
        };
        union.with_job_flags(job_flags)
    }
}

impl<T: Data> FromIterator<Rdd<T>> for UnitedBatches<T> {
    fn from_iter<I: IntoIterator<Item = Rdd<T>>>(batches: I) -> UnitedBatches<T> {
        let mut united = UnitedBatches::new();
        batches.into_iter().for_each(|batch| united.push(batch));
        united
    }
}

impl<T: Data> UnitedBatch<T> {
    /// The number of partitions of all batches up to this one.
    fn end(&self) -> usize {
        self.first_partition + self.batch.partition_count()
    }
}

/// The partitions of batches one after the other (`org.apache.spark.rdd.UnionRDD`).
struct Union<T> {
    batches: Arc<VecDeque<UnitedBatch<T>>>,
}

impl<T: Data> Union<T> {
    fn first_partition(&self) -> usize {
        self.batches
            .front()
            .map_or(0, |first| first.first_partition)
    }

    /// The batch in which a partition is, and its index there.
    fn locate(&self, partition: usize) -> (&Rdd<T>, usize) {
        let partition = self.first_partition() + partition;
        let index = self.batches.partition_point(|it| it.end() <= partition);
        let found = &self.batches[index];
        (&found.batch, partition - found.first_partition)
    }
}

impl<T: Data> Partitions<T> for Union<T> {
    fn count(&self) -> usize {
        let end = self.batches.back().map_or(0, UnitedBatch::end);
        end - self.first_partition()
    }

    fn parts(&self, partition: usize) -> usize {
        let (batch, partition) = self.locate(partition);
        batch.part_count(partition)
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        let (batch, partition) = self.locate(partition);
        batch.place(partition, job)
    }

    fn makes_one_by_one(&self, partition: usize) -> bool {
        let (batch, partition) = self.locate(partition);
        batch.makes_one_by_one(partition)
    }

    fn pull(&self, partition: usize) -> Result<PartitionRows<T>, Failure> {
        let (batch, partition) = self.locate(partition);
        batch.pull(partition)
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
struct AlignedUnion<T> {
    batches: Arc<VecDeque<UnitedBatch<T>>>,
}

impl<T: Data> Partitions<T> for AlignedUnion<T> {
    fn count(&self) -> usize {
        let first = self.batches.front();
        first.map_or(0, |it| it.batch.partition_count())
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        let batches = self.batches.iter();
        Place::of_all(batches.map(|it| it.batch.place(partition, job)))
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        self.batches
            .iter()
            .try_for_each(|it| it.batch.visit(part, size, reader))
    }
}
