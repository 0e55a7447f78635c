//! The port through which the rows of a batch are read: partition by partition, in chunks.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::place::{JobNumber, Place};
use super::pulled::PartitionRows;
use crate::block::Block;
use crate::{BlockManager, Data, Failure, FailureKind, Text};

/// Rows in a part of a partition: enough to be worth a task, and few enough that two workers share
/// five blocks evenly.
const PART_ROWS: usize = 2_048;

/// Rows of one partition that are read by one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Index of the partition.
    pub(crate) partition: usize,
    /// Index among the parts of the partition.
    index: usize,
    /// Parts into which the partition is cut.
    count: usize,
}

impl Part {
    /// A whole partition.
    pub(crate) fn whole(partition: usize) -> Part {
        Part {
            partition,
            index: 0,
            count: 1,
        }
    }

    /// Each part of a partition that is cut into `count`, in order.
    pub(super) fn cut(partition: usize, count: usize) -> impl Iterator<Item = Part> {
        (0..count).map(move |index| Part {
            partition,
            index,
            count,
        })
    }

    /// The same part of another partition.
    pub(super) fn of_partition(self, partition: usize) -> Part {
        Part { partition, ..self }
    }
}

/// The rows of a batch, computed when they are read (`org.apache.spark.rdd.RDD.compute`).
pub(crate) trait Partitions<T>: Any + Send + Sync {
    /// The number of partitions.
    fn count(&self) -> usize;

    /// Into how many parts a partition can be cut that are read at the same time. It depends on the
    /// rows alone, never on the number of workers.
    fn parts(&self, _partition: usize) -> usize {
        1
    }

    /// Where Spark's scheduler takes a partition to be when this job has begun; without one, where it is now.
    fn place(&self, _partition: usize, _job: Option<JobNumber>) -> Place {
        Place::Unknown
    }

    /// True if the rows of a partition are made one by one, as they are asked for.
    fn makes_one_by_one(&self, _partition: usize) -> bool {
        false
    }

    /// The rows of a partition, made one by one where they are.
    fn pull(&self, partition: usize) -> Result<PartitionRows<T>, Failure> {
        self.rows_of(partition).map(PartitionRows::Kept)
    }

    /// All rows of a partition.
    fn rows_of(&self, partition: usize) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        let mut reader = |rows: &mut Vec<T>| {
            all.append(rows);
            Ok(())
        };
        self.visit(Part::whole(partition), ChunkSize::FULL, &mut reader)
            .map_err(Stop::into_failure)?;
        Ok(all)
    }

    /// Hands the rows of a part to `reader`, in order, in chunks that are not empty and have at most
    /// `size` rows, until it stops. All parts of a partition, one after the other, are its rows.
    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop>;
}

/// Partitions that are shared with another owner.
impl<T, P: Partitions<T>> Partitions<T> for Arc<P> {
    fn count(&self) -> usize {
        (**self).count()
    }

    fn parts(&self, partition: usize) -> usize {
        (**self).parts(partition)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        (**self).visit(part, size, reader)
    }
}

/// Partitions without rows: the result of a shuffle of a batch in which nothing arrived.
pub(crate) struct NoRows {
    pub(crate) partitions: usize,
}

impl<T> Partitions<T> for NoRows {
    fn count(&self) -> usize {
        self.partitions
    }

    fn place(&self, _: usize, _: Option<JobNumber>) -> Place {
        Place::Nowhere
    }

    fn visit(&self, _: Part, _: ChunkSize, _: &mut ChunkReader<'_, T>) -> Result<(), Stop> {
        Ok(())
    }
}

/// The blocks that were received.
pub(crate) struct Received(pub(crate) Vec<Block>);

impl Partitions<Text> for Received {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn parts(&self, partition: usize) -> usize {
        self.0.parts(partition)
    }

    fn place(&self, _: usize, _: Option<JobNumber>) -> Place {
        Place::Host
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, Text>,
    ) -> Result<(), Stop> {
        self.0.visit(part, size, reader)
    }
}

/// The blocks that were received, by executors that may be lost (`org.apache.spark.rdd.BlockRDD`).
pub(crate) struct Losable {
    pub(crate) blocks: Received,
    /// The number of the RDD: among those of the stream, from 0. Spark counts all RDDs of a program.
    pub(crate) number: u64,
    pub(crate) block_manager: Arc<dyn BlockManager>,
}

impl Partitions<Text> for Losable {
    fn count(&self) -> usize {
        self.blocks.count()
    }

