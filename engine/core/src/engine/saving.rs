//! The jobs whose rows are being saved: such a job ends when its folder is committed.

use super::Engine;
use crate::{
    Event, FailedBatch, Failure, FailureKind, Finished, Outbox, Save, SaveContent, SaveError,
    SaveId, SaveOutcome, TextFolder, Time,
};

/// The saves of a program that are under way.
#[derive(Debug, Default)]
pub(super) struct Saves {
    asked: u64,
    jobs: Vec<SavingJob>,
}

/// A job that has run, and whose rows are being saved.
#[derive(Debug)]
struct SavingJob {
    batch_time: Time,
    finished: Finished,
    folder: TextFolder,
    step: Step,
    /// The saves of this step that have not ended.
    waits_for: Vec<SaveId>,
    error: Option<SaveError>,
}

/// The step that a folder is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Its parts are being saved.
    Parts,
    /// They get their names.
    Commit,
    /// They are removed, as one was not saved.
    Abort,
}

impl Saves {
    /// Saves the folder of a job, which ends when that has ended.
    pub(super) fn begin(
        &mut self,
        batch_time: Time,
        finished: Finished,
        folder: TextFolder,
        outbox: &mut Outbox,
    ) {
        let mut job = SavingJob {
            batch_time,
            finished,
            step: Step::Parts,
            waits_for: Vec::new(),
            error: None,
            folder,
        };
        for (partition, lines) in job.folder.parts.clone().into_iter().enumerate() {
            let folder = job.folder.name.clone();
            let part = SaveContent::Part {
                folder,
                partition,
                lines,
            };
            self.ask(&mut job, part, outbox);
        }
        let ended = self.go_on(job, outbox);
        debug_assert!(ended.is_none(), "a folder is committed at least");
    }

    /// Takes in that a save has ended. Returns the job that ends by that.
    ///
    /// # Panics
    ///
    /// Panics if it was not asked for, or has ended before.
    pub(super) fn saved(
        &mut self,
        id: SaveId,
        result: Result<SaveOutcome, SaveError>,
        outbox: &mut Outbox,
    ) -> Option<Finished> {
        let mut jobs = self.jobs.iter();
        let index = jobs.position(|job| job.waits_for.contains(&id));
        let mut job = self
            .jobs
            .remove(index.expect("each save is acknowledged once"));
        job.waits_for.retain(|waited| *waited != id);
        if let Err(error) = result {
            job.error.get_or_insert(error);
        }
        self.go_on(job, outbox)
    }

    /// Goes on with a job that waits for nothing more in its step. Returns it if it has ended.
    fn go_on(&mut self, mut job: SavingJob, outbox: &mut Outbox) -> Option<Finished> {
        if job.waits_for.is_empty() {
            let folder = job.folder.name.clone();
            match (job.step, &job.error) {
                (Step::Parts, None) => {
                    job.step = Step::Commit;
                    let partitions = job.folder.parts.len();
                    let commit = SaveContent::CommitParts { folder, partitions };
                    self.ask(&mut job, commit, outbox);
                }
                (Step::Parts | Step::Commit, Some(_)) => {
                    job.step = Step::Abort;
                    self.ask(&mut job, SaveContent::AbortParts { folder }, outbox);
                }
                (Step::Commit, None) | (Step::Abort, _) => return Some(job.end()),
            }
        }
        self.jobs.push(job);
        None
    }

    fn ask(&mut self, job: &mut SavingJob, content: SaveContent, outbox: &mut Outbox) {
        let id = SaveId(self.asked);
        self.asked += 1;
        job.waits_for.push(id);
        outbox.save(Save {
            id,
            batch_time: job.batch_time,
            content,
        });
    }
}

impl SavingJob {
    /// The job with its result: that its folder is saved, or why it is not.
    fn end(self) -> Finished {
        let SavingJob {
            batch_time,
            mut finished,
            folder,
            error,
            ..
        } = self;
        let outcome = &mut finished.outcome;
        match error {
            None => outcome.events.push(Event::Saved {
                batch_time,
                name: folder.name,
                lines: folder
                    .parts
                    .iter()
                    .flat_map(|part| part.iter().cloned())
                    .collect(),
                bytes: None,
            }),
            Some(error) => {
                let message = format!("{} was not saved: {}", folder.name, error.reason);
                let failure = Failure::new(FailureKind::Save, message);
                let failure = failure.in_operator("save_as_text_files");
                outcome.failure = Some(failure.in_batch(FailedBatch::At(batch_time)));
            }
        }
        finished
    }
}

impl Engine {
    /// Goes on with a job that has run: one whose rows are to be saved ends when that is done.
    pub(super) fn end_job(&mut self, mut finished: Finished, outbox: &mut Outbox) {
        match finished.outcome.folder.take() {
            Some(folder) => {
                let batch_time = self.scheduler.batch_time(finished.id);
                self.saves.begin(batch_time, finished, folder, outbox);
            }
            None => self.finish(finished, outbox),
        }
    }

    /// Takes in that a save has ended.
    pub(super) fn saved(
        &mut self,
        id: SaveId,
        result: Result<SaveOutcome, SaveError>,
        outbox: &mut Outbox,
    ) {
        if let Some(finished) = self.saves.saved(id, result, outbox) {
            self.finish(finished, outbox);
        }
    }
}
