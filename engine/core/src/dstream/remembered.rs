//! Batches that a stream remembers, and for how long.

use std::time::Duration;

use super::dataflow::SliceError;
use super::error::BuildError;
use super::stream::DStream;
use crate::{Data, Failure, FailureKind, Rdd, Time};

/// As Spark says of a stream that is in no program that runs.
const NOT_INITIALIZED: &str = "the stream has not been initialized: its program does not run, or has no output that is made of it";

const BUSY: &str =
    "a batch is being made: ask for a slice in an output operation, or between two batches";

impl<T: Data> DStream<T> {
    /// The batches from `from` to `to`, both included (`DStream.slice`): those of them that have begun and that the
    /// stream remembers, for as long as the program [says](crate::StreamingContext::remember). A time between two
    /// batches is rounded down to the one before, as in Spark. A batch that no output has asked for is made now.
    ///
    /// ```
    /// use engine::{Inline, SparkContext, Stepper, StreamingContext, Time};
    /// use std::time::Duration;
    /// let ssc = StreamingContext::new(&SparkContext::local(1, "slice"), Duration::from_secs(1));
    /// ssc.remember(Duration::from_secs(60));
    /// let numbers = ssc.queue_stream([vec![1], vec![2], vec![3]]);
    /// numbers.print();
    /// let mut stepper = Stepper::start(ssc.build()?, Time::EPOCH);
    /// (0..3).for_each(|_| stepper.step(&Inline));
    /// let at = |seconds: i64| Time::from_millis(1_000 * seconds);
    /// let batches = numbers.slice(at(2), at(9))?;
    /// assert_eq!(batches.len(), 2);
    /// assert_eq!(batches[1].collect()?, [3]);
    /// # Ok::<(), engine::Failure>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The failure of a batch that is made now; that the stream is in no program that runs; or that another batch is being
    /// made, as in a function of `transform`.
    pub fn slice(&self, from: Time, to: Time) -> Result<Vec<Rdd<T>>, Failure> {
        let slice = match self.context().running() {
            Some(running) => running.slice(self.node(), from, to),
            None => Err(SliceError::NotInitialized),
        };
        let refused = |why: &str| Failure::new(FailureKind::Spark, why).in_operator("slice");
        slice.map_err(|error| match error {
            SliceError::Busy => refused(BUSY),
            SliceError::NotInitialized => refused(NOT_INITIALIZED),
            SliceError::Failed(failure) => failure,
        })
    }

    /// The same stream, whose rows are checkpointed at this interval (`DStream.checkpoint`): a multiple of its slide, or
    /// the program is refused. It remembers its batches for twice as long, as in Spark.
    ///
    /// In a program that has [checkpoints](crate::StreamingContext::checkpoint) the states of an operator are saved so
    /// often. Rows of other streams are never written: they are kept in memory, and what they were made of is not.
    #[must_use]
    pub fn checkpoint(&self, interval: Duration) -> DStream<T> {
        if self.batches_per_checkpoint(interval).is_some() {
            let twice = interval.saturating_mul(2);
            self.context().remember_batches_of(self.node().id, twice);
            self.context().save_states_of(self.node().id, interval);
        }
        self.clone()
    }

