//! `transform`: any batch made of a batch.

use crate::Time;
use crate::dstream::DStream;
use crate::dstream::node::MadeBy;
use crate::{Data, Failure, Rdd};

impl<T: Data> DStream<T> {
    /// The result of `function` on each batch and its time. A batch that cannot be made fails when its rows are read, here
    /// or by the job (`JOB-4`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1, 2], vec![]],
    ///     |numbers| numbers.transform(|batch, _time| batch.union(&batch)),
    ///     [vec![1, 2, 1, 2], vec![]],
    /// );
    /// ```
    pub fn transform<U: Data>(
        &self,
        mut function: impl FnMut(Rdd<T>, Time) -> Rdd<U> + Send + 'static,
    ) -> DStream<U> {
        self.derive_as("transform", MadeBy::Function, move |time, batch, _| {
            Ok(function(batch, time))
        })
    }

    /// As [`transform`](DStream::transform), by a function that may fail, as one does that reads rows:
    /// then the batch does.
    ///
    /// ```
    /// use engine::Rdd;
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![1, 2], vec![]],
    ///     |numbers| numbers.try_transform(|batch, _time| Ok(Rdd::of_rows(vec![vec![batch.count()?]]))),
    ///     [vec![2], vec![0]],
    /// );
    /// ```
    pub fn try_transform<U: Data>(
        &self,
        mut function: impl FnMut(Rdd<T>, Time) -> Result<Rdd<U>, Failure> + Send + 'static,
    ) -> DStream<U> {
        self.derive_as("try_transform", MadeBy::Function, move |time, batch, _| {
            function(batch, time)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Rdd;
    use crate::testing::test_operation;

    #[test]
    fn plan_3_an_empty_batch_is_transformed_too() {
        test_operation(
            [vec![1], vec![]],
            |numbers| {
                numbers.try_transform(|batch, time| {
                    Ok(Rdd::of_rows(vec![vec![(time.as_millis(), batch.count()?)]]))
                })
            },
            [vec![(1_000, 1)], vec![(2_000, 0)], vec![(3_000, 0)]],
        );
    }

    #[test]
    fn plan_1_a_batch_is_computed_once_however_many_ask() {
        let mut computed = 0;
        test_operation(
            [vec![1], vec![1], vec![1]],
            |numbers| {
                let numbered = numbers.transform(move |batch, _| {
                    computed += 1;
                    batch.map(move |_| computed)
                });
                numbered.union(&numbered).union(&numbered)
            },
            [vec![1, 1, 1], vec![2, 2, 2], vec![3, 3, 3], vec![]],
        );
    }
}
