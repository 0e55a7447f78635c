//! `join` and the outer joins: each pair of values of a key in two streams.

use crate::dstream::DStream;
use crate::dstream::node::MadeBy;
use crate::rows::OuterPair;
use crate::{Data, Key};

impl<K: Key, V: Data> DStream<(K, V)> {
    /// Each key with each pair of a value in this stream's batch and one in the other's
    /// (`PairDStreamFunctions.join`). Both streams have the same slide, or the program is refused (`PLAN-2`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b'), (2, 'c')], vec![(2, 'd')]],
    ///     |pairs| pairs.join(&pairs.count().map(|count| (2, count))),
    ///     [vec![(2, ('a', 3)), (2, ('c', 3))], vec![(2, ('d', 1))]],
    /// );
    /// ```
    pub fn join<W: Data>(&self, other: &DStream<(K, W)>) -> DStream<(K, (V, W))> {
        let partitioner = self.partitioner("join");
        self.derive_with("join", other, MadeBy::Rows, move |_, batch, other| {
            Ok(batch.join(&other, partitioner))
        })
    }

    /// As [`join`](DStream::join), with `None` for a key of this stream that the other has not
    /// (`PairDStreamFunctions.leftOuterJoin`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b')]],
    ///     |pairs| pairs.left_outer_join(&pairs.filter(|pair| pair.0 == 2)),
    ///     [vec![(2, ('a', Some('a'))), (4, ('b', None))]],
    /// );
    /// ```
    pub fn left_outer_join<W: Data>(
        &self,
        other: &DStream<(K, W)>,
    ) -> DStream<(K, (V, Option<W>))> {
        let partitioner = self.partitioner("left_outer_join");
        self.derive_with(
            "left_outer_join",
            other,
            MadeBy::Rows,
            move |_, batch, other| Ok(batch.left_outer_join(&other, partitioner)),
        )
    }

    /// As [`join`](DStream::join), with `None` for a key of the other stream that this one has not
    /// (`PairDStreamFunctions.rightOuterJoin`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b')]],
    ///     |pairs| pairs.filter(|pair| pair.0 == 2).right_outer_join(&pairs),
    ///     [vec![(2, (Some('a'), 'a')), (4, (None, 'b'))]],
    /// );
    /// ```
    pub fn right_outer_join<W: Data>(
        &self,
        other: &DStream<(K, W)>,
    ) -> DStream<(K, (Option<V>, W))> {
        let partitioner = self.partitioner("right_outer_join");
        self.derive_with(
            "right_outer_join",
            other,
            MadeBy::Rows,
            move |_, batch, other| Ok(batch.right_outer_join(&other, partitioner)),
        )
    }

    /// As [`join`](DStream::join), with `None` for a key that one of the streams has not
    /// (`PairDStreamFunctions.fullOuterJoin`).
    ///
    /// ```
    /// use engine::testing::test_operation;
    /// test_operation(
    ///     [vec![(2, 'a'), (4, 'b')]],
    ///     |pairs| {
    ///         let two = pairs.filter(|pair| pair.0 == 2);
    ///         two.full_outer_join(&pairs.filter(|pair| pair.0 == 4))
    ///     },
    ///     [vec![(2, (Some('a'), None)), (4, (None, Some('b')))]],
    /// );
    /// ```
    pub fn full_outer_join<W: Data>(
        &self,
        other: &DStream<(K, W)>,
    ) -> DStream<(K, OuterPair<V, W>)> {
        let partitioner = self.partitioner("full_outer_join");
        self.derive_with(
            "full_outer_join",
            other,
            MadeBy::Rows,
            move |_, batch, other| Ok(batch.full_outer_join(&other, partitioner)),
        )
    }
}
