//! `filter`: some of the records.

use std::sync::Arc;

use crate::Data;
use crate::dstream::DStream;

impl<T: Data> DStream<T> {
    /// The records for which `predicate` holds.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2, 3]], |numbers| numbers.filter(|n| n % 2 == 1), [vec![1, 3]]);
    /// ```
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> DStream<T> {
        let predicate = Arc::new(predicate);
        self.derive(move |batch, _| {
            let predicate = Arc::clone(&predicate);
            batch.filter(move |record| predicate(record))
        })
    }
}
