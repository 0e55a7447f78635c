//! `reduce`: one record of all the records of a batch.

use crate::dstream::DStream;
use crate::rows::partitions::Part;
use crate::workers::stage;
use crate::{Data, Failure, Rdd};

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
            let partitions = batch.partition_count();
            let partials = stage(method, context.workers(), partitions, |partition| {
                let mut partial = None;
                batch.read(method, Part::whole(partition), |rows| {
                    for row in rows.drain(..) {
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
            let total = match partials.next() {
                Some(first) => vec![partials.try_fold(first, &function)?],
                None => Vec::new(),
            };
            Ok(Rdd::of_rows(vec![total]))
        })
    }
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
