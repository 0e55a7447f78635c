//! Bringing the records of a key together: which partition a key goes to, and in which order a
//! partition's keys come out.

use std::hash::{BuildHasherDefault, DefaultHasher};

use indexmap::IndexMap;

use super::Data;
use super::aggregator::Aggregator;
use super::ordered::Ordered;
use super::partitions::NoRows;
use super::push::push;
use crate::Rdd;
use crate::Workers;
use crate::key::{Key, KeyOrder, RowOrder};
use crate::order::AppendOnlyLayout;
use crate::order::reduce_by_key::{MapSideHash, map_side};
use crate::table::combiner::Combiner;
use crate::table::keys::BLOCK;
use crate::workers::{gather, gather_each};

/// A map in the order in which its keys were first seen. The hasher has no seed of its own, and
/// nothing depends on what it answers.
pub(crate) type FirstSeen<K, V> = IndexMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// The pairs of one map task, by reduce partition.
pub(crate) type Scattered<K, V> = Vec<Vec<(K, V)>>;

/// The hash partitioner and the tables of a program's language (`org.apache.spark.HashPartitioner`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partitioner {
    row_order: RowOrder,
    key_order: KeyOrder,
    partitions: usize,
}

impl Partitioner {
    pub(crate) fn new(row_order: RowOrder, key_order: KeyOrder, partitions: usize) -> Partitioner {
        Partitioner {
            row_order,
            key_order,
            partitions,
        }
    }

    /// The same partitioner with another number of partitions.
    pub(crate) fn with_partitions(self, partitions: usize) -> Partitioner {
        Partitioner { partitions, ..self }
    }

    pub(crate) fn partitions(self) -> usize {
        self.partitions
    }

    /// Whether keys come in the order of the JVM's tables, and not in that of their arrival.
    pub(crate) fn has_tables(self) -> bool {
        self.key_order == KeyOrder::Spark && self.row_order == RowOrder::Jvm
    }

    /// The values of each key combined (`PairRDDFunctions.combineByKeyWithClassTag`): in each input
    /// partition first, unless the keys are where they belong already. Then nothing moves, and no map
    /// side puts keys into its order.
    pub(crate) fn combine_by_key<K: Key, V: Data, A: Aggregator<V>>(
        self,
        rdd: &Rdd<(K, V)>,
        aggregator: &A,
        workers: &dyn Workers,
    ) -> Rdd<(K, A::Combined)> {
        if rdd.partition_count() == 0 {
            return Rdd::of_partitions(NoRows {
                partitions: self.partitions,
            })
            .partitioned_by(self);
        }
        let combine = |partition| {
            let mut combined = Combiner::new();
            rdd.visit_runs(partition, |run| {
                let create = |value| aggregator.create(value);
                combined.add(run, create, |total, value| aggregator.add(total, value));
            });
            combined.into_pairs()
        };
        let partitions = if self.has_placed(rdd) {
            rdd.gather(workers, combine)
        } else {
            let scattered = rdd.gather(workers, |partition| {
                self.scatter(self.arrange_map_side(combine(partition)))
            });
            self.merge(scattered, aggregator, workers)
        };
        Rdd::of_partitions(Ordered::new(self, partitions)).partitioned_by(self)
    }

    /// Reduce tasks read the map outputs in the order of the map partitions.
    fn merge<K: Key, V, A: Aggregator<V>>(
        self,
        scattered: Vec<Scattered<K, A::Combined>>,
        aggregator: &A,
        workers: &dyn Workers,
    ) -> Vec<Vec<(K, A::Combined)>> {
        let mut none = vec![(); self.partitions];
        reduce_each(scattered, workers, &mut none, |(), buckets| {
            let pairs = buckets.iter().map(Vec::len);
            let (mut merged, mut block) = (Combiner::with_room(pairs.sum()), Vec::new());
            for pairs in buckets.iter().flat_map(|pairs| pairs.chunks(BLOCK)) {
                block.extend_from_slice(pairs);
                let merge = |left, right| aggregator.merge(left, right);
                merged.add(&mut block, |combined| combined, merge);
            }
            merged.into_pairs()
        })
    }

    /// What each reduce task makes of its item and of the pairs of its partition, given map task by map
    /// task in the order in which they arrived.
    pub(crate) fn reduce_each<K: Key, V: Data, T: Send, R: Send + Sync>(
        self,
        rdd: &Rdd<(K, V)>,
        workers: &dyn Workers,
        items: &mut [T],
        task: impl Fn(&mut T, &[Vec<(K, V)>]) -> R + Sync,
    ) -> Vec<R> {
        reduce_each(self.scatter_all(rdd, workers), workers, items, task)
    }

