//! One batch of a stream: partitions of rows, computed when they are visited.

use std::fmt;
use std::sync::Arc;

use super::Data;
use super::narrow::MapPartitions;
use super::partitions::{Flow, Pace, Partitions, Run, Visitor, to_the_end};
use super::union::{AlignedUnion, Union};
use crate::input::Block;
use crate::rows::Partitioner;
use crate::{Text, Workers};

/// One batch of a stream, in partitions (`org.apache.spark.rdd.RDD`).
///
/// Operators on single records cost nothing until somebody visits the rows: a chain of them runs as
/// one loop. Rows come in the order in which Spark would hand them out.
///
/// A batch knows which partitioner brought its keys to their partitions, if one did (`RDD.partitioner`):
/// an operator by key then moves nothing, and a union of such batches goes partition by partition.
/// [`filter`](Rdd::filter) and [`map_values`](Rdd::map_values) keep that knowledge, [`map`](Rdd::map)
/// and [`flat_map`](Rdd::flat_map) lose it.
///
/// ```
/// # use engine::{Rdd, SparkContext, StreamingContext};
/// # use std::time::Duration;
/// # let ssc = StreamingContext::new(&SparkContext::local(2, "rdd"), Duration::from_secs(1));
/// let numbers = ssc.queue_stream([vec![1, 2, 3]]);
/// numbers.foreach_rdd(|rdd, _time| {
///     assert_eq!(rdd.map(|n| n * 10).take(2), [10, 20]);
/// });
/// ```
pub struct Rdd<T> {
    /// `None` where there is no partition, so that an empty batch costs next to nothing.
    partitions: Option<Arc<dyn Partitions<T>>>,
    /// The partitioner that brought each key to its partition; `None` where keys may be anywhere.
    partitioner: Option<Partitioner>,
}

impl<T> Clone for Rdd<T> {
    fn clone(&self) -> Rdd<T> {
        Rdd {
            partitions: self.partitions.clone(),
            partitioner: self.partitioner,
        }
    }
}

impl<T: Data> fmt::Debug for Rdd<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rdd")
            .field("partitions", &self.partition_count())
            .finish()
    }
}

impl<T: Data> Rdd<T> {
    /// A batch of these rows, partition by partition.
    pub fn of_rows(partitions: Vec<Vec<T>>) -> Rdd<T> {
        Rdd::of_partitions(partitions)
    }

    /// A batch of rows that somebody else holds too.
    pub(crate) fn of_shared_rows(partitions: Arc<Vec<Vec<T>>>) -> Rdd<T> {
        Rdd {
            partitions: Some(partitions),
            partitioner: None,
        }
    }

    /// A batch whose rows are found in this way.
    pub(crate) fn of_partitions(partitions: impl Partitions<T> + 'static) -> Rdd<T> {
        let any = partitions.count() > 0;
        Rdd {
            partitions: any.then(|| Arc::new(partitions) as _),
            partitioner: None,
        }
    }

    /// The same batch, of which each key is where this partitioner brings it.
    pub(crate) fn partitioned_by(self, partitioner: Partitioner) -> Rdd<T> {
        Rdd {
            partitioner: Some(partitioner),
            ..self
        }
    }

    /// The partitioner that brought each key to its partition (`RDD.partitioner`).
    pub(crate) fn partitioner(&self) -> Option<Partitioner> {
        self.partitioner
    }

    /// How the rows are found, if there are partitions.
    pub(super) fn partitions(&self) -> Option<&dyn Partitions<T>> {
        self.partitions.as_deref()
    }

    /// How many partitions there are (`RDD.getNumPartitions`): none in a batch in which nothing
    /// arrived, and as many as the cluster has cores after a partitioner, with or without rows.
    pub fn partition_count(&self) -> usize {
        self.partitions.as_ref().map_or(0, |all| all.count())
    }

    /// Hands the rows of one partition to `each`, in order and in runs, until it breaks.
    pub(crate) fn visit(&self, partition: usize, pace: Pace, each: &mut Visitor<'_, T>) -> Flow {
        self.partitions
            .as_ref()
            .map_or(Flow::Continue(()), |all| all.visit(partition, pace, each))
    }

    /// Reads rows of this batch as one job. What waits for the first one to end then happens.
    pub(super) fn job<R>(&self, read: impl FnOnce() -> R) -> R {
        let read = read();
        self.do_checkpoint();
        read
    }

    /// Hands all rows to `each`, partition 0 first and in runs, in one job.
    fn each_run(&self, mut each: impl FnMut(&mut Vec<T>)) {
        self.job(|| {
            let partitions = 0..self.partition_count();
            partitions.for_each(|partition| self.visit_runs(partition, &mut each));
        });
    }

    /// Has what waits for the first job on this batch to end happen.
    pub(crate) fn do_checkpoint(&self) {
        if let Some(all) = &self.partitions {
            all.do_checkpoint();
        }
    }

