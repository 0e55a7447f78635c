//! Reading the rows of a batch: the actions of an RDD.

use super::chunk::{ChunkSize, Stop};
use super::partitions::Part;
use super::rdd::Rdd;
use crate::failure::catch;
use crate::{Data, Failure, FailureKind};

impl<T: Data> Rdd<T> {
    /// Reads all rows of a part for an operator, in order and in chunks. A panic of `each` is a failure
    /// of this operator, as it calls what is the user's: `Hash`, `Eq` and `Clone` of rows at the least.
    pub(crate) fn read(
        &self,
        operator: &'static str,
        part: Part,
        mut each: impl FnMut(&mut Vec<T>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut reader = |rows: &mut Vec<T>| {
            let read = catch(operator, || each(rows)).and_then(|result| result);
            read.map_err(|failure| Stop::Failed(failure.in_operator(operator)))
        };
        self.visit(part, ChunkSize::FULL, &mut reader)
            .map_err(Stop::into_failure)
    }

    /// Reads all rows, partition 0 first, in one job.
    fn read_all(
        &self,
        operator: &'static str,
        mut each: impl FnMut(&mut Vec<T>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        (0..self.partition_count())
            .try_for_each(|partition| self.read(operator, Part::whole(partition), &mut each))?;
        self.end_job();
        Ok(())
    }

    /// The rows of each partition, for an operator. No job ends with it.
    pub(crate) fn partition_rows(&self, operator: &'static str) -> Result<Vec<Vec<T>>, Failure> {
        let partitions = 0..self.partition_count();
        let rows_of = |partition| {
            let mut all = Vec::new();
            self.read(operator, Part::whole(partition), |rows| {
                all.append(rows);
                Ok(())
            })?;
            Ok(all)
        };
        partitions.map(rows_of).collect()
    }

    /// Hands every row to `each`, partition 0 first (`RDD.foreach`, on the driver).
    ///
    /// ```
    /// use engine::Rdd;
    /// let mut seen = Vec::new();
    /// Rdd::of_rows(vec![vec!["blue"], vec!["green"]]).for_each(|word| seen.push(word))?;
    /// assert_eq!(seen, ["blue", "green"]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The failure of `each`, or of a function that makes the rows; so with all that reads rows.
    pub fn for_each(&self, mut each: impl FnMut(T)) -> Result<(), Failure> {
        self.read_all("for_each", |rows| {
            rows.drain(..).for_each(&mut each);
            Ok(())
        })
    }

    /// The first `count` rows, partition 0 first; no row after them is computed. As in Spark the first
    /// job ends with partition 0.
    pub fn take(&self, count: usize) -> Result<Vec<T>, Failure> {
        let mut rows = Vec::new();
        let mut partitions = 0..self.partition_count();
        while rows.len() < count
            && let Some(partition) = partitions.next()
        {
            let mut until_enough = |chunk: &mut Vec<T>| {
                rows.append(chunk);
                if rows.len() < count {
                    Ok(())
                } else {
                    Err(Stop::Enough)
                }
            };
            let visited = self.visit(Part::whole(partition), ChunkSize::ONE, &mut until_enough);
            if let Err(Stop::Failed(failure)) = visited {
                return Err(failure);
            }
            self.end_job();
        }
        Ok(rows)
    }

    /// All rows, partition 0 first.
    pub fn collect(&self) -> Result<Vec<T>, Failure> {
        let mut rows = Vec::new();
        self.read_all("collect", |chunk| {
            rows.append(chunk);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The rows of one partition (`SparkContext.runJob` on it alone).
    ///
    /// ```
    /// use engine::Rdd;
    /// let letters = Rdd::of_rows(vec![vec!['a', 'b'], vec!['c']]);
    /// assert_eq!(letters.partition(1)?, ['c']);
    /// let message = "Attempting to access a non-existent partition: 2. Total number of partitions: 2";
    /// assert_eq!(letters.partition(2).unwrap_err().message(), message);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// That of a function that makes the rows, or, with Spark's words, that there is no such partition.
    pub fn partition(&self, index: usize) -> Result<Vec<T>, Failure> {
        let count = self.partition_count();
        if index >= count {
            let message = format!(
                "Attempting to access a non-existent partition: {index}. Total number of partitions: {count}"
            );
            return Err(Failure::new(FailureKind::Spark, message).in_operator("partition"));
        }
        let rows = self.rows_of(index)?;
        self.end_job();
        Ok(rows)
    }

    /// Hands the rows of each partition to `each`, with its index (`RDD.foreachPartition`, on the driver).
    ///
    /// ```
    /// use engine::Rdd;
    /// let mut seen = Vec::new();
    /// Rdd::of_rows(vec![vec!['a', 'b'], vec!['c']]).for_each_partition(|index, rows| {
    ///     seen.push((index, rows.len()));
    ///     Ok(())
    /// })?;
    /// assert_eq!(seen, [(0, 2), (1, 1)]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn for_each_partition(
        &self,
        mut each: impl FnMut(usize, Vec<T>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let operator = "for_each_partition";
        for partition in 0..self.partition_count() {
            let rows = self.rows_of(partition)?;
            catch(operator, || each(partition, rows))
                .and_then(|result| result)
                .map_err(|failure| failure.in_operator(operator))?;
        }
        self.end_job();
        Ok(())
    }

    /// All rows reduced to one: those of each partition in their order, and then what became of each partition. `None`
    /// if there is no row, where Spark's `reduce` fails.
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![1, 2], vec![], vec![3]]);
    /// assert_eq!(numbers.reduce(|x, y| Ok(10 * x + y))?, Some(123));
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn reduce(
        &self,
        function: impl Fn(T, T) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let add = |total, row| match total {
            Some(total) => function(total, row).map(Some),
            None => Ok(Some(row)),
        };
        let mut total = None;
        self.for_each_total("reduce", &None, &add, |partial| {
            if let Some(partial) = partial {
                total = add(total.take(), partial)?;
            }
            Ok(())
        })?;
        Ok(total)
    }

    /// All rows added to `zero`: those of each partition in their order, beginning with `zero`, and then what became of
    /// each partition, beginning with it again (`RDD.fold`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let numbers = Rdd::of_rows(vec![vec![1, 2], vec![], vec![3]]);
    /// assert_eq!(numbers.fold(100, |x, y| Ok(x + y))?, 406);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn fold(
        &self,
        zero: T,
        function: impl Fn(T, T) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut total = Some(zero.clone());
        self.for_each_total("fold", &zero, &function, |partial| {
            if let Some(so_far) = total.take() {
                total = Some(function(so_far, partial)?);
            }
            Ok(())
        })?;
        Ok(total.expect("a fold that has not failed has a value"))
    }

    /// Hands what `add` makes of each partition, beginning with `zero`, to `each`.
    fn for_each_total<A: Clone>(
        &self,
        operator: &'static str,
        zero: &A,
        add: &impl Fn(A, T) -> Result<A, Failure>,
        mut each: impl FnMut(A) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for partition in 0..self.partition_count() {
            let mut total = Some(zero.clone());
            self.read(operator, Part::whole(partition), |rows| {
                for row in rows.drain(..) {
                    if let Some(so_far) = total.take() {
                        total = Some(add(so_far, row)?);
                    }
                }
                Ok(())
            })?;
            if let Some(total) = total {
                catch(operator, || each(total))
                    .and_then(|result| result)
                    .map_err(|failure| failure.in_operator(operator))?;
            }
        }
        self.end_job();
        Ok(())
    }

    /// The number of rows.
    pub fn count(&self) -> Result<usize, Failure> {
        let mut count = 0;
        self.read_all("count", |rows| {
            count += rows.len();
            Ok(())
        })?;
        Ok(count)
    }

    /// True if there is no row.
    pub fn is_empty(&self) -> Result<bool, Failure> {
        Ok(self.take(1)?.is_empty())
    }
}
