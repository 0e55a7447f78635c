//! Faults of executors, receivers and their network: a file each, with what mends it.

mod crash;
mod partition;
mod pause;

use engine::Time;
use scenario::ClusterFault;

use super::Cluster;

impl Cluster {
    /// Lets a fault happen.
    pub(crate) fn strike(&mut self, now: Time, fault: ClusterFault) {
        match fault {
            ClusterFault::Crash(remote) => self.crash(now, remote),
            ClusterFault::Restart(executor) => self.restart(now, executor),
            ClusterFault::Pause(remote) => self.pause(now, remote),
            ClusterFault::Resume(remote) => self.resume(now, remote),
            ClusterFault::Partition(executor) => self.partition(now, executor),
            ClusterFault::Repair(executor) => self.repair(now, executor),
        }
    }

    /// An executor is heard of again, if a driver is there to hear: it goes on, or comes anew if it was given up.
    fn come_back(&mut self, now: Time, executor: usize) {
        if !self.executors[executor].can_register() {
            return;
        }
        self.silent.retain(|silent| silent.executor != executor);
        if !self.executors[executor].is_registered && self.has_driver {
            self.add_executor(now, executor);
        }
    }
}