    /// Into how many parts a partition can be cut.
    pub(super) fn parts(&self, partition: usize) -> usize {
        self.partitions
            .as_ref()
            .map_or(1, |all| all.parts(partition))
    }

    /// As [`visit`](Rdd::visit), of one part of a partition.
    pub(super) fn visit_part(
        &self,
        part: (usize, usize),
        pace: Pace,
        each: &mut Visitor<'_, T>,
    ) -> Flow {
        self.partitions
            .as_ref()
            .map_or(Flow::Continue(()), |all| all.visit_part(part, pace, each))
    }

    /// Hands all rows of one part of a partition to `each`, in order and in runs.
    pub(super) fn visit_part_runs(&self, part: (usize, usize), each: impl FnMut(&mut Vec<T>)) {
        to_the_end(|visitor| self.visit_part(part, Pace::ALL, visitor), each);
    }

    /// Hands all rows of one partition to `each`, in order and in runs.
    pub(crate) fn visit_runs(&self, partition: usize, each: impl FnMut(&mut Vec<T>)) {
        to_the_end(|visitor| self.visit(partition, Pace::ALL, visitor), each);
    }

    /// Hands all rows of one partition to `each`, in order.
    pub(crate) fn visit_all(&self, partition: usize, mut each: impl FnMut(T)) {
        self.visit_runs(partition, |run| run.drain(..).for_each(&mut each));
    }

    /// Hands every row to `each`, partition 0 first (`RDD.foreach`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let mut seen = Vec::new();
    /// Rdd::of_rows(vec![vec!["blue"], vec!["green"]]).for_each(|word| seen.push(word));
    /// assert_eq!(seen, ["blue", "green"]);
    /// ```
    pub fn for_each(&self, mut each: impl FnMut(T)) {
        self.each_run(|run| run.drain(..).for_each(&mut each));
    }

    /// What `function` makes of `zero` and of each row in turn, partition 0 first: the fastest way to
    /// look at all rows of a big state (`RDD.aggregate`, on the driver).
    ///
    /// ```
    /// use engine::Rdd;
    /// let sum = Rdd::of_rows(vec![vec![1, 2], vec![3]]).fold(0, |sum, n| sum + n);
    /// assert_eq!(sum, 6);
    /// ```
    pub fn fold<A>(&self, zero: A, mut function: impl FnMut(A, &T) -> A) -> A {
        self.job(|| {
            (0..self.partition_count()).fold(zero, |folded, partition| {
                self.fold_partition(partition, folded, &mut function)
            })
        })
    }

    /// What `function` makes of `zero` and of each row of a partition in turn.
    pub(crate) fn fold_partition<A>(
        &self,
        partition: usize,
        zero: A,
        function: &mut impl FnMut(A, &T) -> A,
    ) -> A {
        let Some(partitions) = &self.partitions else {
            return zero;
        };
        let mut folded = Some(zero);
        partitions.look(partition, &mut |rows| {
            let so_far = folded.take();
            folded = so_far.map(|so_far| rows.iter().fold(so_far, &mut *function));
        });
        folded.expect("what was taken to be folded is put back")
    }

    /// The first `count` rows, partition 0 first; no row after them is computed. As in Spark the first job ends
    /// with partition 0.
    pub fn take(&self, count: usize) -> Vec<T> {
        let mut rows = Vec::new();
        if count == 0 {
            return rows;
        }
        for partition in 0..self.partition_count() {
            let mut until_enough = |run: &mut Vec<T>| {
                rows.append(run);
                if rows.len() < count {
                    Flow::Continue(())
                } else {
                    Flow::Break(())
                }
            };
            let flow = self.job(|| self.visit(partition, Pace::ONE, &mut until_enough));
            if flow.is_break() {
                break;
            }
        }
        rows
    }

    /// All rows, partition 0 first.
    pub fn collect(&self) -> Vec<T> {
        let mut rows = Vec::new();
        self.each_run(|run| rows.append(run));
        rows
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        let mut rows = 0;
        self.each_run(|run| rows += run.len());
        rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.take(1).is_empty()
    }