    /// The pairs of each part of a map partition, by reduce partition, in the order in which they arrived.
    fn scatter_all<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
        workers: &dyn Workers,
    ) -> Vec<Scattered<K, V>> {
        let is_placed = self.has_placed(rdd);
        let partitions = 0..rdd.partition_count();
        let parts: Vec<(usize, usize)> = partitions
            .flat_map(|partition| (0..rdd.parts(partition)).map(move |part| (partition, part)))
            .collect();
        gather(workers, parts.len(), |task| {
            let (partition, _) = parts[task];
            let (mut buckets, mut targets) = (self.buckets(), Vec::new());
            rdd.visit_part_runs(parts[task], |run| {
                if is_placed {
                    buckets[partition].append(run);
                } else {
                    self.scatter_to(&mut buckets, run, &mut targets);
                }
            });
            buckets
        })
    }

    fn buckets<K, V>(self) -> Scattered<K, V> {
        (0..self.partitions).map(|_| Vec::new()).collect()
    }

    pub(crate) fn scatter<K: Key, V>(self, mut pairs: Vec<(K, V)>) -> Scattered<K, V> {
        if self.partitions == 1 {
            return vec![pairs];
        }
        let mut buckets = self.buckets();
        self.scatter_to(&mut buckets, &mut pairs, &mut Vec::new());
        buckets
    }

    /// Moves each pair to its bucket. `targets` is room to work in.
    fn scatter_to<K: Key, V>(
        self,
        buckets: &mut Scattered<K, V>,
        pairs: &mut Vec<(K, V)>,
        targets: &mut Vec<usize>,
    ) {
        targets.extend(pairs.iter().map(|(key, _)| self.partition_of(key)));
        let mut pairs = pairs.drain(..);
        for target in targets.drain(..) {
            // First the bucket, as looking for it may unwind, and only then the pair.
            let bucket = &mut buckets[target];
            if let Some(pair) = pairs.next() {
                push(bucket, pair);
            }
        }
    }

    /// The reduce partition of a key.
    pub(crate) fn partition_of<K: Key>(self, key: &K) -> usize {
        if self.partitions == 1 {
            // Whatever the hash, which takes a good part of a word's time.
            return 0;
        }
        crate::order::partition(key.spark_hash(self.row_order), self.partitions)
    }

    /// Whether each key of a batch is in its partition already.
    fn has_placed<T: Data>(self, rdd: &Rdd<T>) -> bool {
        rdd.partitioner() == Some(self)
    }

    /// Puts the output of a map task into the order in which the reduce tasks will read it.
    fn arrange_map_side<K: Key, V>(self, pairs: Vec<(K, V)>) -> Vec<(K, V)> {
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
        permute(pairs, map_side(&hashes, self.partitions))
    }

    /// Puts items, given in the order in which they were inserted into a table of the language, into
    /// the order in which the table hands them out.
    pub(crate) fn arrange<K: Key, T>(self, items: Vec<T>, key: impl Fn(&T) -> &K) -> Vec<T> {
        if !self.has_tables() {
            return items;
        }
        let order = self.table_order(items.iter().map(key));
        permute(items, order)
    }

    /// The places of keys, given in the order in which they were inserted into a table of the JVM, in
    /// the order in which the table hands them out.
    pub(crate) fn table_order<'a, K: Key>(self, keys: impl Iterator<Item = &'a K>) -> Vec<usize> {
        let layout: AppendOnlyLayout = keys.map(|key| self.hash_code(key)).collect();
        layout.iter().collect()
    }

    /// The Java hash code of a key, by which the JVM's tables go.
    pub(crate) fn hash_code<K: Key>(self, key: &K) -> i32 {
        key.spark_hash(self.row_order) as i32
    }
}

/// What each reduce task makes of its item and of the pairs of its partition, map task by map task.
fn reduce_each<K: Send, V: Send, T: Send, R: Send + Sync>(
    scattered: Vec<Scattered<K, V>>,
    workers: &dyn Workers,
    items: &mut [T],
    task: impl Fn(&mut T, &[Vec<(K, V)>]) -> R + Sync,
) -> Vec<R> {
    let mut tasks: Vec<_> = items.iter_mut().map(|item| (item, Vec::new())).collect();
    for buckets in scattered {
        for ((_, pairs), bucket) in tasks.iter_mut().zip(buckets) {
            pairs.push(bucket);
        }
    }
    gather_each(workers, &mut tasks, |(item, pairs)| {
        // Dropped here, by as many workers as there are: it takes a good part of a big batch's time.
        let pairs = std::mem::take(pairs);
        task(item, &pairs)
    })
}

fn permute<T>(items: Vec<T>, order: impl IntoIterator<Item = usize>) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| items[index].take())
        .collect()
}
