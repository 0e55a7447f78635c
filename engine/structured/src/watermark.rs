//! The watermark: the event time that a query assumes to have reached.

use std::time::Duration;

/// The watermark of a query between two of its micro-batches, in milliseconds since the epoch
/// (`org.apache.spark.sql.execution.streaming.WatermarkTracker`).
///
/// It starts at the epoch and never falls (`WM-1`). A micro-batch uses two values: groups are final by
/// the watermark as it is, but rows are late only by that of the batch before (`WM-4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Watermark {
    delay: i64,
    /// The next micro-batch evicts by it.
    current: i64,
    /// The micro-batch before that evicted by it.
    previous: i64,
}

impl Watermark {
    /// A watermark that stays this far behind the latest event time.
    pub(crate) fn new(delay: Duration) -> Watermark {
        Watermark {
            delay: i64::try_from(delay.as_millis()).unwrap_or(i64::MAX),
            ..Watermark::default()
        }
    }

    /// Goes on where a run before was. The latest time that it saw is not saved (`SRC-3`).
    pub(crate) fn recover(&mut self, recovered: RecoveredWatermark) {
        self.current = recovered.current_ms;
        self.previous = recovered.previous_ms;
    }

    /// The value that the next micro-batch evicts by, in milliseconds.
    pub(crate) fn current_ms(&self) -> i64 {
        self.current
    }

    /// Returns true if rows of a group that ends at this time, in microseconds, are late (`WM-5`).
    pub(crate) fn is_late(&self, end_micros: i64) -> bool {
        is_past(end_micros, self.previous)
    }

    /// Returns true if a group that ends at this time, in microseconds, is final (`WM-5`).
    pub(crate) fn is_final(&self, end_micros: i64) -> bool {
        is_past(end_micros, self.current)
    }

    /// Ends a micro-batch, whose latest event time in microseconds was this (`WM-2`).
    pub(crate) fn advance(&mut self, latest_micros: Option<i64>) {
        self.previous = self.current;
        let latest_ms = latest_micros.map(|micros| micros.div_euclid(1_000));
        let reached = latest_ms.map(|latest| latest.saturating_sub(self.delay));
        self.current = self.current.max(reached.unwrap_or(0));
    }

    /// Returns true if the micro-batch that has just ended raised the watermark over the one it evicted by
    /// (`MB-3`).
    pub(crate) fn has_risen(&self) -> bool {
        self.current > self.previous
    }
}

/// The watermark of a micro-batch that a run before left to this one, in milliseconds (`WM-4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct RecoveredWatermark {
    /// The micro-batch evicts by it.
    pub(crate) current_ms: i64,
    /// The micro-batch before evicted by it.
    pub(crate) previous_ms: i64,
}

fn is_past(end_micros: i64, watermark_ms: i64) -> bool {
    end_micros <= watermark_ms.saturating_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The watermark in milliseconds after micro-batches with these latest times, delayed by 10 s.
    #[track_caller]
    fn check(latest_micros: &[Option<i64>], expected_ms: i64) -> Watermark {
        let mut watermark = Watermark::new(Duration::from_secs(10));
        for latest in latest_micros {
            watermark.advance(*latest);
        }
        assert_eq!(watermark.current, expected_ms);
        watermark
    }

    #[test]
    fn wm_1_it_starts_at_the_epoch_and_never_falls() {
        check(&[], 0);
        check(&[Some(9_000_000)], 0);
        check(&[Some(-9_000_000), None], 0);
        check(&[Some(25_000_000), Some(12_000_000), None], 15_000);
    }

    #[test]
    fn wm_2_it_is_the_latest_time_in_whole_milliseconds_without_the_delay() {
        check(&[Some(10_000_999)], 0);
        check(&[Some(10_001_999)], 1);
        check(&[Some(i64::MAX)], i64::MAX / 1_000 - 10_000);
        let mut endless = Watermark::new(Duration::MAX);
        endless.advance(Some(i64::MAX));
        assert_eq!(endless.current, 0);
    }

    #[test]
    fn wm_4_rows_are_late_by_the_watermark_of_the_batch_before() {
        let mut watermark = check(&[Some(25_000_000)], 15_000);
        assert!(watermark.is_final(15_000_000) && !watermark.is_late(15_000_000));
        watermark.advance(None);
        assert!(watermark.is_final(15_000_000) && watermark.is_late(15_000_000));
    }

    #[test]
    fn wm_5_a_group_that_ends_at_the_watermark_is_past_it() {
        let watermark = check(&[Some(25_000_000)], 15_000);
        assert!(watermark.is_final(15_000_000));
        assert!(!watermark.is_final(15_000_001));
        assert!(Watermark::default().is_late(0), "a bare time of the epoch");
        assert!(!Watermark::default().is_late(1));
    }

    #[test]
    fn mb_3_only_a_batch_that_raises_it_asks_for_another() {
        assert!(check(&[Some(25_000_000)], 15_000).has_risen());
        assert!(!check(&[Some(25_000_000), None], 15_000).has_risen());
        assert!(!check(&[Some(10_000_000)], 0).has_risen());
    }
}
