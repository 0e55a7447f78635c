//! The DStream engine: it routes inputs, the rooms below decide.

mod batches;
mod durable;
mod lost_blocks;
mod received;
mod recover;
mod saving;
mod written;

use std::collections::VecDeque;
use std::sync::Arc;

use self::durable::Durable;
use self::recover::Recovered;
use self::saving::Saves;

use crate::dstream::{Dataflow, Program};
use crate::receive::{RateController, Receiver, Tracker};
use crate::schedule::{Generator, Scheduler};
use crate::{
    BlockId, BlockManager, Event, Grid, Input, Machine, Outbox, StreamId, StreamSource, Time,
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

    fn is_logging(&self) -> bool {
        self.durable.as_ref().is_some_and(Durable::is_logging)
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
