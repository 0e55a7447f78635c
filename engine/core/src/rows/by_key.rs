//! Pairs brought together by their keys (`PLAN-9`).
//!
//! A shuffle runs inside of the job that first reads a row of its result, on that job's own thread, and what it moved is
//! kept. The result of a partition is made when its first row is read, and kept, too.

use std::sync::Arc;

use super::combined::Combined;
use super::lazy::Lazy;
use super::partitioner::HashPartitioner;
use super::partitions::Part;
use super::rdd::Rdd;
use crate::{Data, Failure, Key};

impl<K: Key, V: Data> Rdd<(K, V)> {
    /// The same pairs, each in the partition of its key (`PairRDDFunctions.partitionBy`): those of this batch's
    /// partition 0 first, in their order. Nothing moves if this partitioner has placed them already.
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let pairs = Rdd::of_rows(vec![vec![(1, 'a'), (2, 'b')], vec![(1, 'c')]]);
    /// let placed = pairs.partition_by(SparkContext::local(2, "pairs").partitioner());
    /// assert_eq!(placed.glom().collect()?, [vec![(2, 'b')], vec![(1, 'a'), (1, 'c')]]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    #[must_use]
    pub fn partition_by(&self, partitioner: HashPartitioner) -> Rdd<(K, V)> {
        self.partition_by_as("partition_by", partitioner)
    }

    /// The pairs in the partitions of their keys, for the method of this name.
    pub(super) fn partition_by_as(
        &self,
        operator: &'static str,
        partitioner: HashPartitioner,
    ) -> Rdd<(K, V)> {
        if self.is_partitioned_by(partitioner) {
            return self.clone();
        }
        let pairs = self.clone();
        let scatter = move || {
            let mut buckets = partitioner.buckets();
            let mut targets = Vec::new();
            for partition in 0..pairs.partition_count() {
                pairs.read(operator, Part::whole(partition), |rows| {
                    partitioner.scatter_to(&mut buckets, rows, &mut targets);
                    Ok(())
                })?;
            }
            Ok(buckets)
        };
        let parents = self.partition_count();
        Rdd::of_partitions(Lazy::new(parents, partitioner.partitions(), scatter))
            .partitioned_by(partitioner)
            .with_job_flags(self.job_flags())
    }

    /// The values of each key, combined (`PairRDDFunctions.combineByKey`): in each partition first, where `create` is
    /// called on the first value of a key and `add` on each other one, and then by `merge` across the partitions. If
    /// this partitioner has placed the keys already, nothing moves, and `merge` is not called.
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let pairs = Rdd::of_rows(vec![vec![(1, 'a'), (1, 'b')], vec![(1, 'c')]]);
    /// let texts = pairs.combine_by_key(
    ///     SparkContext::local(2, "pairs").partitioner(),
    ///     |letter| Ok(String::from(letter)),
    ///     |text, letter| Ok(format!("{text}{letter}")),
    ///     |left, right| Ok(format!("{left}|{right}")),
    /// );
    /// assert_eq!(texts.collect()?, [(1, "ab|c".to_owned())]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// To read the pairs fails if a function does; the failure names the key.
    pub fn combine_by_key<C: Data>(
        &self,
        partitioner: HashPartitioner,
        create: impl Fn(V) -> Result<C, Failure> + Send + Sync + 'static,
        add: impl Fn(C, V) -> Result<C, Failure> + Send + Sync + 'static,
        merge: impl Fn(C, C) -> Result<C, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, C)> {
        let add = move |combined, value| match combined {
            Some(combined) => add(combined, value),
            None => create(value),
        };
        self.combine_by_key_as("combine_by_key", partitioner, add, merge)
    }

