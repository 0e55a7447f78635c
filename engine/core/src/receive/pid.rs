//! The rate at which batches take records, estimated from those that have ended.

use std::time::Duration;

use crate::{BatchTimes, Time};

/// The constants of back-pressure (`spark.streaming.backpressure.pid.*`, `BP-1`). The default is Spark's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BackPressure {
    /// The weight of the difference between the rate and that at which the last batch was processed.
    pub proportional: f64,
    /// The weight of the records that have queued.
    pub integral: f64,
    /// The weight of the change of the difference (`derived`).
    pub derived: f64,
    /// The lowest rate, in records a second.
    pub min_rate: f64,
}

impl Default for BackPressure {
    fn default() -> BackPressure {
        BackPressure {
            proportional: 1.0,
            integral: 0.2,
            derived: 0.0,
            min_rate: 100.0,
        }
    }
}

/// Estimates the rate of one receiver (Spark's `PIDRateEstimator`).
#[derive(Clone, Debug)]
pub(crate) struct PidEstimator {
    constants: BackPressure,
    interval: Duration,
    /// `None` before the first batch that counts (`BP-2`).
    latest: Option<Latest>,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    time: Time,
    rate: f64,
    error: f64,
}

impl PidEstimator {
    /// An estimator of batches of this interval.
    pub(crate) fn new(constants: BackPressure, interval: Duration) -> PidEstimator {
        PidEstimator {
            constants,
            interval,
            latest: None,
        }
    }

    /// The rate after a batch with this many records of the receiver, in records a second; `None` after the first one,
    /// and after one that does not count (`BP-3`, `BP-4`).
    pub(crate) fn estimate(&mut self, batch: BatchTimes, records: u64) -> Option<f64> {
        let time = batch.ended;
        let work = millis(batch.processing_time());
        // As in Spark, in which the latest time is -1 before the first.
        let is_later = self.latest.is_none_or(|latest| time > latest.time);
        if !is_later || records == 0 || work <= 0.0 {
            return None;
        }
        let processing_rate = records as f64 / work * 1_000.0;
        let Some(latest) = self.latest else {
            self.latest = Some(Latest {
                time,
                rate: processing_rate,
                error: 0.0,
            });
            return None;
        };
        let BackPressure {
            proportional,
            integral,
            derived,
            min_rate,
        } = self.constants;
        let seconds = millis(time.since(latest.time)) / 1_000.0;
        let error = latest.rate - processing_rate;
        let wait = millis(batch.scheduling_delay());
        let queued = wait * processing_rate / millis(self.interval);
        let change = (error - latest.error) / seconds;
        let rate = latest.rate - proportional * error - integral * queued - derived * change;
        let rate = rate.max(min_rate);
        self.latest = Some(Latest { time, rate, error });
        Some(rate)
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_millis() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch that ended at this time, for which it had worked and waited so long.
    fn batch(time: i64, work: i64, wait: i64) -> BatchTimes {
        let at = |offset| Time::from_millis(time - offset);
        BatchTimes {
            submitted: at(work + wait),
            started: at(work),
            ended: at(0),
        }
    }

    #[track_caller]
    fn check(
        estimator: &mut PidEstimator,
        time: i64,
        records: u64,
        work: i64,
        wait: i64,
        expected: Option<f64>,
    ) {
        let rate = estimator.estimate(batch(time, work, wait), records);
        let is_near = match (rate, expected) {
            (Some(rate), Some(expected)) => (rate - expected).abs() < 0.01,
            (rate, expected) => rate == expected,
        };
        assert!(is_near, "{rate:?}, and not {expected:?}");
    }

    #[test]
    fn bp_3_a_batch_that_is_no_later_has_no_records_or_took_no_time_does_not_count() {
        let constants = BackPressure {
            integral: 0.0,
            min_rate: 10.0,
            ..BackPressure::default()
        };
        let mut pid = PidEstimator::new(constants, Duration::from_millis(20));
        check(&mut pid, 0, 10, 10, 0, None);
        check(&mut pid, 10, 10, 10, 0, Some(1_000.0));
        check(&mut pid, 10, 10, 10, 0, None);
        check(&mut pid, 20, 0, 10, 0, None);
        check(&mut pid, 20, 10, 0, 0, None);
    }

    #[test]
    fn bp_1_the_constants_are_those_of_spark() {
        let constants = BackPressure {
            proportional: 1.0,
            integral: 0.2,
            derived: 0.0,
            min_rate: 100.0,
        };
        assert_eq!(BackPressure::default(), constants);
    }

    #[test]
    fn bp_4_the_rates_of_spark_s_own_constants() {
        let mut pid = PidEstimator::new(BackPressure::default(), Duration::from_secs(1));
        check(&mut pid, 1_000, 1_000, 500, 0, None);
        check(&mut pid, 2_000, 2_000, 1_500, 0, Some(1_333.33));
        check(&mut pid, 3_500, 1_333, 1_000, 500, Some(1_199.7));
        check(&mut pid, 5_000, 1_333, 1_000, 6_000, Some(100.0));
    }

    #[test]
    fn bp_5_without_a_weight_of_changes_it_has_no_memory() {
        let mut once = PidEstimator::new(BackPressure::default(), Duration::from_secs(1));
        let mut twice = once.clone();
        check(&mut once, 1_000, 10, 10, 0, None);
        check(&mut twice, 1_000, 7_000, 900, 0, None);
        check(&mut twice, 2_000, 20, 900, 800, Some(100.0));
        for pid in [&mut once, &mut twice] {
            check(pid, 3_000, 500, 500, 1_000, Some(800.0));
        }
    }
}
