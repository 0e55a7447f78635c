//! The wait for as many messages as a micro-batch is to have (`minOffsetsPerTrigger`).

use std::time::Duration;

use engine::Time;

/// The least messages of a micro-batch (`org.apache.spark.sql.connector.read.streaming.ReadMinRows`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeastMessages {
    pub(crate) messages: i64,
    /// The time after which it waits no longer (`maxTriggerDelay`).
    pub(crate) delay: Duration,
}

impl LeastMessages {
    /// The default of the time.
    pub(crate) const DELAY: Duration = Duration::from_mins(15);
}

/// The wait of a source. Its first micro-batch does not wait.
#[derive(Debug, Default)]
pub(super) struct Wait {
    /// The last time at which there was none.
    last_end: Option<Time>,
    /// There are too few messages.
    pub(super) is_on: bool,
}

impl Wait {
    /// Looks at a trigger how many messages are new (`KafkaMicroBatchStream.delayBatch`).
    pub(super) fn look(&mut self, now: Time, least: LeastMessages, new: i64) {
        let is_over = |last: Time| now.since(last) >= least.delay;
        self.is_on = !self.last_end.is_none_or(is_over) && new < least.messages;
        if !self.is_on {
            self.last_end = Some(now);
        }
    }

    /// The time at which it is over; from then on there is another one, messages or not.
    pub(super) fn end(&self, least: LeastMessages) -> Option<Time> {
        self.last_end?.checked_add(least.delay)
    }
}
