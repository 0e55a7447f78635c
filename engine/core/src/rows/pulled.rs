//! Rows that a function makes of a partition one by one, as they are asked for.

use std::any::Any;
use std::fmt;

use super::chunk::{ChunkReader, ChunkSize, ChunkWriter, Stop};
use super::partitions::{Part, Partitions};
use super::place::{JobNumber, Place};
use super::rdd::Rdd;
use crate::failure::catch;
use crate::{Data, Failure};

const OPERATOR: &str = "map_partitions";

/// The rows of a partition, as a function has them that need not read them all.
#[derive(Debug)]
pub enum PartitionRows<T> {
    /// Rows that are there, or that are made at once.
    Kept(Vec<T>),
    /// Rows that are made as they are asked for.
    Made(MadeRows<T>),
}

/// The rows that a function makes of a partition, each when it is asked for.
pub struct MadeRows<T>(Box<dyn AnyRows<T>>);

trait AnyRows<T>: Iterator<Item = Result<T, Failure>> + Any {}

impl<T, I: Iterator<Item = Result<T, Failure>> + Any> AnyRows<T> for I {}

impl<T: 'static> MadeRows<T> {
    pub(super) fn new(rows: impl Iterator<Item = Result<T, Failure>> + 'static) -> MadeRows<T> {
        MadeRows(Box::new(rows))
    }

    /// The iterator that the function has returned, if it is of this type.
    ///
    /// # Errors
    ///
    /// The same rows, if it is not.
    pub fn downcast<I: 'static>(self) -> Result<I, MadeRows<T>> {
        let rows: &dyn Any = &*self.0;
        if !rows.is::<I>() {
            return Err(self);
        }
        let rows: Box<dyn Any> = self.0;
        Ok(*rows.downcast().expect("it is of this type"))
    }
}

impl<T> Iterator for MadeRows<T> {
    type Item = Result<T, Failure>;

    fn next(&mut self) -> Option<Result<T, Failure>> {
        let row = catch(OPERATOR, || self.0.next());
        let row = row.unwrap_or_else(|failure| Some(Err(failure)))?;
        Some(row.map_err(|failure| failure.in_operator(OPERATOR)))
    }
}

impl<T> fmt::Debug for MadeRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeRows").finish_non_exhaustive()
    }
}

/// The rows that a function makes of each partition, given its index.
struct Pulled<T, F> {
    parent: Rdd<T>,
    function: F,
}

impl<T, U, I, F> Pulled<T, F>
where
    T: Data,
    U: 'static,
    I: Iterator<Item = Result<U, Failure>> + 'static,
    F: Fn(usize, PartitionRows<T>) -> Result<I, Failure>,
{
    fn made(&self, partition: usize) -> Result<MadeRows<U>, Failure> {
        let rows = self.parent.pull(partition)?;
        let made = catch(OPERATOR, || (self.function)(partition, rows)).and_then(|made| made);
        let made = made.map_err(|failure| failure.in_operator(OPERATOR))?;
        Ok(MadeRows::new(made))
    }
}

impl<T, U, I, F> Partitions<U> for Pulled<T, F>
where
    T: Data,
    U: Data,
    I: Iterator<Item = Result<U, Failure>> + 'static,
    F: Fn(usize, PartitionRows<T>) -> Result<I, Failure> + Send + Sync + 'static,
{
    fn count(&self) -> usize {
        self.parent.partition_count()
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        self.parent.place(partition, job)
    }

    fn makes_one_by_one(&self, _: usize) -> bool {
        true
    }

    fn pull(&self, partition: usize) -> Result<PartitionRows<U>, Failure> {
        self.made(partition).map(PartitionRows::Made)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, U>,
    ) -> Result<(), Stop> {
        let mut rows = self.made(part.partition)?;
        ChunkWriter::write(size, reader, |made| {
            rows.try_for_each(|row| made.push(row?))
        })
    }
}

