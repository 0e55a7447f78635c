//! When a query looks for data.

use std::time::Duration;

use engine::{Grid, Time};

/// When a micro-batch runs (`org.apache.spark.sql.streaming.Trigger`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Trigger {
    /// As soon as there is data and the batch before has ended (`TRG-1`).
    #[default]
    Default,
    /// At the start and then on the grid of this duration; ticks missed while a batch runs are
    /// skipped, and the next one then comes at once (`TRG-2`).
    ProcessingTime(Duration),
    /// Once, with all there is at the start; then the query ends (`TRG-3`).
    Once,
    /// With all there is at the start; then the query ends (`TRG-4`).
    AvailableNow,
}

impl Trigger {
    /// Whether the query ends after its first trigger.
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Trigger::Once | Trigger::AvailableNow)
    }

    /// When the trigger after the one at `start` fires, if it does by the clock.
    pub(crate) fn next(self, start: Time) -> Option<Time> {
        match self {
            Trigger::ProcessingTime(interval) if interval.as_millis() > 0 => {
                Grid::every(interval).after(start)
            }
            _ => None,
        }
    }
}
