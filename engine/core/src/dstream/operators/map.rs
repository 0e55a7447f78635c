//! `map`: one record out for each record in.

use std::sync::Arc;

use crate::Data;
use crate::dstream::DStream;

impl<T: Data> DStream<T> {
    /// The result of `function` on each record.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![1, 2], vec![3]], |numbers| numbers.map(|n| n * 10), [vec![10, 20], vec![30]]);
    /// ```
    pub fn map<U: Data>(&self, function: impl Fn(T) -> U + Send + Sync + 'static) -> DStream<U> {
        let function = Arc::new(function);
        self.derive(move |batch, _| {
            let function = Arc::clone(&function);
            batch.map(move |record| function(record))
        })
    }
}
