//! Processors with state variables and timers (`TWS-*`). Answers are those of Spark 4.3.0 to the same commands.

mod commands;

use std::time::Duration;

use engine::{Failure, Row, Text, Value};
use engine_structured::{
    DataFrame, OutputMode, Query, StateVariables, StatefulProcessor, StatefulProcessorHandle,
    TimeMode, Trigger,
};

use crate::support::{Run, check, events_of, session};
use commands::{Commands, SAID, commands, shown, text};

pub(crate) use commands::{answers, rocks_db};

fn query(answers: &DataFrame) -> Query {
    let writer = answers.write_stream().output_mode(OutputMode::Update);
    let query = writer.trigger(Trigger::ProcessingTime(Duration::from_secs(5)));
    query.console().expect("the query keeps the rules")
}

/// The answers to commands that come at these seconds.
fn said(time_mode: TimeMode, ttl: Option<Duration>, came: &[(i64, &[&str])]) -> Vec<String> {
    let lines = rocks_db()
        .with_shuffle_partitions(1)
        .read_stream()
        .memory("lines");
    let mut run = Run::start(query(&answers(&lines, time_mode, ttl)), 0);
    for (second, lines) in came {
        run.wake_until(second * 1_000 - 1);
        run.lines(second * 1_000, lines);
    }
    run.wake_until(30_000);
    rows(&run)
}

/// The rows of all batches: the number of the batch, and the values.
fn rows(run: &Run) -> Vec<String> {
    let tables = (0..).zip(run.tables());
    let rows = tables.flat_map(|(batch, rows): (usize, Vec<Row>)| {
        let rows = rows.into_iter();
        rows.map(move |row| {
            let row: Vec<String> = row.iter().map(shown).collect();
            format!("{batch}: {}", row.join(" | "))
        })
    });
    rows.collect()
}

#[test]
fn tws_1_a_processor_has_the_states_of_a_key() {
    let commands = [
        "a now", "a set x", "a get", "a clear", "a get", "a add 1", "a add 2", "a list", "a put 9",
        "a list",
    ];
    let said = said(
        TimeMode::None,
        None,
        &[(1, &commands), (6, &["b get", "a list"])],
    );
    check(
        &said,
        &[
            "0: a | now | -1 -1",
            "0: a | set x | done",
            "0: a | get | x",
            "0: a | clear | done",
            "0: a | get | nothing",
            "0: a | add 1 | done",
            "0: a | add 2 | done",
            "0: a | list | 1,2",
            "0: a | put 9 | done",
            "0: a | list | 9",
            "1: a | list | 9",
            "1: b | get | nothing",
        ],
    );
}

#[test]
fn tws_2_keys_of_a_map_and_timers_come_in_the_order_of_their_bytes() {
    let keys = "zebra b abcdefghij aa ab bb ba".split(' ');
    let mut commands: Vec<String> = keys.map(|key| format!("a map {key} 1")).collect();
    commands.push("a keys".into());
    commands.push("a unmap b".into());
    commands.push("a keys".into());
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let said_keys = said(TimeMode::None, None, &[(1, &commands)]);
    assert!(
        said_keys[7].ends_with("| b,aa,ab,ba,bb,zebra,abcdefghij"),
        "{}",
        said_keys[7]
    );
    assert!(
        said_keys[9].ends_with("| aa,ab,ba,bb,zebra,abcdefghij"),
        "{}",
        said_keys[9]
    );
    let timers = [
        "a timer 1609459210000",
        "a timer 1609459208000",
        "a timer 0",
        "a timer -5",
        "a timers",
    ];
    let timers = said(TimeMode::EventTime, None, &[(1, &timers)]);
    assert_eq!(
        timers[4],
        "0: a | timers | [0, 1609459210000, 1609459208000, -5]"
    );
}

/// A timer that is registered meanwhile waits for the next batch, whatever its time.
#[test]
fn tws_3_a_timer_fires_in_the_first_batch_of_its_time_or_later() {
    let said = said(
        TimeMode::ProcessingTime,
        None,
        &[(
            1,
            &[
                "a set 3000",
                "a timer 6000",
                "b timer 10000",
                "b timer 10001",
            ],
        )],
    );
    check(
        &said[4..],
        &[
            "1: a | expired | 6000 of [9000, 6000]",
            "1: b | expired | 10000 of [10000, 10001]",
            "2: a | expired | 9000 of [9000, 12000]",
            "2: b | expired | 10001 of [10001]",
            "3: a | expired | 12000 of [15000, 12000]",
            "4: a | expired | 15000 of [18000, 15000]",
            "5: a | expired | 18000 of [21000, 18000]",
        ],
    );
}

#[test]
fn tws_3_timers_of_one_time_fire_in_the_order_of_their_keys_bytes() {
    let keys = "a b aa ab ba bb abcdefg abcdefgh abcdefghi zz z é";
    let commands: Vec<String> = keys
        .split(' ')
        .map(|key| format!("{key} timer 8000"))
        .collect();
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let said = said(TimeMode::ProcessingTime, None, &[(1, &commands)]);
    let fired: Vec<&str> = said[12..]
        .iter()
        .filter_map(|said| said.strip_prefix("1: ")?.split(' ').next())
        .collect();
    assert_eq!(
        fired.join(" "),
        "a b z aa ab ba bb zz é abcdefg abcdefgh abcdefghi"
    );
}

