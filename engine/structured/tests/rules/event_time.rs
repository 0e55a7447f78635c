//! Windows of event time and what the watermark does to them (`WM-*`, `MB-3`, `MB-5`).

use std::time::Duration;

use engine::{Inline, Text, Value};
use engine_structured::functions::{col, window};
use engine_structured::{DataFrame, DataStreamWriter, OutputMode, Query, Trigger};

use crate::support::{Run, check, events, seconds};

const FIVE_SECONDS: Duration = Duration::from_secs(5);
const TEN_SECONDS: Duration = Duration::from_secs(10);

/// Events counted in windows of five seconds, with a watermark ten seconds behind.
fn windows(output_mode: OutputMode) -> DataStreamWriter {
    let counts = events(2)
        .with_watermark("time", TEN_SECONDS)
        .group_by(window(col("time"), FIVE_SECONDS))
        .count();
    counts.write_stream().output_mode(output_mode)
}

fn query(writer: DataStreamWriter) -> Query {
    writer.console().expect("the query keeps the rules")
}

/// What is shown of these micro-batches, each a list of seconds: start of the window and count.
#[track_caller]
fn check_windows(output_mode: OutputMode, batches: &[&[i64]], expected: &[&str]) {
    let mut run = Run::start(query(windows(output_mode)), 0);
    for batch in batches {
        run.seconds(batch);
    }
    check(&sorted(&run), expected);
}

/// The tables that were shown, with the rows of each in order of their windows.
fn sorted(run: &Run) -> Vec<String> {
    let tables = run.tables().into_iter().zip(0..);
    tables
        .map(|(mut rows, batch_id)| {
            rows.sort_by_key(|row| seconds(&row[0]));
            let rows: Vec<String> = rows.iter().map(|row| start_and_count(row)).collect();
            format!("{batch_id}: {}", rows.join(" "))
        })
        .collect()
}

fn start_and_count(row: &[Value]) -> String {
    match row {
        [key, Value::Long(count)] => format!("{}={count}", seconds(key)),
        other => panic!("a key and its count, not {other:?}"),
    }
}

/// Seen on a real Spark, and in its own test "append mode".
#[test]
fn wm_4_append_output_writes_a_window_once_it_is_final() {
    check_windows(
        OutputMode::Append,
        &[&[10, 11, 12, 13, 14, 15], &[25], &[10, 10, 10, 11, 26]],
        &["0: ", "1: ", "2: ", "3: 10=5", "4: ", "5: "],
    );
}

/// Spark's own test "update mode"; the batches without data give no rows.
#[test]
fn wm_6_late_groups_are_dropped_and_others_of_the_batch_are_not() {
    check_windows(
        OutputMode::Update,
        &[&[10, 11, 12, 13, 14, 15], &[25], &[10, 25], &[10]],
        &["0: 10=5 15=1", "1: ", "2: 25=1", "3: ", "4: 25=2", "5: "],
    );
}

/// Seen on a real Spark.
#[test]
fn wm_11_complete_output_drops_nothing_and_removes_nothing() {
    check_windows(
        OutputMode::Complete,
        &[&[10, 11, 12, 13, 14, 15], &[25], &[10, 10, 10, 11, 26]],
        &["0: 10=5 15=1", "1: 10=5 15=1 25=1", "2: 10=9 15=1 25=2"],
    );
}

/// Seen on a real Spark without batches for no data: here lines that come while a batch runs take
/// the place of those.
#[test]
fn wm_7_a_row_between_the_two_watermarks_is_counted_and_final_at_once() {
    let mut run = Run::start(query(windows(OutputMode::Append)), 0);
    run.hold();
    run.lines(0, &["25"]);
    run.wake_until(0);
    for lines in [&["12"], &["12"]] {
        run.lines(0, lines);
        run.end_batch(0, &Inline);
        run.wake_until(0);
    }
    run.end_batch(0, &Inline);
    check(&sorted(&run), &["0: ", "1: 10=1", "2: "]);
}

#[test]
fn wm_3_rows_of_a_batch_never_make_others_of_it_late() {
    check_windows(
        OutputMode::Update,
        &[&[100, 10], &[10, 11]],
        &["0: 10=1 100=1", "1: ", "2: "],
    );
}

