//! `filter`: some of the records.

use crate::Data;
use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::filter;

impl<T: Data> DStream<T> {
    /// The records for which `predicate` holds.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2, 3]], |numbers| numbers.filter(|n| n % 2 == 1), [vec![1, 3]]);
    /// ```
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> DStream<T> {
        self.map_chunks("filter", Keys::Kept, filter(predicate))
    }
}
