//! A receiver's current block, and when it is cut.

use super::rate_limiter::RateLimiter;
use super::rates::RateLimits;
use crate::{Grid, Records, Text, Time};

/// Keeps the records of one stream until the next tick of the block grid cuts them into a block
/// (`BLK-1`; Spark's `BlockGenerator`).
///
/// A record that comes at the very tick is in the block cut by it, so that with aligned grids a
/// batch at `t` holds exactly what came in `(t - interval, t]`. Real Spark races here (`BLK-6`).
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    grid: Grid,
    current: Vec<Text>,
    next_cut: Option<Time>,
    limits: RateLimits,
    /// `None` before the first record or rate, as in Spark.
    limiter: Option<RateLimiter>,
    /// A rate that holds after this instant (`BP-6`).
    next_rate: Option<(Time, u64)>,
}

impl Receiver {
    /// A receiver that cuts blocks on this grid, within these limits.
    pub(crate) fn new(grid: Grid, limits: RateLimits) -> Receiver {
        Receiver {
            grid,
            current: Vec::new(),
            next_cut: None,
            limits,
            limiter: None,
            next_rate: None,
        }
    }

    /// The time from which it takes its next record; `None` if it takes any at once (`BP-8`).
    pub(crate) fn next_record(&self) -> Option<Time> {
        self.limiter.as_ref().map(RateLimiter::next)
    }

    /// Sets the rate of the records that come after this instant.
    pub(crate) fn set_rate(&mut self, now: Time, rate: u64) {
        self.take_next_rate(now);
        self.next_rate = Some((now, rate));
    }

    fn take_next_rate(&mut self, now: Time) {
        if let Some((time, rate)) = self.next_rate.take_if(|(time, _)| *time < now) {
            self.limiter(time).set_rate(time, rate);
        }
    }

    fn limiter(&mut self, now: Time) -> &mut RateLimiter {
        let first = self.limits.first();
        self.limiter
            .get_or_insert_with(|| RateLimiter::new(now, first))
    }

    /// Takes in one record.
    pub(crate) fn store(&mut self, now: Time, record: Text) {
        if self.limits.limit() {
            self.take_next_rate(now);
            self.limiter(now).pass(now);
        }
        if self.current.is_empty() {
            self.next_cut = self.grid.at_or_after(now);
        }
        self.current.push(record);
    }

    /// When the current block is to be cut; `None` while it is empty, for an empty block is none.
    pub(crate) fn next_cut(&self) -> Option<Time> {
        self.next_cut
    }

    /// Cuts the current block, or nothing if it is empty (`BLK-1`).
    pub(crate) fn cut(&mut self) -> Option<Records> {
        self.next_cut = None;
        if self.current.is_empty() {
            None
        } else {
            Some(self.current.drain(..).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn receiver() -> Receiver {
        Receiver::new(
            Grid::every(Duration::from_millis(200)),
            RateLimits::default(),
        )
    }

    /// The cut that a record asks for which comes at `now`.
    #[track_caller]
    fn check_cut(now: i64, expected: i64) {
        let mut receiver = receiver();
        receiver.store(Time::from_millis(now), "line".into());
        assert_eq!(receiver.next_cut(), Some(Time::from_millis(expected)));
    }

    #[test]
    fn blk_1_a_block_is_cut_at_the_first_tick_that_is_not_before_its_first_record() {
        check_cut(0, 0);
        check_cut(1, 200);
        check_cut(200, 200);
        check_cut(201, 400);
        check_cut(-1, 0);
    }

    #[test]
    fn blk_1_a_block_has_its_records_in_the_order_of_arrival() {
        let mut receiver = receiver();
        for (now, record) in [(10, "b"), (150, "a"), (200, "c")] {
            receiver.store(Time::from_millis(now), record.into());
        }
        let block = receiver.cut().expect("there are records");
        assert_eq!(*block, ["b", "a", "c"].map(Text::from));
        assert_eq!(receiver.next_cut(), None);
        assert_eq!(receiver.cut(), None);
    }
}
