//! A process stands still, and goes on.

use engine::Time;
use scenario::Remote;

use super::super::Cluster;

impl Cluster {
    /// A process stands still: of an executor nothing is heard, and its tasks take that much longer. Records for a
    /// receiver wait at their source.
    pub(super) fn pause(&mut self, now: Time, remote: Remote) {
        match remote {
            Remote::Executor(executor) => {
                self.executors[executor].paused = Some(now);
                self.fall_silent(now, executor);
            }
            Remote::Receiver(receiver) => {
                if let Some(receiver) = self.receivers.get_mut(receiver) {
                    receiver.is_paused = true;
                }
            }
        }
    }

    /// A process that stood still goes on.
    pub(super) fn resume(&mut self, now: Time, remote: Remote) {
        match remote {
            Remote::Executor(executor) => {
                if let Some(paused) = self.executors[executor].paused.take() {
                    self.jobs.delay(executor, now.since(paused));
                }
                let receivers = self.receivers.iter_mut();
                for receiver in receivers.filter(|it| it.executor == Some(executor)) {
                    receiver.go_on(now);
                }
                self.come_back(now, executor);
                self.place_tasks(now);
            }
            Remote::Receiver(receiver) => {
                if let Some(receiver) = self.receivers.get_mut(receiver) {
                    receiver.is_paused = false;
                    receiver.go_on(now);
                }
            }
        }
    }
}
