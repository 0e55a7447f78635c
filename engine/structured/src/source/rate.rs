//! Numbers at a steady rate.

use std::ops::Range;

use engine::{QueryContent, Row, SourceOffset, StreamId, Time, Value};

use super::input::BatchInput;
use super::row_format::timestamp;
use super::{OwnLog, Recovered, Source, number};
use crate::recover::QueryRecoverError;

/// The settings of a source of numbers (`org.apache.spark.sql.execution.streaming.sources.RateStreamProvider`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateSettings {
    /// The numbers of a second, at least 1.
    pub(crate) rows_per_second: i64,
    /// The seconds in which the rate grows from nothing.
    pub(crate) ramp_up_seconds: i64,
    /// The number of input partitions; without it, as many as cores.
    pub(crate) partitions: Option<usize>,
}

impl RateSettings {
    /// The text of `RateStreamMicroBatchStream`, which has no last bracket.
    pub(super) fn description(self) -> String {
        let partitions = self.partitions.map(|it| it.to_string());
        format!(
            "RateStreamV2[rowsPerSecond={}, rampUpTimeSeconds={}, numPartitions={}",
            self.rows_per_second,
            self.ramp_up_seconds,
            partitions.as_deref().unwrap_or("default")
        )
    }

    /// The number of numbers up to a second, or the largest there is.
    fn count(self, seconds: i64) -> i64 {
        let ramp_up = seconds.min(self.ramp_up_seconds);
        let step = (self.rows_per_second / (self.ramp_up_seconds.saturating_add(1))).max(1);
        let (half, whole) = if ramp_up % 2 == 0 {
            (ramp_up / 2, ramp_up.saturating_add(1))
        } else {
            (ramp_up / 2 + 1, ramp_up)
        };
        let rising = half.saturating_mul(step).saturating_mul(whole);
        rising.saturating_add((seconds - ramp_up).saturating_mul(self.rows_per_second))
    }
}

/// Numbers from 0 on, as many as the seconds since the query was first started say; an offset is the number of seconds
/// (`org.apache.spark.sql.execution.streaming.sources.RateStreamMicroBatchStream`).
#[derive(Debug)]
pub(crate) struct Rate {
    settings: RateSettings,
    /// The time since which it counts, once the query has been started.
    begun: Option<Time>,
    is_logged: bool,
    /// The latest time that it has seen.
    last: Time,
    committed: Option<i64>,
    available: Option<i64>,
    /// The last second of a stream that has ended.
    end: Option<i64>,
}

impl Rate {
    pub(crate) fn new(settings: RateSettings) -> Rate {
        Rate {
            settings,
            begun: None,
            is_logged: false,
            last: Time::EPOCH,
            committed: None,
            available: None,
            end: None,
        }
    }

    /// The whole seconds since it has begun.
    fn seconds(&self, now: Time) -> i64 {
        let begun = self.begun.unwrap_or(now).as_millis();
        let now = now.max(self.last).as_millis();
        let seconds = now.saturating_sub(begun).max(0) / 1_000;
        self.end.unwrap_or(seconds)
    }
}

impl Source for Rate {
    fn own_log(&self) -> OwnLog {
        OwnLog::Beginning
    }

    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError> {
        let begun = number(found.beginning)?;
        self.begun = begun.map(Time::from_millis);
        self.is_logged = begun.is_some();
        self.committed = number(found.committed)?;
        self.available = number(found.available)?;
        Ok(())
    }

    fn start(&mut self, now: Time) {
        let begun = *self.begun.get_or_insert(now);
        self.last = begun;
    }

    fn receive(&mut self, _: Time, _: StreamId, _: engine::Records) {}

    fn has_new(&self, now: Time) -> bool {
        Some(self.seconds(now)) != self.committed
    }

