//! The watermark of a query: the event time that it assumes to have reached.

/// The way in which a query with several watermarks has one (`spark.sql.streaming.multipleWatermarkPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WatermarkPolicy {
    /// The least: no row of a slow stream is late because of a fast one.
    #[default]
    Min,
    /// The greatest.
    Max,
}

/// The watermark of a query between two of its micro-batches, in milliseconds since the epoch
/// (`org.apache.spark.sql.execution.streaming.WatermarkTracker`).
///
/// It starts at the epoch and never falls (`WM-1`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct WatermarkTracker {
    policy: WatermarkPolicy,
    /// Of each node of the plan the greatest so far; 0 without a row.
    nodes: Vec<Option<i64>>,
    current: i64,
}

/// The watermark of a micro-batch that a run before left to this one, in milliseconds (`WM-4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct RecoveredWatermark {
    /// The micro-batch evicts by it.
    pub(crate) current_ms: i64,
    /// The micro-batch before evicted by it.
    pub(crate) previous_ms: i64,
}

impl WatermarkTracker {
    pub(crate) fn new(policy: WatermarkPolicy) -> WatermarkTracker {
        WatermarkTracker {
            policy,
            ..WatermarkTracker::default()
        }
    }

    /// Goes on where a run before was. The latest times that it saw are not saved (`SRC-3`).
    pub(crate) fn recover(&mut self, current_ms: i64) {
        self.current = current_ms;
    }

    /// The value that the next micro-batch evicts by, in milliseconds.
    pub(crate) fn current_ms(&self) -> i64 {
        self.current
    }

    /// Ends a micro-batch, in which each node of the plan saw this latest time in microseconds, and has this delay in
    /// milliseconds (`WM-2`).
    pub(crate) fn advance(&mut self, latest: impl Iterator<Item = (Option<i64>, i64)>) {
        for (node, (latest, delay)) in latest.enumerate() {
            self.nodes.resize(self.nodes.len().max(node + 1), None);
            let reached = latest.map(|micros| micros.div_euclid(1_000).saturating_sub(delay));
            let before = &mut self.nodes[node];
            *before = reached.max(*before);
        }
        let nodes = self.nodes.iter().map(|node| node.unwrap_or(0));
        let global = match self.policy {
            WatermarkPolicy::Min => nodes.min(),
            WatermarkPolicy::Max => nodes.max(),
        };
        self.current = self.current.max(global.unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The watermark in milliseconds after micro-batches with these latest times, delayed by 10 s.
    #[track_caller]
    fn check(latest_micros: &[Option<i64>], expected_ms: i64) {
        let mut tracker = WatermarkTracker::default();
        for latest in latest_micros {
            tracker.advance(std::iter::once((*latest, 10_000)));
        }
        assert_eq!(tracker.current_ms(), expected_ms);
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
        let mut endless = WatermarkTracker::default();
        endless.advance(std::iter::once((Some(i64::MAX), i64::MAX)));
        assert_eq!(endless.current_ms(), 0);
    }

    #[test]
    fn wm_2_of_several_nodes_it_is_the_least_or_the_greatest() {
        let batches = [
            [Some(5_000_000), None],
            [None, Some(3_000_000)],
            [Some(1_000_000), Some(9_000_000)],
        ];
        for (policy, expected) in [
            (WatermarkPolicy::Min, [0, 3_000, 5_000]),
            (WatermarkPolicy::Max, [5_000, 5_000, 9_000]),
        ] {
            let mut tracker = WatermarkTracker {
                policy,
                ..WatermarkTracker::default()
            };
            let after = batches.map(|latest| {
                tracker.advance(latest.into_iter().map(|latest| (latest, 0)));
                tracker.current_ms()
            });
            assert_eq!(after, expected, "{policy:?}");
        }
    }
}
