//! `count_by_value`: how often each record comes.

use crate::Key;
use crate::dstream::DStream;

impl<T: Key> DStream<T> {
    /// Each distinct record of a batch with how often it comes (`DStream.countByValue`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![2, 4, 2]], |numbers| numbers.count_by_value(), [vec![(2, 2), (4, 1)]]);
    /// ```
    pub fn count_by_value(&self) -> DStream<(T, i64)> {
        let ones = self.map(|record| (record, 1)).with_partitions_of(self);
        ones.reduce_by_key(|x, y| x + y)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::test_operation;

    #[test]
    fn plan_3_an_empty_batch_has_no_values() {
        test_operation(
            [vec![], vec![7, 7]],
            |numbers| numbers.count_by_value(),
            [vec![], vec![(7, 2)], vec![]],
        );
    }
}
