//! `map_values`: another value for each key.

use std::sync::Arc;

use crate::dstream::DStream;
use crate::{Data, Key};

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key with the result of `function` on its value.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![(7, 1)]], |pairs| pairs.map_values(|n| n + 1), [vec![(7, 2)]]);
    /// ```
    pub fn map_values<U: Data>(
        &self,
        function: impl Fn(V) -> U + Send + Sync + 'static,
    ) -> DStream<(K, U)> {
        let function = Arc::new(function);
        self.derive(move |batch, _| {
            let function = Arc::clone(&function);
            batch.map_values(move |value| function(value))
        })
    }
}
