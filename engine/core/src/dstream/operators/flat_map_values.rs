//! `flat_map_values`: any number of values for each key.

use crate::dstream::DStream;
use crate::rows::Keys;
use crate::rows::map_partitions::flat_map_values;
use crate::{Data, Key};

const OPERATOR: &str = "flat_map_values";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key with all the results of `function` on its value, one after the other
    /// (`PairDStreamFunctions.flatMapValues`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation([vec![(7, 2), (8, 0)]], |pairs| pairs.flat_map_values(|n| 0..n), [vec![(7, 0), (7, 1)]]);
    /// ```
    pub fn flat_map_values<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(V) -> I + Send + Sync + 'static,
    ) -> DStream<(K, U)> {
        self.map_chunks(OPERATOR, Keys::Kept, flat_map_values(OPERATOR, function))
    }
}
