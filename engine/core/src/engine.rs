//! The DStream engine: it routes, the rooms below decide.

use crate::dstream::{Dataflow, Program};
use crate::event::OutputId;
use crate::input::{Block, StreamId};
use crate::receive::{Allocation, Receiver, Tracker};
use crate::schedule::{Generator, Scheduler};
use crate::{Event, Finished, Grid, Input, Job, Machine, Outbox, StreamSource, Text, Time};

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
    /// Allocations that no job has taken along yet.
    allocated: Vec<Allocation>,
    /// The graph and its state; `None` while a job has it.
    dataflow: Option<Box<Dataflow>>,
    life: Life,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    New,
    Running,
    Stopping,
    Stopped,
}

impl Engine {
    /// An engine for this program, to be started by [`Input::Started`].
    pub fn new(program: Program) -> Engine {
        Engine {
            sources: program.sources().to_vec(),
            receivers: program.receivers().map(Receiver::new).collect(),
            tracker: Tracker::default(),
            generator: Generator::new(program.batch_grid()),
            scheduler: Scheduler::default(),
            zero_time: Time::EPOCH,
            output_slides: program.output_slides(),
            allocated: Vec::new(),
            dataflow: Some(program.into_dataflow()),
            life: Life::New,
        }
    }

    fn start(&mut self, now: Time, outbox: &mut Outbox) {
        assert_eq!(self.life, Life::New, "a program starts once");
        self.life = Life::Running;
        self.zero_time = self.generator.start(now);
        if let Some(dataflow) = &mut self.dataflow {
            dataflow.start(self.zero_time);
        }
        outbox.tell(Event::StreamingStarted {
            zero_time: self.zero_time,
        });
    }

    fn receive(&mut self, now: Time, stream: StreamId, record: Text) {
        if self.life == Life::Running {
            self.receivers[stream.0].store(now, record);
        }
    }

    fn store(&mut self, stream: StreamId, block: Block) {
        if self.life == Life::Running && !block.is_empty() {
            self.tracker.add(stream, block);
        }
    }

    fn stop(&mut self) {
        if self.life == Life::Running {
            self.life = Life::Stopping;
            self.cut(|_| true);
            self.generator.stop_after_next();
        }
    }

    /// Does all that is due at or before `now`, in the order of time: at one instant blocks are cut
    /// before the batch takes them.
    fn tick(&mut self, now: Time, outbox: &mut Outbox) {
        while let Some(batch_time) = self.generator.take_due(now) {
            self.cut(|cut| cut <= batch_time);
            self.generate(batch_time, outbox);
        }
        self.cut(|cut| cut <= now);
    }

    fn cut(&mut self, is_due: impl Fn(Time) -> bool) {
        for (index, receiver) in self.receivers.iter_mut().enumerate() {
            if receiver.next_cut().is_some_and(&is_due)
                && let Some(block) = receiver.cut()
            {
                self.tracker.add(StreamId(index), block);
            }
        }
    }

    /// Generates the batch that ends at `batch_time` (`GEN-2`): its input is fixed now, whenever its
    /// jobs will run (`JOB-3`).
    fn generate(&mut self, batch_time: Time, outbox: &mut Outbox) {
        let allocation = self.tracker.allocate(batch_time);
        let records = allocation.records();
        self.allocated.push(allocation);
        let zero_time = self.zero_time;
        let outputs = (0..).zip(&self.output_slides);
        let due = outputs.filter(|(_, slide)| slide.holds(batch_time, zero_time));
        if self
            .scheduler
            .submit(batch_time, due.map(|(index, _)| OutputId(index)))
        {
            outbox.tell(Event::BatchSubmitted {
                batch_time,
                records,
            });
        }
        self.run_next(outbox);
    }

    fn run_next(&mut self, outbox: &mut Outbox) {
        let Some(job) = self.scheduler.start_next() else {
            return;
        };
        let dataflow = self.dataflow.take();
        let mut dataflow = dataflow.expect("the dataflow is here whenever no job is running");
        dataflow.prepare(job.batch_time, job.output, &mut self.allocated);
        if job.first {
            outbox.tell(Event::BatchStarted {
                batch_time: job.batch_time,
            });
        }
        let (batch_time, output) = (job.batch_time, job.output);
        outbox.tell(Event::OutputOperationStarted { batch_time, output });
        outbox.run(Job::new(dataflow));
    }

    fn finish(&mut self, finished: Finished, outbox: &mut Outbox) {
        let job = self
            .scheduler
            .finish()
            .expect("a job ends that was running");
        let (mut dataflow, outcome) = finished.into_parts::<Dataflow>();
        let (events, failure) = match outcome {
            Ok(events) => (events, None),
            Err(reason) => (Vec::new(), Some(reason)),
        };
        // A batch whose last job failed is never cleared: its input may be asked for again (`JOB-4`).
        if job.last && failure.is_none() {
            dataflow.forget(job.batch_time);
        }
        let (batch_time, output) = (job.batch_time, job.output);
        if let Some(counters) = dataflow.take_counters() {
            outbox.tell(Event::StateUpdated {
                batch_time,
                output,
                counters,
            });
        }
        self.dataflow = Some(dataflow);
        for event in events {
            outbox.tell(event);
        }
        outbox.tell(Event::OutputOperationCompleted {
            batch_time,
            output,
            failure,
        });
        if job.last {
            outbox.tell(Event::BatchCompleted { batch_time });
        }
        self.run_next(outbox);
    }

    fn settle(&mut self, outbox: &mut Outbox) {
        let done = self.generator.next().is_none() && self.scheduler.is_idle();
        if self.life == Life::Stopping && done {
            self.life = Life::Stopped;
            outbox.tell(Event::Stopped);
        }
    }
}

impl Machine for Engine {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        // What was due before this instant comes first, so that a driver which wakes the engine late
        // never puts a record into an earlier batch than its time says.
        if let Some(before) = now.as_millis().checked_sub(1) {
            self.tick(Time::from_millis(before), outbox);
        }
        match input {
            Input::Started => self.start(now, outbox),
            Input::Received { stream, record } => self.receive(now, stream, record),
            Input::Stored { stream, block } => self.store(stream, block),
            Input::Woken => self.tick(now, outbox),
            Input::JobFinished(finished) => self.finish(finished, outbox),
            Input::StopRequested => self.stop(),
        }
        self.settle(outbox);
    }

    fn next_wake(&self) -> Option<Time> {
        let cuts = self.receivers.iter().filter_map(Receiver::next_cut);
        cuts.chain(self.generator.next()).min()
    }

    fn sources(&self) -> &[StreamSource] {
        &self.sources
    }

    fn is_stopped(&self) -> bool {
        self.life == Life::Stopped
    }
}
