//! `reduce`: one record of all the records of a batch.

use std::sync::Arc;

use super::folded_total::FoldedTotal;
use super::window_spec::ReduceFunction;
use crate::dstream::DStream;
use crate::rows::partitions::Part;
use crate::workers::stage;
use crate::{Data, Failure, FailureKind, Rdd, Workers};

/// The failure of a batch with a record that is reduced only with all others of its window.
const NOT_ALONE: &str = "the order in which this record is reduced makes a difference";

impl<T: Data> DStream<T> {
    /// All records of each batch reduced to one; an empty batch stays empty (`PLAN-3`).
    ///
    /// `function` must be associative and commutative. Here it is applied in the order of arrival.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2, 3], vec![]], |numbers| numbers.reduce(|x, y| x + y), [vec![6], vec![]]);
    /// ```
    pub fn reduce(&self, function: impl Fn(T, T) -> T + Send + Sync + 'static) -> DStream<T> {
        self.reduce_as("reduce", move |x, y| Ok(function(x, y)))
    }

    /// As [`reduce`](DStream::reduce), by a function that may fail: then the batch does.
    pub fn try_reduce(
        &self,
        function: impl Fn(T, T) -> Result<T, Failure> + Send + Sync + 'static,
    ) -> DStream<T> {
        self.reduce_as("try_reduce", function)
    }

    /// The reduction, by the method of this name.
    fn reduce_as(
        &self,
        method: &'static str,
        function: impl Fn(T, T) -> Result<T, Failure> + Send + Sync + 'static,
    ) -> DStream<T> {
        self.derive(method, move |_, batch, context| {
            let total = reduce(method, &batch, context.workers(), |_| Ok(()), &function)?;
            Ok(Rdd::of_rows(vec![total.into_iter().collect()]))
        })
    }

    /// As [`try_reduce`](DStream::try_reduce), by a function of which it is declared that it makes no difference
    /// at all in which groups and in which order it is called on records for which `holds`, and that no group of
    /// them fails.
    ///
    /// Windows of such records then cost as much as the batches that come and leave. Other windows are reduced as if
    /// nothing were declared, and the results are the same.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// test_operation(
    ///     [vec![5], vec![3], vec![], vec![]],
    ///     |numbers| {
    ///         let windows = numbers.window(2 * second, second);
    ///         windows.try_reduce_in_any_order(|x, y| Ok(i64::max(x, y)), |_| true)
    ///     },
    ///     [vec![5], vec![5], vec![3], vec![]],
    /// );
    /// ```
    pub fn try_reduce_in_any_order(
        &self,
        function: impl Fn(T, T) -> Result<T, Failure> + Send + Sync + 'static,
        holds: impl Fn(&T) -> bool + Send + Sync + 'static,
    ) -> DStream<T> {
        let method = "try_reduce_in_any_order";
        let function: ReduceFunction<T> = Arc::new(function);
        let in_order = Arc::clone(&function);
        let reduced = self.reduce_as(method, move |x, y| in_order(x, y));
        let Some(windows) = self.windows() else {
            return reduced;
        };
        let of_batch = Arc::clone(&function);
        let total_of = move |batch: &Rdd<T>, workers: &dyn Workers| {
            let check = |row: &T| {
                let failure = || Failure::new(FailureKind::Function, NOT_ALONE);
                holds(row).then_some(()).ok_or_else(failure)
            };
            reduce(method, batch, workers, check, &*of_batch)
        };
        let node = FoldedTotal {
            operator: method,
            windows,
            total_of,
            function,
            nothing: None,
            read_anew: reduced.node(),
            last: None,
        };
        let parents = [windows.edge(), reduced.edge()];
        self.context().add_stream(self.slide(), &parents, node)
    }
}

/// All rows of a batch reduced to one, in their order, unless the check of one fails.
fn reduce<T: Data>(
    method: &'static str,
    batch: &Rdd<T>,
    workers: &dyn Workers,
    check: impl Fn(&T) -> Result<(), Failure> + Sync,
    function: &(impl Fn(T, T) -> Result<T, Failure> + Sync + ?Sized),
) -> Result<Option<T>, Failure> {
    let partials = stage(method, workers, batch.partition_count(), |partition| {
        let mut partial = None;
        batch.read(method, Part::whole(partition), |rows| {
            for row in rows.drain(..) {
                check(&row)?;
                partial = Some(match partial.take() {
                    Some(old) => function(old, row)?,
                    None => row,
                });
            }
            Ok(())
        })?;
        Ok(partial)
    })?;
    let mut partials = partials.into_iter().flatten();
    let first = partials.next();
    first
        .map(|first| partials.try_fold(first, function))
        .transpose()
}

#[cfg(test)]
mod tests {
    use crate::testing::test_operation;

    #[test]
    fn plan_3_an_empty_batch_reduces_to_nothing() {
        test_operation(
            [vec![], vec![2, 3]],
            |numbers| numbers.reduce(|x, y| x * y),
            [vec![], vec![6], vec![]],
        );
    }
}
