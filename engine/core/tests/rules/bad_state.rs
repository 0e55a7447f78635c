//! Bad input to keyed state: functions that panic, long and empty keys, and more keys than there is memory for.
//! In each case the job fails with words that say where, and the state before the batch is intact.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::Stepper;
use engine::render::Notation;
use engine::{
    DStream, Event, Inline, Profile, SparkContext, State, StateSpec, StreamingContext, Text, Time,
};

mod memory;
mod panics;

type Pair = (Text, i64);

/// The pairs of one batch.
type Batch<'a> = &'a [(&'a str, i64)];

/// Panics once, at its first call with `here`.
#[derive(Clone, Debug, Default)]
struct Once(Arc<AtomicBool>);

impl Once {
    fn panic(&self, here: bool) {
        assert!(!here || self.0.swap(true, Ordering::Relaxed), "no bread");
    }
}

/// What a program printed and why its jobs failed, batch by batch.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// The rows of each batch that did not fail, sorted.
    printed: Vec<String>,
    failures: Vec<String>,
}

/// Runs `batches` batches of a program on the stream of these pairs.
fn run<const N: usize>(
    sc: &SparkContext,
    input: [Batch<'_>; N],
    batches: usize,
    operation: impl FnOnce(DStream<Pair>) -> DStream<Pair>,
) -> Outcome {
    let ssc = StreamingContext::new(sc, Duration::from_secs(1));
    let pair = |(key, value): &(&str, i64)| (Text::from(*key), *value);
    let pairs = input.map(|batch| batch.iter().map(pair).collect());
    operation(ssc.queue_stream(pairs)).print_first(1_000);
    let mut stepper = Stepper::start(ssc.build().expect("it keeps the rules"), Time::EPOCH);
    (0..batches).for_each(|_| stepper.step(&Inline));
    let mut outcome = Outcome {
        printed: Vec::new(),
        failures: Vec::new(),
    };
    for event in stepper.events() {
        match event {
            Event::Printed { rows, .. } => {
                let mut rows: Vec<String> =
                    rows.iter().map(|row| Notation::Java.text(row)).collect();
                rows.sort();
                outcome.printed.push(rows.join(" "));
            }
            Event::OutputOperationCompleted {
                failure: Some(failure),
                ..
            } => outcome.failures.push(failure.to_string()),
            _ => {}
        }
    }
    outcome
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an update that returns nothing removes the key"
)]
fn sum(values: &[i64], old: Option<i64>) -> Option<i64> {
    Some(values.iter().sum::<i64>() + old.unwrap_or(0))
}

/// The states of a mapping function that sums up, with a time-out of a second, and fails once where `is_here`
/// says so, given the key, the value and whether there is a state.
fn map_that_fails(
    pairs: &DStream<Pair>,
    once: Once,
    is_here: impl Fn(&str, Option<i64>, bool) -> bool + Send + Sync + 'static,
) -> DStream<Pair> {
    let function = move |key: &Text, value: Option<i64>, state: &mut State<'_, i64>| {
        once.panic(is_here(key, value, state.exists()));
        if let Some(value) = value {
            state.update(state.get_option().unwrap_or(&0) + value);
        }
    };
    let spec = StateSpec::function(function)
        .timeout(Duration::from_secs(1))
        .exact_timeouts();
    pairs.map_with_state(spec).state_snapshots()
}

/// Runs both operators on the same input, and compares all sums after the last batch.
#[track_caller]
fn check_both<const N: usize>(input: [Batch<'_>; N], last: Batch<'_>) {
    let row = |(key, sum): &(&str, i64)| format!("({key},{sum})");
    let mut rows: Vec<String> = last.iter().map(row).collect();
    rows.sort();
    let sc = SparkContext::local(2, "odd").with_profile(Profile::Jvm);
    let updated = run(&sc, input, N, |pairs| pairs.update_state_by_key(sum));
    let mapped = run(&sc, input, N, |pairs| {
        map_that_fails(&pairs, Once::default(), |_, _, _| false)
    });
    for outcome in [updated, mapped] {
        assert_eq!(outcome.failures, [""; 0]);
        assert!(
            outcome.printed.last() == Some(&rows.join(" ")),
            "{} rows",
            rows.len()
        );
    }
}

#[test]
fn keys_of_a_megabyte_are_keys() {
    let megabyte = "é".repeat(1 << 19);
    let other = format!("{megabyte}e");
    check_both(
        [
            &[(&megabyte, 1), (&other, 2), (&megabyte, 3)],
            &[(&megabyte, 4)],
        ],
        &[(&megabyte, 8), (&other, 2)],
    );
}

#[test]
fn the_empty_word_is_a_key_and_so_is_the_replacement_of_bytes_that_are_no_text() {
    let broken = String::from_utf8_lossy(b"\xff\xfe").into_owned();
    let broken = broken.as_str();
    check_both(
        [
            &[("", 1), (broken, 1), ("\0", 1), ("", 1)],
            &[("", 1), (broken, 1)],
        ],
        &[("", 3), (broken, 2), ("\0", 1)],
    );
}
