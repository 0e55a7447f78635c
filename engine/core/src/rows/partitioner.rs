//! Placement of keys: the partition of a key, and the order in which a partition's keys come out.

use std::hash::{BuildHasherDefault, DefaultHasher};

use indexmap::IndexMap;

use super::push::push;
use crate::order::reduce_by_key::{MapSideHash, map_side};
use crate::order::{AppendOnlyLayout, hash_map};
use crate::{Key, KeyOrder, Profile};

/// A map in the order in which its keys were inserted. The hasher has no seed of its own, and no
/// result depends on it.
pub(crate) type FirstSeen<K, V> = IndexMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// The pairs of one map task, by reduce partition; no bucket at all if it has no pair.
pub(crate) type Buckets<K, V> = Vec<Vec<(K, V)>>;

/// The placement of keys in partitions by their hash, and the order of the keys of a partition, as the tables of the
/// program's language have it (`org.apache.spark.HashPartitioner`, `pyspark.rdd.Partitioner`).
///
/// [`SparkContext::partitioner`](crate::SparkContext::partitioner) is that of a cluster. Two of them are equal if they
/// put every key into the same partition, as far as that is known; rows that one has placed are not moved for an equal
/// one (`PLAN-7`).
///
/// ```
/// let sc = engine::SparkContext::local(2, "words");
/// assert_eq!(sc.partitioner().partitions(), 2);
/// assert_ne!(sc.partitioner(), sc.partitioner().with_partitions(3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashPartitioner {
    profile: Profile,
    key_order: KeyOrder,
    partitions: usize,
    /// The function of the user's that makes the hashes; `None` of Spark's own.
    function: Option<u64>,
}

impl HashPartitioner {
    pub(crate) fn new(profile: Profile, key_order: KeyOrder, partitions: usize) -> HashPartitioner {
        assert!(partitions > 0, "a shuffle has at least one partition");
        HashPartitioner {
            profile,
            key_order,
            partitions,
            function: None,
        }
    }

    /// The language and version whose hash places keys.
    pub(crate) fn profile(self) -> Profile {
        self.profile
    }

    /// The same placement over another number of partitions.
    ///
    /// # Panics
    ///
    /// Panics if there are to be none.
    #[must_use]
    pub fn with_partitions(self, partitions: usize) -> HashPartitioner {
        assert!(partitions > 0, "a shuffle has at least one partition");
        HashPartitioner { partitions, ..self }
    }

    /// Declares that keys are placed by a function of the user's own with this number, such as the `partitionFunc` of
    /// `PySpark`: [`Key::spark_hash`] is then what it makes of a key. Partitioners of different functions are never
    /// equal.
    ///
    /// ```
    /// let by_hash = engine::SparkContext::local(2, "words").partitioner();
    /// assert_ne!(by_hash.with_function(1), by_hash);
    /// assert_ne!(by_hash.with_function(1), by_hash.with_function(2));
    /// ```
    #[must_use]
    pub fn with_function(self, id: u64) -> HashPartitioner {
        HashPartitioner {
            function: Some(id),
            ..self
        }
    }

    /// The number of partitions.
    pub fn partitions(self) -> usize {
        self.partitions
    }

    /// True if the program is one in Java or Scala.
    pub(crate) fn is_jvm(self) -> bool {
        self.profile.is_jvm()
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

    /// Puts items, given in the order in which they were put into a map of the language, into the order in which that
    /// iterates over them: on the JVM it is a `java.util.HashMap`, in Python a `dict`.
    pub(super) fn hash_map_order<K: Key, T>(self, items: Vec<T>, key: impl Fn(&T) -> &K) -> Vec<T> {
        if !self.has_tables() {
            return items;
        }
        let hashes: Vec<i32> = items.iter().map(|item| self.hash_code(key(item))).collect();
        permute(items, hash_map::order(&hashes))
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
