//! One batch of a stream: partitions of rows, computed when they are visited.

use std::fmt;
use std::ops::{ControlFlow, Deref};
use std::sync::Arc;

use super::stream::Data;
use crate::input::Block;
use crate::{Text, Workers};

/// Whoever visits the rows of a partition says after each whether it wants more.
pub(crate) type Flow = ControlFlow<()>;

/// One batch of a stream, in partitions (`org.apache.spark.rdd.RDD`).
///
/// Operators on single records cost nothing until somebody visits the rows: a chain of them runs as
/// one loop. Rows come in the order in which Spark would hand them out.
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
}

impl<T> Clone for Rdd<T> {
    fn clone(&self) -> Rdd<T> {
        Rdd {
            partitions: self.partitions.clone(),
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
        }
    }

    /// A batch whose rows are found in this way.
    pub(crate) fn of_partitions(partitions: impl Partitions<T> + 'static) -> Rdd<T> {
        let any = partitions.count() > 0;
        Rdd {
            partitions: any.then(|| Arc::new(partitions) as _),
        }
    }

    /// How many partitions there are (`RDD.getNumPartitions`): none in a batch in which nothing
    /// arrived, and as many as the cluster has cores after a shuffle, with or without rows.
    pub fn partition_count(&self) -> usize {
        self.partitions.as_ref().map_or(0, |all| all.count())
    }

    /// Hands the rows of one partition to `each`, in order, until it breaks.
    pub(crate) fn visit(&self, partition: usize, each: &mut dyn FnMut(T) -> Flow) -> Flow {
        self.partitions
            .as_ref()
            .map_or(Flow::Continue(()), |all| all.visit(partition, each))
    }

    /// Hands all rows of one partition to `each`, in order.
    pub(crate) fn visit_all(&self, partition: usize, mut each: impl FnMut(T)) {
        let all = self.visit(partition, &mut |row| {
            each(row);
            Flow::Continue(())
        });
        assert!(
            all.is_continue(),
            "a visit ends early only when its visitor says so"
        );
    }

    /// The first `count` rows, partition 0 first; later partitions are not computed if earlier ones
    /// have enough.
    pub fn take(&self, count: usize) -> Vec<T> {
        let mut rows = Vec::new();
        if count == 0 {
            return rows;
        }
        for partition in 0..self.partition_count() {
            let flow = self.visit(partition, &mut |row| {
                rows.push(row);
                if rows.len() < count {
                    Flow::Continue(())
                } else {
                    Flow::Break(())
                }
            });
            if flow.is_break() {
                break;
            }
        }
        rows
    }

    /// All rows, partition 0 first.
    pub fn collect(&self) -> Vec<T> {
        self.take(usize::MAX)
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        let mut rows = 0;
        (0..self.partition_count()).for_each(|partition| self.visit_all(partition, |_| rows += 1));
        rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.take(1).is_empty()
    }

    /// The result of `function` on each row.
    pub fn map<U: Data>(&self, function: impl Fn(T) -> U + Send + Sync + 'static) -> Rdd<U> {
        self.narrow(move |row, each: &mut dyn FnMut(U) -> Flow| each(function(row)))
    }

    /// All the results of `function` on each row, one after the other.
    pub fn flat_map<U: Data, I: IntoIterator<Item = U>>(
        &self,
        function: impl Fn(T) -> I + Send + Sync + 'static,
    ) -> Rdd<U> {
        self.narrow(move |row, each: &mut dyn FnMut(U) -> Flow| {
            function(row).into_iter().try_for_each(each)
        })
    }

    /// The rows for which `predicate` holds.
    pub fn filter(&self, predicate: impl Fn(&T) -> bool + Send + Sync + 'static) -> Rdd<T> {
        self.narrow(move |row, each: &mut dyn FnMut(T) -> Flow| {
            if predicate(&row) {
                each(row)
            } else {
                Flow::Continue(())
            }
        })
    }

    /// The partitions of this batch and then those of the other.
    pub fn union(&self, other: &Rdd<T>) -> Rdd<T> {
        Rdd::of_union(vec![self.clone(), other.clone()])
    }

    pub(crate) fn of_union(parts: Vec<Rdd<T>>) -> Rdd<T> {
        Rdd::of_partitions(Union { parts })
    }

    /// A batch that is computed from this one row by row, partition by partition.
    fn narrow<U: Data>(
        &self,
        function: impl Fn(T, &mut dyn FnMut(U) -> Flow) -> Flow + Send + Sync + 'static,
    ) -> Rdd<U> {
        Rdd::of_partitions(Narrow {
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

/// How the rows of a batch are found.
pub(crate) trait Partitions<T>: Send + Sync {
    fn count(&self) -> usize;
    fn visit(&self, partition: usize, each: &mut dyn FnMut(T) -> Flow) -> Flow;
}

/// Rows that are there already: vectors, or the blocks that were received.
impl<T: Data, P: Deref<Target = [T]> + Send + Sync> Partitions<T> for Vec<P> {
    fn count(&self) -> usize {
        self.len()
    }

    fn visit(&self, partition: usize, each: &mut dyn FnMut(T) -> Flow) -> Flow {
        self[partition].iter().cloned().try_for_each(each)
    }
}

struct Union<T> {
    parts: Vec<Rdd<T>>,
}

impl<T: Data> Partitions<T> for Union<T> {
    fn count(&self) -> usize {
        self.parts.iter().map(Rdd::partition_count).sum()
    }

    fn visit(&self, partition: usize, each: &mut dyn FnMut(T) -> Flow) -> Flow {
        let mut index = partition;
        for part in &self.parts {
            match index.checked_sub(part.partition_count()) {
                None => return part.visit(index, each),
                Some(rest) => index = rest,
            }
        }
        Flow::Continue(())
    }
}

struct Narrow<T, F> {
    parent: Rdd<T>,
    function: F,
}

impl<T: Data, U: Data, F> Partitions<U> for Narrow<T, F>
where
    F: Fn(T, &mut dyn FnMut(U) -> Flow) -> Flow + Send + Sync,
{
    fn count(&self) -> usize {
        self.parent.partition_count()
    }

    fn visit(&self, partition: usize, each: &mut dyn FnMut(U) -> Flow) -> Flow {
        self.parent
            .visit(partition, &mut |row| (self.function)(row, each))
    }
}
