//! Points in time, and the grids of batches, blocks and triggers.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A point in time: signed milliseconds since 1970-01-01T00:00:00Z (`CLK-1`).
///
/// Prints as Spark's `org.apache.spark.streaming.Time` does.
///
/// ```
/// use engine::Time;
/// assert_eq!(Time::from_millis(1_529_622_030_000).to_string(), "1529622030000 ms");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Time(i64);

impl Time {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Time = Time(0);

    /// The time that is `millis` milliseconds after the epoch, before it if negative.
    pub const fn from_millis(millis: i64) -> Time {
        Time(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This time moved later by `duration`, or `None` past the end of time.
    ///
    /// ```
    /// use engine::Time;
    /// use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(Time::EPOCH.checked_add(second), Some(Time::from_millis(1000)));
    /// assert_eq!(Time::from_millis(i64::MAX).checked_add(second), None);
    /// ```
    pub fn checked_add(self, duration: Duration) -> Option<Time> {
        let millis = i64::try_from(duration.as_millis()).ok()?;
        self.0.checked_add(millis).map(Time)
    }

    /// This time moved earlier by `duration`, or `None` before the beginning of time.
    pub fn checked_sub(self, duration: Duration) -> Option<Time> {
        let millis = i64::try_from(duration.as_millis()).ok()?;
        self.0.checked_sub(millis).map(Time)
    }

    /// The duration from `earlier` to this time; zero if `earlier` is the later one.
    pub fn since(self, earlier: Time) -> Duration {
        let millis = self.0.saturating_sub(earlier.0).max(0);
        Duration::from_millis(millis.unsigned_abs())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({} ms)", self.0)
    }
}

/// The times `origin + k * interval` for whole `k`, aligned to the epoch (`CLK-2`, `CLK-3`).
///
/// Batches, blocks and processing-time triggers each have one.
///
/// ```
/// use engine::{Grid, Time};
/// use std::time::Duration;
/// let grid = Grid::every(Duration::from_secs(1));
/// assert_eq!(grid.after(Time::from_millis(4_999)), Some(Time::from_millis(5_000)));
/// assert_eq!(grid.after(Time::from_millis(5_000)), Some(Time::from_millis(6_000)));
/// assert_eq!(grid.at_or_after(Time::from_millis(5_000)), Some(Time::from_millis(5_000)));
/// assert_eq!(grid.at_or_before(Time::from_millis(5_999)), Some(Time::from_millis(5_000)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    interval_ms: i64,
}

impl Grid {
    /// The grid of this interval, cut to whole milliseconds.
    ///
    /// # Panics
    ///
    /// Panics if the interval is under one millisecond or does not fit `i64` milliseconds; programs
    /// are checked before they have a grid.
    pub fn every(interval: Duration) -> Grid {
        let interval_ms = i64::try_from(interval.as_millis()).unwrap_or(0);
        assert!(
            interval_ms > 0,
            "a grid's interval is between one millisecond and i64::MAX of them"
        );
        Grid { interval_ms }
    }

    /// The distance between two times of the grid.
    pub fn interval(self) -> Duration {
        Duration::from_millis(self.interval_ms.unsigned_abs())
    }

    /// The first time of the grid strictly after `time`, or `None` past the end of time.
    pub fn after(self, time: Time) -> Option<Time> {
        let index = time.0.div_euclid(self.interval_ms).checked_add(1)?;
        index.checked_mul(self.interval_ms).map(Time)
    }

    /// The first time of the grid at or after `time`, or `None` past the end of time.
    pub fn at_or_after(self, time: Time) -> Option<Time> {
        if time.0.rem_euclid(self.interval_ms) == 0 {
            Some(time)
        } else {
            self.after(time)
        }
    }

    /// The last time of the grid at or before `time`, or `None` before the beginning of time.
    pub fn at_or_before(self, time: Time) -> Option<Time> {
        let index = time.0.div_euclid(self.interval_ms);
        index.checked_mul(self.interval_ms).map(Time)
    }

    /// True if `time` is a whole number of intervals after `origin`, and later than it (`CLK-7`).
    pub fn holds(self, time: Time, origin: Time) -> bool {
        time > origin && (time.0 - origin.0) % self.interval_ms == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn clk_2_first_batch_is_on_the_grid_and_strictly_after_start(
            now in -10_000_000_000_000_i64..10_000_000_000_000,
            interval in 1_i64..100_000_000,
        ) {
            let grid = Grid::every(Duration::from_millis(interval.unsigned_abs()));
            let first = grid.after(Time(now)).expect("far from the end of time").as_millis();
            prop_assert!(first > now && first - now <= interval);
            prop_assert_eq!(first.rem_euclid(interval), 0);
        }
    }

    #[test]
    fn clk_1_times_are_signed_milliseconds_and_print_as_such() {
        assert_eq!(Time(-1).to_string(), "-1 ms");
        assert_eq!(Time(i64::MAX).to_string(), "9223372036854775807 ms");
        assert_eq!(format!("{:?}", Time(1_000)), "Time(1000 ms)");
    }

    #[test]
    fn clk_7_a_time_is_valid_a_whole_number_of_slides_after_zero_time() {
        let slide = Grid::every(Duration::from_secs(3));
        let zero_time = Time(4_000);
        let valid =
            [1, 4, 5, 6, 7, 10].map(|seconds| slide.holds(Time(seconds * 1_000), zero_time));
        assert_eq!(valid, [false, false, false, false, true, true]);
    }

    #[test]
    fn clk_3_zero_time_is_one_interval_before_the_first_batch() {
        let grid = Grid::every(Duration::from_secs(1));
        assert_eq!(grid.after(Time(5_000)), Some(Time(6_000)));
        assert!(grid.holds(Time(6_000), Time(5_000)));
        assert!(!grid.holds(Time(5_000), Time(5_000)));
        assert!(!grid.holds(Time(6_500), Time(5_000)));
    }

    #[test]
    fn neither_end_of_time_is_a_batch() {
        let grid = Grid::every(Duration::from_secs(1));
        assert_eq!(grid.after(Time(i64::MAX)), None);
        assert_eq!(grid.at_or_before(Time(i64::MIN)), None);
    }
}