#[test]
fn wm_8_a_row_that_no_window_counts_raises_the_watermark_too() {
    let mut run = Run::start(query(windows(OutputMode::Append)), 0);
    run.seconds(&[10, 100]);
    // Late itself, and the latest of its batch: the watermark stays.
    run.seconds(&[11]);
    run.seconds(&[101]);
    check(&sorted(&run), &["0: ", "1: 10=1", "2: ", "3: ", "4: "]);
}

#[test]
fn wm_9_a_watermark_that_no_column_of_the_key_has_removes_nothing() {
    let counts = events(2)
        .with_watermark("time", TEN_SECONDS)
        .group_by("word");
    let writer = counts.count().write_stream();
    let mut run = Run::start(query(writer.output_mode(OutputMode::Update)), 0);
    run.lines(0, &["10 a"]);
    run.wake_until(0);
    run.lines(0, &["100 b"]);
    run.wake_until(0);
    run.lines(0, &["10 a"]);
    run.wake_until(0);
    // It asks for another batch all the same.
    check(&run.shown(), &["0: a=1", "1: b=1", "2: ", "3: a=2"]);
}

#[test]
fn wm_9_a_row_without_a_time_is_in_no_window() {
    let mut run = Run::start(query(windows(OutputMode::Complete)), 0);
    run.lines(0, &["a", "", "7 a", "1e3 a", "99999999999999999999 a"]);
    run.wake_until(0);
    check(&sorted(&run), &["0: 5=1"]);
}

#[test]
fn wm_5_a_bare_time_is_past_the_watermark_at_it() {
    let counts = events(2)
        .with_watermark("time", TEN_SECONDS)
        .group_by("time");
    let writer = counts.count().write_stream();
    let mut run = Run::start(query(writer.output_mode(OutputMode::Append)), 0);
    // The epoch is late from the start; a missing time is never late and never final.
    run.lines(0, &["0", "-3", "1", "20", "21", "no time"]);
    run.wake_until(0);
    run.seconds(&[31]);
    run.seconds(&[100]);
    let expected = ["0: ", "1: 1=1", "2: ", "3: 20=1 21=1", "4: ", "5: 31=1"];
    check(&sorted(&run), &expected);
}

#[test]
fn wm_10_without_new_data_the_watermark_stands_still() {
    let mut run = Run::start(query(windows(OutputMode::Append)), 0);
    run.seconds(&[10]);
    run.wake_until(3_600_000);
    check(&sorted(&run), &["0: "]);
    assert_eq!(run.next_wake(), None);
}

#[test]
fn mb_3_a_query_without_aggregation_asks_for_no_batch() {
    for output_mode in [OutputMode::Append, OutputMode::Update] {
        let rows = events(2).with_watermark("time", TEN_SECONDS);
        let mut run = Run::start(query(rows.write_stream().output_mode(output_mode)), 0);
        run.seconds(&[100]);
        assert_eq!(run.shown().len(), 1);
    }
}

#[test]
fn mb_3_new_data_takes_the_place_of_the_batch_without() {
    let every_second = Trigger::ProcessingTime(Duration::from_secs(1));
    let run = |also: Option<&str>| {
        let writer = windows(OutputMode::Append).trigger(every_second);
        let mut run = Run::start(query(writer), 500);
        run.wake_until(500);
        run.lines(600, &["10", "25"]);
        run.wake_until(1_500);
        if let Some(line) = also {
            run.line(1_600, line);
        }
        run.wake_until(9_000);
        (run.started.clone(), sorted(&run))
    };
    // It waits for the trigger, and then reads what has come meanwhile.
    let (started, shown) = run(None);
    assert_eq!(started, [1_000, 2_000]);
    check(&shown, &["0: ", "1: 10=1"]);
    let (started, shown) = run(Some("26"));
    assert_eq!(started, [1_000, 2_000, 3_000]);
    check(&shown, &["0: ", "1: 10=1", "2: "]);
}

