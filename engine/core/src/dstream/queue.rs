//! Queues of batches that are written into a program.

use std::collections::VecDeque;
use std::fmt;

use super::context::StreamingContext;
use super::node::{Node, NodeContext};
use super::stream::DStream;
use crate::{Data, Failure, Rdd, Time};

impl StreamingContext {
    /// One of these batches each interval, each one partition; then empty batches (`queueStream`
    /// with `oneAtATime`, `PLAN-6`).
    ///
    /// ```
    /// # use engine::{SparkContext, StreamingContext};
    /// # use std::time::Duration;
    /// # let ssc = StreamingContext::new(&SparkContext::local(2, "queue"), Duration::from_secs(1));
    /// let numbers = ssc.queue_stream([vec![1, 2, 3], vec![], vec![4]]);
    /// numbers.reduce(|x, y| x + y).print();
    /// # ssc.build()?;
    /// # Ok::<(), engine::BuildError>(())
    /// ```
    pub fn queue_stream<T: Data>(&self, batches: impl IntoIterator<Item = Vec<T>>) -> DStream<T> {
        // An empty batch has no partition.
        let one_partition = |batch: Vec<T>| {
            let rows = Some(batch).filter(|batch| !batch.is_empty());
            Rdd::of_rows(rows.into_iter().collect())
        };
        let batches = batches.into_iter().map(one_partition);
        self.queue_stream_with(QueueSpec::batches(batches))
    }

    /// The batches of a queue, as `spec` says (`queueStream`).
    pub fn queue_stream_with<T: Data>(&self, spec: QueueSpec<T>) -> DStream<T> {
        self.add_stateful(self.interval(), &[], spec)
    }
}

/// A queue of batches, in any partitions, and how it is emptied: the overloads of `StreamingContext.queueStream`.
///
/// ```
/// # use engine::{QueueSpec, Rdd, SparkContext, StreamingContext};
/// # use std::time::Duration;
/// # let ssc = StreamingContext::new(&SparkContext::local(2, "queue"), Duration::from_secs(1));
/// let batches = [Rdd::of_rows(vec![vec![1], vec![2]]), Rdd::of_rows(vec![vec![3]])];
/// // 1, 2, 3 in the first batch, and 0 in all others.
/// let spec = QueueSpec::batches(batches).all_at_once().default_batch(Rdd::of_rows(vec![vec![0]]));
/// ssc.queue_stream_with(spec).print();
/// # ssc.build()?;
/// # Ok::<(), engine::BuildError>(())
/// ```
pub struct QueueSpec<T> {
    queue: VecDeque<Rdd<T>>,
    is_one_at_a_time: bool,
    default: Option<Rdd<T>>,
}

impl<T: Data> QueueSpec<T> {
    /// One of these batches each interval; then empty ones.
    pub fn batches(batches: impl IntoIterator<Item = Rdd<T>>) -> QueueSpec<T> {
        QueueSpec {
            queue: batches.into_iter().collect(),
            is_one_at_a_time: true,
            default: None,
        }
    }

    /// All batches of the queue in the first interval, one after the other (`oneAtATime = false`).
    #[must_use]
    pub fn all_at_once(self) -> QueueSpec<T> {
        QueueSpec {
            is_one_at_a_time: false,
            ..self
        }
    }

    /// The batch of each interval for which the queue has none (`defaultRDD`).
    #[must_use]
    pub fn default_batch(self, batch: Rdd<T>) -> QueueSpec<T> {
        QueueSpec {
            default: Some(batch),
            ..self
        }
    }
}

/// The batches that were written into the program (`org.apache.spark.streaming.dstream.QueueInputDStream`).
impl<T: Data> Node for QueueSpec<T> {
    type Batch = Rdd<T>;

    fn name(&self) -> &'static str {
        "queue_stream"
    }

    fn compute(&mut self, _: Time, _: &mut NodeContext<'_>) -> Result<Rdd<T>, Failure> {
        let count = if self.is_one_at_a_time { 1 } else { usize::MAX };
        let due: Vec<Rdd<T>> = self.queue.drain(..count.min(self.queue.len())).collect();
        if due.is_empty() {
            let default = self.default.clone();
            return Ok(default.unwrap_or_else(|| Rdd::of_rows(Vec::new())));
        }
        if self.is_one_at_a_time {
            return Ok(Rdd::union_of(due));
        }
        // Spark makes this union by hand, batch by batch also where one partitioner has placed all keys.
        Ok(Rdd::union_of(due.into_iter().map(Rdd::of_partitions)))
    }
}

impl<T> fmt::Debug for QueueSpec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueSpec")
            .field("batches", &self.queue.len())
            .field("is_one_at_a_time", &self.is_one_at_a_time)
            .field("default", &self.default.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::test_operation;

    #[test]
    fn plan_6_a_queue_gives_one_batch_an_interval_and_then_empty_ones() {
        test_operation(
            [vec![1, 2], vec![], vec![3]],
            |numbers| numbers,
            [vec![1, 2], vec![], vec![3], vec![], vec![]],
        );
    }

    #[test]
    fn plan_6_a_queue_moves_on_whether_or_not_an_output_asks() {
        let seconds = Duration::from_secs;
        test_operation(
            (1..=6).map(|number| vec![number]),
            move |numbers| numbers.window(seconds(1), seconds(3)),
            [vec![3], vec![6], vec![]],
        );
    }

    #[test]
    fn plan_6_a_queue_may_be_emptied_at_once_and_have_a_default() {
        let queue = || {
            let of = |n: i32| Rdd::of_rows(vec![vec![n], vec![10 * n]]);
            QueueSpec::batches([of(1), of(2)])
        };
        let check = |spec: QueueSpec<i32>, expected: [Vec<i32>; 3]| {
            let operation = |numbers: DStream<()>| numbers.context().queue_stream_with(spec);
            test_operation([], operation, expected);
        };
        check(queue(), [vec![1, 10], vec![2, 20], vec![]]);
        check(queue().all_at_once(), [vec![1, 10, 2, 20], vec![], vec![]]);
        let default = || Rdd::of_rows(vec![vec![7]]);
        check(
            queue().default_batch(default()),
            [vec![1, 10], vec![2, 20], vec![7]],
        );
        check(
            queue().all_at_once().default_batch(default()),
            [vec![1, 10, 2, 20], vec![7], vec![7]],
        );
    }
}
