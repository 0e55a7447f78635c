//! Placement of keys: the partition of a key, and the order in which a partition's keys come out.

use std::hash::{BuildHasherDefault, DefaultHasher};

use indexmap::IndexMap;

use super::push::push;
use crate::order::AppendOnlyLayout;
use crate::order::reduce_by_key::{MapSideHash, map_side};
use crate::{Key, KeyOrder, Profile};

/// A map in the order in which its keys were inserted. The hasher has no seed of its own, and no
/// result depends on it.
pub(crate) type FirstSeen<K, V> = IndexMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// The pairs of one map task, by reduce partition; no bucket at all if it has no pair.
pub(crate) type Buckets<K, V> = Vec<Vec<(K, V)>>;

/// The hash partitioner of a program, and the tables of the program's language
/// (`org.apache.spark.HashPartitioner`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partitioner {
    profile: Profile,
    key_order: KeyOrder,
    partitions: usize,
}

impl Partitioner {
    pub(crate) fn new(profile: Profile, key_order: KeyOrder, partitions: usize) -> Partitioner {
        assert!(partitions > 0, "a shuffle has at least one partition");
        Partitioner {
            profile,
            key_order,
            partitions,
        }
    }

    /// The same placement over another number of partitions.
    pub(crate) fn with_partitions(self, partitions: usize) -> Partitioner {
        Partitioner::new(self.profile, self.key_order, partitions)
    }

    pub(crate) fn partitions(self) -> usize {
        self.partitions
    }

    /// True if keys come in the order of the JVM's tables, and not in that of their arrival.
    pub(crate) fn has_tables(self) -> bool {
        self.key_order == KeyOrder::Spark && self.profile.is_jvm()
    }

    /// The partition of a key.
    pub(crate) fn partition_of<K: Key>(self, key: &K) -> usize {
        if self.partitions == 1 {
            // Without its hash, which takes a good part of a word's time.
            return 0;
        }
        crate::order::partition(key.spark_hash(self.profile), self.partitions)
    }

    /// The Java hash code of a key, by which the JVM's tables go.
    pub(crate) fn hash_code<K: Key>(self, key: &K) -> i32 {
        key.spark_hash(self.profile) as i32
    }

    /// A bucket for each partition, empty.
    pub(super) fn buckets<K, V>(self) -> Buckets<K, V> {
        (0..self.partitions).map(|_| Vec::new()).collect()
    }

    /// The pairs by partition, in the order in which they come.
    pub(crate) fn scatter<K: Key, V>(self, mut pairs: Vec<(K, V)>) -> Buckets<K, V> {
        if self.partitions == 1 {
            return vec![pairs];
        }
        let mut buckets = self.buckets();
        self.scatter_to(&mut buckets, &mut pairs, &mut Vec::new());
        buckets
    }

    /// Moves each pair to its bucket. `targets` is scratch space, empty before and after.
    pub(super) fn scatter_to<K: Key, V>(
        self,
        buckets: &mut Buckets<K, V>,
        pairs: &mut Vec<(K, V)>,
        targets: &mut Vec<usize>,
    ) {
        debug_assert!(targets.is_empty(), "scratch space is left empty");
        targets.extend(pairs.iter().map(|(key, _)| self.partition_of(key)));
        let mut pairs = pairs.drain(..);
        for target in targets.drain(..) {
            // First the bucket, as indexing may unwind, and only then the pair: it then moves whole.
            let bucket = &mut buckets[target];
            if let Some(pair) = pairs.next() {
                push(bucket, pair);
            }
        }
    }

    /// Puts the output of a map task into the order in which the reduce tasks read it.
    pub(super) fn order_map_side<K: Key, V>(self, pairs: Vec<(K, V)>) -> Vec<(K, V)> {
        if !self.has_tables() {
            return pairs;
        }
        let hash = |(key, _): &(K, V)| {
            let code = self.hash_code(key);
            MapSideHash {
                code,
                in_pair: key.scala_hash(code),
            }
        };
        let hashes: Vec<MapSideHash> = pairs.iter().map(hash).collect();
        permute(
            pairs,
            map_side(&hashes, self.partitions, self.profile.spark()),
        )
    }

    /// Puts items, given in the order in which they were inserted into a table of the language, into
    /// the order in which the table iterates over them.
    pub(crate) fn order<K: Key, T>(self, items: Vec<T>, key: impl Fn(&T) -> &K) -> Vec<T> {
        if !self.has_tables() {
            return items;
        }
        let order = self.table_order(items.iter().map(key));
        permute(items, order)
    }

    /// The indices of keys, given in the order in which they were inserted into a table of the JVM, in
    /// the order in which the table iterates over them.
    pub(crate) fn table_order<'a, K: Key>(self, keys: impl Iterator<Item = &'a K>) -> Vec<usize> {
        let layout: AppendOnlyLayout = keys.map(|key| self.hash_code(key)).collect();
        layout.iter().collect()
    }
}

/// The items in this order of their indices, each of which comes once.
fn permute<T>(items: Vec<T>, order: impl IntoIterator<Item = usize>) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| items[index].take())
        .collect()
}
