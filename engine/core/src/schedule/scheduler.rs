//! The queue of jobs, of which some run.

use std::collections::VecDeque;

use crate::job::BatchJob;
use crate::{JobId, OutputId, Time};

/// A job that has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Started {
    pub(crate) id: JobId,
    pub(crate) job: BatchJob,
    /// True if it is the first one of its batch to start.
    pub(crate) is_first: bool,
}

/// A job that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) job: BatchJob,
    /// True if it is the last one of its batch to end.
    pub(crate) is_last: bool,
}

/// The jobs of a batch that have not ended (`org.apache.spark.streaming.scheduler.JobSet`).
#[derive(Debug)]
struct JobSet {
    batch_time: Time,
    has_started: bool,
    incomplete: usize,
}

/// Runs jobs in the order in which they were submitted, `concurrent` of them at a time (`JOB-1`, `JOB-5`).
///
/// Generation never waits for it: when a batch takes longer than the interval, jobs queue without
/// limit, and none is dropped, merged or skipped (`JOB-2`; Spark's `JobScheduler`).
#[derive(Debug)]
pub(crate) struct Scheduler {
    concurrent: usize,
    waiting: VecDeque<BatchJob>,
    running: Vec<(JobId, BatchJob)>,
    /// Batches with jobs that have not ended, oldest first.
    job_sets: VecDeque<JobSet>,
    next_id: JobId,
}

impl Scheduler {
    /// A scheduler that runs this many jobs at a time.
    pub(crate) fn new(concurrent: usize) -> Scheduler {
        assert!(
            concurrent > 0,
            "a scheduler runs at least one job at a time"
        );
        Scheduler {
            concurrent,
            waiting: VecDeque::new(),
            running: Vec::new(),
            job_sets: VecDeque::new(),
            next_id: JobId(0),
        }
    }

    /// Queues the jobs of one batch, given its output operations in the order of registration. Returns
    /// whether there are any: without an output operation there is no batch (`GEN-3`).
    pub(crate) fn submit(
        &mut self,
        batch_time: Time,
        records: usize,
        outputs: impl Iterator<Item = OutputId>,
    ) -> bool {
        let queued = self.waiting.len();
        self.waiting.extend(outputs.map(|output| BatchJob {
            batch_time,
            records,
            output,
        }));
        let incomplete = self.waiting.len() - queued;
        if incomplete > 0 {
            self.job_sets.push_back(JobSet {
                batch_time,
                has_started: false,
                incomplete,
            });
        }
        incomplete > 0
    }

    /// Starts the next job, if one waits and fewer run than may.
    pub(crate) fn start_next(&mut self) -> Option<Started> {
        if self.running.len() == self.concurrent {
            return None;
        }
        let job = self.waiting.pop_front()?;
        let id = self.next_id;
        self.next_id = JobId(id.0 + 1);
        self.running.push((id, job));
        let index = self.find(job.batch_time);
        let job_set = &mut self.job_sets[index];
        let is_first = !std::mem::replace(&mut job_set.has_started, true);
        Some(Started { id, job, is_first })
    }

    /// Ends a running job.
    ///
    /// # Panics
    ///
    /// Panics if it is not running: a driver hands in the end of each job once.
    pub(crate) fn finish(&mut self, id: JobId) -> Ended {
        let running = self.running.iter().position(|(running, _)| *running == id);
        let running = running.expect("a job ends once, and only one that was started");
        let (_, job) = self.running.swap_remove(running);
        let index = self.find(job.batch_time);
        let job_set = &mut self.job_sets[index];
        job_set.incomplete -= 1;
        let is_last = job_set.incomplete == 0;
        if is_last {
            self.job_sets.remove(index);
        }
        Ended { job, is_last }
    }

    /// The oldest batch with a job that has not ended.
    pub(crate) fn oldest_incomplete(&self) -> Option<Time> {
        Some(self.job_sets.front()?.batch_time)
    }

    /// True if no job waits or runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.waiting.is_empty()
    }

    /// The index of a batch's jobs: near the front, as batches start in order.
    fn find(&self, batch_time: Time) -> usize {
        let mut job_sets = self.job_sets.iter();
        let index = job_sets.position(|job_set| job_set.batch_time == batch_time);
        index.expect("a batch is known until its last job has ended")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queue with the jobs of these batches, each given by its time and its outputs.
    fn queue(concurrent: usize, batches: &[(i64, &[usize])]) -> Scheduler {
        let mut scheduler = Scheduler::new(concurrent);
        for (time, outputs) in batches {
            let outputs = outputs.iter().map(|&output| OutputId(output));
            scheduler.submit(Time::from_millis(*time), 0, outputs);
        }
        scheduler
    }

    /// The batch, the output, and whether the job is its batch's first.
    fn started(started: Started) -> (i64, usize, bool) {
        let batch_time = started.job.batch_time.as_millis();
        (batch_time, started.job.output.0, started.is_first)
    }

    #[test]
    fn job_1_jobs_run_one_at_a_time_in_order_of_submission() {
        let mut scheduler = queue(1, &[(1_000, &[0, 1]), (2_000, &[0])]);
        let mut ran = Vec::new();
        while let Some(job) = scheduler.start_next() {
            assert_eq!(scheduler.start_next(), None, "one job runs at a time");
            ran.push((started(job), scheduler.finish(job.id).is_last));
        }
        assert_eq!(
            ran,
            [
                ((1_000, 0, true), false),
                ((1_000, 1, false), true),
                ((2_000, 0, true), true),
            ]
        );
        assert!(scheduler.is_idle());
    }

    #[test]
    fn job_5_jobs_run_side_by_side_and_may_end_in_any_order() {
        let mut scheduler = queue(3, &[(1_000, &[0, 1]), (2_000, &[0, 1])]);
        let jobs = [(); 3].map(|()| scheduler.start_next().expect("three may run"));
        assert_eq!(
            jobs.map(started),
            [(1_000, 0, true), (1_000, 1, false), (2_000, 0, true)]
        );
        assert_eq!(scheduler.start_next(), None);
        assert!(!scheduler.finish(jobs[2].id).is_last);
        let fourth = scheduler.start_next().expect("there is room for one more");
        assert!(scheduler.finish(fourth.id).is_last);
        assert!(!scheduler.finish(jobs[1].id).is_last);
        assert!(scheduler.finish(jobs[0].id).is_last);
        assert!(scheduler.is_idle());
    }

    #[test]
    fn gen_3_a_batch_without_outputs_is_none() {
        let mut scheduler = Scheduler::new(1);
        assert!(!scheduler.submit(Time::EPOCH, 0, std::iter::empty()));
        assert!(scheduler.is_idle());
    }

    #[test]
    #[should_panic(expected = "a job ends once")]
    fn a_job_that_was_not_started_cannot_end() {
        queue(1, &[(1_000, &[0])]).finish(JobId(0));
    }
}
