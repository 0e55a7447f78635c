//! The DStream engine: it routes inputs, the rooms below decide.

mod durable;
mod lost_blocks;
mod recover;
mod saving;
mod written;

use std::collections::VecDeque;
use std::sync::Arc;

use self::durable::Durable;
use self::recover::Recovered;
use self::saving::Saves;

use crate::OutputId;
use crate::dstream::{Dataflow, Program};
use crate::job::BatchJob;
use crate::receive::{Allocation, RateController, Receiver, Tracker};
use crate::schedule::{Generator, Scheduler, Started, Submitted};
use crate::{
    BlockId, BlockManager, Event, Failure, Finished, Grid, Input, Job, Machine, Outbox, Records,
    StreamId, StreamSource, Text, Time,
};

/// A DStream program in progress.
///
/// ```
/// use engine::{Effect, Engine, Event, Input, Inline, Machine, Outbox, Time};
/// # use engine::{SparkContext, StreamingContext};
/// # use std::time::Duration;
/// # let ssc = StreamingContext::new(&SparkContext::local(2, "lines"), Duration::from_secs(1));
/// # ssc.receiver_stream("lines").print();
/// let mut engine = Engine::new(ssc.build()?);
/// let mut outbox = Outbox::new();
/// engine.handle(Time::from_millis(5_000), Input::Started, &mut outbox);
/// assert_eq!(engine.next_wake(), Some(Time::from_millis(6_000)));
/// # Ok::<(), engine::BuildError>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    sources: Vec<StreamSource>,
    receivers: Vec<Receiver>,
    /// `None` without back-pressure.
    rates: Option<RateController>,
    /// True if receivers may have to wait.
    limits_rates: bool,
    tracker: Tracker,
    generator: Generator,
    scheduler: Scheduler,
    saves: Saves,
    zero_time: Time,
    /// The time of the last input.
    now: Time,
    /// The slide of each output operation's stream.
    output_slides: Vec<Grid>,
    /// `None` if the program has no checkpoints.
    durable: Option<Durable>,
    /// The saved state of a program that goes on after a crash, until it is started.
    recovery: Option<Recovered>,
    /// The batches that are to run again, or late, before the first new one (`REC-4`).
    again: VecDeque<Time>,
    /// The last of them that was generated.
    ran_again: Option<Time>,
    /// The first new batch of a program that goes on after a crash.
    first_new: Option<Time>,
    /// True if received blocks are logged.
    logs_blocks: bool,
    dataflow: Arc<Dataflow>,
    /// `None` if no block is lost before it is forgotten.
    block_manager: Option<Arc<dyn BlockManager>>,
    /// The last batch that was done well and is not forgotten yet.
    done: Option<Time>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    Stopping,
    Stopped,
}

impl Engine {
    /// An engine for this program, to be started by [`Input::Started`].
    pub fn new(program: Program) -> Engine {
        let block_grid = Grid::every(program.block_interval);
        let limits = program.rate_limits;
        let streams = program.sources.len();
        Engine {
            receivers: vec![Receiver::new(block_grid, limits); streams],
            rates: RateController::new(limits, streams, program.interval),
            limits_rates: limits.limit(),
            tracker: Tracker::default(),
            generator: Generator::new(Grid::every(program.interval)),
            scheduler: Scheduler::new(program.concurrent_jobs),
            saves: Saves::default(),
            zero_time: Time::EPOCH,
            now: Time::EPOCH,
            output_slides: program.output_slides,
            durable: program.saving.map(Durable::new),
            recovery: None,
            again: VecDeque::new(),
            ran_again: None,
            first_new: None,
            logs_blocks: program.sources.iter().any(|source| !source.keeps_records()),
            sources: program.sources,
            dataflow: program.dataflow,
            block_manager: None,
            done: None,
            phase: Phase::New,
        }
    }

    fn start(&mut self, now: Time, outbox: &mut Outbox) {
        assert_eq!(self.phase, Phase::New, "a program starts once");
        self.phase = Phase::Running;
        self.zero_time = self.generator.start(now);
        if let Some(recovered) = self.recovery.take() {
            return self.start_again(now, recovered, outbox);
        }
        self.dataflow.start(self.zero_time);
        if let Some(durable) = &mut self.durable {
            durable.start(self.zero_time);
        }
        outbox.record(Event::StreamingStarted {
            zero_time: self.zero_time,
        });
    }

    /// True if records of a stream count: a graceful stop ends receivers first, and a source that keeps its records has
    /// none.
    fn takes(&self, stream: StreamId) -> bool {
        match self.phase {
            Phase::Running => true,
            Phase::Stopping => self.sources[stream.0].keeps_records(),
            Phase::New | Phase::Stopped => false,
        }
    }

    fn check(&self, stream: StreamId) {
        let streams = self.sources.len();
        assert!(
            stream.0 < streams,
            "the program has {streams} streams, and none is {stream:?}"
        );
    }

    fn receive(&mut self, now: Time, stream: StreamId, record: Text) {
        self.check(stream);
        if self.takes(stream) {
            self.receivers[stream.0].store(now, record);
        }
    }

    fn store(&mut self, now: Time, stream: StreamId, records: Records, outbox: &mut Outbox) {
        self.check(stream);
        if self.takes(stream) && !records.is_empty() {
            self.add(now, stream, records, outbox);
        }
    }

