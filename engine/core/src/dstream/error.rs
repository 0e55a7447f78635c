//! Why a program cannot be started.

use std::time::Duration;

/// A rule that a program breaks, found before it starts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A batch or block interval that is not at least one whole millisecond.
    #[error("the {what} must be a whole number of milliseconds, at least 1, not {interval:?}")]
    Interval {
        /// The name of the interval.
        what: &'static str,
        /// Its length.
        interval: Duration,
    },
    /// `local[0]`.
    #[error("a cluster has at least one core")]
    NoCores,
    /// More cores than [`CORES_MAX`](crate::SparkContext::CORES_MAX).
    #[error("a cluster has at most {most} cores, not {0}", most = crate::SparkContext::CORES_MAX)]
    TooManyCores(usize),
    /// `spark.streaming.concurrentJobs = 0`.
    #[error("a cluster runs at least one job at a time")]
    NoJobs,
    /// An operator is given a stream of another context, whose batches are none of this program's.
    #[error(
        "`{operator}` is given a stream of another `StreamingContext`: all streams of a program are of one"
    )]
    Foreign {
        /// The operator.
        operator: &'static str,
    },
    /// The context has been built before: there is one program of each.
    #[error("the program is built already: write another one in a new `StreamingContext`")]
    Built,
    /// An operator or a setting was added to a context that had been built before, as Spark refuses it "after
    /// starting a context".
    #[error(
        "`{operator}` was added when the program was built already: add it before, or write another program in a \
         new `StreamingContext`"
    )]
    AfterBuild {
        /// The operator, or the setting.
        operator: &'static str,
    },
    /// A number of partitions of a state that is zero, or more than
    /// [`CORES_MAX`](crate::SparkContext::CORES_MAX): each costs something in every batch.
    #[error("`{operator}` takes 1 to {most} partitions, not {partitions}", most = crate::SparkContext::CORES_MAX)]
    Partitions {
        /// The operator.
        operator: &'static str,
        /// The number.
        partitions: usize,
    },
    /// A program without an output operation would compute nothing (Spark's `DStreamGraph.validate`).
    #[error("no output operations registered, so nothing to execute")]
    NoOutput,
    /// `WIN-1`: a window or its slide is not a multiple of the slide of its parent, or more
    /// milliseconds than a clock can count.
    #[error(
        "the {what} of a window must be a multiple of its parent's slide of {parent:?}, not {duration:?}"
    )]
    Window {
        /// `length` or `slide`.
        what: &'static str,
        /// Its length.
        duration: Duration,
        /// The slide of the stream that the window is over.
        parent: Duration,
    },
    /// An operator on any number of streams is given none.
    #[error("`{operator}` is given no stream: it takes at least one")]
    NoStreams {
        /// The operator.
        operator: &'static str,
    },
    /// The rows of a stream are to be checkpointed at an interval that is not a multiple of its slide (Spark's
    /// `DStream.validateAtStart`).
    #[error(
        "the checkpoint interval of a stream must be a multiple of its slide of {slide:?}, not {interval:?}"
    )]
    Checkpoint {
        /// The interval.
        interval: Duration,
        /// The slide of the stream.
        slide: Duration,
    },
    /// A program with checkpoints has an operator whose states cannot be saved (`CKP-6`).
    #[error(
        "a program with checkpoints cannot have this `{operator}`: it does not say how its states are saved; give its \
         spec `saved()`, or take another operator if it has none, as `queue_stream`"
    )]
    NotSaved {
        /// The operator.
        operator: &'static str,
    },
    /// Records are logged in the checkpoint folder.
    #[error(
        "the records of blocks are logged by a program with checkpoints alone: call `checkpoint`, too"
    )]
    LogWithoutCheckpoint,
    /// `PLAN-2`: streams that are united or transformed together slide alike.
    #[error("streams of different slides, {left:?} and {right:?}, cannot be united")]
    Slides {
        /// Slide of the first stream.
        left: Duration,
        /// Slide of the other one.
        right: Duration,
    },
}

impl BuildError {
    /// Refuses an interval that no grid of batches has.
    ///
    /// ```
    /// use engine::BuildError;
    /// use std::time::Duration;
    /// assert!(BuildError::check_interval("batch interval", Duration::from_millis(1)).is_ok());
    /// assert!(BuildError::check_interval("batch interval", Duration::from_micros(1_500)).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`BuildError::Interval`], unless it is a whole number of milliseconds, at least 1, that a clock can count.
    pub fn check_interval(what: &'static str, interval: Duration) -> Result<(), BuildError> {
        let is_whole = interval.as_nanos().is_multiple_of(1_000_000);
        let is_countable = i64::try_from(interval.as_millis()).is_ok();
        if is_whole && is_countable && !interval.is_zero() {
            Ok(())
        } else {
            Err(BuildError::Interval { what, interval })
        }
    }
}
