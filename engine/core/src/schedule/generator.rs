//! The timer of the batches.

use crate::{Grid, Time};

/// Says at which times batches are generated (`CLK-2` to `CLK-6`; Spark's `RecurringTimer` in
/// `JobGenerator`).
#[derive(Debug)]
pub(crate) struct Generator {
    grid: Grid,
    next: Option<Time>,
    last: Option<Time>,
}

impl Generator {
    /// A timer that has not been started.
    pub(crate) fn new(grid: Grid) -> Generator {
        Generator {
            grid,
            next: None,
            last: None,
        }
    }

    /// Starts the timer and returns the zero time, one interval before the first batch (`CLK-3`).
    pub(crate) fn start(&mut self, now: Time) -> Time {
        self.next = self.grid.after(now);
        let interval_ms = self.grid.interval().as_millis() as i64;
        Time::from_millis(now.as_millis().div_euclid(interval_ms) * interval_ms)
    }

    /// The time of the next batch; `None` before the start and after the last batch.
    pub(crate) fn next(&self) -> Option<Time> {
        self.next
    }

    /// Takes the next batch time if it has come. After a jump of the clock every missed batch is
    /// due, one by one, at its nominal time (`CLK-5`).
    pub(crate) fn take_due(&mut self, now: Time) -> Option<Time> {
        let due = self.next.filter(|&next| next <= now)?;
        self.next = if self.last == Some(due) {
            None
        } else {
            self.grid.after(due)
        };
        Some(due)
    }

    /// Makes the next batch the last one (`CLK-6`).
    pub(crate) fn stop_after_next(&mut self) {
        self.last = self.next;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const fn at(millis: i64) -> Time {
        Time::from_millis(millis)
    }

    fn started(now: Time) -> Generator {
        let mut generator = Generator::new(Grid::every(Duration::from_secs(1)));
        generator.start(now);
        generator
    }

    #[test]
    fn clk_3_zero_time_is_the_last_tick_at_or_before_the_start() {
        let zero_time = |now| Generator::new(Grid::every(Duration::from_secs(1))).start(at(now));
        assert_eq!(zero_time(5_000), at(5_000));
        assert_eq!(zero_time(5_999), at(5_000));
        assert_eq!(zero_time(-1), at(-1_000));
    }

    #[test]
    fn clk_5_ticks_are_taken_one_by_one_at_their_nominal_times() {
        let mut generator = started(at(7_000));
        assert_eq!(generator.take_due(at(7_999)), None);
        let due = std::iter::from_fn(|| generator.take_due(at(10_500)));
        assert_eq!(due.collect::<Vec<_>>(), [at(8_000), at(9_000), at(10_000)]);
        assert_eq!(generator.next(), Some(at(11_000)));
    }

    #[test]
    fn clk_6_after_a_stop_there_is_one_more_tick() {
        let mut generator = started(at(0));
        generator.stop_after_next();
        assert_eq!(generator.take_due(at(9_000)), Some(at(1_000)));
        assert_eq!(generator.next(), None);
        assert_eq!(generator.take_due(at(9_000)), None);
    }
}
