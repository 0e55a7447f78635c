//! Nothing passes between the driver and an executor, and passes again.

use engine::Time;

use super::super::Cluster;

impl Cluster {
    /// The driver does not hear of an executor, which works on.
    pub(super) fn partition(&mut self, now: Time, executor: usize) {
        self.executors[executor].is_apart = true;
        self.fall_silent(now, executor);
    }

    /// The driver hears of it again: of all that it has done meanwhile, if it was not given up.
    pub(super) fn repair(&mut self, now: Time, executor: usize) {
        self.executors[executor].is_apart = false;
        self.come_back(now, executor);
    }
}