    /// The values of each key reduced to one, in each partition first and then across the partitions
    /// (`PairRDDFunctions.reduceByKey`).
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let ones = Rdd::of_rows(vec![vec![("blue", 1), ("green", 1)], vec![("blue", 1)]]);
    /// let counts = ones.reduce_by_key(SparkContext::local(2, "words").partitioner(), |x, y| x + y);
    /// assert_eq!(counts.collect()?, [("blue", 2), ("green", 1)]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn reduce_by_key(
        &self,
        partitioner: HashPartitioner,
        function: impl Fn(V, V) -> V + Send + Sync + 'static,
    ) -> Rdd<(K, V)> {
        let function = move |left, right| Ok(function(left, right));
        self.reduce_by_key_as("reduce_by_key", partitioner, function)
    }

    /// As [`reduce_by_key`](Rdd::reduce_by_key), by a function that may fail: then the job that reads the pairs does,
    /// and its failure names the key.
    pub fn try_reduce_by_key(
        &self,
        partitioner: HashPartitioner,
        function: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, V)> {
        self.reduce_by_key_as("try_reduce_by_key", partitioner, function)
    }

    fn reduce_by_key_as(
        &self,
        operator: &'static str,
        partitioner: HashPartitioner,
        function: impl Fn(V, V) -> Result<V, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, V)> {
        let function = Arc::new(function);
        let merge = Arc::clone(&function);
        let add = move |total, value| match total {
            Some(total) => function(total, value),
            None => Ok(value),
        };
        self.combine_by_key_as(operator, partitioner, add, move |x, y| merge(x, y))
    }

    fn combine_by_key_as<C: Data>(
        &self,
        operator: &'static str,
        partitioner: HashPartitioner,
        add: impl Fn(Option<C>, V) -> Result<C, Failure> + Send + Sync + 'static,
        merge: impl Fn(C, C) -> Result<C, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, C)> {
        if self.is_partitioned_by(partitioner) {
            return self.combine_placed(operator, partitioner, add);
        }
        let pairs = self.clone();
        let combined = self.by_partition(operator, move |partition| {
            let combined = Combined::of_partition(operator, &pairs, partition, &add)?;
            Ok(partitioner.order_map_side(combined).into_iter().map(Ok))
        });
        combined
            .partition_by_as(operator, partitioner)
            .combine_placed(operator, partitioner, move |left, right| match left {
                Some(left) => merge(left, right),
                None => Ok(right),
            })
    }

    /// Each key with all its values, in the order in which they arrive (`PairRDDFunctions.groupByKey`).
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let pairs = Rdd::of_rows(vec![vec![(2, 'a'), (4, 'b')], vec![(2, 'c')]]);
    /// let grouped = pairs.group_by_key(SparkContext::local(2, "pairs").partitioner());
    /// assert_eq!(grouped.collect()?, [(2, vec!['a', 'c']), (4, vec!['b'])]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn group_by_key(&self, partitioner: HashPartitioner) -> Rdd<(K, Vec<V>)> {
        let operator = "group_by_key";
        // The JVM moves the values as they are, and so has no order of a map side; in Python that makes no difference.
        let placed = self.partition_by_as(operator, partitioner);
        placed.combine_placed(operator, partitioner, |group: Option<Vec<V>>, value| {
            let mut group = group.unwrap_or_default();
            group.push(value);
            Ok(group)
        })
    }

    /// The values of each key of pairs that are placed, combined, keys in the order of the language's tables.
    pub(super) fn combine_placed<C: Data>(
        &self,
        operator: &'static str,
        partitioner: HashPartitioner,
        add: impl Fn(Option<C>, V) -> Result<C, Failure> + Send + Sync + 'static,
    ) -> Rdd<(K, C)> {
        let order = move |pairs| partitioner.order(pairs, |(key, _)| key);
        self.combine_placed_in_order(operator, partitioner, add, order)
    }

    /// As [`combine_placed`](Rdd::combine_placed), keys in the order into which `order` puts them, given those of a
    /// partition in the order in which they were first seen.
    pub(super) fn combine_placed_in_order<C: Data>(
        &self,
        operator: &'static str,
        partitioner: HashPartitioner,
        add: impl Fn(Option<C>, V) -> Result<C, Failure> + Send + Sync + 'static,
        order: impl Fn(Vec<(K, C)>) -> Vec<(K, C)> + Send + Sync + 'static,
    ) -> Rdd<(K, C)> {
        debug_assert!(self.is_partitioned_by(partitioner), "keys are together");
        if self.is_known_empty() {
            return Rdd::placed_without_rows(partitioner);
        }
        let pairs = self.clone();
        let combined = self.by_partition(operator, move |partition| {
            let combined = Combined::of_partition(operator, &pairs, partition, &add)?;
            Ok(order(combined).into_iter().map(Ok))
        });
        combined.partitioned_by(partitioner).kept()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{FailureKind, SparkContext, Text};

    type Pairs = Rdd<(&'static str, i64)>;

    fn words() -> HashPartitioner {
        SparkContext::local(2, "words").partitioner()
    }

    /// Pairs in two partitions, with the number of those that have been computed.
    fn counted() -> (Pairs, Arc<AtomicUsize>) {
        let computed = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&computed);
        let pairs = Rdd::of_rows(vec![vec![("a", 1), ("b", 2)], vec![("a", 3)]]);
        let pairs = pairs.map(move |pair| {
            count.fetch_add(1, Ordering::Relaxed);
            pair
        });
        (pairs, computed)
    }

    #[test]
    fn plan_9_a_shuffle_runs_once_when_a_row_is_first_read() -> Result<(), Failure> {
        let (pairs, computed) = counted();
        let sums = pairs.reduce_by_key(words(), |x, y| x + y);
        assert_eq!(computed.load(Ordering::Relaxed), 0);
        sums.take(1)?;
        assert_eq!(computed.load(Ordering::Relaxed), 3);
        assert_eq!(sums.map_values(|sum| 10 * sum).count()?, 2);
        assert_eq!(computed.load(Ordering::Relaxed), 3);
        Ok(())
    }

    #[test]
    fn plan_7_what_is_placed_is_combined_partition_by_partition() -> Result<(), Failure> {
        let (pairs, computed) = counted();
        let by_letter = |pair: &(&str, i64)| pair.0 == "a";
        let placed = pairs
            .filter(by_letter)
            .partitioned_as(&pairs.partition_by(words()));
        assert!(placed.is_partitioned_by(words()));
        let sums = placed.reduce_by_key(words(), |x, y| x + y);
        assert_eq!(sums.partition(0)?, [("a", 1)], "nothing is moved");
        assert_eq!(computed.load(Ordering::Relaxed), 2);
        Ok(())
    }

    #[test]
    fn job_4_a_shuffle_that_fails_names_the_key_and_runs_again() {
        let failures = AtomicUsize::new(0);
        let pairs = Rdd::of_rows(vec![vec![("a", 1), ("b", 2), ("b", 3)]]);
        let sums = pairs.try_reduce_by_key(words(), move |x, y| {
            if failures.fetch_add(1, Ordering::Relaxed) == 0 {
                return Err(Failure::new(FailureKind::Function, "no bread"));
            }
            Ok(x + y)
        });
        let failure = sums.collect().expect_err("the function fails");
        assert_eq!(
            failure.to_string(),
            "try_reduce_by_key, key \"b\": no bread"
        );
        let mut sums = sums.collect().expect("the function fails once");
        sums.sort_unstable();
        assert_eq!(sums, [("a", 1), ("b", 5)]);
    }

    #[test]
    fn job_4_a_panic_across_partitions_names_the_key() {
        let pairs = Rdd::of_rows(vec![vec![("a", 1)], vec![("a", 2)]]);
        let refuses = |_: i64, _: i64| -> i64 { panic!("no bread") };
        let failure = pairs.reduce_by_key(words(), refuses).collect();
        let failure = failure.expect_err("the function panics");
        assert_eq!(failure.kind(), FailureKind::Panic);
        assert_eq!(failure.operator(), Some("reduce_by_key"));
        assert_eq!(failure.key().map(Text::as_str), Some("\"a\""));
    }
}
