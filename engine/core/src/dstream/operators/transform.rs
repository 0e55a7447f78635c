//! `transform`: any batch made of a batch.

use crate::Time;
use crate::dstream::DStream;
use crate::{Data, Rdd};

impl<T: Data> DStream<T> {
    /// The result of `function` on each batch and its time.
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
        let parent = self.parent();
        self.context()
            .add_node(self.slide(), &[self.edge()], move |time, upstream| {
                function(upstream.batch(parent, time), time)
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
                numbers.transform(|batch, time| {
                    Rdd::of_rows(vec![vec![(time.as_millis(), batch.count())]])
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
