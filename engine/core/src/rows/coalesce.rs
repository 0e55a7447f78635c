//! The same rows in another number of partitions.

use super::by_partition::by_partition;
use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::lazy::Lazy;
use super::partitions::{Part, Partitions};
use super::rdd::Rdd;
use crate::order::xor_shift_random;
use crate::{Data, Failure};

/// The partitions of a batch in groups of neighbours (`org.apache.spark.rdd.CoalescedRDD`).
struct Coalesced<T> {
    parent: Rdd<T>,
    count: usize,
}

impl<T: Data> Partitions<T> for Coalesced<T> {
    fn count(&self) -> usize {
        self.count
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        let parents = self.parent.partition_count();
        let start = |group: usize| group * parents / self.count;
        let mut group = start(part.partition)..start(part.partition + 1);
        group.try_for_each(|partition| self.parent.visit(Part::whole(partition), size, reader))
    }
}

/// Rows that were moved in groups, which stay together when they are moved again
/// (`pyspark.serializers.BatchedSerializer`).
struct Repartitioned<T> {
    groups: Rdd<Vec<T>>,
    rows_together: usize,
}

impl<T: Data> Partitions<T> for Repartitioned<T> {
    fn count(&self) -> usize {
        self.groups.partition_count()
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        ChunkWriter::write(size, reader, |made| {
            self.groups.visit(part, size, &mut |groups| {
                let mut rows = groups.drain(..).flatten();
                rows.try_for_each(|row| made.push(row))
            })
        })
    }
}

impl<T: Data> Rdd<T> {
    /// The same rows in `partitions` partitions at most, each of which is made of neighbours (`RDD.coalesce` without a
    /// shuffle). There are no more partitions than before. Of received blocks Spark also asks on which host each is, and
    /// draws among their groups; here they are neighbours, too.
    ///
    /// ```
    /// use engine::Rdd;
    /// let five = Rdd::of_rows(vec![vec![1], vec![2], vec![3], vec![4], vec![5]]);
    /// assert_eq!(five.coalesce(2).glom().collect()?, [vec![1, 2], vec![3, 4, 5]]);
    /// assert_eq!(five.coalesce(9).partition_count(), 5);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there are to be no partitions.
    #[must_use]
    pub fn coalesce(&self, partitions: usize) -> Rdd<T> {
        assert!(
            partitions > 0,
            "rows are coalesced into at least one partition"
        );
        let coalesced = Coalesced {
            parent: self.clone(),
            count: self.partition_count().min(partitions),
        };
        Rdd::of_partitions(coalesced).with_job_flags(self.job_flags())
    }

    /// The same rows, spread evenly over `partitions` partitions by a shuffle (`RDD.repartition`, `PLAN-8`): partition by
    /// partition, each row into the next one, from where [`xor_shift_random`] says for the partition.
    ///
    /// `PySpark` moves `rows_together` rows at once, 10 of them unless its batches are smaller, and moves the same groups
    /// if they are repartitioned again. On the JVM each row moves alone.
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![1, 2, 3, 4, 5]]);
    /// assert_eq!(numbers.repartition(2, 1).glom().collect()?, [vec![2, 4], vec![1, 3, 5]]);
    /// assert_eq!(numbers.repartition(2, 2).glom().collect()?, [vec![3, 4], vec![1, 2, 5]]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there are to be no partitions, or no rows together.
    #[must_use]
    pub fn repartition(&self, partitions: usize, rows_together: usize) -> Rdd<T> {
        assert!(partitions > 0, "rows are moved into at least one partition");
        assert!(rows_together > 0, "at least one row is moved at once");
        let groups = self.groups(rows_together);
        let moved = Lazy::new(partitions, move || spread(&groups, partitions));
        let repartitioned = Repartitioned {
            groups: Rdd::of_partitions(moved),
            rows_together,
        };
        Rdd::of_partitions(repartitioned).with_job_flags(self.job_flags())
    }

    /// The rows of each partition, this number at a time.
    fn groups(&self, rows_together: usize) -> Rdd<Vec<T>> {
        match self.partitions_as::<Repartitioned<T>>() {
            Some(moved) if moved.rows_together == rows_together => moved.groups.clone(),
            _ => {
                let parent = self.clone();
                by_partition("repartition", self.partition_count(), move |partition| {
                    let rows = parent.rows_of(partition)?;
                    let groups: Vec<Vec<T>> =
                        rows.chunks(rows_together).map(<[T]>::to_vec).collect();
                    Ok(groups.into_iter().map(Ok))
                })
            }
        }
    }
}

/// Spreads the rows of each partition over as many partitions.
fn spread<T: Data>(rows: &Rdd<T>, partitions: usize) -> Result<Vec<Vec<T>>, Failure> {
    let mut spread: Vec<Vec<T>> = (0..partitions).map(|_| Vec::new()).collect();
    let bound = u32::try_from(partitions).unwrap_or(u32::MAX);
    for partition in 0..rows.partition_count() {
        let mut position = xor_shift_random::first(partition as u64, bound) as usize;
        for row in rows.rows_of(partition)? {
            position = (position + 1) % partitions;
            spread[position].push(row);
        }
    }
    Ok(spread)
}
