//! One batch of a stream: partitions of rows, computed when they are read.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::chunk::{ChunkReader, ChunkSize, Stop};
use super::job_flags::JobFlags;
use super::map_partitions::{ChunkFunction, MapPartitions};
use super::partitioner::HashPartitioner;
use super::partitions::{Losable, NoRows, Part, Partitions, Received};
use super::place::{JobNumber, Place};
use super::pulled::PartitionRows;
use super::union::UnitedBatches;
use crate::block::Block;
use crate::{BlockManager, Data, Failure, Text};

/// One batch of a stream, in partitions (`org.apache.spark.rdd.RDD`).
///
/// Operators on single records cost nothing until the rows are read: a chain of them runs as one loop.
/// Rows come in the order in which Spark would hand them out. To read rows is a job, as an action is in
/// Spark: it fails if a function that makes the rows does.
///
/// A batch knows which partitioner placed its keys, if one did (`RDD.partitioner`): an operator by key
/// then moves nothing, and a union of such batches goes partition by partition.
/// [`filter`](Rdd::filter) and [`map_values`](Rdd::map_values) keep that knowledge, [`map`](Rdd::map)
/// and [`flat_map`](Rdd::flat_map) lose it.
///
/// ```
/// # use engine::{Rdd, SparkContext, StreamingContext};
/// # use std::time::Duration;
/// # let ssc = StreamingContext::new(&SparkContext::local(2, "rdd"), Duration::from_secs(1));
/// let numbers = ssc.queue_stream([vec![1, 2, 3]]);
/// numbers.foreach_rdd(|rdd, _time| {
///     assert_eq!(rdd.map(|n| n * 10).take(2)?, [10, 20]);
///     Ok(())
/// });
/// ```
pub struct Rdd<T>(
    /// `None` where there is no partition, so that an empty batch costs next to nothing.
    Option<Arc<Content<dyn Partitions<T>>>>,
);

/// The partitions of a batch, with what is known of them: behind one pointer, as each node clones and moves
/// its batches.
struct Content<P: ?Sized> {
    /// The partitioner that placed each key; `None` where keys may be anywhere.
    partitioner: Option<HashPartitioner>,
    /// Raised when the first job that reads these rows has ended.
    job_flags: JobFlags,
    partitions: P,
}

/// True if the rows of a narrow operator have the keys of its input, in the same partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Each key stays where it is (`preservesPartitioning`).
    Kept,
    /// Rows may have any key, or none.
    Changed,
}

impl<T> Clone for Rdd<T> {
    fn clone(&self) -> Rdd<T> {
        Rdd(self.0.clone())
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

    /// A batch without rows, in the partitions of a shuffle.
    pub(crate) fn placed_without_rows(partitioner: HashPartitioner) -> Rdd<T> {
        let partitions = partitioner.partitions();
        Rdd::of_partitions(NoRows { partitions }).partitioned_by(partitioner)
    }

    /// A batch whose rows are computed by these partitions.
    pub(crate) fn of_partitions(partitions: impl Partitions<T>) -> Rdd<T> {
        Rdd::new(None, JobFlags::default(), partitions)
    }

    fn new(
        partitioner: Option<HashPartitioner>,
        job_flags: JobFlags,
        partitions: impl Partitions<T>,
    ) -> Rdd<T> {
        if partitions.count() == 0 {
            return Rdd(None);
        }
        Rdd(Some(Arc::new(Content {
            partitioner,
            job_flags,
            partitions,
        })))
    }

    /// The same batch, whose keys this partitioner has placed.
    pub(crate) fn partitioned_by(mut self, partitioner: HashPartitioner) -> Rdd<T> {
        if let Some(content) = &mut self.0 {
            unshared(content).partitioner = Some(partitioner);
        }
        self
    }

    /// The same batch, with flags that the first job that reads it raises.
    pub(crate) fn with_job_flags(mut self, job_flags: JobFlags) -> Rdd<T> {
        if let Some(content) = &mut self.0 {
            unshared(content).job_flags = job_flags;
        }
        self
    }

    /// The partitioner that placed the keys (`RDD.partitioner`).
    pub(crate) fn partitioner(&self) -> Option<HashPartitioner> {
        self.0.as_ref()?.partitioner
    }

    /// The flags that the first job that reads it raises.
    pub(super) fn job_flags(&self) -> JobFlags {
        self.0
            .as_ref()
            .map(|it| it.job_flags.clone())
            .unwrap_or_default()
    }

    /// The partitions as the type that computes them, where that is `P`.
    pub(crate) fn partitions_as<P: Partitions<T>>(&self) -> Option<&P> {
        let partitions: &dyn Any = &self.0.as_ref()?.partitions;
        partitions.downcast_ref()
    }

    /// The number of partitions (`RDD.getNumPartitions`): none in a batch in which nothing arrived,
    /// and the number of cores of the cluster after a shuffle, with or without rows.
    pub fn partition_count(&self) -> usize {
        self.0.as_ref().map_or(0, |it| it.partitions.count())
    }

    /// The parts of a partition that can be read at the same time, in order.
    pub(super) fn parts(&self, partition: usize) -> impl Iterator<Item = Part> + use<T> {
        Part::cut(partition, self.part_count(partition))
    }

    /// True if it is known that there are no rows, without computing any.
    pub(crate) fn is_known_empty(&self) -> bool {
        self.partition_count() == 0 || self.partitions_as::<NoRows>().is_some()
    }

    /// The number of parts of a partition.
    pub(super) fn part_count(&self, partition: usize) -> usize {
        let content = self.0.as_ref();
        content.map_or(0, |it| it.partitions.parts(partition))
    }

    /// Where Spark's scheduler takes a partition to be when this job has begun; without one, where it is now.
    pub(super) fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        let content = self.0.as_ref();
        content.map_or(Place::Nowhere, |it| it.partitions.place(partition, job))
    }

