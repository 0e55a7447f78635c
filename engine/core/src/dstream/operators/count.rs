//! `count`: how many records a batch has.

use std::sync::Arc;

use super::folded_total::FoldedTotal;
use crate::dstream::DStream;
use crate::rows::partitions::Part;
use crate::workers::stage;
use crate::{Data, Failure, Rdd, Workers};

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
        // The sum is a shuffle, whose partitions are there though they are empty: counted again, they are 0.
        let nothing = self.context().profile().is_jvm().then_some(0);
        let counts = self.derive(OPERATOR, move |_, batch, context| {
            let count = count(&batch, context.workers())?.or(nothing);
            Ok(Rdd::of_rows(vec![count.into_iter().collect()]))
        });
        let Some(windows) = self.windows() else {
            return counts;
        };
        let node = FoldedTotal {
            operator: OPERATOR,
            windows,
            total_of: count,
            function: Arc::new(|x, y| Ok(x + y)),
            nothing,
            read_anew: counts.node(),
            last: None,
        };
        let parents = [windows.edge(), counts.edge()];
        self.context().add_stream(self.slide(), &parents, node)
    }
}

/// The number of rows; `None` if there is no partition to count them in.
fn count<T: Data>(batch: &Rdd<T>, workers: &dyn Workers) -> Result<Option<i64>, Failure> {
    let partitions = batch.partition_count();
    let counts = stage(OPERATOR, workers, partitions, |partition| {
        let mut rows = 0;
        batch.read(OPERATOR, Part::whole(partition), |chunk| {
            rows += chunk.len() as i64;
            Ok(())
        })?;
        Ok(rows)
    })?;
    Ok((partitions > 0).then(|| counts.into_iter().sum()))
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
