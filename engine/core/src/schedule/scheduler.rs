//! The queue of jobs, one of which runs.

use std::collections::VecDeque;

use crate::Time;
use crate::event::OutputId;

/// One output operation of one batch, as the queue knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchJob {
    pub(crate) batch_time: Time,
    pub(crate) output: OutputId,
    /// Whether it is the first job of its batch.
    pub(crate) first: bool,
    /// Whether it is the last job of its batch.
    pub(crate) last: bool,
}

/// Runs jobs one at a time, in the order in which they were submitted (`JOB-1`).
///
/// Generation never waits for it: when a batch takes longer than the interval, jobs queue without
/// limit, and none is dropped, merged or skipped (`JOB-2`; Spark's `JobScheduler`).
#[derive(Debug, Default)]
pub(crate) struct Scheduler {
    waiting: VecDeque<BatchJob>,
    running: Option<BatchJob>,
}

impl Scheduler {
    /// Queues the jobs of one batch, given its output operations in the order of registration.
    /// Without any there is no batch (`GEN-3`).
    pub(crate) fn submit(
        &mut self,
        batch_time: Time,
        outputs: impl Iterator<Item = OutputId>,
    ) -> bool {
        let queued = self.waiting.len();
        self.waiting.extend(outputs.map(|output| BatchJob {
            batch_time,
            output,
            first: false,
            last: false,
        }));
        if let Some(first) = self.waiting.get_mut(queued) {
            first.first = true;
        }
        let any = self.waiting.len() > queued;
        if any && let Some(last) = self.waiting.back_mut() {
            last.last = true;
        }
        any
    }

    /// Starts the next job, if none is running.
    pub(crate) fn start_next(&mut self) -> Option<BatchJob> {
        if self.running.is_some() {
            return None;
        }
        self.running = self.waiting.pop_front();
        self.running
    }

    /// Ends the running job.
    pub(crate) fn finish(&mut self) -> Option<BatchJob> {
        self.running.take()
    }

    /// Whether no job waits or runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_none() && self.waiting.is_empty()
    }
}
