//! Reading the rows of a batch: the actions of an RDD.

use super::chunk::{ChunkSize, Stop};
use super::partitions::Part;
use super::rdd::Rdd;
use crate::failure::catch;
use crate::{Data, Failure};

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