#[test]
fn tws_4_a_value_is_forgotten_when_its_time_to_live_has_passed() {
    let ttl = Some(Duration::from_secs(10));
    let said = said(
        TimeMode::ProcessingTime,
        ttl,
        &[
            (1, &["a set x", "a add 1", "a map k 1"]),
            (6, &["a add 2", "a map j 3", "a get", "a list", "a keys"]),
            (11, &["a get", "a list", "a keys"]),
            (16, &["a list", "a add 3", "a list"]),
        ],
    );
    check(
        &said[5..],
        &[
            "1: a | get | x",
            "1: a | list | 1,2",
            "1: a | keys | j,k",
            "2: a | get | nothing",
            "2: a | list | 2",
            "2: a | keys | j",
            "3: a | list | ",
            "3: a | add 3 | done",
            "3: a | list | 3",
        ],
    );
}

/// By event time: a timer at the watermark has expired, and late rows are dropped.
#[test]
fn tws_5_timers_of_event_time_fire_by_the_watermark() {
    let lines = rocks_db()
        .with_shuffle_partitions(1)
        .read_stream()
        .memory("lines");
    let timed = events_of(&lines).with_watermark("time", Duration::from_secs(10));
    let answers =
        timed
            .group_by("word")
            .transform_with_state(SAID, TimeMode::EventTime, TimerAtTime);
    let mut run = Run::start(query(&answers), 0);
    for (second, lines) in [(1, "10 a"), (6, "25 b"), (11, "4 c"), (16, "15 d")] {
        run.wake_until(second * 1_000 - 1);
        run.line(second * 1_000, lines);
    }
    run.wake_until(30_000);
    check(
        &rows(&run),
        &[
            "0: a | 10 | at 0",
            "1: b | 25 | at 0",
            "2: c | 4 | at 15000",
            "2: c | expired | 4000",
            "2: a | expired | 10000",
        ],
    );
}

/// Registers a timer at the time of each row.
struct TimerAtTime;

impl StatefulProcessor for TimerAtTime {
    fn init(&self, _: &mut StateVariables) -> Result<(), Failure> {
        Ok(())
    }

    fn handle_input_rows(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        let watermark = handle.times().watermark_ms;
        let seconds: Vec<i64> = rows
            .iter()
            .map(|row| crate::support::seconds(&row[0]))
            .collect();
        for second in &seconds {
            handle.register_timer(second * 1_000)?;
        }
        let said = |second: &i64| {
            let said = Value::String(Text::from(format!("at {watermark}")));
            vec![key[0].clone(), text(&second.to_string()), said]
        };
        Ok(seconds.iter().map(said).collect())
    }

    fn handle_expired_timer(
        &self,
        key: &[Value],
        expiry_ms: i64,
        _: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        Ok(vec![vec![
            key[0].clone(),
            text("expired"),
            text(&expiry_ms.to_string()),
        ]])
    }
}

#[track_caller]
fn check_failure(time_mode: TimeMode, ttl: Option<Duration>, command: &str, reason: &str) {
    let lines = rocks_db().read_stream().memory("lines");
    let mut run = Run::start(query(&answers(&lines, time_mode, ttl)), 0);
    run.line(1_000, command);
    run.wake_until(10_000);
    let failed = run.progress().join("\n");
    assert!(failed.contains(reason), "{failed}");
    assert!(run.is_stopped());
}

#[test]
fn tws_6_misuse_fails_the_micro_batch_with_the_class_of_spark() {
    let second = Some(Duration::from_secs(1));
    let zero = Some(Duration::ZERO);
    let no_time = "STATEFUL_PROCESSOR_CANNOT_PERFORM_OPERATION_WITH_INVALID_TIME_MODE";
    check_failure(TimeMode::None, None, "a timer 5", no_time);
    check_failure(TimeMode::None, None, "a timers", no_time);
    check_failure(
        TimeMode::EventTime,
        second,
        "a now",
        "Cannot use TTL for state=value in timeMode=EventTime, use TimeMode.ProcessingTime() instead.",
    );
    check_failure(
        TimeMode::ProcessingTime,
        zero,
        "a now",
        "STATEFUL_PROCESSOR_TTL_DURATION_MUST_BE_POSITIVE",
    );
    let other = session(1).read_stream().memory("lines");
    let mut run = Run::start(query(&answers(&other, TimeMode::None, None)), 0);
    run.line(1_000, "a now");
    run.wake_until(10_000);
    let failed = run.progress().join("\n");
    assert!(
        failed.contains("UNSUPPORTED_FEATURE.STORE_BACKEND_NOT_SUPPORTED_FOR_TWS"),
        "{failed}"
    );
    check_failure(
        TimeMode::None,
        None,
        "a put",
        "ILLEGAL_STATE_STORE_VALUE.EMPTY_LIST_VALUE",
    );
}

#[test]
fn tws_7_initial_states_are_taken_in_before_the_first_rows() {
    let spark = rocks_db().with_shuffle_partitions(1);
    let lines = spark.read_stream().memory("lines");
    let known =
        spark.sql("SELECT col1 AS key, col2 AS v FROM VALUES ('a', 'x'), ('b', 'y'), ('a', 'z')");
    let known = known.group_by("key");
    let groups = commands(&lines).group_by("key").with_initial_state(&known);
    let none = TimeMode::None;
    let answers = groups.transform_with_state(SAID, none, Commands { ttl: None });
    let mut run = Run::start(query(&answers), 0);
    run.lines(1_000, &["a list"]);
    run.wake_until(5_000);
    run.lines(6_000, &["a list", "b list", "c list"]);
    run.wake_until(10_000);
    check(
        &rows(&run),
        &[
            "0: a | list | x,z",
            "1: a | list | x,z",
            "1: b | list | y",
            "1: c | list | ",
        ],
    );
}