    /// Queues a block, which is logged before if the program has checkpoints (`TRK-1`).
    fn add(&mut self, now: Time, stream: StreamId, records: Records, outbox: &mut Outbox) {
        let block = self.tracker.block(stream, records);
        if self.sources[stream.0].keeps_records() {
            return self.tracker.add_kept(now, block);
        }
        match &mut self.durable {
            Some(durable) => durable.log_block(block, outbox),
            None => self.tracker.add(block),
        }
    }

    /// Stops after what has come is in a batch and the timer has come to rest, or at once if the program has not been started
    /// (`StreamingContext.stop`).
    fn stop(&mut self, outbox: &mut Outbox) {
        if matches!(self.phase, Phase::New | Phase::Running) {
            self.phase = Phase::Stopping;
            self.cut(|_| true, outbox);
            self.generator
                .stop(!self.tracker.is_empty() || self.is_logging());
        }
    }

    /// Does all that is due at or before `now`, in the order of time: at one instant blocks are cut
    /// before the batch takes them. While a batch waits for its log entry, no other is generated.
    fn tick(&mut self, now: Time, outbox: &mut Outbox) {
        while let Some(due) = self.generator.next().filter(|next| *next <= now) {
            self.cut(|cut| cut <= due, outbox);
            if self.is_logging() || !self.again.is_empty() {
                return;
            }
            let Some(batch_time) = self.generator.take_due(now) else {
                return;
            };
            // Of batches that are late, others are generated before the jobs of the first one end.
            let ends_at_once = batch_time == now && outbox.ends_jobs_at_once();
            if !(ends_at_once && self.pass(batch_time, outbox)) {
                self.generate(batch_time, outbox);
            }
        }
        self.cut(|cut| cut <= now, outbox);
    }

    fn cut(&mut self, is_due: impl Fn(Time) -> bool, outbox: &mut Outbox) {
        for index in 0..self.receivers.len() {
            let receiver = &mut self.receivers[index];
            if let Some(cut) = receiver.next_cut().filter(|cut| is_due(*cut))
                && let Some(records) = receiver.cut()
            {
                self.add(cut, StreamId(index), records, outbox);
            }
        }
    }

    fn is_logging(&self) -> bool {
        self.durable.as_ref().is_some_and(Durable::is_logging)
    }

    /// Generates, runs and completes a batch that has no input, if nothing else is under way and to run its jobs calls
    /// no function of the user's. Records what [`submit`](Self::submit), [`run`](Self::run) and
    /// [`finish`](Self::finish) would, and returns true.
    fn pass(&mut self, batch_time: Time, outbox: &mut Outbox) -> bool {
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
    fn generate(&mut self, batch_time: Time, outbox: &mut Outbox) {
        let allocation = self.tracker.allocate(batch_time);
        match &mut self.durable {
            Some(durable) if self.logs_blocks => durable.log_allocation(allocation, outbox),
            _ => self.submit_new(allocation, outbox),
        }
    }

    /// Queues the jobs of a batch.
    fn submit(&mut self, mut allocation: Allocation, outbox: &mut Outbox) {
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
    fn run_waiting(&mut self, outbox: &mut Outbox) {
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

    fn finish(&mut self, finished: Finished, outbox: &mut Outbox) {
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

    /// Ends a program that is stopping once nothing is left to do.
    fn stop_when_done(&mut self, outbox: &mut Outbox) {
        let is_durable = self.durable.as_ref().is_none_or(Durable::is_idle);
        let is_done = self.generator.next().is_none()
            && self.again.is_empty()
            && is_durable
            && self.scheduler.is_idle();
        if self.phase == Phase::Stopping && is_done {
            self.phase = Phase::Stopped;
            outbox.record(Event::Stopped);
        }
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

impl Machine for Engine {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        self.now = now;
        // Ticks before this instant come first: if the driver wakes the engine late, a record is still in
        // the batch of its own time.
        if let Some(before) = now.as_millis().checked_sub(1) {
            self.tick(Time::from_millis(before), outbox);
        }
        match input {
            Input::Started => self.start(now, outbox),
            Input::Received { stream, record } => self.receive(now, stream, record),
            Input::Stored { stream, records } => self.store(now, stream, records, outbox),
            Input::Replayed {
                stream,
                time,
                records,
            } => self.replay(time, stream, records),
            Input::Woken => self.tick(now, outbox),
            Input::JobFinished(finished) => self.end_job(finished, outbox),
            Input::Written { id, result } => self.written(id, result, outbox),
            Input::Saved { id, result } => self.saved(id, result, outbox),
            Input::StopRequested => self.stop(outbox),
        }
        self.stop_when_done(outbox);
    }

    fn next_wake(&self) -> Option<Time> {
        let cuts = self.receivers.iter().filter_map(Receiver::next_cut);
        let waits = self.is_logging() || !self.again.is_empty();
        let batch = self.generator.next().filter(|_| !waits);
        cuts.chain(batch).min()
    }

    fn sources(&self) -> &[StreamSource] {
        &self.sources
    }

    fn writes(&self) -> bool {
        self.durable.is_some()
    }

    fn limits_rates(&self) -> bool {
        self.limits_rates
    }

    fn received(&self, stream: StreamId) -> u64 {
        self.tracker.received(stream)
    }

    fn next_block(&self, stream: StreamId) -> BlockId {
        self.tracker.next_block(stream)
    }

    fn next_record(&self, stream: StreamId) -> Option<Time> {
        self.receivers[stream.0].next_record()
    }

    fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }
}
