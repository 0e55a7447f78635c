//! Batches that could not be made, and batches made of such: until they are made again.

use crate::{Failure, OutputId, Time};

/// The job that asks for batches: Spark computes rows in the job that reads them, so that the next one tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(super) output: OutputId,
    pub(super) batch_time: Time,
}

/// The batches of a node that failed for a job, or that are made of batches that did.
pub(super) struct FailingBatches<B> {
    batches: Vec<FailingBatch<B>>,
    /// True if all jobs of a batch share them, as a function that makes one is called once (`GEN-2`).
    are_shared: bool,
}

struct FailingBatch<B> {
    /// `None` for a slice.
    asker: Option<Asker>,
    time: Time,
    batch: Result<B, Failure>,
}

impl<B: Clone> FailingBatches<B> {
    pub(super) fn new(are_shared: bool) -> FailingBatches<B> {
        FailingBatches {
            batches: Vec::new(),
            are_shared,
        }
    }

    /// The batch at `time`, or its failure, if it failed for this job.
    pub(super) fn find(&self, time: Time, asker: Option<Asker>) -> Option<&Result<B, Failure>> {
        let is_shared = |other: Option<Asker>| {
            let times = [other, asker].map(|asker| asker.map(|it| it.batch_time));
            self.are_shared && (times[0] == times[1] || asker.is_none())
        };
        let is_it =
            |it: &&FailingBatch<B>| it.time == time && (it.asker == asker || is_shared(it.asker));
        Some(&self.batches.iter().find(is_it)?.batch)
    }

    /// True if all jobs on the batch have the one at `time`.
    pub(super) fn is_shared(&self, time: Time, asker: Option<Asker>) -> bool {
        self.are_shared && self.find(time, asker).is_some()
    }

    pub(super) fn push(&mut self, time: Time, asker: Option<Asker>, batch: Result<B, Failure>) {
        self.batches.push(FailingBatch { asker, time, batch });
    }

    /// Forgets those of a job that has all of its batches.
    pub(super) fn end_job(&mut self, asker: Option<Asker>) {
        let are_shared = self.are_shared && asker.is_some();
        self.batches.retain(|it| are_shared || it.asker != asker);
    }

    /// Forgets those for which jobs asked on batches up to this one.
    pub(super) fn forget(&mut self, batch_time: Time) {
        let is_later = |asker: Asker| asker.batch_time > batch_time;
        self.batches.retain(|it| it.asker.is_some_and(is_later));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }
}