    /// True if the rows of a partition are made one by one, as they are asked for.
    pub(super) fn makes_one_by_one(&self, partition: usize) -> bool {
        let content = self.0.as_ref();
        content.is_some_and(|it| it.partitions.makes_one_by_one(partition))
    }

    /// The rows of a partition, made one by one where they are.
    pub(super) fn pull(&self, partition: usize) -> Result<PartitionRows<T>, Failure> {
        match &self.0 {
            Some(content) => content.partitions.pull(partition),
            None => Ok(PartitionRows::Kept(Vec::new())),
        }
    }

    /// Hands the rows of a part to `reader`, in order and in chunks, until it stops.
    pub(super) fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        match &self.0 {
            Some(content) => content.partitions.visit(part, size, reader),
            None => Ok(()),
        }
    }

    /// Ends a job that has read rows of this batch.
    pub(crate) fn end_job(&self) {
        if let Some(content) = &self.0 {
            content.job_flags.raise();
        }
    }

    /// The same rows, whose keys are in the partitions in which those of `other` are, as after an operator that
    /// keeps them there (`preservesPartitioning`). Nothing is known of the keys of batches with different numbers of
    /// partitions.
    ///
    /// ```
    /// use engine::{Rdd, SparkContext};
    /// let partitioner = SparkContext::local(2, "words").partitioner();
    /// let placed = Rdd::of_rows(vec![vec![(1, 'a')]]).partition_by(partitioner);
    /// let mapped = placed.map(|(key, letter)| (key, String::from(letter)));
    /// assert!(!mapped.has_partitioner());
    /// assert!(mapped.partitioned_as(&placed).is_partitioned_by(partitioner));
    /// ```
    #[must_use]
    pub fn partitioned_as<U: Data>(self, other: &Rdd<U>) -> Rdd<T> {
        match other.partitioner() {
            Some(partitioner) if self.partition_count() == other.partition_count() => {
                let job_flags = self.job_flags();
                Rdd::new(Some(partitioner), job_flags, self)
            }
            _ => self,
        }
    }

    /// True if it is known that a partitioner has placed the keys (`RDD.partitioner.isDefined`).
    pub fn has_partitioner(&self) -> bool {
        self.partitioner().is_some()
    }

    /// True if it is known that this partitioner has placed the keys: to bring the values of a key together, nothing
    /// has to be moved then.
    pub fn is_partitioned_by(&self, partitioner: HashPartitioner) -> bool {
        self.partitioner() == Some(partitioner)
    }

    /// The rows that an operator makes of each chunk of this batch, partition by partition.
    pub(crate) fn map_chunks<U: Data>(
        &self,
        operator: &'static str,
        keys: Keys,
        function: &Arc<impl ChunkFunction<T, U>>,
    ) -> Rdd<U> {
        let Some(content) = &self.0 else {
            return Rdd(None);
        };
        let partitions = MapPartitions {
            parent: self.clone(),
            operator,
            function: Arc::clone(function),
        };
        let partitioner = content.partitioner.filter(|_| keys == Keys::Kept);
        Rdd::new(partitioner, content.job_flags.clone(), partitions)
    }

    /// The rows of this batch and then those of the other: partition by partition if one partitioner
    /// placed the keys of both, else all partitions of this batch first (`SparkContext.union`).
    pub fn union(&self, other: &Rdd<T>) -> Rdd<T> {
        Rdd::union_of([self.clone(), other.clone()])
    }

    /// The rows of all batches: partition by partition if one partitioner placed the keys of all of them, else all
    /// partitions of a batch before those of the next (`SparkContext.union`).
    ///
    /// ```
    /// use engine::Rdd;
    /// let of = |n: i32| Rdd::of_rows(vec![vec![n]]);
    /// assert_eq!(Rdd::union_of([of(1), of(2), of(3)]).collect()?, [1, 2, 3]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    pub fn union_of(batches: impl IntoIterator<Item = Rdd<T>>) -> Rdd<T> {
        batches.into_iter().collect::<UnitedBatches<T>>().union()
    }
}

