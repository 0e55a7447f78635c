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

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue with the jobs of these batches, each given by its time and its outputs.
    fn queue(batches: &[(i64, &[usize])]) -> Scheduler {
        let mut scheduler = Scheduler::default();
        for (time, outputs) in batches {
            let outputs = outputs.iter().map(|&output| OutputId(output));
            scheduler.submit(Time::from_millis(*time), outputs);
        }
        scheduler
    }

    fn run_all(scheduler: &mut Scheduler) -> Vec<(i64, usize, bool, bool)> {
        let mut jobs = Vec::new();
        while let Some(job) = scheduler.start_next() {
            jobs.push((
                job.batch_time.as_millis(),
                job.output.0,
                job.first,
                job.last,
            ));
            scheduler.finish();
        }
        jobs
    }

    #[test]
    fn job_1_jobs_are_in_the_order_of_batches_and_then_of_outputs() {
        let mut scheduler = queue(&[(1, &[0, 1, 2]), (2, &[1])]);
        assert_eq!(
            run_all(&mut scheduler),
            [
                (1, 0, true, false),
                (1, 1, false, false),
                (1, 2, false, true),
                (2, 1, true, true),
            ]
        );
        assert!(scheduler.is_idle());
    }

    #[test]
    fn job_1_one_job_runs_at_a_time() {
        let mut scheduler = queue(&[(1, &[0]), (2, &[0])]);
        assert!(scheduler.start_next().is_some());
        assert_eq!(scheduler.start_next(), None);
        scheduler.finish();
        assert!(scheduler.start_next().is_some());
        assert!(!scheduler.is_idle());
    }

    #[test]
    fn gen_3_a_batch_without_jobs_is_not_submitted() {
        let mut scheduler = Scheduler::default();
        assert!(!scheduler.submit(Time::EPOCH, std::iter::empty()));
        assert!(scheduler.is_idle());
        assert!(scheduler.submit(Time::EPOCH, [OutputId(3)].into_iter()));
    }
}
