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

    /// The times of batches.
    pub(crate) fn grid(&self) -> Grid {
        self.grid
    }

    /// Starts the timer and returns the zero time, one interval before the first batch (`CLK-3`).
    ///
    /// # Panics
    ///
    /// Panics if there is no such time.
    pub(crate) fn start(&mut self, now: Time) -> Time {
        self.next = self.grid.after(now);
        let zero_time = self.grid.at_or_before(now);
        zero_time.expect("a program starts at least one interval after the beginning of time")
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

    /// Makes the second batch from now on the last one (`CLK-6`): Spark's timer waits for the first one already, and
    /// fires once more after it. With `unallocated` input it is the third one: the timer is not stopped before a batch
    /// has taken all of that (`JOB-6`).
    pub(crate) fn stop(&mut self, unallocated: bool) {
        let after = |time: Option<Time>| self.grid.after(time?);
        let second = after(self.next);
        self.last = if unallocated { after(second) } else { second };
    }
}
