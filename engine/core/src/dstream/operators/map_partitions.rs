//! `map_partitions`: records made of whole partitions.

use crate::dstream::DStream;
use crate::{Data, Failure};

impl<T: Data> DStream<T> {
    /// The records that `function` makes of each partition of a batch, given its index and all of its records, if
    /// any (`DStream.mapPartitions`). A batch in which nothing arrived has no partitions.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec!['a', 'b'], vec![]],
    ///     |letters| letters.map_partitions(|_index, letters| Ok([Ok(letters.len())])),
    ///     [vec![2], vec![]],
    /// );
    /// ```
    pub fn map_partitions<U: Data, I: IntoIterator<Item = Result<U, Failure>>>(
        &self,
        function: impl Fn(usize, Vec<T>) -> Result<I, Failure> + Clone + Send + Sync + 'static,
    ) -> DStream<U> {
        self.derive("map_partitions", move |_, batch, _| {
            Ok(batch.map_partitions(function.clone()))
        })
    }
}
