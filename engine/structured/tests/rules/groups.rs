//! Groups with states: the function's calls, time-outs, and what Spark refuses (`FGS-*`).

use std::time::Duration;

use engine::{DataType, Failure, Row, Value};
use engine_structured::functions::col;
use engine_structured::{DataFrame, GroupState, GroupStateTimeout, OutputMode, Query, Trigger};

use crate::support::{Run, check, events, seconds, session, words};

const COUNT: &[(&str, DataType)] = &[("count", DataType::Long)];
const WORD_COUNT: &[(&str, DataType)] = &[("word", DataType::String), ("count", DataType::Long)];

fn count_in(state: &GroupState) -> i64 {
    match state.get() {
        Some([Value::Long(count)]) => *count,
        _ => 0,
    }
}

fn counted(key: &[Value], count: i64) -> Vec<Row> {
    vec![vec![key[0].clone(), Value::Long(count)]]
}

fn query(table: &DataFrame, trigger: Trigger) -> Query {
    let writer = table.write_stream().output_mode(OutputMode::Update);
    let query = writer.trigger(trigger).console();
    query.expect("the query keeps the rules")
}

/// The tables that have rows.
fn with_rows(run: &Run) -> Vec<String> {
    let shown = run.shown().into_iter();
    shown.filter(|it| !it.ends_with(": ")).collect()
}

/// The words, each with its running count; -1 when its state has timed out.
fn running_counts(
    words: &DataFrame,
    timeout: GroupStateTimeout,
    set: impl Fn(&[Row], &mut GroupState) -> Result<(), Failure> + Send + Sync + 'static,
) -> DataFrame {
    words.group_by("word").flat_map_groups_with_state(
        WORD_COUNT,
        COUNT,
        OutputMode::Update,
        timeout,
        move |key, rows, state| {
            if timeout != GroupStateTimeout::None && state.has_timed_out()? {
                assert!(rows.is_empty(), "a state times out without rows");
                state.remove();
                return Ok(counted(key, -1));
            }
            let count = count_in(state) + rows.len() as i64;
            state.update(vec![Value::Long(count)]);
            set(&rows, state)?;
            Ok(counted(key, count))
        },
    )
}

/// Spark's own test "flatMapGroupsWithState - streaming".
#[test]
fn fgs_1_the_function_has_all_rows_of_a_key_and_its_state() {
    let counts = words().group_by("word").flat_map_groups_with_state(
        WORD_COUNT,
        COUNT,
        OutputMode::Update,
        GroupStateTimeout::None,
        |key, rows, state| {
            let count = count_in(state) + rows.len() as i64;
            if count >= 3 {
                state.remove();
                return Ok(counted(key, -1));
            }
            state.update(vec![Value::Long(count)]);
            Ok(counted(key, count))
        },
    );
    let mut run = Run::start(query(&counts, Trigger::Default), 0);
    for (second, line) in (0..).zip(["a", "a b", "a b", "a c", "c b a c a"]) {
        run.line(second * 1_000, line);
        run.wake_until(second * 1_000);
    }
    let expected = [
        "0: a=1",
        "1: a=2 b=1",
        "2: a=-1 b=2",
        "3: a=1 c=1",
        "4: a=-1 c=-1 b=-1",
    ];
    check(&run.shown(), &expected);
}

/// Spark's own test "flatMapGroupsWithState - streaming with processing time timeout".
#[test]
fn fgs_2_a_state_times_out_in_the_first_batch_after_its_time() {
    let timeout = GroupStateTimeout::ProcessingTime;
    let counts = running_counts(&words(), timeout, |_, state| {
        state.set_timeout_duration(Duration::from_secs(10))
    });
    let mut run = Run::start(
        query(&counts, Trigger::ProcessingTime(Duration::from_secs(1))),
        0,
    );
    let mut at = |millis, line: &str| {
        run.wake_until(millis - 1);
        if !line.is_empty() {
            run.line(millis, line);
        }
        run.wake_until(millis);
    };
    at(1_000, "a");
    at(11_000, "b");
    at(12_000, "b");
    at(22_000, "");
    at(24_000, "");
    check(
        &with_rows(&run),
        &["0: a=1", "10: b=1", "11: a=-1 b=2", "22: b=-1"],
    );
}

