//! `combine_by_key`: the values of a key combined to one of another type.

use crate::dstream::DStream;
use crate::{Data, Failure, Key};

const OPERATOR: &str = "combine_by_key";

impl<K: Key, V: Data> DStream<(K, V)> {
    /// The values of each key in a batch, combined (`PairDStreamFunctions.combineByKey`): in each input partition
    /// first, where `create` is called on the first value of a key and `add` on each other one, and then by `merge`
    /// across the partitions, in the order of arrival.
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (2, 'b'), (4, 'c')]],
    ///     |pairs| {
    ///         pairs.combine_by_key(
    ///             |letter| Ok(String::from(letter)),
    ///             |text, letter| Ok(format!("{text}{letter}")),
    ///             |left, right| Ok(left + &right),
    ///         )
    ///     },
    ///     [vec![(2, "ab".to_owned()), (4, "c".to_owned())]],
    /// );
    /// ```
    pub fn combine_by_key<C: Data>(
        &self,
        create: impl Fn(V) -> Result<C, Failure> + Clone + Send + Sync + 'static,
        add: impl Fn(C, V) -> Result<C, Failure> + Clone + Send + Sync + 'static,
        merge: impl Fn(C, C) -> Result<C, Failure> + Clone + Send + Sync + 'static,
    ) -> DStream<(K, C)> {
        let partitioner = self.partitioner(OPERATOR);
        self.derive_rows(OPERATOR, move |_, batch, _| {
            let combined =
                batch.combine_by_key(partitioner, create.clone(), add.clone(), merge.clone());
            Ok(combined)
        })
    }
}
