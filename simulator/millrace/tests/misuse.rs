//! Bad arguments, and user code that panics where one does not look for it: an error or a failure, never a panic.

use std::error::Error;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use millrace::engine::{DataType, Trigger};
use millrace::structured::functions::{col, timestamp_seconds};
use millrace::structured::{OutputMode, Query, SparkSession};
use millrace::{
    DStream, Key, Profile, Record, ReplayError, SparkContext, StreamingContext, Text, Time,
    Timeline, UpdateSpec, Value, replay, replay_on, replay_query,
};

type TestResult = Result<(), Box<dyn Error>>;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn print_lines(ssc: &StreamingContext) {
    ssc.receiver_stream("lines").print();
}

/// A query that shows each line, when this trigger fires.
fn query(trigger: Trigger) -> Query {
    let lines = SparkSession::local(2, "misuse")
        .read_stream()
        .memory("lines");
    let lines = lines.write_stream().trigger(trigger);
    let query = lines.output_mode(OutputMode::Append).console();
    query.expect("Spark starts such a query")
}

/// The errors of a program and of a query on a timeline.
fn errors(timeline: &Timeline) -> [Option<String>; 2] {
    let text = |error: ReplayError| error.to_string();
    [
        replay(timeline, print_lines).err().map(text),
        replay_query(timeline, query(Trigger::Default))
            .err()
            .map(text),
    ]
}

#[track_caller]
fn check_refused(timeline: &Timeline, expected: &str) {
    let expected = Some(expected.to_owned());
    assert_eq!(errors(timeline), [expected.clone(), expected]);
}

#[test]
fn an_interval_is_whole_milliseconds_that_a_clock_can_count() {
    for interval in [Duration::ZERO, Duration::from_micros(1_500), Duration::MAX] {
        check_refused(
            &Timeline::new().interval(interval),
            &format!(
                "the batch interval must be a whole number of milliseconds, at least 1, not {interval:?}"
            ),
        );
    }
}

#[test]
fn a_timeline_is_within_the_calendar() {
    let far = millis(i64::MAX.unsigned_abs() - 1);
    let at = |what: &str, at: Duration| {
        format!(
            "{what} {at:?} after the start, beyond the calendar: a run is between the years -9996 and 9996"
        )
    };
    for far in [far, Duration::MAX] {
        check_refused(
            &Timeline::new().lines(seconds(1), ["a"]).lines(far, ["b"]),
            &at("lines come", far),
        );
        check_refused(&Timeline::new().stop(far), &at("the run stops", far));
    }
    for start in [i64::MIN, i64::MIN + 500, i64::MAX, i64::MAX - 1_500] {
        check_refused(
            &Timeline::new()
                .start(Time::from_millis(start))
                .lines(seconds(1), ["a"]),
            &format!(
                "the timeline starts at {start} ms, beyond the calendar: a run is between the years -9996 and 9996"
            ),
        );
    }
}

#[test]
fn a_stop_that_loses_lines_is_refused() {
    let lines = Timeline::new()
        .lines(seconds(1), ["a"])
        .lines(millis(2_500), ["b"]);
    let lost = "the run stops 2s after its start, and the lines at 2.5s are lost: stop at 3s or later, or leave the \
                stop out";
    assert_eq!(
        errors(&lines.clone().stop(seconds(2)))[0].as_deref(),
        Some(lost)
    );
    let lost = "the run stops 2.7s after its start, and the lines at 2.5s are lost: stop at 3s or later, or leave \
                the stop out";
    assert_eq!(
        errors(&lines.clone().stop(millis(2_700)))[0].as_deref(),
        Some(lost)
    );
    // A query takes lines when they come.
    assert_eq!(errors(&lines.clone().stop(millis(2_700)))[1], None);
    let lost = "the run stops 2s after its start, and the lines at 2.5s are lost: stop at 2.5s or later, or leave \
                the stop out";
    assert_eq!(
        errors(&lines.clone().stop(seconds(2)))[1].as_deref(),
        Some(lost)
    );
    assert_eq!(errors(&lines.clone().stop(seconds(3))), [None, None]);
    assert_eq!(errors(&lines), [None, None]);
}

#[test]
fn a_run_without_a_stop_goes_on_until_the_trigger_has_taken_the_last_line() -> TestResult {
    let timeline = Timeline::new().lines(millis(1_500), ["late"]);
    let every_5_seconds = || query(Trigger::ProcessingTime(seconds(5)));
    let text = replay_query(&timeline, every_5_seconds())?.text;
    assert!(text.contains("late|"), "{text}");
    let lost = replay_query(&timeline.stop(seconds(4)), every_5_seconds());
    let lost = lost
        .expect_err("the trigger fires after the stop")
        .to_string();
    assert!(lost.contains("are lost: stop at 5s or later"), "{lost}");
    Ok(())
}

#[test]
fn a_program_of_two_contexts_is_refused() {
    let other = StreamingContext::new(&SparkContext::local(2, "other"), seconds(1));
    let refused = replay(&Timeline::new(), |ssc| {
        let lines: DStream<Text> = ssc.receiver_stream("lines");
        lines.union(&other.receiver_stream("lines")).print();
    });
    let refused = refused
        .expect_err("the streams are of two contexts")
        .to_string();
    assert!(
        refused.starts_with("`union` is given a stream of another"),
        "{refused}"
    );
}

