//! The limit of a receiver's rate.

use crate::Time;

/// The rate of a receiver without a limit, in records a second.
const UNLIMITED: f64 = i64::MAX as f64;

/// The most seconds for which permits that are not used are stored.
const STORED_SECONDS: f64 = 1.0;

/// Lets records pass at a steady rate (`BP-8`; Spark's `RateLimiter`, which is Guava's `SmoothBursty`).
///
/// Each record takes a permit. A new one comes each `1 / rate` seconds, and those that are not taken are stored, up to a
/// second's worth. A record may take a permit in advance: then the next one waits for it.
#[derive(Clone, Debug)]
pub(crate) struct RateLimiter {
    stored: f64,
    stored_max: f64,
    /// The microseconds from one permit to the next.
    interval: f64,
    /// The time at which the next record passes, in microseconds.
    next: i128,
}

impl RateLimiter {
    /// A limiter of this many records a second, without stored permits; without a rate, of any number.
    pub(crate) fn new(now: Time, rate: Option<u64>) -> RateLimiter {
        let mut limiter = RateLimiter {
            stored: 0.0,
            stored_max: 0.0,
            interval: 0.0,
            next: micros(now),
        };
        limiter.set(rate.map_or(UNLIMITED, |rate| rate as f64));
        limiter
    }

    /// Sets the rate from now on. As many permits are stored as before, in proportion to the most that can be.
    pub(crate) fn set_rate(&mut self, now: Time, rate: u64) {
        self.pass_time(now);
        self.set(rate as f64);
    }

    fn set(&mut self, rate: f64) {
        let stored_max = STORED_SECONDS * rate;
        if self.stored_max > 0.0 {
            self.stored *= stored_max / self.stored_max;
        }
        self.stored_max = stored_max;
        self.interval = 1e6 / rate;
    }

    /// The time from which the next record may pass, rounded up to a millisecond.
    pub(crate) fn next(&self) -> Time {
        let millis = self.next.div_euclid(1_000) + i128::from(self.next.rem_euclid(1_000) > 0);
        Time::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// Lets a record pass, which has waited for its time.
    pub(crate) fn pass(&mut self, now: Time) {
        self.pass_time(now);
        let stored = self.stored.min(1.0);
        self.stored -= stored;
        self.next += ((1.0 - stored) * self.interval) as i128;
    }

    /// Stores the permits that have come and were not taken.
    fn pass_time(&mut self, now: Time) {
        let now = micros(now);
        if now > self.next {
            let permits = (now - self.next) as f64 / self.interval;
            self.stored = self.stored_max.min(self.stored + permits);
            self.next = now;
        }
    }
}

fn micros(time: Time) -> i128 {
    i128::from(time.as_millis()) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times at which records pass of which each is there at `start`, in milliseconds.
    fn passes(limiter: &mut RateLimiter, start: i64, count: usize) -> Vec<i64> {
        let pass = |_| {
            let time = limiter.next().max(Time::from_millis(start));
            limiter.pass(time);
            time.as_millis()
        };
        (0..count).map(pass).collect()
    }

    #[test]
    fn bp_8_records_are_spaced_evenly() {
        let mut limiter = RateLimiter::new(Time::EPOCH, Some(4));
        assert_eq!(passes(&mut limiter, 0, 5), [0, 250, 500, 750, 1_000]);
    }

    #[test]
    fn bp_8_a_rate_of_more_than_one_in_a_millisecond_is_kept() {
        let mut limiter = RateLimiter::new(Time::EPOCH, Some(3_000));
        let times = passes(&mut limiter, 0, 3_001);
        assert_eq!(times[..7], [0, 1, 1, 1, 2, 2, 2]);
        assert_eq!(times[3_000], 1_000);
    }

    #[test]
    fn bp_8_permits_of_up_to_a_second_are_stored() {
        let mut limiter = RateLimiter::new(Time::EPOCH, Some(4));
        let times = passes(&mut limiter, 60_000, 7);
        // Four that are stored, and one in advance.
        let burst = [60_000; 5];
        assert_eq!(times[..5], burst);
        assert_eq!(times[5..], [60_250, 60_500]);
    }

    #[test]
    fn bp_8_stored_permits_change_with_the_rate() {
        let mut limiter = RateLimiter::new(Time::EPOCH, Some(4));
        limiter.set_rate(Time::from_millis(500), 8);
        // Two of four were stored: four of eight.
        assert_eq!(passes(&mut limiter, 500, 6), [500, 500, 500, 500, 500, 625]);
    }

    #[test]
    fn without_a_rate_no_record_waits() {
        let mut limiter = RateLimiter::new(Time::EPOCH, None);
        assert_eq!(passes(&mut limiter, 0, 1_000), [0; 1_000]);
    }
}
