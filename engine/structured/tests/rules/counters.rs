//! What micro-batches tell of the counts they change.

use std::time::Duration;

use engine::Inline;
use engine_structured::functions::{col, window};
use engine_structured::{OutputMode, Query, Trigger};

use crate::support::{Run, check, events, word_count, words};

/// Counts in windows of five seconds, ten seconds behind the latest event.
fn windows(output_mode: OutputMode) -> Query {
    let counts = events(2)
        .with_watermark("time", Duration::from_secs(10))
        .group_by(window(col("time"), Duration::from_secs(5)))
        .count();
    let writer = counts.write_stream().output_mode(output_mode);
    writer.console().expect("the query keeps the rules")
}

/// What was told, a line each.
fn lines(run: &Run) -> Vec<String> {
    let counters = run.counters().into_iter().map(|(begun, counters)| {
        format!(
            "{begun}: calls {}, keys {}, probes {}, bytes {}",
            counters.function_calls, counters.keys_touched, counters.probes, counters.bytes_copied
        )
    });
    counters.collect()
}

#[test]
fn a_group_is_looked_up_for_each_row_and_merged_once() {
    let mut run = Run::start(word_count(Trigger::Default), 0);
    run.lines(100, &["blue blue", "blue green green"]);
    run.wake_until(100);
    run.line(200, "green");
    run.wake_until(200);
    check(
        &lines(&run),
        &[
            "100: calls 2, keys 2, probes 5, bytes 0",
            "200: calls 1, keys 1, probes 1, bytes 0",
        ],
    );
}

#[test]
fn a_micro_batch_has_the_time_at_which_it_began() {
    let mut run = Run::start(word_count(Trigger::Default), 0);
    run.hold();
    run.line(100, "blue");
    run.wake_until(100);
    run.end_batch(900, &Inline);
    check(&lines(&run), &["100: calls 1, keys 1, probes 1, bytes 0"]);
}

#[test]
fn wm_11_groups_that_the_watermark_removes_are_touched() {
    let mut run = Run::start(windows(OutputMode::Append), 0);
    run.seconds(&[10, 11, 15]);
    run.seconds(&[25]);
    check(
        &lines(&run),
        &[
            "0: calls 2, keys 2, probes 3, bytes 0",
            // The watermark has risen, so a batch without data follows; no window is final yet.
            "0: calls 0, keys 0, probes 0, bytes 0",
            "0: calls 1, keys 1, probes 1, bytes 0",
            // Without data: the window from 10 goes.
            "0: calls 0, keys 1, probes 0, bytes 0",
        ],
    );
}

#[test]
fn wm_6_late_groups_are_looked_up_and_no_more() {
    let mut run = Run::start(windows(OutputMode::Update), 0);
    run.seconds(&[25]);
    run.seconds(&[10]);
    check(
        &lines(&run),
        &[
            "0: calls 1, keys 1, probes 1, bytes 0",
            "0: calls 0, keys 0, probes 0, bytes 0",
            "0: calls 0, keys 0, probes 1, bytes 0",
        ],
    );
}

#[test]
fn wm_7_a_group_that_comes_and_is_final_at_once_is_touched_once() {
    let mut run = Run::start(windows(OutputMode::Append), 0);
    run.hold();
    run.lines(0, &["25"]);
    run.wake_until(0);
    run.lines(0, &["12"]);
    run.end_batch(0, &Inline);
    run.wake_until(0);
    run.end_batch(0, &Inline);
    check(
        &lines(&run),
        &[
            "0: calls 1, keys 1, probes 1, bytes 0",
            "0: calls 1, keys 1, probes 1, bytes 0",
        ],
    );
}

#[test]
fn a_query_without_aggregation_has_no_counts() {
    let writer = words().write_stream().output_mode(OutputMode::Append);
    let mut run = Run::start(writer.console().expect("the query keeps the rules"), 0);
    run.line(0, "blue");
    run.wake_until(0);
    check(&run.shown(), &["0: blue"]);
    check(&lines(&run), &[]);
}
