//! The times of a batch, and the delays between them.

use std::time::Duration;

use crate::Time;

/// The times of a batch that has completed (`org.apache.spark.streaming.scheduler.BatchInfo`, `MET-2`).
///
/// ```
/// use engine::{BatchTimes, Time};
/// use std::time::Duration;
/// let [submitted, started, ended] = [1_000, 1_500, 3_500].map(Time::from_millis);
/// let batch = BatchTimes { submitted, started, ended };
/// assert_eq!(batch.scheduling_delay(), Duration::from_millis(500));
/// assert_eq!(batch.processing_time(), Duration::from_secs(2));
/// assert_eq!(batch.total_delay(), Duration::from_millis(2_500));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchTimes {
    /// The time at which its jobs were queued.
    pub submitted: Time,
    /// The start of its first job.
    pub started: Time,
    /// The end of its last job.
    pub ended: Time,
}

impl BatchTimes {
    /// The time for which its first job waited.
    pub fn scheduling_delay(self) -> Duration {
        self.started.since(self.submitted)
    }

    /// The time from the start of its first job to the end of its last one.
    pub fn processing_time(self) -> Duration {
        self.ended.since(self.started)
    }

    /// The time from its submission to its end.
    pub fn total_delay(self) -> Duration {
        self.ended.since(self.submitted)
    }
}
