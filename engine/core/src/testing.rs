//! Stream operators under test: batches in, batches out, no clock (Spark's `TestSuiteBase`).

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lock::lock;
use crate::{
    BuildError, DStream, Data, Event, Host, Inline, Job, Journal, Save, SparkContext, Stepper,
    StreamingContext, Time, Workers, Write,
};

/// Runs `operation` on a stream of these batches, one a second, and compares the result batch by
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
/// Panics with both sides if they differ, with its failure if a batch fails, and if the program cannot
/// be built.
#[track_caller]
pub fn test_operation<T: Data, U: Data + PartialEq + Debug>(
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    expected: impl IntoIterator<Item = Vec<U>>,
) {
    test_operation_on(&one_core(), input, operation, expected);
}

/// As [`test_operation`], on this cluster.
///
/// # Panics
///
/// As [`test_operation`].
#[track_caller]
pub fn test_operation_on<T: Data, U: Data + PartialEq + Debug>(
    cluster: &SparkContext,
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    expected: impl IntoIterator<Item = Vec<U>>,
) {
    let expected: Vec<Vec<U>> = expected.into_iter().collect();
    let output = run_operation_on(cluster, input, operation, expected.len())
        .expect("the program keeps the rules");
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
///
/// # Panics
///
/// Panics with its failure if a batch fails.
pub fn run_operation<T: Data, U: Data>(
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    batches: usize,
) -> Result<Vec<Vec<U>>, BuildError> {
    run_operation_on(&one_core(), input, operation, batches)
}

fn one_core() -> SparkContext {
    SparkContext::local(1, "test")
}

fn run_operation_on<T: Data, U: Data>(
    cluster: &SparkContext,
    input: impl IntoIterator<Item = Vec<T>>,
    operation: impl FnOnce(DStream<T>) -> DStream<U>,
    batches: usize,
) -> Result<Vec<Vec<U>>, BuildError> {
    let ssc = StreamingContext::new(cluster, Duration::from_secs(1));
    let output = Arc::new(Mutex::new(Vec::new()));
    let collected = Arc::clone(&output);
    operation(ssc.queue_stream(input)).foreach_rdd(move |batch, _| {
        lock(&collected).push(batch.collect()?);
        Ok(())
    });
    let mut stepper = Stepper::start(ssc.build()?, Time::EPOCH);
    while lock(&output).len() < batches {
        stepper.step(&Inline);
        if let Some(failure) = stepper.failure() {
            panic!("{failure}");
        }
    }
    let mut output = lock(&output);
    Ok(std::mem::take(&mut *output))
}

/// Surroundings that do nothing by themselves: jobs end and writes are acknowledged when a test hands that
/// in.
///
/// ```
/// use engine::testing::Held;
/// use engine::{Engine, Input, Outbox, SparkContext, StreamingContext, Time, drive};
/// use std::time::Duration;
///
/// let ssc = StreamingContext::new(&SparkContext::local(1, "held"), Duration::from_secs(1));
/// ssc.queue_stream([vec![1]]).print();
/// let mut engine = Engine::new(ssc.build()?);
/// let mut held = Held::default();
/// for (now, input) in [(0, Input::Started), (1_000, Input::Woken)] {
///     drive(&mut engine, Time::from_millis(now), input, &mut Outbox::new(), &mut held);
/// }
/// assert_eq!(held.jobs.len(), 1);
/// # Ok::<(), engine::BuildError>(())
/// ```
#[derive(Debug, Default)]
pub struct Held {
    /// Jobs that were asked for and have not ended, oldest first.
    pub jobs: Vec<Job>,
    /// Writes that were asked for and are not acknowledged, oldest first.
    pub writes: Vec<Write>,
    /// Results that were to be saved and are not acknowledged, oldest first.
    pub saves: Vec<Save>,
    /// All events.
    pub journal: Journal,
}

impl Host for Held {
    fn run(&mut self, _: Time, job: Job) {
        self.jobs.push(job);
    }

    fn write(&mut self, _: Time, write: Write) {
        self.writes.push(write);
    }

    fn save(&mut self, _: Time, save: Save) {
        self.saves.push(save);
    }

    fn record(&mut self, now: Time, event: Event) {
        self.journal.push(now, event);
    }
}

/// This number of workers, each a thread that is started for the stage and takes the next task.
///
/// ```
/// use engine::testing::ScopedThreads;
/// assert_eq!(engine::gather(&ScopedThreads(2), 3, |index| index * 10), [0, 10, 20]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ScopedThreads(pub usize);

impl Workers for ScopedThreads {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test that threads make no difference drives the core from outside"
    )]
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.0.min(count) {
                scope.spawn(|| {
                    std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed))
                        .take_while(|index| *index < count)
                        .for_each(task);
                });
            }
        });
    }
}