    /// The result of `function` on each row.
    pub fn map<U: Data>(&self, function: impl Fn(T) -> U + Send + Sync + 'static) -> Rdd<U> {
        self.narrow(move |rows, made: &mut Run<'_, U>| made.map(rows, &function))
    }

    /// All the results of `function` on each row, one after the other.
    pub fn flat_map<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(T) -> I + Send + Sync + 'static,
    ) -> Rdd<U> {
        self.narrow(move |rows, made: &mut Run<'_, U>| {
            rows.drain(..)
                .try_for_each(|row| function(row).into_iter().try_for_each(|row| made.push(row)))
        })
    }

    /// The rows for which `predicate` holds.
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> Rdd<T> {
        let kept = self.narrow(move |rows, made: &mut Run<'_, T>| {
            let mut kept = rows.drain(..).filter(&predicate);
            kept.try_for_each(|row| made.push(row))
        });
        kept.partitioned_as(self)
    }

    /// The rows of this batch and then those of the other: partition by partition if the same
    /// partitioner brought the keys of both to their partitions, else all partitions of this batch first
    /// (`SparkContext.union`).
    pub fn union(&self, other: &Rdd<T>) -> Rdd<T> {
        Rdd::of_union(vec![self.clone(), other.clone()])
    }

    pub(crate) fn of_union(mut parts: Vec<Rdd<T>>) -> Rdd<T> {
        parts.retain(|part| part.partition_count() > 0);
        match common_partitioner(&parts) {
            Some(partitioner) => {
                Rdd::of_partitions(AlignedUnion { parts }).partitioned_by(partitioner)
            }
            None => Rdd::of_partitions(Union { parts }),
        }
    }

    /// This batch, of which each key is where it is in the other.
    pub(super) fn partitioned_as<U>(self, other: &Rdd<U>) -> Rdd<T> {
        Rdd {
            partitioner: other.partitioner,
            ..self
        }
    }

    /// A batch that is computed from this one row by row, partition by partition.
    fn narrow<U: Data>(
        &self,
        function: impl Fn(&mut Vec<T>, &mut Run<'_, U>) -> Flow + Send + Sync + 'static,
    ) -> Rdd<U> {
        Rdd::of_partitions(MapPartitions {
            parent: self.clone(),
            function,
        })
    }

    /// The rows of each partition, partitions in parallel.
    pub(crate) fn gather<R: Send + Sync>(
        &self,
        workers: &dyn Workers,
        each: impl Fn(usize) -> R + Sync,
    ) -> Vec<R> {
        crate::workers::gather(workers, self.partition_count(), each)
    }
}

impl Rdd<Text> {
    /// A batch whose partitions are these blocks (`BLK-4`).
    pub(crate) fn of_blocks(blocks: Vec<Block>) -> Rdd<Text> {
        Rdd::of_partitions(blocks)
    }
}

/// The partitioner that all these batches have in common.
fn common_partitioner<T>(parts: &[Rdd<T>]) -> Option<Partitioner> {
    let first = parts.first()?.partitioner?;
    let is_common = parts.iter().all(|part| part.partitioner == Some(first));
    is_common.then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Reduce;
    use crate::{Inline, KeyOrder, RowOrder};

    type Counts = Rdd<(Text, i64)>;

    /// The counts of a line's words, as `reduce_by_key` leaves them on two cores.
    fn counts(line: &str, row_order: RowOrder) -> Counts {
        let ones = line.split(' ').map(|word| (Text::from(word), 1));
        Partitioner::new(row_order, KeyOrder::Spark, 2).combine_by_key(
            &Rdd::of_rows(vec![ones.collect()]),
            &Reduce(|x, y| x + y),
            &Inline,
        )
    }

    fn words(counts: &Counts) -> String {
        let words = counts.collect().into_iter().map(|(word, _)| word);
        let words: Vec<String> = words.map(|word| word.to_string()).collect();
        words.join(" ")
    }

    /// As recorded from Spark 3.5.9 in both languages.
    #[test]
    fn plan_7_a_union_of_batches_of_one_shuffle_goes_partition_by_partition() {
        let union = |row_order| {
            let counts = counts("lazy green green over quick green", row_order);
            words(
                &counts
                    .filter(|(word, _)| word.contains('a'))
                    .union(&counts.filter(|(_, count)| *count >= 1)),
            )
        };
        assert_eq!(union(RowOrder::Jvm), "lazy lazy over green quick");
        assert_eq!(union(RowOrder::Python), "lazy lazy green quick over");
    }

    #[test]
    fn a_union_with_anything_else_goes_batch_by_batch() {
        let blue_green = counts("blue green", RowOrder::Jvm);
        assert_eq!(
            words(&blue_green.union(&blue_green)),
            "blue blue green green"
        );
        let mapped = blue_green.map(|pair| pair);
        assert_eq!(words(&blue_green.union(&mapped)), "blue green blue green");
        let empty = Rdd::of_rows(Vec::new());
        let twice = empty.union(&blue_green).union(&blue_green);
        assert_eq!(
            words(&twice),
            "blue blue green green",
            "no partition, no matter"
        );
    }

    #[test]
    fn plan_7_what_leaves_keys_alone_keeps_the_partitioner() {
        let counts = counts("blue green", RowOrder::Jvm);
        let kept = counts.filter(|_| true).map_values(|count| count + 1);
        assert_eq!(kept.union(&kept).partitioner(), counts.partitioner());
        assert_eq!(kept.map(|pair| pair).partitioner(), None);
        assert_eq!(kept.flat_map(|pair| [pair]).partitioner(), None);
    }
}
