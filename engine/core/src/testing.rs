//! Stream operators under test: batches in, batches out, no clock (Spark's `TestSuiteBase`).

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::{
    Block, BuildError, DStream, Data, Effect, Engine, Event, Inline, Input, Machine, Outbox,
    Program, SparkContext, StreamId, StreamingContext, Text, Time, Workers,
};

/// Runs `operation` on a stream of these batches, one a second, and compares what comes out batch by
/// batch, rows in order (`testOperation`).
///
/// Runs as many intervals as it takes for `expected`, so that what comes after the last input batch
/// can be tested by expecting more.
///
/// ```
/// use engine::testing::test_operation;
/// test_operation([vec![1], vec![2]], |numbers| numbers.map(|n| n + 1), [vec![2], vec![3], vec![]]);
/// ```
///
/// # Panics
///
/// Panics with both sides if they differ, and if the program cannot be built.
#[track_caller]
pub fn test_operation<T: Data, U: Data + PartialEq + Debug>(
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    expected: impl IntoIterator<Item = Vec<U>>,
) {
    let expected: Vec<Vec<U>> = expected.into_iter().collect();
    let output =
        run_operation(input, operation, expected.len()).expect("the program keeps the rules");
    assert_eq!(
        output, expected,
        "the output (left) differs from what was expected (right), batch by batch"
    );
}

/// The first `batches` batches of `operation` on a stream of these batches, one a second, on a
/// cluster of one core.
///
/// # Errors
///
/// The rule that the program breaks.
pub fn run_operation<T: Data, U: Data>(
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    batches: usize,
) -> Result<Vec<Vec<U>>, BuildError> {
    let ssc = StreamingContext::new(&SparkContext::local(1, "test"), Duration::from_secs(1));
    let output = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&output);
    operation(ssc.queue_stream(input)).foreach_rdd(move |batch, _| {
        sink.lock()
            .expect("one job runs at a time")
            .push(batch.collect());
    });
    let mut stepper = Stepper::new(ssc.build()?, Time::EPOCH);
    while output.lock().expect("no job is running").len() < batches {
        stepper.step(&Inline);
        if let Some(failure) = stepper.failure() {
            panic!("{failure}");
        }
    }
    let mut output = output.lock().expect("no job is running");
    Ok(std::mem::take(&mut *output))
}

/// A program stepped by hand, from one batch to the next, where every job ends as soon as it starts.
#[derive(Debug)]
pub struct Stepper {
    engine: Engine,
    events: Vec<Event>,
}

impl Stepper {
    /// A program that has been started at `now`.
    pub fn new(program: Program, now: Time) -> Stepper {
        let mut stepper = Stepper {
            engine: Engine::new(program),
            events: Vec::new(),
        };
        stepper.handle(now, Input::Started, &Inline);
        stepper
    }

    /// Hands in something that happens at `now`, and runs the jobs that follow from it.
    pub fn handle(&mut self, now: Time, input: Input, workers: &dyn Workers) {
        let mut outbox = Outbox::new();
        self.engine.handle(now, input, &mut outbox);
        loop {
            let mut finished = Vec::new();
            for effect in outbox.drain() {
                match effect {
                    Effect::Run(job) => finished.push(job.run(workers)),
                    Effect::Tell(event) => self.events.push(event),
                }
            }
            if finished.is_empty() {
                return;
            }
            for job in finished {
                self.engine
                    .handle(now, Input::JobFinished(job), &mut outbox);
            }
        }
    }

    /// Has the first stream receive these blocks at `now`, when a batch ends, and runs that batch.
    pub fn batch(
        &mut self,
        now: Time,
        blocks: impl IntoIterator<Item = Block>,
        workers: &dyn Workers,
    ) {
        for block in blocks {
            let stream = StreamId(0);
            self.handle(now, Input::Stored { stream, block }, workers);
        }
        self.handle(now, Input::Woken, workers);
    }

    /// Goes to the time at which the engine next wants to be woken, and wakes it.
    pub fn step(&mut self, workers: &dyn Workers) {
        if let Some(time) = self.engine.next_wake() {
            self.handle(time, Input::Woken, workers);
        }
    }

    /// What the program has told so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Why the first job that failed did.
    pub fn failure(&self) -> Option<&str> {
        let mut failures = self.events.iter().filter_map(Event::failure);
        failures.next().map(Text::as_str)
    }
}
