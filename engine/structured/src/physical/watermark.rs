//! The node of a plan that bounds the lateness of rows, and the watermark of an operator with a state.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use engine::{EventTimes, Time};

use super::operator::{Batch, Each, Flow, Operator};
use super::state::end_micros;

/// Passes rows on, and notes the latest time in a column (`org.apache.spark.sql.execution.streaming.EventTimeWatermarkExec`).
#[derive(Debug)]
pub(crate) struct Watermark {
    input: Box<dyn Operator>,
    column: usize,
    /// The most that a row may be late, in milliseconds.
    pub(crate) delay: i64,
    /// The times of the batch.
    times: Mutex<BatchTimes>,
}

/// The times in the column of a batch, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BatchTimes {
    earliest: Option<i64>,
    latest: Option<i64>,
    /// In milliseconds, as Spark has them (`EventTimeStats`).
    sum: i128,
    count: i128,
}

impl BatchTimes {
    fn add(&mut self, micros: i64) {
        self.merge(BatchTimes {
            earliest: Some(micros),
            latest: Some(micros),
            sum: i128::from(micros.div_euclid(1_000)),
            count: 1,
        });
    }

    fn merge(&mut self, other: BatchTimes) {
        self.latest = self.latest.max(other.latest);
        let earliest = self.earliest.into_iter().chain(other.earliest);
        self.earliest = earliest.min();
        self.sum += other.sum;
        self.count += other.count;
    }

    /// The latest, in microseconds (`WM-2`).
    pub(crate) fn latest(&self) -> Option<i64> {
        self.latest
    }

    /// The mean, the latest and the earliest.
    pub(crate) fn summary(&self) -> Option<EventTimes> {
        let time = |micros: i64| Time::from_millis(micros.div_euclid(1_000));
        let avg = self.sum.checked_div(self.count)?;
        Some(EventTimes {
            avg: Time::from_millis(i64::try_from(avg).unwrap_or(i64::MAX)),
            max: time(self.latest?),
            min: time(self.earliest?),
        })
    }
}

impl Watermark {
    pub(crate) fn new(input: Box<dyn Operator>, column: usize, delay: Duration) -> Watermark {
        Watermark {
            input,
            column,
            delay: i64::try_from(delay.as_millis()).unwrap_or(i64::MAX),
            times: Mutex::default(),
        }
    }

    /// The times since this was asked for last.
    pub(crate) fn take_times(&mut self) -> BatchTimes {
        let times = self.times.get_mut();
        std::mem::take(times.unwrap_or_else(PoisonError::into_inner))
    }
}

impl Operator for Watermark {
    fn name(&self) -> String {
        "EventTimeWatermark".to_owned()
    }

    fn inputs(&mut self) -> Vec<&mut dyn Operator> {
        vec![&mut *self.input]
    }

    /// Late rows count too, and so do those that are filtered later (`WM-8`).
    fn rows(&self, partition: usize, batch: &Batch<'_>, each: &mut Each<'_>) -> Flow {
        let mut times = BatchTimes::default();
        let flow = self.input.rows(partition, batch, &mut |row| {
            if let Some(micros) = end_micros(&row[self.column]) {
                times.add(micros);
            }
            each(row)
        });
        // All of them are the same in any order of tasks.
        let mut all = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        all.merge(times);
        flow
    }

    fn watermark(&mut self) -> Option<&mut Watermark> {
        Some(self)
    }

    fn output_watermark(&mut self, global: i64) -> Option<i64> {
        Some(global)
    }
}

/// The watermark of an operator in a batch, in milliseconds (`WM-4`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InputWatermark {
    /// Rows are late by that of the batch before.
    late: i64,
    /// States are final by that of the batch.
    evict: i64,
}

impl InputWatermark {
    /// Begins the next batch.
    pub(crate) fn set(&mut self, input: i64) {
        self.late = std::mem::replace(&mut self.evict, input);
    }

    /// The one that states are final by.
    pub(crate) fn evict(&self) -> i64 {
        self.evict
    }

    /// Returns true if this one is greater than the one that states are final by.
    pub(crate) fn is_raised_by(&self, input: i64) -> bool {
        input > self.evict
    }

    /// Returns true if states may be final that were not so in the batch before.
    pub(crate) fn is_raised(&self) -> bool {
        self.evict > self.late
    }

    /// Returns true if rows of this time, in microseconds, are late (`WM-5`).
    pub(crate) fn is_late(&self, micros: i64) -> bool {
        is_past(micros, self.late)
    }

    /// Returns true if states of this time, in microseconds, are final (`WM-5`).
    pub(crate) fn is_final(&self, micros: i64) -> bool {
        is_past(micros, self.evict)
    }
}

fn is_past(micros: i64, watermark_ms: i64) -> bool {
    micros <= watermark_ms.saturating_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wm_4_rows_are_late_by_the_watermark_of_the_batch_before() {
        let mut watermark = InputWatermark::default();
        watermark.set(15_000);
        assert!(watermark.is_final(15_000_000) && !watermark.is_late(15_000_000));
        watermark.set(15_000);
        assert!(watermark.is_final(15_000_000) && watermark.is_late(15_000_000));
        assert!(!watermark.is_raised_by(15_000) && watermark.is_raised_by(15_001));
    }

    #[test]
    fn wm_5_a_time_at_the_watermark_is_past_it() {
        let mut watermark = InputWatermark::default();
        assert!(watermark.is_late(0), "a bare time of the epoch");
        assert!(!watermark.is_late(1));
        watermark.set(15_000);
        assert!(watermark.is_final(15_000_000) && !watermark.is_final(15_000_001));
    }
}
