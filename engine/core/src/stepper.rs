//! Machines stepped by hand, without a clock.

use std::collections::VecDeque;

use crate::{
    Engine, Event, Failure, Host, Input, Job, Journal, Machine, Outbox, Program, Records, Save,
    SaveOutcome, StreamId, Time, Workers, Write, drive,
};

/// A machine stepped by hand: every job ends, every write is durable and all results are saved at the instant at
/// which that is asked for.
///
/// ```
/// use std::time::Duration;
/// use engine::{Inline, SparkContext, Stepper, StreamingContext, Time};
///
/// let ssc = StreamingContext::new(&SparkContext::local(2, "numbers"), Duration::from_secs(1));
/// ssc.queue_stream([vec![1, 2]]).print();
/// let mut stepper = Stepper::start(ssc.build()?, Time::EPOCH);
/// stepper.step(&Inline);
/// assert!(stepper.failure().is_none());
/// # Ok::<(), engine::BuildError>(())
/// ```
#[derive(Debug)]
pub struct Stepper<M = Engine> {
    machine: M,
    outbox: Outbox,
    /// Inputs that follow from what the machine asked for; empty between two of its caller.
    replies: VecDeque<Input>,
    journal: Journal,
}

/// The surroundings of a stepped machine.
struct Immediate<'a> {
    workers: &'a dyn Workers,
    replies: &'a mut VecDeque<Input>,
    journal: &'a mut Journal,
}

impl Host for Immediate<'_> {
    fn run(&mut self, _: Time, job: Job) {
        let finished = job.run(self.workers);
        self.replies.push_back(Input::JobFinished(finished));
    }

    fn write(&mut self, _: Time, write: Write) {
        self.replies.push_back(Input::Written {
            id: write.id,
            result: Ok(()),
        });
    }

    fn save(&mut self, _: Time, save: Save) {
        self.replies.push_back(Input::Saved {
            id: save.id,
            result: Ok(SaveOutcome::Done),
        });
    }

    fn record(&mut self, now: Time, event: Event) {
        self.journal.push(now, event);
    }

    fn ends_jobs_at_once(&self) -> bool {
        self.replies.is_empty()
    }
}

impl Stepper<Engine> {
    /// A program of streams that has been started at `now`.
    pub fn start(program: Program, now: Time) -> Stepper<Engine> {
        Stepper::new(Engine::new(program), now)
    }
}

impl<M: Machine> Stepper<M> {
    /// A machine that has been started at `now`.
    pub fn new(machine: M, now: Time) -> Stepper<M> {
        let mut stepper = Stepper {
            machine,
            outbox: Outbox::new(),
            replies: VecDeque::new(),
            journal: Journal::new(),
        };
        stepper.handle(now, Input::Started, &crate::Inline);
        stepper
    }

    /// Hands in an input at `now`, and all that follows from it.
    pub fn handle(&mut self, now: Time, input: Input, workers: &dyn Workers) {
        let mut next = Some(input);
        while let Some(input) = next {
            let mut host = Immediate {
                workers,
                replies: &mut self.replies,
                journal: &mut self.journal,
            };
            drive(&mut self.machine, now, input, &mut self.outbox, &mut host);
            next = self.replies.pop_front();
        }
    }

    /// Hands these records to the first stream at `now`, when a batch ends, and runs that batch. Each
    /// item is a block.
    pub fn batch(
        &mut self,
        now: Time,
        blocks: impl IntoIterator<Item = Records>,
        workers: &dyn Workers,
    ) {
        let stream = StreamId(0);
        for records in blocks {
            self.handle(now, Input::Stored { stream, records }, workers);
        }
        self.handle(now, Input::Woken, workers);
    }

    /// Goes to the time at which the machine next wants to be woken, and wakes it.
    pub fn step(&mut self, workers: &dyn Workers) {
        if let Some(time) = self.machine.next_wake() {
            self.handle(time, Input::Woken, workers);
        }
    }

    /// The events so far.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.journal.entries().iter().map(|entry| &entry.event)
    }

    /// Takes the events so far out, so that a long run need not keep them.
    pub fn take_journal(&mut self) -> Journal {
        std::mem::take(&mut self.journal)
    }

    /// The first failure among the events.
    pub fn failure(&self) -> Option<&Failure> {
        self.events().find_map(Event::failure)
    }

    /// The machine.
    pub fn machine(&self) -> &M {
        &self.machine
    }
}
