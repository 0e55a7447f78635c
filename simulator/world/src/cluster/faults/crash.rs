//! An executor ends and begins anew; a receiver fails, and begins anew by itself.

use engine::Time;
use scenario::Remote;

use super::super::Cluster;

impl Cluster {
    /// Ends a process. The driver learns of the end of an executor at once, as its connections close.
    pub(super) fn crash(&mut self, now: Time, remote: Remote) {
        match remote {
            Remote::Executor(executor) => {
                let ended = &mut self.executors[executor];
                ended.is_running = false;
                ended.paused = None;
                self.lose_executor(now, executor, false);
            }
            Remote::Receiver(receiver) => {
                if let Some(receiver) = self.receivers.get_mut(receiver)
                    && receiver.executor.is_some()
                {
                    receiver.fail(now, self.is_reliable, &mut self.events);
                }
            }
        }
    }

    /// Starts an executor that has ended.
    pub(super) fn restart(&mut self, now: Time, executor: usize) {
        self.executors[executor].is_running = true;
        self.come_back(now, executor);
    }
}