    fn parts(&self, partition: usize) -> usize {
        self.blocks.parts(partition)
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        self.blocks.place(partition, job)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, Text>,
    ) -> Result<(), Stop> {
        let id = self.blocks.0[part.partition].id;
        if !self.block_manager.has(id) {
            let rdd = self.number;
            let message = format!("Could not compute split, block {id} of RDD {rdd} not found");
            return Err(Stop::Failed(Failure::new(FailureKind::Spark, message)));
        }
        self.blocks.visit(part, size, reader)
    }
}

/// Rows in memory.
impl<T: Data, P: Deref<Target = [T]> + Send + Sync + 'static> Partitions<T> for Vec<P> {
    fn count(&self) -> usize {
        self.len()
    }

    fn parts(&self, partition: usize) -> usize {
        self[partition].len().div_ceil(PART_ROWS).max(1)
    }

    fn place(&self, _: usize, _: Option<JobNumber>) -> Place {
        Place::Nowhere
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        let all: &[T] = &self[part.partition];
        let rows = if part.count == 1 {
            all
        } else {
            debug_assert_eq!(part.count, Partitions::<T>::parts(self, part.partition));
            all.chunks(PART_ROWS).nth(part.index).unwrap_or_default()
        };
        visit_rows(rows, size, reader)
    }
}

/// Hands copies of these rows to `reader`, until it stops.
pub(super) fn visit_rows<T: Clone>(
    rows: &[T],
    size: ChunkSize,
    reader: &mut ChunkReader<'_, T>,
) -> Result<(), Stop> {
    let mut chunk = Vec::with_capacity(size.0.min(rows.len()));
    rows.chunks(size.0).try_for_each(|rows| {
        chunk.clear();
        chunk.extend_from_slice(rows);
        reader(&mut chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rdd;

    /// Compares the chunks in which the rows of partition 0 come.
    #[track_caller]
    fn check(rdd: &Rdd<i32>, size: usize, expected: &[&[i32]]) {
        let mut chunks = Vec::new();
        let visited = rdd.visit(Part::whole(0), ChunkSize(size), &mut |rows| {
            chunks.push(std::mem::take(rows));
            Ok(())
        });
        assert!(visited.is_ok());
        assert_eq!(chunks, expected);
    }

    fn rows_of(rdd: &Rdd<i32>, parts: impl IntoIterator<Item = Part>) -> Vec<i32> {
        let mut rows = Vec::new();
        for part in parts {
            let read = rdd.read("test", part, |chunk| {
                rows.append(chunk);
                Ok(())
            });
            assert_eq!(read, Ok(()));
        }
        rows
    }

    #[test]
    fn rows_come_in_chunks_that_are_full_but_for_the_last() {
        let numbers = Rdd::of_rows(vec![vec![1, 2, 3, 4, 5]]);
        check(&numbers, 2, &[&[1, 2], &[3, 4], &[5]]);
        let doubled = numbers.flat_map(|n| [n, n]).filter(|n| n % 2 == 1);
        check(&doubled, 4, &[&[1, 1, 3, 3], &[5, 5]]);
        check(&doubled, 128, &[&[1, 1, 3, 3, 5, 5]]);
        check(&numbers.filter(|_| false), 128, &[]);
    }

    #[test]
    fn the_parts_of_a_partition_one_after_the_other_are_the_partition() {
        let rows = |count: i32| (0..count).collect::<Vec<i32>>();
        let part = i32::try_from(PART_ROWS).expect("it is small");
        let numbers = Rdd::of_rows(vec![rows(2 * part + 1), Vec::new(), rows(part)]);
        let chained = numbers
            .flat_map(|n| [n, -n])
            .filter(|n| n % 3 != 0)
            .map(|n| n + 1);
        for (partition, parts) in [3, 1, 1].into_iter().enumerate() {
            assert_eq!(chained.parts(partition).count(), parts);
            assert_eq!(
                rows_of(&chained, chained.parts(partition)),
                rows_of(&chained, [Part::whole(partition)])
            );
        }
        let union = chained.union(&chained);
        assert_eq!(
            union.parts(0).count(),
            3,
            "a part of a union is one of its batch"
        );
    }

    #[test]
    fn row_by_row_no_row_is_computed_that_is_not_read() {
        let computed = |n: i32| {
            assert!(n <= 2, "the row of {n} is not read");
            n
        };
        let numbers = Rdd::of_rows(vec![vec![1, 2, 3, 4, 5]]).map(computed);
        assert_eq!(numbers.flat_map(|n| [n, -n]).take(3), Ok(vec![1, -1, 2]));
    }
}
