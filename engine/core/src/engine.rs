//! The DStream engine: it routes inputs, the rooms below decide.

use std::sync::Arc;

use crate::OutputId;
use crate::dstream::{Dataflow, Program};
use crate::job::BatchJob;
use crate::receive::{Allocation, Receiver, Tracker};
use crate::schedule::{Generator, Scheduler, Started};
use crate::{
    Event, Failure, Finished, Grid, Input, Job, LogEntry, Machine, Outbox, Records, StreamId,
    StreamSource, Text, Time, Write, WriteError, WriteId,
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
    tracker: Tracker,
    generator: Generator,
    scheduler: Scheduler,
    zero_time: Time,
    /// The slide of each output operation's stream.
    output_slides: Vec<Grid>,
    log: Option<AllocationLog>,
    dataflow: Arc<Dataflow>,
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

/// The writes of a program that logs its allocations, one at a time.
#[derive(Debug, Default)]
struct AllocationLog {
    writes: u64,
    /// The batch that waits for its entry to be durable.
    pending: Option<(WriteId, Allocation)>,
}

impl Engine {
    /// An engine for this program, to be started by [`Input::Started`].
    pub fn new(program: Program) -> Engine {
        let block_grid = Grid::every(program.block_interval);
        Engine {
            receivers: vec![Receiver::new(block_grid); program.sources.len()],
            sources: program.sources,
            tracker: Tracker::default(),
            generator: Generator::new(Grid::every(program.interval)),
            scheduler: Scheduler::new(program.concurrent_jobs),
            zero_time: Time::EPOCH,
            output_slides: program.output_slides,
            log: program.logs_allocations.then(AllocationLog::default),
            dataflow: program.dataflow,
            done: None,
            phase: Phase::New,
        }
    }

    fn start(&mut self, now: Time, outbox: &mut Outbox) {
        assert_eq!(self.phase, Phase::New, "a program starts once");
        self.phase = Phase::Running;
        self.zero_time = self.generator.start(now);
        self.dataflow.start(self.zero_time);
        outbox.record(Event::StreamingStarted {
            zero_time: self.zero_time,
        });
    }

    fn receive(&mut self, now: Time, stream: StreamId, record: Text) {
        let streams = self.receivers.len();
        let Some(receiver) = self.receivers.get_mut(stream.0) else {
            panic!("the program has {streams} streams, and none is {stream:?}");
        };
        if self.phase == Phase::Running {
            receiver.store(now, record);
        }
    }

    fn store(&mut self, stream: StreamId, records: Records) {
        let streams = self.receivers.len();
        assert!(
            stream.0 < streams,
            "the program has {streams} streams, and none is {stream:?}"
        );
        if self.phase == Phase::Running && !records.is_empty() {
            self.tracker.add(stream, records);
        }
    }

    /// Stops after what has come is in a batch and the timer has come to rest, or at once if the program has not been started
    /// (`StreamingContext.stop`).
    fn stop(&mut self) {
        if matches!(self.phase, Phase::New | Phase::Running) {
            self.phase = Phase::Stopping;
            self.cut(|_| true);
            self.generator.stop(!self.tracker.is_empty());
        }
    }

    /// Does all that is due at or before `now`, in the order of time: at one instant blocks are cut
    /// before the batch takes them. While a batch waits for its log entry, no other is generated.
    fn tick(&mut self, now: Time, outbox: &mut Outbox) {
        while !self.is_logging()
            && let Some(batch_time) = self.generator.take_due(now)
        {
            self.cut(|cut| cut <= batch_time);
            // Of batches that are late, others are generated before the jobs of the first one end.
            let ends_at_once = batch_time == now && outbox.ends_jobs_at_once();
            if !(ends_at_once && self.pass(batch_time, outbox)) {
                self.generate(batch_time, outbox);
            }
        }
        self.cut(|cut| cut <= now);
    }

    fn cut(&mut self, is_due: impl Fn(Time) -> bool) {
        for (index, receiver) in self.receivers.iter_mut().enumerate() {
            if receiver.next_cut().is_some_and(&is_due)
                && let Some(records) = receiver.cut()
            {
                self.tracker.add(StreamId(index), records);
            }
        }
    }

    fn is_logging(&self) -> bool {
        self.log.as_ref().is_some_and(|log| log.pending.is_some())
    }

    /// Generates, runs and completes a batch that has no input, if nothing else is under way and to run its jobs calls
    /// no function of the user's. Records what [`submit`](Self::submit), [`run`](Self::run) and
    /// [`finish`](Self::finish) would, and returns true.
    fn pass(&mut self, batch_time: Time, outbox: &mut Outbox) -> bool {
        if self.log.is_some() || !self.tracker.is_empty() || !self.scheduler.is_free() {
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
    /// jobs will run (`JOB-3`). A program that logs its allocations waits for the entry of this one.
    fn generate(&mut self, batch_time: Time, outbox: &mut Outbox) {
        let allocation = self.tracker.allocate(batch_time);
        let Some(log) = &mut self.log else {
            return self.submit(allocation, outbox);
        };
        let id = WriteId(log.writes);
        log.writes += 1;
        let entry = LogEntry::BatchAllocated {
            batch_time,
            blocks: allocation.block_ids(),
        };
        log.pending = Some((id, allocation));
        outbox.write(Write { id, entry });
    }

    /// Submits the batch whose log entry is durable, or whose write has failed: then without its blocks,
    /// which the next batch has (`ReceivedBlockTracker.allocateBlocksToBatch`).
    fn written(&mut self, id: WriteId, result: &Result<(), WriteError>, outbox: &mut Outbox) {
        let pending = self.log.as_mut().and_then(|log| log.pending.take());
        let (asked, mut allocation) = pending.expect("an entry is acknowledged that was asked for");
        assert_eq!(id, asked, "each entry is acknowledged once");
        if result.is_err() {
            self.tracker.withdraw(&mut allocation);
        }
        self.submit(allocation, outbox);
    }

    /// Queues the jobs of a batch.
    fn submit(&mut self, allocation: Allocation, outbox: &mut Outbox) {
        let batch_time = allocation.batch_time;
        let due = due_outputs(&self.output_slides, batch_time, self.zero_time);
        let records = allocation.records();
        if self.scheduler.submit(batch_time, records, due) {
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
        while let Some(started) = self.scheduler.start_next() {
            self.run(started, outbox);
        }
    }

    fn run(&self, started: Started, outbox: &mut Outbox) {
        let batch_time = started.job.batch_time;
        let output = started.job.output;
        if started.is_first {
            outbox.record(Event::BatchStarted { batch_time });
        }
        outbox.record(Event::OutputOperationStarted {
            batch_time,
            output,
            job: started.id,
        });
        let dataflow = Arc::clone(&self.dataflow);
        outbox.run(Job::new(started.id, move |workers| {
            dataflow.run(started.job, workers)
        }));
    }

    fn finish(&mut self, finished: Finished, outbox: &mut Outbox) {
        let ended = self.scheduler.finish(finished.id);
        let batch_time = ended.job.batch_time;
        let output = ended.job.output;
        let failure = finished.outcome.failure;
        for event in finished.outcome.events {
            outbox.record(event);
        }
        // A batch whose last job failed is never cleared: its input may be asked for again (`JOB-4`).
        if ended.is_last && failure.is_none() {
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
        if ended.is_last {
            outbox.record(Event::BatchCompleted { batch_time });
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
        let is_done =
            self.generator.next().is_none() && !self.is_logging() && self.scheduler.is_idle();
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
        // Ticks before this instant come first: if the driver wakes the engine late, a record is still in
        // the batch of its own time.
        if let Some(before) = now.as_millis().checked_sub(1) {
            self.tick(Time::from_millis(before), outbox);
        }
        match input {
            Input::Started => self.start(now, outbox),
            Input::Received { stream, record } => self.receive(now, stream, record),
            Input::Stored { stream, records } => self.store(stream, records),
            Input::Woken => self.tick(now, outbox),
            Input::JobFinished(finished) => self.finish(finished, outbox),
            Input::Written { id, result } => self.written(id, &result, outbox),
            Input::StopRequested => self.stop(),
        }
        self.stop_when_done(outbox);
    }

    fn next_wake(&self) -> Option<Time> {
        let cuts = self.receivers.iter().filter_map(Receiver::next_cut);
        let batch = self.generator.next().filter(|_| !self.is_logging());
        cuts.chain(batch).min()
    }

    fn sources(&self) -> &[StreamSource] {
        &self.sources
    }

    fn writes(&self) -> bool {
        self.log.is_some()
    }

    fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }
}
