//! Bringing the records of a key together: which partition a key goes to, and in which order a
//! partition's keys come out.

use std::hash::{BuildHasherDefault, DefaultHasher};

use indexmap::IndexMap;

use super::key::{Key, RowOrder};
use super::rdd::Rdd;
use super::stream::Data;
use crate::Workers;
use crate::order::AppendOnlyLayout;
use crate::order::reduce_by_key::map_side;
use crate::workers::gather;

/// A map in the order in which its keys were first seen. The hasher has no seed of its own, and
/// nothing depends on what it answers.
pub(crate) type FirstSeen<K, V> = IndexMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// The hash partitioner and the tables of a program's language (`org.apache.spark.HashPartitioner`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shuffle {
    order: RowOrder,
    partitions: usize,
}

impl Shuffle {
    pub(crate) fn new(order: RowOrder, partitions: usize) -> Shuffle {
        Shuffle { order, partitions }
    }

    pub(crate) fn order(self) -> RowOrder {
        self.order
    }

    pub(crate) fn partitions(self) -> usize {
        self.partitions
    }

    /// The values of each key reduced to one, map side first, as `combineByKey` does.
    pub(crate) fn reduce<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        function: &(impl Fn(V, V) -> V + Sync),
        workers: &dyn Workers,
    ) -> Vec<Vec<(K, V)>> {
        self.reduce_arranged(rdd, function, workers, |pairs| self.arrange_map_side(pairs))
    }

    /// As [`reduce`](Self::reduce), of pairs that a shuffle like this one has brought to their
    /// partitions already: Spark moves them no more, so no map side puts them into its order
    /// (`PairRDDFunctions.combineByKeyWithClassTag`).
    pub(crate) fn reduce_placed<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        function: &(impl Fn(V, V) -> V + Sync),
        workers: &dyn Workers,
    ) -> Vec<Vec<(K, V)>> {
        self.reduce_arranged(rdd, function, workers, |pairs| pairs)
    }

    fn reduce_arranged<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        function: &(impl Fn(V, V) -> V + Sync),
        workers: &dyn Workers,
        arrange_map_side: impl Fn(Vec<(K, V)>) -> Vec<(K, V)> + Sync,
    ) -> Vec<Vec<(K, V)>> {
        if rdd.partition_count() == 0 {
            return (0..self.partitions).map(|_| Vec::new()).collect();
        }
        let fold = |total: &mut Option<V>, value: V| {
            *total = Some(match total.take() {
                Some(old) => function(old, value),
                None => value,
            });
        };
        let scattered = rdd.gather(workers, |partition| {
            let mut combined: FirstSeen<K, Option<V>> = FirstSeen::default();
            rdd.visit_all(partition, |(key, value)| {
                fold(combined.entry(key).or_default(), value);
            });
            self.scatter(arrange_map_side(present(combined)))
        });
        let reduced = self.fold(&scattered, fold, workers);
        reduced
            .into_iter()
            .map(|partition| self.arrange(present(partition), |(key, _)| key))
            .collect()
    }

    /// The values of each key, in the order in which they arrived (`USK-9` leaves it open).
    pub(crate) fn group<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Vec<FirstSeen<K, Vec<V>>> {
        self.fold(&self.scatter_all(rdd, workers), Vec::push, workers)
    }

    /// The pairs of each map task, by reduce partition, in the order in which they arrived.
    pub(crate) fn scatter_all<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Vec<Vec<Vec<(K, V)>>> {
        rdd.gather(workers, |partition| {
            let mut pairs = Vec::new();
            rdd.visit_all(partition, |pair| pairs.push(pair));
            self.scatter(pairs)
        })
    }

    /// The pairs of one map task, by reduce partition.
    pub(crate) fn scatter<K: Key, V>(self, pairs: Vec<(K, V)>) -> Vec<Vec<(K, V)>> {
        let mut buckets: Vec<Vec<(K, V)>> = (0..self.partitions).map(|_| Vec::new()).collect();
        for pair in pairs {
            buckets[self.partition_of(&pair.0)].push(pair);
        }
        buckets
    }

    /// Reduce tasks read the map outputs in the order of the map partitions.
    fn fold<K: Key, V: Data, C: Default + Send + Sync>(
        self,
        scattered: &[Vec<Vec<(K, V)>>],
        fold: impl Fn(&mut C, V) + Sync,
        workers: &dyn Workers,
    ) -> Vec<FirstSeen<K, C>> {
        if scattered.is_empty() {
            return (0..self.partitions).map(|_| FirstSeen::default()).collect();
        }
        gather(workers, self.partitions, |partition| {
            let mut merged: FirstSeen<K, C> = FirstSeen::default();
            for (key, value) in scattered.iter().flat_map(|buckets| &buckets[partition]) {
                fold(merged.entry(key.clone()).or_default(), value.clone());
            }
            merged
        })
    }

    /// The reduce partition of a key.
    pub(crate) fn partition_of<K: Key>(self, key: &K) -> usize {
        crate::order::partition(key.spark_hash(self.order), self.partitions)
    }

    /// Puts the output of a map task into the order in which the reduce tasks will read it.
    fn arrange_map_side<K: Key, V>(self, pairs: Vec<(K, V)>) -> Vec<(K, V)> {
        match self.order {
            RowOrder::Python | RowOrder::Python2 => pairs,
            RowOrder::Jvm => {
                let hashes: Vec<i32> = pairs.iter().map(|(key, _)| self.hash_code(key)).collect();
                permute(pairs, map_side(&hashes, self.partitions))
            }
        }
    }

    /// Puts items, given in the order in which they were inserted into a table of the language, into
    /// the order in which the table hands them out.
    pub(crate) fn arrange<K: Key, T>(self, items: Vec<T>, key: impl Fn(&T) -> &K) -> Vec<T> {
        match self.order {
            RowOrder::Python | RowOrder::Python2 => items,
            RowOrder::Jvm => {
                let mut layout = AppendOnlyLayout::new();
                for item in &items {
                    layout.insert(self.hash_code(key(item)));
                }
                permute(items, layout.iter())
            }
        }
    }

    fn hash_code<K: Key>(self, key: &K) -> i32 {
        key.spark_hash(self.order) as i32
    }
}

/// The pairs that got a value, which is all of them: a key is there because a value was.
fn present<K, V>(totals: FirstSeen<K, Option<V>>) -> Vec<(K, V)> {
    totals
        .into_iter()
        .filter_map(|(key, total)| Some((key, total?)))
        .collect()
}

fn permute<T>(items: Vec<T>, order: impl IntoIterator<Item = usize>) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| items[index].take())
        .collect()
}
