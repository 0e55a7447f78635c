//! Stream operators under test: batches in, batches out, no clock (Spark's `TestSuiteBase`).

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::lock::lock;
use crate::{BuildError, DStream, Data, Inline, SparkContext, Stepper, StreamingContext, Time};

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
