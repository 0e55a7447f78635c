//! `map_values`: another value for each key.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::map_values;
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
        self.map_chunks("map_values", Keys::Kept, map_values(function))
    }
}
