//! The rates of the receivers of a program.

use std::collections::BTreeMap;
use std::time::Duration;

use super::pid::{BackPressure, PidEstimator};
use super::tracker::Allocation;
use crate::{BatchTimes, StreamId, Time};

/// The limits of the rate of each receiver of a program. Default: none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RateLimits {
    /// The most records a second (`spark.streaming.receiver.maxRate`).
    pub max_rate: Option<u64>,
    /// The records a second until back-pressure has found a rate, also where there is none
    /// (`spark.streaming.backpressure.initialRate`, `BP-7`).
    pub initial_rate: Option<u64>,
    /// `None` without back-pressure.
    pub back_pressure: Option<BackPressure>,
}

impl RateLimits {
    /// The first rate; `None` if there is no limit (`BP-7`).
    pub(crate) fn first(&self) -> Option<u64> {
        self.initial_rate.into_iter().chain(self.max_rate).min()
    }

    /// True if a receiver may ever have to wait.
    pub(crate) fn limit(&self) -> bool {
        self.first().is_some() || self.back_pressure.is_some()
    }

    /// The rate that a receiver is to have, which is estimated as this; `None` if it stays as it is (`BP-6`).
    fn limited(&self, estimated: f64) -> Option<u64> {
        let rate = estimated as u64;
        let rate = self.max_rate.map_or(rate, |max| rate.min(max));
        Some(rate).filter(|rate| *rate > 0)
    }
}

/// Finds the rates of receivers from the batches that have ended (Spark's `RateController`).
#[derive(Debug)]
pub(crate) struct RateController {
    limits: RateLimits,
    estimators: Vec<PidEstimator>,
    /// The number of records of each stream, of batches that have not ended.
    records: BTreeMap<Time, Vec<u64>>,
}

impl RateController {
    /// The controller of a program with this many streams; `None` without back-pressure.
    pub(crate) fn new(
        limits: RateLimits,
        streams: usize,
        interval: Duration,
    ) -> Option<RateController> {
        let estimator = PidEstimator::new(limits.back_pressure?, interval);
        Some(RateController {
            limits,
            estimators: vec![estimator; streams],
            records: BTreeMap::new(),
        })
    }

    /// Notes the records of a batch that is submitted for the first time: one that runs again has none (`BP-9`).
    pub(crate) fn submitted(&mut self, allocation: &Allocation) {
        let mut records = vec![0; self.estimators.len()];
        for block in &allocation.blocks {
            records[block.id.stream.0] += block.len() as u64;
        }
        self.records.insert(allocation.batch_time, records);
    }

    /// The new rates after a batch, well or not (`BP-10`).
    pub(crate) fn completed(
        &mut self,
        batch_time: Time,
        batch: BatchTimes,
    ) -> Vec<(StreamId, u64)> {
        let records = self.records.remove(&batch_time).unwrap_or_default();
        let estimators = self.estimators.iter_mut().zip(records).enumerate();
        let rates = estimators.filter_map(|(stream, (estimator, records))| {
            let rate = self.limits.limited(estimator.estimate(batch, records)?)?;
            Some((StreamId(stream), rate))
        });
        rates.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A controller of two receivers, with batches of a second.
    fn controller() -> RateController {
        let limits = RateLimits {
            back_pressure: Some(BackPressure::default()),
            ..RateLimits::default()
        };
        let controller = RateController::new(limits, 2, Duration::from_secs(1));
        controller.expect("there is back-pressure")
    }

    /// The rates after a batch that took half a second for the records of both receivers.
    fn rates(controller: &mut RateController, batch_time: i64, records: [u64; 2]) -> Vec<u64> {
        let at = Time::from_millis;
        controller.records.insert(at(batch_time), records.into());
        let batch = BatchTimes {
            submitted: at(batch_time),
            started: at(batch_time),
            ended: at(batch_time + 500),
        };
        let rates = controller.completed(at(batch_time), batch).into_iter();
        rates.map(|(_, rate)| rate).collect()
    }

    #[test]
    fn bp_1_without_back_pressure_there_is_no_controller() {
        let limits = RateLimits::default();
        assert!(RateController::new(limits, 1, Duration::from_secs(1)).is_none());
        assert!(!limits.limit());
    }

    #[test]
    fn bp_2_each_receiver_has_a_rate_of_its_own() {
        let mut controller = controller();
        assert_eq!(rates(&mut controller, 1_000, [100, 0]), [0; 0]);
        assert_eq!(rates(&mut controller, 2_000, [200, 100]), [400]);
        assert_eq!(rates(&mut controller, 3_000, [200, 150]), [400, 300]);
    }

    #[test]
    fn bp_9_a_batch_that_runs_again_changes_no_rate() {
        let mut controller = controller();
        rates(&mut controller, 1_000, [100, 100]);
        let batch = BatchTimes {
            submitted: Time::from_millis(2_000),
            started: Time::from_millis(2_000),
            ended: Time::from_millis(2_500),
        };
        let again = controller.completed(Time::from_millis(1_000), batch);
        assert_eq!(again, []);
    }

    #[test]
    fn bp_7_the_first_rate_is_the_lower_of_both() {
        let limits = |initial_rate, max_rate| RateLimits {
            initial_rate,
            max_rate,
            back_pressure: None,
        };
        assert_eq!(limits(Some(50), Some(80)).first(), Some(50));
        assert_eq!(limits(Some(90), Some(80)).first(), Some(80));
        assert_eq!(limits(None, Some(80)).first(), Some(80));
        assert_eq!(limits(None, None).first(), None);
    }

    #[test]
    fn bp_6_a_rate_is_cut_to_an_integer_and_to_the_most() {
        let limits = RateLimits {
            max_rate: Some(1_200),
            ..RateLimits::default()
        };
        assert_eq!(limits.limited(1_199.7), Some(1_199));
        assert_eq!(limits.limited(1_300.0), Some(1_200));
        assert_eq!(limits.limited(0.9), None);
    }
}