/// Checks that the text of a replay is that of a batch at one second, which failed in this operator for this reason.
#[track_caller]
fn check_failed(text: &str, operator: &str, reason: &str) {
    let head = format!("failed: {operator}, batch at 1970-01-01 00:00:01");
    assert!(text.starts_with(&head), "{text}");
    assert!(text.ends_with(&format!(": {reason}\n")), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

/// A key that has no hash.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hashless(i64);

impl Hash for Hashless {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert!(self.0 != 1, "no hash");
        self.0.hash(state);
    }
}

impl Key for Hashless {
    fn spark_hash(&self, _: Profile) -> i64 {
        assert!(self.0 != 2, "no hash");
        self.0
    }

    fn heap_bytes(&self) -> usize {
        assert!(self.0 != 3, "no hash");
        0
    }
}

#[test]
fn an_initial_state_that_cannot_be_hashed_fails_the_batch() -> TestResult {
    for bad in [1, 2, 3] {
        let result = replay(&Timeline::new().stop(seconds(1)), |ssc| {
            let pairs = ssc.queue_stream([vec![(Hashless(0), 1)]]);
            let spec = UpdateSpec::function(|_: &[i64], old: Option<i64>| old);
            let initial = vec![(Hashless(0), 1), (Hashless(bad), 2)];
            let states = pairs.update_state_by_key_with(spec.initial_state(initial));
            states.map(|(key, state)| (key.0, state)).print();
        })?;
        check_failed(&result.text, "update_state_by_key", "no hash");
    }
    Ok(())
}

#[test]
fn a_failure_of_several_lines_is_one_entry() -> TestResult {
    let timeline = Timeline::new()
        .lines(seconds(1), ["a"])
        .lines(seconds(2), ["b"]);
    let result = replay(&timeline, |ssc| {
        let lines = ssc.receiver_stream("lines");
        let only_b = |line: Text| {
            assert_eq!(line, "b");
            line
        };
        lines.map(only_b).print();
    })?;
    let mut lines = result.text.lines();
    let first = lines.next().unwrap_or_default();
    assert!(first.starts_with("failed: map, batch at "), "{first}");
    assert!(
        first.ends_with(": assertion `left == right` failed"),
        "{first}"
    );
    assert_eq!(lines.next(), Some("    left: \"a\""));
    assert_eq!(lines.next(), Some("   right: \"b\""));
    assert!(lines.next().is_some_and(|line| line.starts_with("-----")));
    Ok(())
}

#[test]
fn an_overflow_of_a_query_names_the_function_and_the_batch() -> TestResult {
    let lines = SparkSession::local(2, "misuse")
        .read_stream()
        .memory("lines");
    let seconds_of = timestamp_seconds(col("value").cast(DataType::Long));
    let times = lines.select([seconds_of.alias("time")]).write_stream();
    let times = times.output_mode(OutputMode::Append).console()?;
    let timeline = Timeline::new().lines(seconds(1), ["9223372036854775807"]);
    assert_eq!(
        replay_query(&timeline, times)?.text,
        "failed: timestamp_seconds, batch 0: long overflow\n"
    );
    Ok(())
}

/// A record that becomes a value with this number of levels.
#[derive(Clone)]
struct Nested(usize);

impl Record for Nested {
    fn to_value(&self) -> Value {
        (1..self.0).fold(Value::Null, |inner, _| Value::Array(vec![inner].into()))
    }
}

#[test]
fn a_value_that_is_nested_too_deeply_fails_the_batch() -> TestResult {
    let result = replay(&Timeline::new(), |ssc| {
        ssc.queue_stream([vec![Nested(10_000)]]).print();
    })?;
    let reason = "a value is nested more than 128 levels deep";
    check_failed(&result.text, "print", reason);
    Ok(())
}

/// The deepest value there is, as a key and as a row, on a quarter of the stack of a test.
#[test]
fn the_deepest_value_takes_a_part_of_the_stack() {
    let on_small_stack = || {
        let timeline = Timeline::new().stop(seconds(2));
        let deepest = Nested(126).to_value();
        for profile in [Profile::Jvm, Profile::Pyspark] {
            let sc = SparkContext::local(2, "deep").with_profile(profile);
            let key = match profile {
                Profile::Jvm => deepest.clone(),
                // A list has no hash in Python.
                _ => (1..126).fold(Value::Null, |inner, _| Value::Tuple(vec![inner].into())),
            };
            let result = replay_on(&sc, &timeline, |ssc| {
                let pairs = ssc.queue_stream([vec![(key.clone(), 1), (key.clone(), 2)]]);
                let sums = pairs.reduce_by_key(|x, y| x + y);
                sums.update_state_by_key(|new, old: Option<i32>| new.first().copied().or(old))
                    .print();
            });
            let result = result.expect("the program keeps the rules");
            assert_eq!(result.failures, []);
            let last = result.text.lines().rev().find(|line| !line.is_empty());
            assert!(
                last.is_some_and(|line| line.ends_with("3)")),
                "{}",
                result.text
            );
        }
    };
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let thread = small.spawn(on_small_stack).expect("a thread is started");
    thread.join().expect("the stack is large enough");
}
