//! `count`: how many records a batch has.

use crate::dstream::DStream;
use crate::{Data, Rdd};

impl<T: Data> DStream<T> {
    /// The number of records of each batch: one record, 0 for an empty batch (`PLAN-3`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec!['a', 'b'], vec![]], |letters| letters.count(), [vec![2], vec![0]]);
    /// ```
    pub fn count(&self) -> DStream<i64> {
        self.derive(|batch, upstream| {
            let counts = batch.gather(upstream.workers(), |partition| {
                let mut records = 0;
                batch.visit_runs(partition, |run| records += run.len() as i64);
                records
            });
            Rdd::of_rows(vec![vec![counts.into_iter().sum()]])
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::test_operation;

    #[test]
    fn plan_3_an_empty_batch_counts_zero() {
        test_operation(
            [vec![], vec!['a']],
            |letters| letters.count(),
            [vec![0], vec![1], vec![0]],
        );
    }
}