/// Spark runs micro-batches without an end here; one that finds nothing has nothing to show.
#[test]
fn fgs_2_a_query_without_times_of_its_own_wakes_when_a_state_has_timed_out() {
    let timeout = GroupStateTimeout::ProcessingTime;
    let counts = running_counts(&words(), timeout, |_, state| {
        state.set_timeout_duration(Duration::from_secs(10))
    });
    let mut run = Run::start(query(&counts, Trigger::Default), 0);
    run.line(1_000, "a");
    run.wake_until(1_000);
    run.line(4_000, "b");
    run.wake_until(20_000);
    check(&run.shown(), &["0: a=1", "1: b=1", "2: a=-1", "3: b=-1"]);
}

/// Spark's own test "flatMapGroupsWithState - streaming with event time timeout + watermark".
#[test]
fn fgs_1_event_time_drops_late_rows_and_times_states_out() {
    let latest = |rows: &[Row]| rows.iter().map(|row| seconds(&row[0])).max().unwrap_or(0);
    let events = events(2).with_watermark("time", Duration::from_secs(10));
    let latest_times = events.group_by("word").flat_map_groups_with_state(
        WORD_COUNT,
        COUNT,
        OutputMode::Update,
        GroupStateTimeout::EventTime,
        move |key, rows, state| {
            if state.has_timed_out()? {
                state.remove();
                return Ok(counted(key, -1));
            }
            let latest = latest(&rows).max(count_in(state));
            state.update(vec![Value::Long(latest)]);
            state.set_timeout_timestamp(latest * 1_000 + 5_000)?;
            Ok(counted(key, latest))
        },
    );
    let mut run = Run::start(query(&latest_times, Trigger::Default), 0);
    let batches: [&[&str]; 6] = [
        &["11 a", "13 a", "15 a"],
        &["4 a"],
        &["10 a"],
        &["35 a"],
        &["31 b"],
        &["60 b"],
    ];
    for (second, lines) in (0..).zip(batches) {
        run.lines(second * 1_000, lines);
        run.wake_until(second * 1_000 + 999);
    }
    check(
        &with_rows(&run),
        &[
            "0: a=15", "3: a=15", "4: a=35", "6: b=31", "7: b=60", "8: a=-1",
        ],
    );
}

#[track_caller]
fn check_refused(table: &DataFrame, mode: OutputMode, reason: &str) {
    let error = table
        .write_stream()
        .output_mode(mode)
        .console()
        .expect_err("it is refused");
    assert!(error.to_string().starts_with(reason), "{error}");
}

#[test]
fn om_3_groups_have_the_output_mode_of_the_query() {
    let count = |words: &DataFrame, mode, timeout| {
        words.group_by("word").flat_map_groups_with_state(
            WORD_COUNT,
            COUNT,
            mode,
            timeout,
            |key, rows, _| Ok(counted(key, rows.len() as i64)),
        )
    };
    let append = count(&words(), OutputMode::Append, GroupStateTimeout::None);
    check_refused(
        &append,
        OutputMode::Update,
        "flatMapGroupsWithState in append mode is not supported with Update output mode on a streaming DataFrame/Dataset",
    );
    let late = count(&words(), OutputMode::Append, GroupStateTimeout::EventTime);
    check_refused(
        &late,
        OutputMode::Append,
        "Watermark must be specified in the query using",
    );
    let aggregated = count(&words(), OutputMode::Update, GroupStateTimeout::None)
        .group_by("word")
        .count();
    check_refused(
        &aggregated,
        OutputMode::Complete,
        "flatMapGroupsWithState in update mode is not supported with aggregation on a streaming DataFrame/Dataset",
    );
    let mapped = words().group_by("word").map_groups_with_state(
        WORD_COUNT,
        COUNT,
        GroupStateTimeout::None,
        |key, rows, _| Ok(vec![key[0].clone(), Value::Long(rows.len() as i64)]),
    );
    check_refused(
        &mapped,
        OutputMode::Append,
        "mapGroupsWithState is not supported with Append output mode on a streaming DataFrame/Dataset",
    );
}

