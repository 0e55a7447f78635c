//! Jobs: work that a machine asks its driver to run.

use std::fmt;

use crate::recovery::StatesToSave;
use crate::{Event, Failure, JobId, OutputId, TextFolder, Time, Workers};

/// One output operation of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchJob {
    pub(crate) batch_time: Time,
    /// The number of records that came in with the batch.
    pub(crate) records: usize,
    pub(crate) output: OutputId,
}

/// The work of a job.
type Work = Box<dyn FnOnce(&dyn Workers) -> Outcome + Send>;

/// One output operation of one batch, or one micro-batch, ready to run on any thread.
///
/// It is an effect and not a call, because an overrun (`JOB-2`) or a crash in mid-batch is only
/// visible if time can pass between asking and done.
pub struct Job {
    id: JobId,
    input: Option<usize>,
    work: Work,
}

impl Job {
    /// A job that does this work.
    pub fn new(id: JobId, work: impl FnOnce(&dyn Workers) -> Outcome + Send + 'static) -> Job {
        Job {
            id,
            input: None,
            work: Box::new(work),
        }
    }

    /// The same job, the first one of a batch with this many records.
    pub fn begins_batch(self, records: usize) -> Job {
        Job {
            input: Some(records),
            ..self
        }
    }

    /// The number of records of its batch; `None` if another job of the batch has started before.
    pub fn input(&self) -> Option<usize> {
        self.input
    }

    /// The job, as its end names it.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Runs the job to its end.
    pub fn run(self, workers: &dyn Workers) -> Finished {
        Finished {
            id: self.id,
            outcome: (self.work)(workers),
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The result of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The events that the job wants to be recorded. One that failed has its changes of states alone, unless it failed
    /// only when batches were forgotten.
    pub events: Vec<Event>,
    /// The reason, if it failed (`JOB-4`).
    pub failure: Option<Failure>,
    /// The states that are to be saved now that it has not failed (`CKP-7`).
    pub saved: Vec<StatesToSave>,
    /// The rows that are to be saved before the job ends, now that it has not failed.
    pub folder: Option<TextFolder>,
}

/// A job that has ended.
#[derive(Debug)]
pub struct Finished {
    /// The job.
    pub id: JobId,
    /// Its result.
    pub outcome: Outcome,
}
