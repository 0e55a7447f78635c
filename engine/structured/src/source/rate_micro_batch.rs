//! As many numbers in each micro-batch as in any other.

use engine::{QueryContent, Records, SourceOffset, StreamId, Time};

use super::input::BatchInput;
use super::rate::Numbers;
use super::{OwnLog, Recovered, Source};
use crate::recover::QueryRecoverError;

/// The settings of a source of numbers (`org.apache.spark.sql.execution.streaming.sources.RatePerMicroBatchProvider`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateMicroBatchSettings {
    /// The numbers of a micro-batch, at least 1.
    pub(crate) rows_per_batch: i64,
    /// The number of input partitions.
    pub(crate) partitions: usize,
    /// The time of the first numbers, in milliseconds since the epoch.
    pub(crate) start_ms: i64,
    /// The time from the numbers of a micro-batch to those of the next, in milliseconds.
    pub(crate) advance_ms: i64,
}

impl RateMicroBatchSettings {
    pub(super) fn description(self) -> String {
        format!(
            "RatePerMicroBatchStream[rowsPerBatch={}, numPartitions={}, startTimestamp={}, advanceMsPerBatch={}]",
            self.rows_per_batch, self.partitions, self.start_ms, self.advance_ms
        )
    }
}

/// The next number and its time (`RatePerMicroBatchStreamOffset`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Next {
    number: i64,
    time_ms: i64,
}

/// Numbers from 0 on, of which each micro-batch has equally many, all of one time
/// (`org.apache.spark.sql.execution.streaming.sources.RatePerMicroBatchStream`).
///
/// It always has more. Spark then runs micro-batches as fast as it can; here one begins in each millisecond at most, as time
/// would stand still otherwise.
#[derive(Debug)]
pub(crate) struct RateMicroBatch {
    settings: RateMicroBatchSettings,
    /// The time at which numbers were last asked for in this run.
    asked: Option<Time>,
    committed: Option<Next>,
    available: Option<Next>,
    is_ended: bool,
}

impl RateMicroBatch {
    pub(crate) fn new(settings: RateMicroBatchSettings) -> RateMicroBatch {
        RateMicroBatch {
            settings,
            asked: None,
            committed: None,
            available: None,
            is_ended: false,
        }
    }

    fn begin(&self) -> Next {
        self.committed.unwrap_or(Next {
            number: 0,
            time_ms: self.settings.start_ms,
        })
    }
}

impl Source for RateMicroBatch {
    fn own_log(&self) -> OwnLog {
        OwnLog::None
    }

    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError> {
        self.committed = next(found.committed)?;
        self.available = next(found.available)?;
        Ok(())
    }

    fn receive(&mut self, _: Time, _: StreamId, _: Records) {}

    /// A stream that ends has the numbers of one micro-batch, unless it has had some.
    fn has_new(&self, now: Time) -> bool {
        match self.asked {
            None => true,
            Some(asked) => !self.is_ended && now > asked,
        }
    }

    fn next_new(&self, now: Time) -> Option<Time> {
        let millisecond = std::time::Duration::from_millis(1);
        now.checked_add(millisecond).filter(|_| !self.is_ended)
    }

    fn fetch(&mut self, now: Time, _: bool) -> Option<(u64, QueryContent)> {
        if self.has_new(now) {
            let Next { number, time_ms } = self.begin();
            self.available = Some(Next {
                number: number.saturating_add(self.settings.rows_per_batch),
                time_ms: time_ms.saturating_add(self.settings.advance_ms),
            });
            self.asked = Some(now);
        }
        None
    }

    fn fix_end(&mut self, _: Time) {
        self.is_ended = true;
    }

    fn available(&self) -> Option<SourceOffset> {
        let Next { number, time_ms } = self.available?;
        Some(SourceOffset::Rows { number, time_ms })
    }

    fn take(&mut self, _: usize) -> BatchInput {
        let from = self.begin();
        let until = self.available.unwrap_or(from);
        self.committed = self.available;
        let partitions = self.settings.partitions;
        BatchInput::Numbers(Numbers::at_once(
            from.number..until.number,
            from.time_ms,
            partitions,
        ))
    }
}

/// An offset as that of numbers.
fn next(offset: Option<SourceOffset>) -> Result<Option<Next>, QueryRecoverError> {
    match offset {
        None => Ok(None),
        Some(SourceOffset::Rows { number, time_ms }) => Ok(Some(Next { number, time_ms })),
        Some(other) => Err(QueryRecoverError::OtherKind(other)),
    }
}
