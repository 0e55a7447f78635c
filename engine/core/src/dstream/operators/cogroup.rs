//! `cogroup`: all the values of a key in two streams.

use crate::dstream::DStream;
use crate::dstream::node::MadeBy;
use crate::rows::Cogrouped;
use crate::{Data, Key};

const OPERATOR: &str = "cogroup";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key that is in this stream's batch or in the other's, with all its values in both
    /// (`PairDStreamFunctions.cogroup`). Both streams have the same slide, or the program is refused (`PLAN-2`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b'), (2, 'c')]],
    ///     |pairs| pairs.cogroup(&pairs.filter(|pair| pair.0 == 2)),
    ///     [vec![(2, (vec!['a', 'c'], vec!['a', 'c'])), (4, (vec!['b'], vec![]))]],
    /// );
    /// ```
    pub fn cogroup<W: Data>(&self, other: &DStream<(K, W)>) -> DStream<(K, Cogrouped<V, W>)> {
        let partitioner = self.partitioner(OPERATOR);
        self.derive_with(OPERATOR, other, MadeBy::Rows, move |_, batch, other| {
            Ok(batch.cogroup(&other, partitioner))
        })
    }
}
