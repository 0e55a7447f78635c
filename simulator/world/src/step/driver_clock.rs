//! The clock of a driver, which may be fast or slow.

use engine::Time;
use scenario::ClockJump;

/// The jumps of a clock that shows virtual time before the first of them.
#[derive(Debug, Default)]
pub(super) struct DriverClock {
    /// The time of each jump, in order, and the milliseconds that the clock is fast by from then on.
    jumps: Vec<(Time, i64)>,
}

impl DriverClock {
    /// Has the clock jump now.
    pub(super) fn jump(&mut self, now: Time, jump: ClockJump) {
        let millis = |by: std::time::Duration| i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let by = match jump {
            ClockJump::Forward(by) => millis(by),
            ClockJump::Back(by) => -millis(by),
        };
        self.jumps.push((now, self.fast_by().saturating_add(by)));
    }

    /// The time that it shows, or has shown, at a time.
    pub(super) fn at(&self, time: Time) -> Time {
        let before = self.jumps.iter().rev().find(|(jump, _)| *jump <= time);
        shifted(time, before.map_or(0, |(_, fast_by)| *fast_by))
    }

    /// The time at which it shows a time, if it jumps no more.
    pub(super) fn when(&self, shown: Time) -> Time {
        shifted(shown, self.fast_by().saturating_neg())
    }

    fn fast_by(&self) -> i64 {
        self.jumps.last().map_or(0, |(_, fast_by)| *fast_by)
    }
}

fn shifted(time: Time, by_ms: i64) -> Time {
    Time::from_millis(time.as_millis().saturating_add(by_ms))
}
