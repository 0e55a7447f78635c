//! `glom`: the records of a partition as one record.

use crate::Data;
use crate::dstream::DStream;

impl<T: Data> DStream<T> {
    /// The records of each partition of a batch, as one record (`DStream.glom`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2], vec![]], |numbers| numbers.glom(), [vec![vec![1, 2]], vec![]]);
    /// ```
    pub fn glom(&self) -> DStream<Vec<T>> {
        // Of partitions without rows it makes rows: an empty batch is not known to stay empty.
        self.derive("glom", |_, batch, _| Ok(batch.glom()))
    }
}
