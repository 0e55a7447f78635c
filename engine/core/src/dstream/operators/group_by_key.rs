//! `group_by_key`: all the values of a key.

use crate::dstream::DStream;
use crate::rows::{Group, Shuffle};
use crate::{Data, Key};

const OPERATOR: &str = "group_by_key";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key of a batch with all its values (`PairDStreamFunctions.groupByKey`).
    ///
    /// Spark leaves the order of the values open (`USK-9`); here it is the order of arrival.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b'), (2, 'c')]],
    ///     |pairs| pairs.group_by_key(),
    ///     [vec![(2, vec!['a', 'c']), (4, vec!['b'])]],
    /// );
    /// ```
    pub fn group_by_key(&self) -> DStream<(K, Vec<V>)> {
        let partitioner = self.partitioner(OPERATOR);
        self.derive_placed(OPERATOR, partitioner, move |_, batch, context| {
            let shuffle = Shuffle {
                operator: OPERATOR,
                partitioner,
                workers: context.workers(),
            };
            shuffle.combine_by_key(&batch, &Group)
        })
    }
}
