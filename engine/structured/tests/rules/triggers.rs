//! When a micro-batch runs, and how a query ends (`TRG-*`, `MB-*`).

use std::time::Duration;

use engine::Inline;
use engine_structured::{OutputMode, Query, Trigger};

use crate::support::{Run, check, events, session, word_count, words_of};

const EVERY_SECOND: Trigger = Trigger::ProcessingTime(Duration::from_secs(1));

/// The word count of a socket, whose offset is there before any line is.
fn socket_word_count(trigger: Trigger) -> Query {
    let lines = session(2).read_stream().socket("localhost", 9_999);
    let counts = words_of(&lines).group_by("word").count().write_stream();
    let query = counts.output_mode(OutputMode::Complete).trigger(trigger);
    query.console().expect("the query keeps the rules")
}

#[test]
fn mb_2_without_new_data_there_is_no_batch_and_no_batch_id() {
    let mut run = Run::start(word_count(EVERY_SECOND), 0);
    run.wake_until(2_000);
    assert!(run.started.is_empty());
    run.line(2_100, "a");
    run.wake_until(5_000);
    run.line(5_500, "a");
    run.wake_until(9_000);
    assert_eq!(run.started, [3_000, 6_000]);
    check(
        &run.progress(),
        &["batch 0, records 1", "batch 1, records 1"],
    );
}

#[test]
fn om_5_complete_output_without_new_data_has_no_batch() {
    let mut run = Run::start(word_count(Trigger::Default), 0);
    run.line(0, "a");
    run.wake_until(60_000);
    assert_eq!(run.next_wake(), None);
    check(&run.shown(), &["0: a=1"]);
}

#[test]
fn mb_2b_a_socket_runs_an_empty_batch_0() {
    for trigger in [
        Trigger::Default,
        EVERY_SECOND,
        Trigger::Once,
        Trigger::AvailableNow,
    ] {
        let mut run = Run::start(socket_word_count(trigger), 2_500);
        run.wake_until(2_500);
        check(&run.shown(), &["0: "]);
        assert_eq!(run.progress()[0], "batch 0, records 0");
    }
}

#[test]
fn mb_2b_a_socket_has_one_empty_batch_at_most() {
    let mut run = Run::start(socket_word_count(EVERY_SECOND), 2_500);
    run.wake_until(5_000);
    run.line(5_100, "a");
    run.wake_until(9_000);
    assert_eq!(run.started, [2_500, 6_000]);
}

#[test]
fn mb_2b_lines_of_a_socket_at_the_start_are_for_batch_1() {
    for trigger in [Trigger::Default, EVERY_SECOND] {
        let mut run = Run::start(socket_word_count(trigger), 2_500);
        run.line(2_500, "a");
        run.wake_until(9_000);
        check(&run.shown(), &["0: ", "1: a=1"]);
    }
    for trigger in [Trigger::Once, Trigger::AvailableNow] {
        let mut run = Run::start(socket_word_count(trigger), 2_500);
        run.line(2_500, "a");
        run.wake_until(9_000);
        check(&run.shown(), &["0: "]);
        assert!(run.is_stopped());
    }
}

#[test]
fn mb_2b_a_memory_source_has_its_first_batch_with_its_first_data() {
    let mut run = Run::start(word_count(Trigger::Default), 2_500);
    run.wake_until(9_000);
    check(&run.progress(), &[]);
    run.line(9_500, "a");
    run.wake_until(9_500);
    check(&run.shown(), &["0: a=1"]);
}

#[test]
fn trg_1_the_next_batch_runs_as_soon_as_the_last_has_ended() {
    for trigger in [Trigger::Default, Trigger::ProcessingTime(Duration::ZERO)] {
        let mut run = Run::start(word_count(trigger), 2_500);
        run.hold();
        run.wake_until(2_500);
        run.line(3_333, "a");
        run.wake_until(3_333);
        run.line(3_400, "b");
        run.line(3_500, "b");
        assert_eq!(run.next_wake(), None, "a batch is running");
        run.end_batch(4_000, &Inline);
        run.wake_until(4_000);
        run.end_batch(4_100, &Inline);
        assert_eq!(run.started, [3_333, 4_000]);
        check(
            &run.progress(),
            &["batch 0, records 1", "batch 1, records 2"],
        );
    }
}

#[test]
fn trg_2_the_first_trigger_fires_at_the_start_and_the_next_ones_on_the_grid() {
    let mut run = Run::start(word_count(EVERY_SECOND), 2_500);
    assert_eq!(run.next_wake(), Some(2_500));
    run.line(2_500, "at the start");
    run.wake_until(2_500);
    assert_eq!(run.next_wake(), Some(3_000));
    run.line(2_501, "for 3000");
    run.line(3_000, "for 3000 too");
    run.wake_until(3_000);
    assert_eq!(run.next_wake(), Some(4_000));
    assert_eq!(run.started, [2_500, 3_000]);
}