    /// The number of batches in a checkpoint interval, or `None` if the program is refused, as it is not a multiple of
    /// the slide.
    pub(crate) fn batches_per_checkpoint(&self, interval: Duration) -> Option<u64> {
        let slide = self.slide();
        let slide_ns = slide.as_nanos();
        let is_multiple = slide_ns > 0 && interval.as_nanos().is_multiple_of(slide_ns);
        if interval.is_zero() || !is_multiple {
            self.context()
                .refuse(BuildError::Checkpoint { interval, slide });
            return None;
        }
        u64::try_from(interval.as_nanos() / slide_ns).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::lock::lock;
    use crate::{Inline, SparkContext, Stepper, StreamingContext};

    const SECOND: Duration = Duration::from_secs(1);

    fn context() -> StreamingContext {
        StreamingContext::new(&SparkContext::local(1, "slice"), SECOND)
    }

    fn started(ssc: &StreamingContext) -> Stepper {
        Stepper::start(
            ssc.build().expect("the program keeps the rules"),
            Time::EPOCH,
        )
    }

    fn at(millis: i64) -> Time {
        Time::from_millis(millis)
    }

    fn rows(slice: Result<Vec<Rdd<i32>>, Failure>) -> Vec<i32> {
        let batches = slice.expect("the stream is in a program that runs");
        let rows = batches
            .iter()
            .map(|batch| batch.collect().expect("no function fails"));
        rows.collect::<Vec<_>>().concat()
    }

    #[test]
    fn win_7_a_slice_has_what_is_remembered_and_no_more() {
        let ssc = context();
        ssc.remember(3 * SECOND);
        let numbers = ssc.queue_stream((1..).take(9).map(|n| vec![n]));
        let tens = numbers.map(|n| 10 * n);
        tens.window(2 * SECOND, 2 * SECOND).print();
        let mut stepper = started(&ssc);
        (0..6).for_each(|_| stepper.step(&Inline));
        assert_eq!(rows(tens.slice(at(0), at(99_000))), [20, 30, 40, 50, 60]);
        assert_eq!(
            rows(tens.slice(at(5_999), at(5_999))),
            [50],
            "it is rounded down"
        );
        assert_eq!(rows(numbers.slice(at(4_000), at(5_000))), [4, 5]);
        assert_eq!(
            rows(tens.slice(at(7_000), at(8_000))),
            [0; 0],
            "it has not begun"
        );
    }

    #[test]
    fn a_slice_of_a_stream_without_output_or_before_the_start_is_refused() {
        let ssc = context();
        ssc.remember(SECOND);
        let numbers = ssc.queue_stream([vec![1]]);
        let unused = numbers.map(|n| n);
        numbers.print();
        let check = |stream: &DStream<i32>| {
            let failure = stream.slice(at(0), at(1_000)).expect_err("it is refused");
            assert!(
                failure.message().contains("has not been initialized"),
                "{failure}"
            );
        };
        check(&numbers);
        let mut stepper = started(&ssc);
        stepper.step(&Inline);
        check(&unused);
        assert_eq!(rows(numbers.slice(at(0), at(1_000))), [1]);
    }

    #[test]
    fn a_slice_within_an_output_has_batches_and_within_a_transformation_is_refused() {
        let ssc = context();
        let numbers = ssc.queue_stream([vec![1], vec![2]]);
        ssc.remember(9 * SECOND);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (sliced, within) = (numbers.clone(), Arc::clone(&seen));
        let transformed = numbers.transform(move |batch, time| {
            let refused = sliced.slice(time, time).is_err();
            batch.map(move |n| if refused { n } else { 0 })
        });
        let sliced = numbers.clone();
        transformed.foreach_rdd(move |batch, time| {
            let so_far = rows(sliced.slice(at(0), time));
            lock(&within).push((batch.collect()?, so_far));
            Ok(())
        });
        let mut stepper = started(&ssc);
        (0..2).for_each(|_| stepper.step(&Inline));
        assert_eq!(*lock(&seen), [(vec![1], vec![1]), (vec![2], vec![1, 2])]);
    }

    #[test]
    fn a_checkpoint_interval_is_a_multiple_of_the_slide_and_is_remembered_twice() {
        let refused = |interval| {
            let ssc = context();
            ssc.queue_stream([vec![1]]).checkpoint(interval).print();
            ssc.build().err()
        };
        for interval in [Duration::ZERO, SECOND / 2, SECOND * 3 / 2] {
            let slide = SECOND;
            assert_eq!(
                refused(interval),
                Some(BuildError::Checkpoint { interval, slide })
            );
        }
        let ssc = context();
        let numbers = ssc
            .queue_stream((1..).take(9).map(|n| vec![n]))
            .checkpoint(2 * SECOND);
        numbers.print();
        let mut stepper = started(&ssc);
        (0..6).for_each(|_| stepper.step(&Inline));
        assert_eq!(rows(numbers.slice(at(0), at(6_000))), [3, 4, 5, 6]);
    }
}
