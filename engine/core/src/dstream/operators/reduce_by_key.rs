//! `reduce_by_key`: one value of all the values of a key.

use crate::dstream::DStream;
use crate::rows::{HashPartitioner, Reduce, Shuffle};
use crate::{Data, Failure, Key};

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The values of each key in a batch, reduced to one (`PLAN-4`; `PairDStreamFunctions.reduceByKey`).
    ///
    /// `function` must be associative and commutative: values are combined in each input partition
    /// first. Here both steps go by the order of arrival.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 1), (2, 1), (4, 1)], vec![(4, 1)]],
    ///     |pairs| pairs.reduce_by_key(|x, y| x + y),
    ///     [vec![(2, 2), (4, 1)], vec![(4, 1)]],
    /// );
    /// ```
    pub fn reduce_by_key(
        &self,
        function: impl Fn(V, V) -> V + Send + Sync + 'static,
    ) -> DStream<(K, V)> {
        let method = "reduce_by_key";
        self.reduce_by_key_as(method, self.partitioner(method), move |x, y| {
            Ok(function(x, y))
        })
    }

    /// As [`reduce_by_key`](DStream::reduce_by_key), by a function that may fail: then the batch does.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// use engine::{Failure, FailureKind};
    /// let sum = |x: i8, y: i8| {
    ///     x.checked_add(y).ok_or(Failure::new(FailureKind::Overflow, "the sum has more than 8 bits"))
    /// };
    /// test_operation(
    ///     [vec![(2, 100), (2, 27)]],
    ///     move |pairs| pairs.try_reduce_by_key(sum),
    ///     [vec![(2, 127)]],
    /// );
    /// ```
    pub fn try_reduce_by_key(
        &self,
        function: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
    ) -> DStream<(K, V)> {
        let method = "try_reduce_by_key";
        self.reduce_by_key_as(method, self.partitioner(method), function)
    }

    /// The reduction, as a part of the method of this name.
    pub(super) fn reduce_by_key_as(
        &self,
        method: &'static str,
        partitioner: HashPartitioner,
        function: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
    ) -> DStream<(K, V)> {
        let reduce = Reduce(function);
        self.derive_placed(method, partitioner, move |_, batch, context| {
            let shuffle = Shuffle {
                operator: method,
                partitioner,
                workers: context.workers(),
            };
            shuffle.combine_by_key(&batch, &reduce)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::test_operation;

    #[test]
    fn plan_3_an_empty_batch_has_no_keys() {
        test_operation(
            [vec![], vec![(7, 1), (7, 2)]],
            |pairs| pairs.reduce_by_key(|x, y| x + y),
            [vec![], vec![(7, 3)], vec![]],
        );
    }

    #[test]
    fn plan_4_a_value_that_is_alone_is_left_as_it_is() {
        test_operation(
            [vec![(7, 1), (8, 1), (8, 1)]],
            |pairs| pairs.reduce_by_key(|_, _| 100),
            [vec![(7, 1), (8, 100)]],
        );
    }
}
