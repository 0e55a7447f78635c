//! Lines that have no value for an expression: `NULL` in Spark 3.5, the end of the query in Spark 4 (`MB-7`).

use std::time::Duration;

use engine::SparkVersion;
use engine_structured::OutputMode;
use engine_structured::functions::{col, window};

use crate::support::{Run, check, events_on, session};

const TEN_SECONDS: Duration = Duration::from_secs(10);

/// The words of these lines in windows of ten seconds: a line that is right, then this one, then another that is.
fn run(spark: SparkVersion, line: &str) -> Run {
    let events = events_on(&session(1).with_spark(spark));
    let counts = events
        .group_by([window(col("time"), TEN_SECONDS), col("word")])
        .count();
    let writer = counts.write_stream().output_mode(OutputMode::Update);
    let mut run = Run::start(writer.console().expect("the query keeps the rules"), 0);
    for (lines, now_ms) in [&["12 blue"], &[line], &["13 blue"]]
        .into_iter()
        .zip([0, 1, 2])
    {
        run.lines(now_ms, lines);
        run.wake_until(now_ms);
    }
    run
}

/// Checks the failure of the second batch in Spark 4; in Spark 3.5 there is none.
#[track_caller]
fn check_ends(line: &str, failure: &str) {
    let before = run(SparkVersion::V3_5, line);
    assert_eq!(before.tables().len(), 3, "Spark 3.5 goes on");
    let ended = run(SparkVersion::V4, line);
    let failed = format!("batch 1 failed: batch 1: {failure}");
    check(
        &ended.progress(),
        &["batch 0, records 1", &failed, "Stopped"],
    );
    assert_eq!(ended.tables().len(), 1, "the failed batch shows nothing");
    assert!(ended.is_stopped());
}

/// As Spark 4.0.5, 4.2.1 and 4.3.0 say it.
#[test]
fn mb_7_a_line_without_a_time_ends_the_query_in_spark_4() {
    let check = |line, value: &str| {
        let failure = format!(
            "[CAST_INVALID_INPUT] The value '{value}' of the type \"STRING\" cannot be cast to \"BIGINT\" because it is \
             malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate \
             malformed input and return NULL instead. SQLSTATE: 22018"
        );
        check_ends(line, &failure);
    };
    check("x blue", "x");
    check("", "");
    check(" 12 blue", "");
    check("12.7 blue", "12.7");
    check("x", "x");
}

/// As Spark 4.0.5, 4.2.1 and 4.3.0 say it.
#[test]
fn mb_7_a_line_without_a_word_ends_the_query_in_spark_4() {
    check_ends(
        "12",
        "[INVALID_ARRAY_INDEX] The index 1 is out of bounds. The array has 1 elements. Use the SQL function `get()` to \
         tolerate accessing element at invalid index and return NULL instead. SQLSTATE: 22003",
    );
}

/// As Spark 4.2.1 and 4.3.0 say it; 4.0.5 says `long overflow`.
#[test]
fn mb_7_a_window_beyond_64_bits_ends_the_query_in_spark_4() {
    check_ends(
        "9223372036854 a",
        "[ARITHMETIC_OVERFLOW] overflow. Use 'try_add' to tolerate overflow and return NULL instead. If necessary set \
         \"spark.sql.ansi.enabled\" to \"false\" to bypass this error. SQLSTATE: 22003",
    );
}

#[test]
fn mb_7_what_has_a_value_has_it_in_spark_4_too() {
    for line in ["+12 a", "\t12 a", "12\0 a", "-12 a"] {
        assert_eq!(run(SparkVersion::V4, line).tables().len(), 3, "{line:?}");
    }
}