#[test]
fn mb_5_a_batch_without_data_has_a_number_and_shows_its_table() {
    let mut run = Run::start(query(windows(OutputMode::Update)), 0);
    run.seconds(&[25]);
    check(&run.shown()[1..], &["1: "]);
    let columns: Vec<&str> = run.table().columns.iter().map(Text::as_str).collect();
    assert_eq!(columns, ["window", "count"]);
    check(
        &run.progress(),
        &["batch 0, records 1", "batch 1, records 0"],
    );
}

#[test]
fn trg_3_once_runs_no_batch_without_data() {
    let mut run = Run::start(query(windows(OutputMode::Append).trigger(Trigger::Once)), 0);
    run.lines(0, &["10", "25"]);
    run.wake_until(0);
    check(&sorted(&run), &["0: "]);
    assert!(run.is_stopped());
}

#[test]
fn trg_4_available_now_ends_with_the_groups_that_are_final() {
    let writer = windows(OutputMode::Append).trigger(Trigger::AvailableNow);
    let mut run = Run::start(query(writer), 0);
    run.lines(0, &["10", "25"]);
    run.wake_until(0);
    check(&sorted(&run), &["0: ", "1: 10=1"]);
    assert!(run.is_stopped());
}

#[test]
fn mb_3_a_query_that_is_stopped_writes_what_is_final() {
    let every_second = Trigger::ProcessingTime(Duration::from_secs(1));
    let mut run = Run::start(query(windows(OutputMode::Append).trigger(every_second)), 0);
    run.wake_until(0);
    run.lines(100, &["10", "25"]);
    run.stop(200);
    check(&sorted(&run), &["0: ", "1: 10=1"]);
    assert!(run.is_stopped());
}

#[test]
fn mb_7_a_time_beyond_64_bits_ends_the_query() {
    let mut run = Run::start(query(windows(OutputMode::Append)), 0);
    run.lines(0, &["9223372036854775807"]);
    run.wake_until(0);
    assert_eq!(
        run.progress()[0],
        "batch 0 failed: timestamp_seconds, batch 0: long overflow"
    );
    assert!(run.is_stopped());
}

#[test]
fn ss_2_removal_shows_in_the_order_of_what_is_left() {
    let lines = |seconds: i64| (0..12).map(move |n| format!("{seconds} w{n}"));
    let counts = |watermark: bool| -> DataFrame {
        let events = events(1);
        let events = if watermark {
            events.with_watermark("time", Duration::ZERO)
        } else {
            events
        };
        let key = [window(col("time"), FIVE_SECONDS), col("word")];
        events.group_by(key).count()
    };
    let order = |table: DataFrame, output_mode| {
        let writer = table.write_stream().output_mode(output_mode);
        let mut run = Run::start(query(writer.num_rows(100)), 0);
        for second in [1, 6, 11, 16] {
            let batch: Vec<String> = lines(second).collect();
            run.lines(0, &batch.iter().map(String::as_str).collect::<Vec<_>>());
            run.wake_until(0);
        }
        let of_second_window = |rows: &Vec<Vec<Value>>| -> Vec<Value> {
            let rows = rows.iter().filter(|row| seconds(&row[0]) == 5);
            rows.map(|row| row[1].clone()).collect()
        };
        let tables = run.tables();
        let mut orders = tables.iter().map(of_second_window);
        orders.rfind(|order| !order.is_empty())
    };
    let append = order(counts(true), OutputMode::Append).expect("the window was written");
    let complete = order(counts(false), OutputMode::Complete).expect("the window was written");
    assert_eq!(append.len(), 12);
    assert_ne!(append, complete, "a smaller map has another order");
}

#[test]
fn group_by_takes_several_columns() {
    let counts = events(1).group_by(["word", "time"]).count();
    let writer = counts.write_stream().output_mode(OutputMode::Complete);
    let mut run = Run::start(query(writer), 0);
    run.lines(0, &["1 a", "1 a", "2 a", "1"]);
    run.wake_until(0);
    let mut rows = run.tables().swap_remove(0);
    rows.sort();
    let (a, time) = (
        || Value::String("a".into()),
        |second: i64| Value::Timestamp(second * 1_000_000),
    );
    let expected = vec![
        vec![Value::Null, time(1), Value::Long(1)],
        vec![a(), time(1), Value::Long(2)],
        vec![a(), time(2), Value::Long(1)],
    ];
    assert_eq!(rows, expected);
}