/// The rows of a batch, of which more is known than before.
impl<T: Data> Partitions<T> for Rdd<T> {
    fn count(&self) -> usize {
        self.partition_count()
    }

    fn parts(&self, partition: usize) -> usize {
        self.part_count(partition)
    }

    fn place(&self, partition: usize, job: Option<JobNumber>) -> Place {
        Rdd::place(self, partition, job)
    }

    fn makes_one_by_one(&self, partition: usize) -> bool {
        Rdd::makes_one_by_one(self, partition)
    }

    fn pull(&self, partition: usize) -> Result<PartitionRows<T>, Failure> {
        Rdd::pull(self, partition)
    }

    fn visit(
        &self,
        part: Part,
        size: ChunkSize,
        reader: &mut ChunkReader<'_, T>,
    ) -> Result<(), Stop> {
        Rdd::visit(self, part, size, reader)
    }
}

impl Rdd<Text> {
    /// A batch whose partitions are these blocks (`BLK-4`).
    pub(crate) fn of_blocks(blocks: Vec<Block>) -> Rdd<Text> {
        Rdd::of_partitions(Received(blocks))
    }

    /// As [`of_blocks`](Rdd::of_blocks), of blocks that may be lost before they are read. `number` is that of the RDD.
    pub(crate) fn of_losable_blocks(
        blocks: Vec<Block>,
        number: u64,
        block_manager: Arc<dyn BlockManager>,
    ) -> Rdd<Text> {
        Rdd::of_partitions(Losable {
            blocks: Received(blocks),
            number,
            block_manager,
        })
    }
}

/// The content of a batch that is being made.
fn unshared<T>(content: &mut Arc<Content<dyn Partitions<T>>>) -> &mut Content<dyn Partitions<T>> {
    Arc::get_mut(content).expect("all is known of a batch before it is shared")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Reduce, Shuffle};
    use crate::{Inline, KeyOrder, Profile};

    type Counts = Rdd<(Text, i64)>;

    /// The counts of a line's words, as `reduce_by_key` leaves them on two cores.
    fn counts(line: &str, profile: Profile) -> Counts {
        let ones = line.split(' ').map(|word| (Text::from(word), 1));
        let shuffle = Shuffle {
            operator: "reduce_by_key",
            partitioner: HashPartitioner::new(profile, KeyOrder::Spark, 2),
            workers: &Inline,
        };
        let counts = shuffle.combine_by_key(
            &Rdd::of_rows(vec![ones.collect()]),
            &Reduce(|x, y| Ok(x + y)),
        );
        counts.expect("sums of counts do not fail")
    }

    fn words(counts: &Counts) -> String {
        let counts = counts.collect().expect("the words can be read");
        let words: Vec<&str> = counts.iter().map(|(word, _)| word.as_str()).collect();
        words.join(" ")
    }

    /// As recorded from Spark 3.5.9 in both languages.
    #[test]
    fn plan_7_a_union_of_batches_of_one_shuffle_goes_partition_by_partition() {
        let union = |profile| {
            let counts = counts("lazy green green over quick green", profile);
            words(
                &counts
                    .filter(|(word, _)| word.contains('a'))
                    .union(&counts.filter(|(_, count)| *count >= 1)),
            )
        };
        assert_eq!(union(Profile::Jvm), "lazy lazy over green quick");
        assert_eq!(union(Profile::Pyspark), "lazy lazy green quick over");
    }

    #[test]
    fn a_union_with_anything_else_goes_batch_by_batch() {
        let blue_green = counts("blue green", Profile::Jvm);
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
        let counts = counts("blue green", Profile::Jvm);
        let kept = counts.filter(|_| true).map_values(|count| count + 1);
        assert_eq!(kept.union(&kept).partitioner(), counts.partitioner());
        assert_eq!(kept.map(|pair| pair).partitioner(), None);
        assert_eq!(kept.flat_map(|pair| [pair]).partitioner(), None);
    }
}
