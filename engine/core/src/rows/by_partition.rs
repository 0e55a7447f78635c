//! Rows made of whole partitions of other rows.

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::job_flags::JobFlags;
use super::partitions::{Part, Partitions};
use super::place::{JobNumber, Place};
use super::rdd::Rdd;
use crate::failure::catch;
use crate::{Data, Failure, FailureKind};

/// The rows that a function makes of each partition, given its index
/// (`org.apache.spark.rdd.MapPartitionsRDD`, `ZippedPartitionsRDD2` and `CartesianRDD`).
struct ByPartition<F, P> {
    /// The operator that a failure of the function names.
    operator: &'static str,
    count: usize,
    function: F,
    place: P,
}

impl<U, I, F, P> Partitions<U> for ByPartition<F, P>
where
    I: IntoIterator<Item = Result<U, Failure>>,
    F: Fn(usize) -> Result<I, Failure> + Send + Sync + 'static,
    P: Fn(usize, Option<JobNumber>) -> Place + Send + Sync + 'static,
{
    fn count(&self) -> usize {
        self.count
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        (self.place)(partition, job)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, U>,
    ) -> Result<(), Stop> {
        ChunkWriter::write(size, reader, |made| {
            // The reader, which runs inside this call, catches its own panics.
            let written = catch(self.operator, || {
                let mut rows = (self.function)(part.partition)?.into_iter();
                rows.try_for_each(|row| made.push(row?))
            });
            written?.map_err(|stop| stop.in_operator(self.operator))
        })
    }
}

/// The rows that `function` makes of each of `count` partitions, given its index, where `place` says.
fn by_partition<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
    operator: &'static str,
    count: usize,
    function: impl Fn(usize) -> Result<I, Failure> + Send + Sync + 'static,
    place: impl Fn(usize, Option<JobNumber>) -> Place + Send + Sync + 'static,
) -> Rdd<U> {
    Rdd::of_partitions(ByPartition {
        operator,
        count,
        function,
        place,
    })
}

impl<T: Data> Rdd<T> {
    /// All rows of one partition, without ending a job.
    pub(super) fn rows_of(&self, partition: usize) -> Result<Vec<T>, Failure> {
        let rows: &dyn Partitions<T> = self;
        rows.rows_of(partition)
    }

    /// The rows that `function` makes of each partition, given its index and all of its rows, if any
    /// (`RDD.mapPartitionsWithIndex`).
    ///
    /// The results are pulled as they are read: a reader that stops early, as [`take`](Rdd::take) does, pulls no more.
    ///
    /// ```
    /// use engine::Rdd;
    /// let letters = Rdd::of_rows(vec![vec!['a', 'b'], vec![]]);
    /// let counts = letters.map_partitions(|index, rows| Ok([Ok((index, rows.len()))]));
    /// assert_eq!(counts.collect()?, [(0, 2), (1, 0)]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn map_partitions<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        function: impl Fn(usize, Vec<T>) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        self.map_partitions_as("map_partitions", function)
    }

    /// The rows that `function` makes of each partition, for the method of this name.
    pub(super) fn map_partitions_as<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        operator: &'static str,
        function: impl Fn(usize, Vec<T>) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        let parent = self.clone();
        self.by_partition(operator, move |partition| {
            function(partition, parent.rows_of(partition)?)
        })
    }

    /// The rows that `function` makes of each partition, given its index alone.
    pub(super) fn by_partition<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        operator: &'static str,
        function: impl Fn(usize) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        let parent = self.clone();
        let place = move |partition, job| parent.place(partition, job);
        by_partition(operator, self.partition_count(), function, place)
            .with_job_flags(self.job_flags())
    }

    /// The rows of each partition, as one row (`RDD.glom`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let letters = Rdd::of_rows(vec![vec!['a', 'b'], vec![]]);
    /// assert_eq!(letters.glom().collect()?, [vec!['a', 'b'], vec![]]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn glom(&self) -> Rdd<Vec<T>> {
        self.map_partitions_as("glom", |_, rows| Ok([Ok(rows)]))
    }

    /// The rows that `function` makes of each partition of this batch and the one of the same index of the other
    /// (`RDD.zipPartitions`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![1, 2], vec![3]]);
    /// let letters = Rdd::of_rows(vec![vec!['a', 'b'], vec!['c']]);
    /// let zipped = numbers.zip_partitions(&letters, |numbers, letters| {
    ///     Ok(numbers.into_iter().zip(letters).map(Ok))
    /// });
    /// assert_eq!(zipped.collect()?, [(1, 'a'), (2, 'b'), (3, 'c')]);
    /// let refused = numbers.zip_partitions(&letters.coalesce(1), |_, letters| Ok(letters.into_iter().map(Ok)));
    /// let message = "zip_partitions: Can't zip RDDs with unequal numbers of partitions: List(2, 1)";
    /// assert_eq!(refused.collect().unwrap_err().to_string(), message);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// To read the rows fails, with Spark's words, if the batches have different numbers of partitions.
    pub fn zip_partitions<U: Data, V: Data, I: IntoIterator<Item = Result<V, Failure>>>(
        &self,
        other: &Rdd<U>,
        function: impl Fn(Vec<T>, Vec<U>) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<V> {
        let counts = [self.partition_count(), other.partition_count()];
        let [left, right] = counts;
        let rows = (self.clone(), other.clone());
        let parents = rows.clone();
        let made = move |partition| {
            if left != right {
                let message = format!(
                    "Can't zip RDDs with unequal numbers of partitions: List({left}, {right})"
                );
                return Err(Failure::new(FailureKind::Spark, message));
            }
            function(rows.0.rows_of(partition)?, rows.1.rows_of(partition)?)
        };
        let place = move |partition, job| {
            if left != right {
                return Place::Nowhere;
            }
            let left = parents.0.place(partition, job);
            left.or(parents.1.place(partition, job))
        };
        by_partition("zip_partitions", left.max(right), made, place)
            .with_job_flags(self.job_flags().and(&other.job_flags()))
    }

    /// The rows that `function` makes of each partition of this batch together with each one of the other: first those
    /// of this batch's partition 0 with all of the other's (`RDD.cartesian`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![1], vec![2]]);
    /// let letters = Rdd::of_rows(vec![vec!['a', 'b'], vec!['c']]);
    /// let crossed = numbers.cross_partitions(&letters, |numbers, letters| {
    ///     let with_all = move |n| letters.clone().into_iter().map(move |letter| Ok((n, letter)));
    ///     Ok(numbers.into_iter().flat_map(with_all))
    /// });
    /// assert_eq!(crossed.glom().take(2)?, [vec![(1, 'a'), (1, 'b')], vec![(1, 'c')]]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn cross_partitions<U: Data, V: Data, I: IntoIterator<Item = Result<V, Failure>>>(
        &self,
        other: &Rdd<U>,
        function: impl Fn(Vec<T>, Vec<U>) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<V> {
        let others = other.partition_count();
        let rows = (self.clone(), other.clone());
        let parents = rows.clone();
        let made = move |partition| {
            let left = rows.0.rows_of(partition / others)?;
            function(left, rows.1.rows_of(partition % others)?)
        };
        let place = move |partition, job| {
            let left = parents.0.place(partition / others, job);
            left.or(parents.1.place(partition % others, job))
        };
        let count = self.partition_count() * others;
        by_partition("cross_partitions", count, made, place)
            .with_job_flags(self.job_flags().and(&other.job_flags()))
    }
}

impl JobFlags {
    /// These flags and those of another batch.
    pub(super) fn and(mut self, other: &JobFlags) -> JobFlags {
        self.extend(other);
        self
    }
}