/// Seen on a real Spark: an interval of one second, started at 2500, and the batch of 3000 lasted
/// until 5499.
#[test]
fn trg_2_after_an_overrun_the_next_trigger_fires_at_once_and_missed_ticks_are_skipped() {
    let mut run = Run::start(word_count(EVERY_SECOND), 2_500);
    run.hold();
    run.line(2_500, "a");
    run.wake_until(2_500);
    run.end_batch(2_600, &Inline);
    run.line(2_700, "a");
    run.wake_until(3_000);
    run.line(3_500, "a");
    run.wake_until(5_498);
    run.end_batch(5_499, &Inline);
    run.wake_until(5_499);
    run.end_batch(5_499, &Inline);
    run.line(5_500, "a");
    run.wake_until(6_000);
    run.end_batch(6_100, &Inline);
    assert_eq!(run.started, [2_500, 3_000, 5_499, 6_000]);
    assert_eq!(run.next_wake(), Some(7_000));
}

#[test]
fn trg_2_a_batch_that_ends_in_time_waits_for_the_grid() {
    let mut run = Run::start(word_count(EVERY_SECOND), 0);
    run.hold();
    run.line(0, "a");
    run.wake_until(0);
    run.line(100, "a");
    run.end_batch(999, &Inline);
    assert_eq!(run.next_wake(), Some(1_000));
}

#[test]
fn trg_3_once_runs_one_batch_with_all_there_is() {
    let mut run = Run::start(word_count(Trigger::Once), 0);
    run.hold();
    run.lines(0, &["a b", "a"]);
    run.wake_until(0);
    run.line(100, "too late");
    run.end_batch(200, &Inline);
    assert!(run.is_stopped());
    check(&run.progress(), &["batch 0, records 2", "Stopped"]);
    assert_eq!(run.next_wake(), None);
}

#[test]
fn trg_3_once_without_data_ends_without_a_batch() {
    let mut run = Run::start(word_count(Trigger::Once), 0);
    run.wake_until(0);
    check(&run.progress(), &["Stopped"]);
}

#[test]
fn trg_4_available_now_works_off_what_is_there_and_ends() {
    let mut run = Run::start(word_count(Trigger::AvailableNow), 500);
    run.line(500, "a");
    run.wake_until(9_000);
    run.line(9_000, "too late");
    assert!(run.is_stopped());
    check(&run.shown(), &["0: a=1"]);
}

#[test]
fn mb_7_a_failure_ends_the_query() {
    let counts = events(1).group_by("time").count().write_stream();
    let query = counts.output_mode(OutputMode::Complete).console();
    let mut run = Run::start(query.expect("the query keeps the rules"), 0);
    run.hold();
    run.line(0, &format!("{} a", i64::MAX));
    run.wake_until(0);
    run.line(100, "1 b");
    run.end_batch(200, &Inline);
    run.wake_until(9_000);
    run.line(9_000, "2 c");
    run.stop(9_100);
    assert!(run.is_stopped());
    check(
        &run.progress(),
        &[
            "batch 0 failed: timestamp_seconds, batch 0: long overflow",
            "Stopped",
        ],
    );
    check(&run.shown(), &[]);
}

#[test]
fn a_stop_works_off_what_was_received() {
    let mut run = Run::start(word_count(EVERY_SECOND), 0);
    run.line(0, "a");
    run.wake_until(0);
    run.line(100, "b");
    run.stop(200);
    assert!(run.is_stopped());
    check(&run.shown(), &["0: a=1", "1: a=1 b=1"]);
    check(
        &run.progress(),
        &["batch 0, records 1", "batch 1, records 1", "Stopped"],
    );
}

#[test]
fn a_stop_waits_for_the_batch_that_runs() {
    let mut run = Run::start(word_count(Trigger::Default), 0);
    run.hold();
    run.line(0, "a");
    run.wake_until(0);
    run.line(100, "b");
    run.stop(200);
    run.line(300, "too late");
    assert!(!run.is_stopped());
    run.end_batch(400, &Inline);
    assert!(!run.is_stopped());
    run.end_batch(500, &Inline);
    assert!(run.is_stopped());
    check(&run.shown(), &["0: a=1", "1: a=1 b=1"]);
}

#[test]
fn a_stop_of_an_idle_query_ends_it_at_once() {
    let mut run = Run::start(word_count(EVERY_SECOND), 0);
    run.wake_until(1_000);
    run.stop(1_500);
    assert!(run.is_stopped());
    run.line(1_600, "too late");
    run.stop(1_700);
    check(&run.progress(), &["Stopped"]);
}
