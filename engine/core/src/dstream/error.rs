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
    /// A program without an output operation would compute nothing (Spark's `DStreamGraph.validate`).
    #[error("no output operations registered, so nothing to execute")]
    NoOutput,
    /// `WIN-1`: a window or its slide is not a multiple of the slide of its parent, or more
    /// milliseconds than a clock can count.
    #[error(
        "the {what} of a window must be a multiple of its parent's slide of {parent:?}, not {duration:?} (WIN-1)"
    )]
    Window {
        /// `length` or `slide`.
        what: &'static str,
        /// Its length.
        duration: Duration,
        /// The slide of the stream that the window is over.
        parent: Duration,
    },
    /// `PLAN-2`: streams that are united or transformed together slide alike.
    #[error("streams of different slides, {left:?} and {right:?}, cannot be united (PLAN-2)")]
    Slides {
        /// Slide of the first stream.
        left: Duration,
        /// Slide of the other one.
        right: Duration,
    },
}