impl<T: Data> Rdd<T> {
    /// As [`map_partitions`](Rdd::map_partitions), by a function that asks for the rows of a partition one by one, where
    /// they are made so, and stops when it has enough: of a chain of such functions none makes a row that is not read.
    ///
    /// ```
    /// use engine::{Failure, PartitionRows, Rdd};
    /// let endless = |_: usize, rows: PartitionRows<i32>| {
    ///     let PartitionRows::Kept(rows) = rows else { unreachable!("they are in memory") };
    ///     Ok(rows.into_iter().cycle().map(Ok::<i32, Failure>))
    /// };
    /// let first = |_: usize, rows: PartitionRows<i32>| {
    ///     let PartitionRows::Made(rows) = rows else { unreachable!("a function makes them") };
    ///     Ok(rows.take(3))
    /// };
    /// let numbers = Rdd::of_rows(vec![vec![1, 2]]);
    /// assert_eq!(numbers.pull_partitions(endless).pull_partitions(first).collect()?, [1, 2, 1]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn pull_partitions<U: Data, I: Iterator<Item = Result<U, Failure>> + 'static>(
        &self,
        function: impl Fn(usize, PartitionRows<T>) -> Result<I, Failure> + Send + Sync + 'static,
    ) -> Rdd<U> {
        let parent = self.clone();
        Rdd::of_partitions(Pulled { parent, function }).with_job_flags(self.job_flags())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each number of the batch, for ever.
    fn endless(numbers: &Rdd<u32>) -> Rdd<u32> {
        numbers.pull_partitions(|_, rows| {
            let rows = match rows {
                PartitionRows::Kept(rows) => rows,
                PartitionRows::Made(rows) => rows.take(1).collect::<Result<_, _>>()?,
            };
            Ok(rows.into_iter().cycle().map(Ok))
        })
    }

    /// The first rows of each partition, if they are made one by one.
    fn first(numbers: &Rdd<u32>, count: usize) -> Result<Vec<u32>, Failure> {
        let first = numbers.pull_partitions(move |_, rows| match rows {
            PartitionRows::Made(rows) => Ok(rows.take(count)),
            PartitionRows::Kept(_) => Err(Failure::new(crate::FailureKind::Function, "kept")),
        });
        first.collect()
    }

    #[test]
    fn rows_are_made_one_by_one_through_unions_and_coalesced_partitions() -> Result<(), Failure> {
        let numbers = Rdd::of_rows(vec![vec![1, 2], vec![3]]);
        let rows = endless(&numbers);
        assert_eq!(first(&rows, 3)?, [1, 2, 1, 3, 3, 3]);
        assert_eq!(first(&rows.union(&rows), 1)?, [1, 3, 1, 3]);
        assert_eq!(first(&rows.coalesce(1), 2)?, [1, 2]);
        assert_eq!(first(&endless(&rows), 2)?, [1, 1, 3, 3]);
        assert_eq!(rows.take(3)?, [1, 2, 1]);
        Ok(())
    }

    #[test]
    fn partitions_that_are_put_together_are_read_one_after_the_other() -> Result<(), Failure> {
        let numbers = Rdd::of_rows(vec![vec![1, 2], vec![3]]);
        let made = numbers.pull_partitions(|_, rows| match rows {
            PartitionRows::Kept(rows) => Ok(rows.into_iter().map(Ok)),
            PartitionRows::Made(_) => unreachable!("they are in memory"),
        });
        assert_eq!(first(&made.coalesce(1), 9)?, [1, 2, 3]);
        assert_eq!(
            first(&numbers.coalesce(1), 9)
                .expect_err("they are in memory")
                .message(),
            "kept"
        );
        Ok(())
    }

    #[test]
    fn job_4_a_failure_between_rows_names_the_operator() {
        let numbers = Rdd::of_rows(vec![vec![1, 0]]);
        let divided = numbers.pull_partitions(|_, rows| match rows {
            PartitionRows::Kept(rows) => Ok(rows.into_iter().map(|n| Ok(1 / n))),
            PartitionRows::Made(_) => unreachable!("they are in memory"),
        });
        assert_eq!(first(&divided, 1), Ok(vec![1]));
        let failure = divided.collect().expect_err("a division by zero panics");
        assert_eq!(failure.operator(), Some("map_partitions"));
        assert_eq!(first(&divided, 2), Err(failure));
    }
}
