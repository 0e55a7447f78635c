//! Two batches of pairs brought together by their keys.

use super::partitioner::HashPartitioner;
use super::rdd::Rdd;
use crate::{Data, Key};

/// All the values of a key in two batches.
pub type Cogrouped<V, W> = (Vec<V>, Vec<W>);

/// A value of a key in each of two batches, one of which may not have the key.
pub type OuterPair<V, W> = (Option<V>, Option<W>);

/// A value of the first batch or of the second one.
#[derive(Clone)]
enum Side<V, W> {
    Left(V),
    Right(W),
}

impl<K: Key, V: Data> Rdd<(K, V)> {
    /// Each key that is in one of the batches, with all its values of this batch and all those of the other
    /// (`PairRDDFunctions.cogroup`).
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let prices = Rdd::of_rows(vec![vec![("bread", 2), ("milk", 1)]]);
    /// let names = Rdd::of_rows(vec![vec![("milk", "Milch"), ("milk", "lait")]]);
    /// let both = prices.cogroup(&names, SparkContext::local(1, "shop").partitioner());
    /// let milk = ("milk", (vec![1], vec!["Milch", "lait"]));
    /// assert_eq!(both.collect()?, [("bread", (vec![2], vec![])), milk]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn cogroup<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, Cogrouped<V, W>)> {
        self.cogroup_as("cogroup", other, partitioner)
    }

    fn cogroup_as<W: Data>(
        &self,
        operator: &'static str,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, Cogrouped<V, W>)> {
        let sides = self.with_other(operator, other, partitioner);
        sides.combine_placed(operator, partitioner, |groups, value| {
            Ok(add_side(groups, value))
        })
    }

    /// The pairs of both batches, in the partitions of their keys.
    fn with_other<W: Data>(
        &self,
        operator: &'static str,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, Side<V, W>)> {
        if partitioner.is_jvm() {
            // A partition reads all of its pairs of the first batch before any of the second one.
            let left = self.partition_by_as(operator, partitioner);
            let right = other.partition_by_as(operator, partitioner);
            left.map_values(Side::Left)
                .union(&right.map_values(Side::Right))
        } else {
            // `PySpark` moves the union of both.
            self.map_values(Side::Left)
                .union(&other.map_values(Side::Right))
                .partition_by_as(operator, partitioner)
        }
    }

    /// Each key with each pair of a value of this batch and one of the other (`PairRDDFunctions.join`).
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let prices = Rdd::of_rows(vec![vec![("bread", 2), ("milk", 1)]]);
    /// let names = Rdd::of_rows(vec![vec![("milk", "Milch"), ("milk", "lait")]]);
    /// let joined = prices.join(&names, SparkContext::local(1, "shop").partitioner());
    /// assert_eq!(joined.collect()?, [("milk", (1, "Milch")), ("milk", (1, "lait"))]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn join<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, (V, W))> {
        let groups = self.cogroup_as("join", other, partitioner);
        groups.flat_map_values_as("join", |(left, right)| cross(left, right))
    }

    /// As [`join`](Rdd::join), with `None` for a key of this batch that the other has not
    /// (`PairRDDFunctions.leftOuterJoin`).
    pub fn left_outer_join<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, (V, Option<W>))> {
        let groups = self.cogroup_as("left_outer_join", other, partitioner);
        groups.flat_map_values_as("left_outer_join", |(left, right)| {
            cross(left, some_or_none(right))
        })
    }

    /// As [`join`](Rdd::join), with `None` for a key of the other batch that this one has not
    /// (`PairRDDFunctions.rightOuterJoin`).
    pub fn right_outer_join<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, (Option<V>, W))> {
        let groups = self.cogroup_as("right_outer_join", other, partitioner);
        groups.flat_map_values_as("right_outer_join", |(left, right)| {
            cross(some_or_none(left), right)
        })
    }

    /// As [`join`](Rdd::join), with `None` for a key that one of the batches has not
    /// (`PairRDDFunctions.fullOuterJoin`).
    pub fn full_outer_join<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, OuterPair<V, W>)> {
        let groups = self.cogroup_as("full_outer_join", other, partitioner);
        groups.flat_map_values_as("full_outer_join", |(left, right)| {
            cross(some_or_none(left), some_or_none(right))
        })
    }

    /// The pairs of this batch whose key the other batch has not (`PairRDDFunctions.subtractByKey`).
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let stock = Rdd::of_rows(vec![vec![("bread", 2), ("milk", 1)]]);
    /// let sold = Rdd::of_rows(vec![vec![("milk", ())]]);
    /// let left = stock.subtract_by_key(&sold, SparkContext::local(1, "shop").partitioner());
    /// assert_eq!(left.collect()?, [("bread", 2)]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn subtract_by_key<W: Data>(
        &self,
        other: &Rdd<(K, W)>,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, V)> {
        let operator = "subtract_by_key";
        let sides = self.with_other(operator, other, partitioner);
        // The JVM takes the keys of the other batch out of a map of all keys of this one
        // (`org.apache.spark.rdd.SubtractedRDD`).
        let order = move |mut groups: Vec<(K, Cogrouped<V, W>)>| {
            groups.retain(|(_, (left, _))| !left.is_empty());
            partitioner.hash_map_order(groups, |(key, _)| key)
        };
        let add = |groups, value| Ok(add_side(groups, value));
        let groups = sides.combine_placed_in_order(operator, partitioner, add, order);
        groups.flat_map_values_as(operator, |(left, right)| {
            left.into_iter().filter(move |_| right.is_empty())
        })
    }
}

/// Adds a value to those of its side.
fn add_side<V, W>(groups: Option<Cogrouped<V, W>>, value: Side<V, W>) -> Cogrouped<V, W> {
    let mut groups = groups.unwrap_or_default();
    match value {
        Side::Left(value) => groups.0.push(value),
        Side::Right(value) => groups.1.push(value),
    }
    groups
}

/// Each value of the first with each one of the second.
fn cross<V: Clone, W: Clone>(left: Vec<V>, right: Vec<W>) -> impl Iterator<Item = (V, W)> {
    left.into_iter().flat_map(move |value| {
        let others = right.clone().into_iter();
        others.map(move |other| (value.clone(), other))
    })
}

/// The values, or that there are none.
fn some_or_none<V>(values: Vec<V>) -> Vec<Option<V>> {
    if values.is_empty() {
        return vec![None];
    }
    values.into_iter().map(Some).collect()
}
