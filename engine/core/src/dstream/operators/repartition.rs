//! `repartition`: the same records in another number of partitions.

use crate::dstream::DStream;
use crate::{Data, Profile};

/// The records that `PySpark` moves at once: its batches have as many at most when they are moved.
const ROWS_TOGETHER: usize = 10;

const OPERATOR: &str = "repartition";

impl<T: Data> DStream<T> {
    /// The records of each batch, spread evenly over `partitions` partitions (`DStream.repartition`): one by one on the
    /// JVM, ten at once in `PySpark`, as [`Rdd::repartition`](crate::Rdd::repartition) says. There are 1 to
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX) partitions, or the program is refused.
    ///
    /// ```
    /// use engine::testing::test_operation_on;
    /// use engine::{Profile, SparkContext};
    /// test_operation_on(
    ///     &SparkContext::local(1, "repartition").with_profile(Profile::Jvm),
    ///     [vec![1, 2, 3], vec![]],
    ///     |numbers| numbers.repartition(2).glom(),
    ///     [vec![vec![2], vec![1, 3]], vec![vec![], vec![]]],
    /// );
    /// ```
    pub fn repartition(&self, partitions: usize) -> DStream<T> {
        let partitioner = self.context().partitioner_of(OPERATOR, Some(partitions));
        let partitions = partitioner.partitions();
        let rows_together = rows_together(self.context().profile());
        self.derive_rows(OPERATOR, move |_, batch, _| {
            Ok(batch.repartition(partitions, rows_together))
        })
    }
}

fn rows_together(profile: Profile) -> usize {
    if profile.is_jvm() { 1 } else { ROWS_TOGETHER }
}

#[cfg(test)]
mod tests {
    use crate::testing::{run_operation, test_operation};
    use crate::{BuildError, SparkContext};

    #[test]
    fn plan_8_python_moves_ten_records_at_once() {
        test_operation(
            [(0..25).collect::<Vec<i32>>()],
            |numbers| numbers.repartition(2).glom(),
            [vec![(10..20).collect(), (0..10).chain(20..25).collect()]],
        );
    }

    #[test]
    fn a_number_of_partitions_that_there_cannot_be_is_refused() {
        for partitions in [0, SparkContext::CORES_MAX + 1] {
            let refused = run_operation([vec![1]], |it| it.repartition(partitions), 1).err();
            let operator = "repartition";
            let expected = BuildError::Partitions {
                operator,
                partitions,
            };
            assert_eq!(refused, Some(expected));
        }
    }
}
