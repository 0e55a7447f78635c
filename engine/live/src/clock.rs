//! The system clock, kept from running backwards.

use std::future::pending;
use std::time::SystemTime;

use engine::Time;
use tokio::time::{Instant, sleep_until};

/// The clock of a live program: the system's time when the program started, plus the time since
/// then (`CLK-1`).
///
/// It counts by the monotonic clock, so it never runs backwards when the system's clock is set. It
/// does not follow such a change either, nor the time for which a computer was suspended where the
/// monotonic clock stands still then, as on Linux.
///
/// ```
/// use engine::Time;
/// use engine_live::LiveClock;
/// let clock = LiveClock::start_at(Time::from_millis(5_000));
/// assert!(clock.now() >= Time::from_millis(5_000));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LiveClock {
    origin: Time,
    started: Instant,
}

impl LiveClock {
    /// A clock that reads the system's time now.
    pub fn start() -> LiveClock {
        LiveClock::start_at(system_time())
    }

    /// A clock that reads `origin` now.
    pub fn start_at(origin: Time) -> LiveClock {
        LiveClock {
            origin,
            started: Instant::now(),
        }
    }

    /// The time, truncated to whole milliseconds.
    pub fn now(&self) -> Time {
        let now = self.origin.checked_add(self.started.elapsed());
        now.unwrap_or(Time::from_millis(i64::MAX))
    }

    /// Waits until the clock reads `time` or later. Returns at once if it does already, and never if
    /// there is no such time.
    pub(crate) async fn wait_until(self, time: Option<Time>) {
        let instant = time.and_then(|time| self.started.checked_add(time.since(self.origin)));
        match instant {
            Some(instant) => sleep_until(instant).await,
            None => pending().await,
        }
    }
}

fn system_time() -> Time {
    match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => Time::from_millis(after.as_millis() as i64),
        Err(before) => Time::from_millis(-(before.duration().as_millis() as i64)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{advance, timeout};

    use super::*;

    #[test]
    fn a_clock_starts_at_the_time_of_the_system() {
        let before = system_time();
        let clock = LiveClock::start();
        let after = system_time();
        assert!(before <= clock.origin && clock.origin <= after);
    }

    #[tokio::test(start_paused = true)]
    async fn clk_1_a_clock_counts_whole_milliseconds() {
        let clock = LiveClock::start_at(Time::from_millis(-2));
        advance(Duration::from_micros(1_999)).await;
        assert_eq!(clock.now(), Time::from_millis(-1));
        advance(Duration::from_micros(1)).await;
        assert_eq!(clock.now(), Time::from_millis(0));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_ends_at_the_time_that_was_asked_for() {
        let clock = LiveClock::start_at(Time::from_millis(1_700));
        clock.wait_until(Some(Time::from_millis(2_000))).await;
        assert_eq!(clock.now(), Time::from_millis(2_000));
        clock.wait_until(Some(Time::from_millis(1_000))).await;
        assert_eq!(clock.now(), Time::from_millis(2_000));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_no_time_never_ends() {
        let clock = LiveClock::start_at(Time::EPOCH);
        let hour = Duration::from_hours(1);
        assert!(timeout(hour, clock.wait_until(None)).await.is_err());
    }
}
