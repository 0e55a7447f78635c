//! `partition_by`: each pair in the partition of its key.

use crate::dstream::DStream;
use crate::rows::HashPartitioner;
use crate::{Data, Key};

const OPERATOR: &str = "partition_by";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The pairs of each batch, each in the partition of its key (`DStream.partitionBy` of `PySpark`, and
    /// `transform` with `partitionBy` on the JVM).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(1, 'a'), (2, 'b'), (1, 'c')]],
    ///     |pairs| {
    ///         let partitioner = pairs.context().spark_context().partitioner();
    ///         pairs.partition_by(partitioner.with_partitions(2)).glom()
    ///     },
    ///     [vec![vec![(2, 'b')], vec![(1, 'a'), (1, 'c')]]],
    /// );
    /// ```
    pub fn partition_by(&self, partitioner: HashPartitioner) -> DStream<(K, V)> {
        self.derive_rows(OPERATOR, move |_, batch, _| {
            Ok(batch.partition_by(partitioner))
        })
    }
}