    fn next_new(&self, now: Time) -> Option<Time> {
        let next = self.seconds(now).checked_add(1)?.checked_mul(1_000)?;
        let begun = self.begun.filter(|_| self.end.is_none())?;
        begun.as_millis().checked_add(next).map(Time::from_millis)
    }

    fn fetch(&mut self, now: Time, _: bool) -> Option<(u64, QueryContent)> {
        self.available = Some(self.seconds(now));
        self.last = self.last.max(now);
        let begun = self.begun.filter(|_| !self.is_logged)?;
        self.is_logged = true;
        let begun = SourceOffset::Number(begun.as_millis());
        Some((0, QueryContent::Beginning(begun)))
    }

    fn fix_end(&mut self, now: Time) {
        self.end = Some(self.seconds(now));
    }

    fn available(&self) -> Option<SourceOffset> {
        self.available.map(SourceOffset::Number)
    }

    fn take(&mut self, _: usize) -> BatchInput {
        let from = self.committed.unwrap_or(0);
        let until = self.available.unwrap_or(from);
        self.committed = self.available;
        let begun = self.begun.unwrap_or(self.last).as_millis();
        BatchInput::Numbers(Numbers {
            start: self.settings.count(from),
            end: self.settings.count(until),
            time_ms: begun.saturating_add(from.saturating_mul(1_000)),
            length_ms: until.saturating_sub(from).saturating_mul(1_000),
            partitions: self.settings.partitions,
        })
    }
}

/// Numbers that are dealt out to the input partitions in turn, each with its time.
#[derive(Debug)]
pub(crate) struct Numbers {
    start: i64,
    end: i64,
    /// The time of the first, in milliseconds.
    time_ms: i64,
    /// The time over which they are spread, in milliseconds.
    length_ms: i64,
    partitions: Option<usize>,
}

impl Numbers {
    /// Numbers that all have one time, in milliseconds since the epoch.
    pub(super) fn at_once(numbers: Range<i64>, time_ms: i64, partitions: usize) -> Numbers {
        Numbers {
            start: numbers.start,
            end: numbers.end,
            time_ms,
            length_ms: 0,
            partitions: Some(partitions),
        }
    }

    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.end.saturating_sub(self.start)).unwrap_or(0)
    }

    pub(crate) fn partitions(&self, cores: usize) -> usize {
        self.partitions.unwrap_or(cores).min(self.len())
    }

    pub(crate) fn rows(&self, partition: usize, cores: usize) -> impl Iterator<Item = Row> {
        let each = self.length_ms as f64 / self.len().max(1) as f64;
        let numbers = (self.start..self.end).skip(partition);
        numbers
            .step_by(self.partitions.unwrap_or(cores))
            .map(move |number| {
                // As `Math.round` of Java.
                let after = ((number - self.start) as f64 * each + 0.5).floor();
                let time = Time::from_millis(self.time_ms.saturating_add(after as i64));
                vec![timestamp(time), Value::Long(number)]
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sums that `RateStreamProvider.valueAtSecond` is documented with.
    #[test]
    fn the_rate_grows_until_it_is_reached() {
        let settings = RateSettings {
            rows_per_second: 10,
            ramp_up_seconds: 4,
            partitions: None,
        };
        let counts: Vec<i64> = (0..7).map(|second| settings.count(second)).collect();
        assert_eq!(counts, [0, 2, 6, 12, 20, 30, 40]);
    }

    #[test]
    fn numbers_are_spread_over_their_seconds() {
        let numbers = Numbers {
            start: 5,
            end: 8,
            time_ms: 1_000,
            length_ms: 1_000,
            partitions: Some(2),
        };
        let row = |ms: i64, number| vec![Value::Timestamp(1_000 * ms), Value::Long(number)];
        let of = |partition| numbers.rows(partition, 8).collect::<Vec<_>>();
        assert_eq!(of(0), [row(1_000, 5), row(1_667, 7)]);
        assert_eq!(of(1), [row(1_333, 6)]);
    }
}
