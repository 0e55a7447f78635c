//! `reduce`: one record of all the records of a batch.

use crate::dstream::DStream;
use crate::{Data, Rdd};

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
        self.derive(move |batch, upstream| {
            let partials = batch.gather(upstream.workers(), |partition| {
                let mut partial = None;
                batch.visit_all(partition, |record| {
                    partial = Some(match partial.take() {
                        Some(old) => function(old, record),
                        None => record,
                    });
                });
                partial
            });
            let total = partials.into_iter().flatten().reduce(&function);
            Rdd::of_rows(vec![total.into_iter().collect()])
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
