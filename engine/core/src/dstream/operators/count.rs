//! `count`: how many records a batch has.

use crate::dstream::DStream;
use crate::rows::partitions::Part;
use crate::workers::stage;
use crate::{Data, Profile, Rdd};

const OPERATOR: &str = "count";

impl<T: Data> DStream<T> {
    /// The number of records of each batch, as one record (`PLAN-3`).
    ///
    /// Of a batch without partitions, in which nothing arrived, the JVM counts 0: it unites each batch with a
    /// zero. `PySpark` adds up the counts of the partitions, and so makes no record of it
    /// (`python/pyspark/streaming/dstream.py`, `count`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec!['a', 'b'], vec![]], |letters| letters.count(), [vec![2], vec![]]);
    /// ```
    pub fn count(&self) -> DStream<i64> {
        let counts_nothing = self.context().profile() == Profile::Jvm;
        self.derive(OPERATOR, move |_, batch, context| {
            let partitions = batch.partition_count();
            if partitions == 0 && !counts_nothing {
                // The sum is a shuffle, whose partitions are there though they are empty: counted again, they
                // are 0.
                return Ok(Rdd::of_rows(vec![Vec::new()]));
            }
            let counts = stage(OPERATOR, context.workers(), partitions, |partition| {
                let mut records = 0;
                batch.read(OPERATOR, Part::whole(partition), |rows| {
                    records += rows.len() as i64;
                    Ok(())
                })?;
                Ok(records)
            })?;
            Ok(Rdd::of_rows(vec![vec![counts.into_iter().sum()]]))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::test_operation_on;
    use crate::{DStream, Profile, SparkContext};

    #[track_caller]
    fn check(profile: Profile, count: fn(DStream<char>) -> DStream<i64>, expected: [Vec<i64>; 3]) {
        test_operation_on(
            &SparkContext::local(1, "count").with_profile(profile),
            [vec![], vec!['a']],
            count,
            expected,
        );
    }

    #[test]
    fn plan_3_an_empty_batch_counts_zero_on_the_jvm() {
        check(
            Profile::Jvm,
            |letters| letters.count(),
            [vec![0], vec![1], vec![0]],
        );
    }

    #[test]
    fn plan_3_an_empty_batch_has_no_count_in_python() {
        check(
            Profile::Pyspark,
            |letters| letters.count(),
            [vec![], vec![1], vec![]],
        );
    }

    #[test]
    fn plan_3_an_empty_count_counts_zero_in_python() {
        let twice = |letters: DStream<char>| letters.count().count();
        check(Profile::Pyspark, twice, [vec![0], vec![1], vec![0]]);
        check(Profile::Jvm, twice, [vec![1], vec![1], vec![1]]);
    }
}
