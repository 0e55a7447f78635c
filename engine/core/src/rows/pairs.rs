//! Batches of keys with values (`org.apache.spark.rdd.PairRDDFunctions`).

use super::Data;
use super::partitions::Partitions;
use crate::Rdd;
use crate::key::Key;
use crate::state::update_snapshot::UpdateSnapshot;

impl<K: Data, V: Data> Rdd<(K, V)> {
    /// Each key with the result of `function` on its value.
    pub fn map_values<U: Data>(
        &self,
        function: impl Fn(V) -> U + Send + Sync + 'static,
    ) -> Rdd<(K, U)> {
        self.map(move |(key, value)| (key, function(value)))
            .partitioned_as(self)
    }
}

impl<K: Key, V: Data> Rdd<(K, V)> {
    /// What `function` makes of `zero` and of each key with its value in turn, partition 0 first: as
    /// [`fold`](Rdd::fold), and the fastest way to look at all of a big state, as states are looked at
    /// where they lie.
    ///
    /// ```
    /// use engine::Rdd;
    /// let clicks = Rdd::of_rows(vec![vec![("ann".to_owned(), 3), ("bob".to_owned(), 4)]]);
    /// assert_eq!(clicks.fold_pairs(0, |sum, _user, clicks| sum + clicks), 7);
    /// ```
    pub fn fold_pairs<A>(&self, zero: A, mut function: impl FnMut(A, &K, &V) -> A) -> A {
        self.job(|| {
            (0..self.partition_count()).fold(zero, |folded, partition| {
                self.fold_pairs_partition(partition, folded, &mut function)
            })
        })
    }

    /// What `function` makes of `zero` and of each key of a partition with its value in turn.
    pub(crate) fn fold_pairs_partition<A>(
        &self,
        partition: usize,
        zero: A,
        function: &mut impl FnMut(A, &K, &V) -> A,
    ) -> A {
        let columns = self.partitions().and_then(Partitions::columns);
        match columns.and_then(|columns| columns.downcast_ref::<Vec<UpdateSnapshot<K, V>>>()) {
            Some(states) => states[partition].fold(zero, function),
            None => self.fold_partition(partition, zero, &mut |folded, (key, value)| {
                function(folded, key, value)
            }),
        }
    }
}
