//! Batches: generated, queued, run job by job, and forgotten.

use std::sync::Arc;

use super::Engine;
use crate::job::BatchJob;
use crate::receive::Allocation;
use crate::schedule::{Started, Submitted};
use crate::{Event, Failure, Finished, Grid, Job, Outbox, OutputId, Time};

impl Engine {
    /// Generates, runs and completes a batch that has no input, if nothing else is under way and to run its jobs calls
    /// no function of the user's. Records what [`submit`](Self::submit), [`run`](Self::run) and
    /// [`finish`](Self::finish) would, and returns true.
    pub(super) fn pass(&mut self, batch_time: Time, outbox: &mut Outbox) -> bool {
        if self.durable.is_some() || !self.tracker.is_empty() || !self.scheduler.is_free() {
            return false;
        }
        let Some(nodes) = self.dataflow.empty_nodes() else {
            return false;
        };
        let due = due_outputs(&self.output_slides, batch_time, self.zero_time);
        if !due.clone().all(|output| nodes.may_be_quiet(output)) {
            return false;
        }
        if due.clone().next().is_none() {
            return true;
        }
        let records = 0;
        outbox.record(Event::BatchSubmitted {
            batch_time,
            records,
            blocks: Vec::new(),
        });
        outbox.record(Event::BatchStarted { batch_time });
        for output in due {
            let job = self.scheduler.take_id();
            outbox.record(Event::OutputOperationStarted {
                batch_time,
                output,
                job,
            });
            let quiet = nodes.quiet_event(BatchJob {
                batch_time,
                records,
                output,
            });
            outbox.record(quiet.expect("an output that may be quiet is so without input"));
            outbox.record(Event::OutputOperationCompleted {
                batch_time,
                output,
                job,
                failure: None,
            });
        }
        outbox.record(Event::BatchCompleted { batch_time });
        true
    }

    /// Generates the batch that ends at `batch_time` (`GEN-2`): its input is fixed now, whenever its
    /// jobs will run (`JOB-3`). A program with checkpoints waits for the log entry of this one.
    pub(super) fn generate(&mut self, batch_time: Time, outbox: &mut Outbox) {
        let allocation = self.tracker.allocate(batch_time);
        match &mut self.durable {
            Some(durable) if self.logs_blocks => durable.log_allocation(allocation, outbox),
            _ => self.submit_new(allocation, outbox),
        }
    }

    /// Queues the jobs of a batch.
    pub(super) fn submit(&mut self, mut allocation: Allocation, outbox: &mut Outbox) {
        let batch_time = allocation.batch_time;
        let due = due_outputs(&self.output_slides, batch_time, self.zero_time);
        // Spark knows no number of records of a batch that runs again (`REC-5`).
        let input = allocation.records();
        let records = if self.runs_again(batch_time) {
            0
        } else {
            input
        };
        self.leave_out_lost(&mut allocation, outbox);
        let batch = Submitted {
            batch_time,
            now: self.now,
            records,
            input: allocation.records(),
        };
        if self.scheduler.submit(batch, due) {
            if let Some(durable) = &mut self.durable {
                durable.submitted(batch_time);
            }
            if let Some(rates) = self.rates.as_mut().filter(|_| records > 0) {
                rates.submitted(&allocation);
            }
            outbox.record(Event::BatchSubmitted {
                batch_time,
                records,
                blocks: allocation.block_ids(),
            });
        }
        if !allocation.blocks.is_empty() {
            self.dataflow.allocate(allocation);
        }
        self.run_waiting(outbox);
    }

    /// Starts as many jobs as may run.
    pub(super) fn run_waiting(&mut self, outbox: &mut Outbox) {
        while let Some(started) = self.scheduler.start_next(self.now) {
            self.run(started, outbox);
        }
    }

    fn run(&self, started: Started, outbox: &mut Outbox) {
        let batch_time = started.job.batch_time;
        let output = started.job.output;
        if started.begins.is_some() {
            outbox.record(Event::BatchStarted { batch_time });
        }
        outbox.record(Event::OutputOperationStarted {
            batch_time,
            output,
            job: started.id,
        });
        let dataflow = Arc::clone(&self.dataflow);
        let job = Job::new(started.id, move |workers| {
            dataflow.run(started.job, workers)
        });
        outbox.run(match started.begins {
            Some(records) => job.begins_batch(records),
            None => job,
        });
    }

    /// Ends a job, and its batch if it is the last one of it (`JOB-4`).
    pub(super) fn finish(&mut self, finished: Finished, outbox: &mut Outbox) {
        let ended = self.scheduler.finish(finished.id, self.now);
        let batch_time = ended.job.batch_time;
        let output = ended.job.output;
        let failure = finished.outcome.failure;
        for event in finished.outcome.events {
            outbox.record(event);
        }
        if let Some(durable) = &mut self.durable {
            durable.save(finished.outcome.saved, outbox);
        }
        // A batch whose last job failed is never cleared: its input may be asked for again (`JOB-4`).
        let is_done = ended.batch.is_some() && failure.is_none();
        if is_done {
            self.done = self.done.max(Some(batch_time));
        }
        let forgotten = self.forget();
        let failure = failure.or(forgotten);
        outbox.record(Event::OutputOperationCompleted {
            batch_time,
            output,
            job: finished.id,
            failure,
        });
        if ended.batch.is_some() {
            outbox.record(Event::BatchCompleted { batch_time });
        }
        if let Some((rates, batch)) = self.rates.as_mut().zip(ended.batch) {
            for (stream, rate) in rates.completed(batch_time, batch) {
                self.receivers[stream.0].set_rate(self.now, rate);
            }
        }
        if let Some(durable) = self.durable.as_mut().filter(|_| is_done) {
            durable.completed(batch_time);
            durable.checkpoint_done(&self.tracker.all_received(self.sources.len()), outbox);
        }
        self.run_waiting(outbox);
    }

    /// Forgets what no later batch asks for, once no earlier batch is under way (`GEN-4`). Returns the failure of a
    /// `Drop` of its rows, with which the job that has just ended fails.
    fn forget(&mut self) -> Option<Failure> {
        let is_oldest = |done: &mut Time| {
            let oldest = self.scheduler.oldest_incomplete();
            oldest.is_none_or(|oldest| *done < oldest)
        };
        let done = self.done.take_if(is_oldest)?;
        self.dataflow.forget(done)
    }
}

/// The output operations that have a job in a batch, in the order of registration (`GEN-3`).
fn due_outputs(
    slides: &[Grid],
    batch_time: Time,
    zero_time: Time,
) -> impl Iterator<Item = OutputId> + Clone {
    (0..)
        .zip(slides)
        .filter(move |(_, slide)| slide.holds(batch_time, zero_time))
        .map(|(index, _)| OutputId(index))
}
