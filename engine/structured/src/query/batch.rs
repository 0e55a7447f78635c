//! A micro-batch, from its input to its end (`MB-1`).

use std::sync::Arc;

use engine::{
    Event, FailedBatch, Failure, FailureKind, Finished, Job, JobId, Outbox, QueryOffsets,
    SourceProgress, Text, Time, Trigger,
};

use super::progress::BatchTimes;
use super::{Query, locked};
use crate::file_sink::PartFile;
use crate::incremental::MicroBatch;
use crate::settings::QUERY;

/// The micro-batch that is under way.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) id: u64,
    pub(super) begun: Time,
    records: usize,
    pub(super) step: Step,
    pub(super) times: BatchTimes,
    /// The watermark that it has, in milliseconds.
    pub(super) watermark_ms: i64,
    pub(super) sources: Vec<SourceProgress>,
}

/// The step that a micro-batch is at. Only one of a query with a checkpoint waits.
#[derive(Debug)]
pub(super) enum Step {
    /// The log of the source waits for what was found.
    Finding(MicroBatch),
    /// Its input waits to be logged.
    Logging(MicroBatch),
    /// It runs, or its rows are being saved.
    Running,
    /// Its states wait to be saved, before the sink is given its rows.
    Saving(Output),
    /// Its end waits to be logged.
    Committing,
}

/// The output of a micro-batch that has run.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) events: Vec<Event>,
    /// The files that are to be saved, if the sink has some.
    pub(super) files: Option<Vec<PartFile>>,
}

/// A micro-batch that runs again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Again {
    /// The time of its trigger (`MB-6`).
    pub(super) begun: Time,
}

impl Query {
    /// Begins the next micro-batch, if it has something to do.
    pub(super) fn run_batch(&mut self, now: Time, outbox: &mut Outbox) {
        if !self.has_work(now) {
            return;
        }
        let again = self.again.take();
        let is_again = again.is_some();
        if !is_again {
            self.fetch(now, outbox);
        }
        let batch = MicroBatch {
            id: self.next_batch,
            begun: again.map_or(now, |again| again.begun),
            inputs: {
                let sources = self.sources.iter_mut();
                sources.map(|source| source.take(self.cores)).collect()
            },
        };
        self.next_batch += 1;
        let watermark_ms = locked(&self.incremental).watermark_ms();
        self.under_way = Some(UnderWay {
            id: batch.id,
            begun: batch.begun,
            records: batch.records(),
            step: Step::Running,
            times: BatchTimes::begin(now),
            watermark_ms,
            sources: self.source_progress(&batch),
        });
        if self.durable.is_some() && !is_again {
            self.go_to(Step::Finding(batch));
            self.go_on(now, outbox);
        } else {
            self.run(now, batch, outbox);
        }
    }

    /// Logs the input of a micro-batch, which the log of the source has now: offsets never name what is not there.
    pub(super) fn log(&mut self, batch: MicroBatch, outbox: &mut Outbox) {
        if let Some(durable) = &mut self.durable {
            let incremental = locked(&self.incremental);
            let offsets = QueryOffsets {
                watermark_ms: incremental.watermark_ms(),
                timestamp: batch.begun,
                shuffle_partitions: incremental.shuffle_partitions(),
                sources: self.sources.iter().map(|it| it.available()).collect(),
            };
            durable.log_offsets(batch.id, offsets, outbox);
        }
        self.go_to(Step::Logging(batch));
    }

    fn fetch(&mut self, now: Time, outbox: &mut Outbox) {
        let is_limited = self.trigger != Trigger::Once;
        for (number, source) in self.sources.iter_mut().enumerate() {
            let found = source.fetch(now, is_limited);
            if let (Some((entry, content)), Some(durable)) = (found, &mut self.durable) {
                durable.log_source(number, entry, content, outbox);
            }
        }
    }

    /// Runs a micro-batch whose input is logged now: what was before is let go of.
    pub(super) fn run_logged(&mut self, now: Time, batch: MicroBatch, outbox: &mut Outbox) {
        let released: Result<Vec<()>, Text> =
            self.sources.iter_mut().map(|it| it.release()).collect();
        if let Err(message) = released {
            return self.fail(Failure::new(FailureKind::Spark, message), outbox);
        }
        if let Some(durable) = &mut self.durable {
            durable.purge(batch.id, outbox);
        }
        self.run(now, batch, outbox);
    }

