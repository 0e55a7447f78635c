//! Shuffles: the records of a key are brought together in its partition.

use super::aggregator::Aggregator;
use super::ordered::Ordered;
use super::partitioner::{Buckets, HashPartitioner};
use super::partitions::Part;
use super::rdd::Rdd;
use crate::Data;
use crate::failure::catch;
use crate::table::combiner::Combiner;
use crate::table::keys::lookup_groups;
use crate::workers::{stage, stage_each};
use crate::{Failure, Key, Workers};

/// A shuffle that an operator runs (`org.apache.spark.ShuffleDependency`).
#[derive(Clone, Copy)]
pub(crate) struct Shuffle<'a> {
    /// The operator that a failure names.
    pub(crate) operator: &'static str,
    pub(crate) partitioner: HashPartitioner,
    pub(crate) workers: &'a dyn Workers,
}

impl Shuffle<'_> {
    /// The values of each key combined (`PairRDDFunctions.combineByKeyWithClassTag`): in each input
    /// partition first, unless the keys are in their partitions already. Then nothing moves, and no map
    /// side orders keys.
    pub(crate) fn combine_by_key<K: Key, V: Data, A: Aggregator<V>>(
        self,
        rdd: &Rdd<(K, V)>,
        aggregator: &A,
    ) -> Result<Rdd<(K, A::Combined)>, Failure> {
        let partitioner = self.partitioner;
        if rdd.partition_count() == 0 {
            return Ok(Rdd::placed_without_rows(partitioner));
        }
        let combine = |partition| {
            let mut combined = Combiner::new();
            let read = rdd.read(self.operator, Part::whole(partition), |rows| {
                let create = |value| aggregator.create(value);
                combined.add(rows, create, |total, value| aggregator.add(total, value))
            });
            read.map_err(|failure| combined.name_key(failure))?;
            Ok(combined.into_pairs())
        };
        let partitions = if self.has_placed(rdd) {
            self.stage(rdd.partition_count(), combine)?
        } else {
            let scattered = self.stage(rdd.partition_count(), |partition| {
                let pairs = combine(partition)?;
                if pairs.is_empty() {
                    return Ok(Buckets::new());
                }
                Ok(partitioner.scatter(partitioner.order_map_side(pairs)))
            })?;
            self.merge(scattered, aggregator)?
        };
        Ok(Rdd::of_partitions(Ordered::new(partitioner, partitions)).partitioned_by(partitioner))
    }

    /// Reduce tasks read the outputs of the map tasks in the order of the map partitions.
    fn merge<K: Key, V, A: Aggregator<V>>(
        self,
        scattered: Vec<Buckets<K, A::Combined>>,
        aggregator: &A,
    ) -> Result<Buckets<K, A::Combined>, Failure> {
        let mut none = vec![(); self.partitioner.partitions()];
        self.reduce(scattered, &mut none, |(), buckets| {
            let pairs = buckets.iter().map(Vec::len).sum();
            if pairs == 0 {
                return Ok(Vec::new());
            }
            let mut merged = Combiner::with_capacity(pairs);
            let mut chunk = Vec::new();
            for pairs in lookup_groups(buckets) {
                chunk.extend_from_slice(pairs);
                let merge = |left, right| aggregator.merge(left, right);
                let added = catch(self.operator, || {
                    merged.add(&mut chunk, |combined| combined, merge)
                });
                added
                    .and_then(|result| result)
                    .map_err(|failure| merged.name_key(failure))?;
            }
            Ok(merged.into_pairs())
        })
    }

    /// Runs a reduce task for each item, on the pairs of its partition: map task by map task, in the
    /// order in which they arrived.
    pub(crate) fn reduce_each<K: Key, V: Data, T: Send, R: Send + Sync>(
        self,
        rdd: &Rdd<(K, V)>,
        items: &mut [T],
        task: impl Fn(&mut T, &[Vec<(K, V)>]) -> Result<R, Failure> + Sync,
    ) -> Result<Vec<R>, Failure> {
        self.reduce(self.scatter_all(rdd)?, items, task)
    }

    fn reduce<K: Send, V: Send, T: Send, R: Send + Sync>(
        self,
        scattered: Vec<Buckets<K, V>>,
        items: &mut [T],
        task: impl Fn(&mut T, &[Vec<(K, V)>]) -> Result<R, Failure> + Sync,
    ) -> Result<Vec<R>, Failure> {
        debug_assert_eq!(items.len(), self.partitioner.partitions());
        let mut tasks: Vec<_> = items.iter_mut().map(|item| (item, Vec::new())).collect();
        for buckets in scattered {
            for ((_, pairs), bucket) in tasks.iter_mut().zip(buckets) {
                if !bucket.is_empty() {
                    pairs.push(bucket);
                }
            }
        }
        for (_, pairs) in &mut tasks {
            if let Some(order) = self.workers.read_order(pairs.len()) {
                let read = order.iter().map(|place| std::mem::take(&mut pairs[*place]));
                *pairs = read.collect();
            }
        }
        stage_each(self.operator, self.workers, &mut tasks, |(item, pairs)| {
            // Dropped by each task: freeing the pairs takes a good part of a large batch's time.
            let pairs = std::mem::take(pairs);
            task(item, &pairs)
        })
    }

    /// The pairs of each part of a map partition, by reduce partition, in the order in which they arrived.
    fn scatter_all<K: Key, V: Data>(
        self,
        rdd: &Rdd<(K, V)>,
    ) -> Result<Vec<Buckets<K, V>>, Failure> {
        let partitioner = self.partitioner;
        let is_placed = self.has_placed(rdd);
        let parts: Vec<Part> = (0..rdd.partition_count())
            .flat_map(|partition| rdd.parts(partition))
            .collect();
        self.stage(parts.len(), |task| {
            let part = parts[task];
            let mut buckets = Buckets::new();
            let mut targets = Vec::new();
            rdd.read(self.operator, part, |rows| {
                if buckets.is_empty() {
                    buckets = partitioner.buckets();
                }
                if is_placed {
                    buckets[part.partition].append(rows);
                } else {
                    partitioner.scatter_to(&mut buckets, rows, &mut targets);
                }
                Ok(())
            })?;
            Ok(buckets)
        })
    }

    /// Runs a stage of tasks for this operator.
    fn stage<R: Send + Sync>(
        self,
        count: usize,
        task: impl Fn(usize) -> Result<R, Failure> + Sync,
    ) -> Result<Vec<R>, Failure> {
        stage(self.operator, self.workers, count, task)
    }

    /// True if each key of a batch is in its partition already.
    fn has_placed<T: Data>(self, rdd: &Rdd<T>) -> bool {
        rdd.partitioner() == Some(self.partitioner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Reduce;
    use crate::{Inline, KeyOrder, Profile};

    /// Reads map outputs from the last to the first.
    struct Backwards;

    impl Workers for Backwards {
        fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
            Inline.run(count, task);
        }

        fn read_order(&self, outputs: usize) -> Option<Vec<usize>> {
            Some((0..outputs).rev().collect())
        }
    }

    #[test]
    fn plan_4_a_function_that_is_not_commutative_depends_on_the_order_of_map_outputs()
    -> Result<(), Failure> {
        let reduced = |workers: &dyn Workers| -> Result<[i32; 2], Failure> {
            let shuffle = Shuffle {
                operator: "test",
                partitioner: HashPartitioner::new(Profile::Pyspark, KeyOrder::Spark, 2),
                workers,
            };
            let rdd = Rdd::of_rows(vec![vec![(4, 10), (4, 1)], vec![], vec![(4, 5)]]);
            let difference = Reduce(|left: i32, right: i32| Ok(left - right));
            let sum = Reduce(|left: i32, right: i32| Ok(left + right));
            let differences = shuffle.combine_by_key(&rdd, &difference)?.collect()?;
            let sums = shuffle.combine_by_key(&rdd, &sum)?.collect()?;
            Ok([differences, sums].map(|of_key| of_key[0].1))
        };
        assert_eq!(reduced(&Inline)?, [4, 16]);
        assert_eq!(reduced(&Backwards)?, [-4, 16]);
        Ok(())
    }

    #[test]
    fn map_tasks_without_pairs_have_no_buckets() -> Result<(), Failure> {
        for profile in [Profile::Pyspark, Profile::Jvm] {
            let shuffle = Shuffle {
                operator: "test",
                partitioner: HashPartitioner::new(profile, KeyOrder::Spark, 3),
                workers: &Inline,
            };
            let rdd = Rdd::of_rows(vec![vec![], vec![(4, 1), (4, 2), (2, 5)], vec![]]);
            let buckets = shuffle.scatter_all(&rdd)?;
            let lengths: Vec<usize> = buckets.iter().map(Vec::len).collect();
            assert_eq!(lengths, [0, 3, 0]);
            let sum = Reduce(|left: i32, right: i32| Ok(left + right));
            let sums = shuffle.combine_by_key(&rdd, &sum)?.collect()?;
            assert_eq!(sums, [(4, 3), (2, 5)]);
        }
        Ok(())
    }
}
