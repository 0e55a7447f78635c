//! The same rows in another number of partitions.

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::groups::groups;
use super::lazy::Lazy;
use super::partitions::{Part, Partitions};
use super::place::{JobNumber, Place};
use super::pulled::{MadeRows, PartitionRows};
use super::rdd::Rdd;
use crate::order::xor_shift_random;
use crate::{Data, Failure};

/// The partitions of a batch in groups (`org.apache.spark.rdd.CoalescedRDD`).
struct Coalesced<T> {
    parent: Rdd<T>,
    groups: Vec<Vec<usize>>,
}

impl<T: Data> Partitions<T> for Coalesced<T> {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        let group = self.groups[partition].iter();
        Place::of_all(group.map(|&partition| self.parent.place(partition, job)))
    }

    fn makes_one_by_one(&self, partition: usize) -> bool {
        let mut group = self.groups[partition].iter();
        group.any(|&partition| self.parent.makes_one_by_one(partition))
    }

    fn pull(&self, partition: usize) -> Result<PartitionRows<T>, Failure> {
        if !self.makes_one_by_one(partition) {
            return self.rows_of(partition).map(PartitionRows::Kept);
        }
        let parent = self.parent.clone();
        let group = self.groups[partition].clone().into_iter();
        let rows = group.flat_map(move |partition| match parent.pull(partition) {
            Ok(PartitionRows::Made(rows)) => rows,
            Ok(PartitionRows::Kept(rows)) => MadeRows::new(rows.into_iter().map(Ok)),
            Err(failure) => MadeRows::new(std::iter::once(Err(failure))),
        });
        Ok(PartitionRows::Made(MadeRows::new(rows)))
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        let mut group = self.groups[part.partition].iter();
        group.try_for_each(|&partition| self.parent.visit(Part::whole(partition), size, reader))
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

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        self.groups.place(partition, job)
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
    /// The same rows in `partitions` partitions at most, each of which is made of several (`RDD.coalesce` without a
    /// shuffle): of neighbours, or where Spark knows a host of some of them, as of received blocks, of those that its
    /// generator of random numbers says. There are no more partitions than before. Of states, and of what an operator of a
    /// stream shuffles, Spark may know a host where this does not.
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
        self.coalesce_by(partitions, &self.places(None))
    }

    /// As [`coalesce`](Self::coalesce), by the places that Spark knows since `job` has begun; `None` if it is not known
    /// here what it knows, and that makes a difference.
    #[must_use]
    pub fn try_coalesce(&self, partitions: usize, job: JobNumber) -> Option<Rdd<T>> {
        let places = self.places(Some(job));
        let is_known = partitions == 1 || !places.contains(&Place::Unknown);
        is_known.then(|| self.coalesce_by(partitions, &places))
    }

    /// Notes the places of all partitions that are cached, as Spark does when a job on them begins.
    pub fn begin_job(&self, job: JobNumber) {
        self.places(Some(job));
    }

    fn places(&self, job: Option<JobNumber>) -> Vec<Place> {
        let partitions = 0..self.partition_count();
        partitions
            .map(|partition| self.place(partition, job))
            .collect()
    }

    fn coalesce_by(&self, partitions: usize, places: &[Place]) -> Rdd<T> {
        assert!(
            partitions > 0,
            "rows are coalesced into at least one partition"
        );
        let is_placed = places.iter().map(|&place| place == Place::Host);
        let coalesced = Coalesced {
            parent: self.clone(),
            groups: groups(is_placed.collect(), partitions),
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
        let parents = groups.partition_count();
        let moved = Lazy::new(parents, partitions, move || spread(&groups, partitions));
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
                self.by_partition("repartition", move |partition| {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of nine numbers in six partitions, as `job` knows them.
    fn groups_of(numbers: &Rdd<i32>, job: u64) -> Vec<Vec<i32>> {
        let coalesced = numbers.try_coalesce(4, JobNumber(job));
        let coalesced = coalesced.expect("the places of cached rows are known");
        coalesced.glom().collect().expect("no function fails")
    }

    /// As recorded from Spark 3.5.9 in `coalesce_places.txt` of the Python package.
    #[test]
    fn cached_partitions_are_where_they_were_when_the_last_job_began() {
        let rows = [
            vec![0],
            vec![1, 2],
            vec![3],
            vec![4, 5],
            vec![6],
            vec![7, 8],
        ];
        let numbers = Rdd::of_rows(rows.to_vec()).cache();
        let neighbours = [vec![0], vec![1, 2, 3], vec![4, 5], vec![6, 7, 8]];
        let drawn = [vec![0], vec![7, 8, 4, 5], vec![3, 1, 2], vec![6]];
        numbers.begin_job(JobNumber(1));
        assert_eq!(groups_of(&numbers, 1), neighbours);
        assert_eq!(
            groups_of(&numbers, 1),
            neighbours,
            "they are kept now, which no job has seen"
        );
        assert_eq!(groups_of(&numbers, 2), drawn);
    }

    #[test]
    fn checkpointed_partitions_are_where_nobody_knows() {
        let numbers = Rdd::of_rows(vec![vec![1], vec![2], vec![3]]).checkpoint();
        assert!(numbers.try_coalesce(2, JobNumber(1)).is_none());
        let one = numbers.try_coalesce(1, JobNumber(1));
        assert_eq!(one.map(|one| one.collect()), Some(Ok(vec![1, 2, 3])));
    }
}
