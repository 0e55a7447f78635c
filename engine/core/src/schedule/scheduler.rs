//! The queue of jobs, of which some run.

use std::collections::VecDeque;

use crate::job::BatchJob;
use crate::{BatchTimes, JobId, OutputId, Time};

/// A job that has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Started {
    pub(crate) id: JobId,
    pub(crate) job: BatchJob,
    /// The number of records of its batch, if it is the first one of that to start.
    pub(crate) begins: Option<usize>,
}

/// A batch whose jobs are queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Submitted {
    pub(crate) batch_time: Time,
    pub(crate) now: Time,
    /// The number of its records, as it is reported.
    pub(crate) records: usize,
    /// The number of its records.
    pub(crate) input: usize,
}

/// A job that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) job: BatchJob,
    /// The times of its batch, if it is the last one of that to end.
    pub(crate) batch: Option<BatchTimes>,
}

/// The jobs of a batch that have not ended (`org.apache.spark.streaming.scheduler.JobSet`).
#[derive(Debug)]
struct JobSet {
    batch: Submitted,
    started: Option<Time>,
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
        batch: Submitted,
        outputs: impl Iterator<Item = OutputId>,
    ) -> bool {
        let queued = self.waiting.len();
        self.waiting.extend(outputs.map(|output| BatchJob {
            batch_time: batch.batch_time,
            records: batch.records,
            output,
        }));
        let incomplete = self.waiting.len() - queued;
        if incomplete > 0 {
            self.job_sets.push_back(JobSet {
                batch,
                started: None,
                incomplete,
            });
        }
        incomplete > 0
    }

    /// Starts the next job now, if one waits and fewer run than may.
    pub(crate) fn start_next(&mut self, now: Time) -> Option<Started> {
        if self.running.len() == self.concurrent {
            return None;
        }
        let job = self.waiting.pop_front()?;
        let id = self.take_id();
        self.running.push((id, job));
        let index = self.find(job.batch_time);
        let job_set = &mut self.job_sets[index];
        let is_first = job_set.started.is_none();
        job_set.started.get_or_insert(now);
        Some(Started {
            id,
            job,
            begins: is_first.then_some(job_set.batch.input),
        })
    }

    /// The id of a job that starts.
    pub(crate) fn take_id(&mut self) -> JobId {
        let id = self.next_id;
        self.next_id = JobId(id.0 + 1);
        id
    }

    /// The batch of a running job.
    pub(crate) fn batch_time(&self, id: JobId) -> Time {
        let job = self.running.iter().find(|(running, _)| *running == id);
        job.expect("a job ends once").1.batch_time
    }

    /// Ends a running job now.
    ///
    /// # Panics
    ///
    /// Panics if it is not running: a driver hands in the end of each job once.
    pub(crate) fn finish(&mut self, id: JobId, now: Time) -> Ended {
        let running = self.running.iter().position(|(running, _)| *running == id);
        let running = running.expect("a job ends once, and only one that was started");
        let (_, job) = self.running.swap_remove(running);
        let index = self.find(job.batch_time);
        let job_set = &mut self.job_sets[index];
        job_set.incomplete -= 1;
        let batch = (job_set.incomplete == 0).then(|| BatchTimes {
            submitted: job_set.batch.now,
            started: job_set.started.unwrap_or(now),
            ended: now,
        });
        if batch.is_some() {
            self.job_sets.remove(index);
        }
        Ended { job, batch }
    }

    /// The oldest batch with a job that has not ended.
    pub(crate) fn oldest_incomplete(&self) -> Option<Time> {
        Some(self.job_sets.front()?.batch.batch_time)
    }

    /// True if a batch that comes now has its jobs run at once, each after the end of the one before.
    pub(crate) fn is_free(&self) -> bool {
        self.is_idle() && self.concurrent == 1
    }

    /// True if no job waits or runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.waiting.is_empty()
    }

    /// The index of a batch's jobs: near the front, as batches start in order.
    fn find(&self, batch_time: Time) -> usize {
        let mut job_sets = self.job_sets.iter();
        let index = job_sets.position(|job_set| job_set.batch.batch_time == batch_time);
        index.expect("a batch is known until its last job has ended")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "a job ends once")]
    fn a_job_that_was_not_started_cannot_end() {
        Scheduler::new(1).finish(JobId(0), Time::EPOCH);
    }
}
