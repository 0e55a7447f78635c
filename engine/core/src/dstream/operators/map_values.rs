//! `map_values`: another value for each key.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::{map_values, try_map_values};
use crate::{Data, Failure, Key};

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
        self.map_chunks("map_values", Keys::Kept, map_values("map_values", function))
    }

    /// As [`map_values`](DStream::map_values), by a function that may fail: then the batch does.
    pub fn try_map_values<U: Data>(
        &self,
        function: impl Fn(V) -> Result<U, Failure> + Send + Sync + 'static,
    ) -> DStream<(K, U)> {
        self.map_chunks(
            "try_map_values",
            Keys::Kept,
            try_map_values("try_map_values", function),
        )
    }
}