    fn run(&mut self, now: Time, batch: MicroBatch, outbox: &mut Outbox) {
        self.has_run = true;
        self.go_to(Step::Running);
        if let Some(under_way) = &mut self.under_way {
            under_way.times.run = now;
        }
        if let Some(durable) = &mut self.durable {
            durable.begin_maintenance(now);
        }
        let incremental = Arc::clone(&self.incremental);
        let records = batch.records();
        let job = Job::new(JobId(batch.id), move |workers| {
            locked(&incremental).run(&batch, workers)
        });
        outbox.run(job.begins_batch(records));
    }

    pub(super) fn finish(&mut self, now: Time, finished: Finished, outbox: &mut Outbox) {
        let under_way = self.under_way.as_ref();
        let id = under_way.expect("a micro-batch is under way").id;
        assert_eq!(JobId(id), finished.id, "micro-batches run one at a time");
        let output = Output {
            events: finished.outcome.events,
            files: locked(&self.incremental).take_files(),
        };
        if let Some(failure) = finished.outcome.failure {
            record(output.events, outbox);
            return self.fail(failure, outbox);
        }
        let Some(durable) = &mut self.durable else {
            return self.write(now, id, output, outbox);
        };
        let mut incremental = locked(&self.incremental);
        let changes = incremental.take_changes();
        let operators = incremental.state_operators();
        durable.save(id, changes, &operators, outbox);
        drop(incremental);
        self.go_to(Step::Saving(output));
        self.go_on(now, outbox);
    }

    /// Hands the rows of a micro-batch whose states are saved to the sink.
    pub(super) fn write(&mut self, now: Time, id: u64, output: Output, outbox: &mut Outbox) {
        record(output.events, outbox);
        match output.files {
            Some(files) => self.save(id, files, outbox),
            None => self.commit(now, id, outbox),
        }
    }

    /// Logs the end of a micro-batch whose rows the sink has.
    pub(super) fn commit(&mut self, now: Time, id: u64, outbox: &mut Outbox) {
        let watermark_ms = locked(&self.incremental).watermark_ms();
        if let Some(under_way) = &mut self.under_way {
            under_way.times.added = now;
        }
        let Some(durable) = &mut self.durable else {
            return self.end_batch(now, outbox);
        };
        if durable.is_committed(id) {
            let message = format!(
                "[CONCURRENT_STREAM_LOG_UPDATE] Concurrent update to the log. Multiple streaming jobs detected for {id}: \
                 commits/{id} is there already, as later entries of offsets were lost or another query has the folder; put \
                 back a copy of them, or start anew with another checkpoint folder"
            );
            return self.fail(Failure::new(FailureKind::Spark, message), outbox);
        }
        durable.commit(id, watermark_ms, outbox);
        self.go_to(Step::Committing);
    }

    /// Ends the micro-batch that is under way.
    pub(super) fn end_batch(&mut self, now: Time, outbox: &mut Outbox) {
        let under_way = self.under_way.take().expect("a batch is under way");
        outbox.record(Event::QueryProgress {
            query: QUERY,
            batch_id: under_way.id,
            records: under_way.records,
            failure: None,
            progress: Some(Arc::new(self.progress(now, under_way))),
        });
        if self.trigger.is_immediate() && self.has_work(now) {
            self.next_trigger = Some(now);
        } else {
            self.await_new(now);
        }
    }

    /// Ends the query, and the micro-batch that is under way (`MB-7`).
    pub(super) fn fail(&mut self, failure: Failure, outbox: &mut Outbox) {
        if let Some(UnderWay { id, records, .. }) = self.under_way.take() {
            outbox.record(Event::QueryProgress {
                query: QUERY,
                batch_id: id,
                records,
                failure: Some(failure.in_batch(FailedBatch::Number(id))),
                progress: None,
            });
        } else {
            outbox.record(Event::ProgramFailed { failure });
        }
        self.stop(outbox);
    }

    fn go_to(&mut self, step: Step) {
        if let Some(under_way) = &mut self.under_way {
            under_way.step = step;
        }
    }

    /// The failure of a query that could not write something.
    pub(super) fn not_written(file: impl std::fmt::Display, reason: &Text) -> Failure {
        let message = format!("{file} was not written: {reason}");
        Failure::new(FailureKind::Checkpoint, message)
    }
}

fn record(events: Vec<Event>, outbox: &mut Outbox) {
    for event in events {
        outbox.record(event);
    }
}