#[test]
fn mb_7_a_failure_of_the_function_names_the_key_and_ends_the_query() {
    let failing = words().group_by("word").map_groups_with_state(
        WORD_COUNT,
        COUNT,
        GroupStateTimeout::None,
        |key, _, state| {
            state.set_timeout_timestamp(1)?;
            Ok(key.to_vec())
        },
    );
    let mut run = Run::start(query(&failing, Trigger::Default), 0);
    run.line(0, "blue");
    run.wake_until(0);
    let failed = run.progress().into_iter().find(|it| it.contains("failed"));
    let last = failed.unwrap_or_default();
    assert!(
        last.contains("mapGroupsWithState, key [String(\"blue\")]"),
        "{last}"
    );
    assert!(run.is_stopped());
}

#[test]
fn a_row_and_a_state_have_the_values_that_are_declared() {
    let of = |row: usize, state_of: usize| {
        let table = words().group_by("word").map_groups_with_state(
            WORD_COUNT,
            COUNT,
            GroupStateTimeout::None,
            move |_, _, state| {
                state.update(vec![Value::Long(1); state_of]);
                Ok(vec![Value::Null; row])
            },
        );
        let mut run = Run::start(query(&table, Trigger::Default), 0);
        run.line(0, "blue");
        run.wake_until(0);
        run.progress().join("\n")
    };
    assert!(of(3, 1).contains("the function makes a row of 3 values, and 2 are declared"));
    assert!(of(2, 0).contains("the function makes a state of 0 values, and 1 are declared"));
    assert!(!of(2, 1).contains("failed"));
}

/// As Spark 3.5.9 does.
#[test]
fn fgs_3_a_group_begins_with_its_initial_state() {
    let counted_from = |rows: &str| {
        let known = session(2).sql(&format!(
            "SELECT col1 AS word, col2 AS count FROM VALUES {rows}"
        ));
        let groups = words()
            .group_by("word")
            .with_initial_state(&known.group_by("word"));
        let counts = groups.flat_map_groups_with_state(
            WORD_COUNT,
            COUNT,
            OutputMode::Update,
            GroupStateTimeout::None,
            |key, rows, state| {
                let count = count_in(state) + rows.len() as i64;
                state.update(vec![Value::Long(count)]);
                Ok(counted(key, count))
            },
        );
        let mut run = Run::start(query(&counts, Trigger::Default), 0);
        run.line(0, "a c a");
        run.wake_until(0);
        run.line(1_000, "b a");
        run.wake_until(1_000);
        run
    };
    let run = counted_from("('b', 7L), ('a', 3L), ('z', 1L)");
    check(&with_rows(&run), &["0: a=5 c=1 z=1 b=7", "1: a=6 b=8"]);
    let failed = counted_from("('b', 7L), ('b', 3L)").progress().join("\n");
    assert!(
        failed.contains(
            "The initial state provided contained multiple rows(state) with the same key."
        ),
        "{failed}"
    );
}

#[test]
fn om_3_an_initial_state_is_of_a_table_without_streams() {
    let streams = words().group_by("word");
    let counts = streams.with_initial_state(&words().group_by("word"));
    let mapped =
        counts.map_groups_with_state(WORD_COUNT, &[], GroupStateTimeout::None, |key, _, _| {
            Ok(key.to_vec())
        });
    check_refused(
        &mapped,
        OutputMode::Update,
        "Initial state cannot be a streaming DataFrame/Dataset",
    );
    check_refused(
        &counts.count(),
        OutputMode::Complete,
        "an aggregation has no initial state",
    );
    let numbers = session(2).sql("SELECT 1 AS word").group_by("word");
    let counts = streams.with_initial_state(&numbers);
    let mapped =
        counts.map_groups_with_state(WORD_COUNT, &[], GroupStateTimeout::None, |key, _, _| {
            Ok(key.to_vec())
        });
    check_refused(
        &mapped,
        OutputMode::Update,
        "an initial state is grouped by keys of the same types",
    );
}

#[test]
fn groups_of_a_table_without_streams_have_no_state() {
    let words = session(2).sql("SELECT col1 AS word FROM VALUES ('b'), ('a'), ('b')");
    let counts = running_counts(&words, GroupStateTimeout::None, |_, _| Ok(()));
    let rows = counts.select([col("count"), col("word")]);
    let rows = rows
        .collect(engine::Time::EPOCH, &engine::Inline)
        .expect("it has rows");
    assert_eq!(rows.len(), 2);
    assert!(
        rows.contains(&vec![Value::Long(2), Value::String("b".into())]),
        "{rows:?}"
    );
}
