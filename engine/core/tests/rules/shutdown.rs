//! How a program ends (`CLK-6`, `JOB-6`).

use std::time::Duration;

use engine::testing::Held;
use engine::{Engine, Event, Input, Machine, Outbox, SparkContext, StreamingContext, Time, drive};

use crate::support::{Run, check};

fn print_lines(ssc: &StreamingContext) {
    ssc.receiver_stream("lines").print();
}

/// The batches of a program that has had two and is stopped at `stop_ms`.
#[track_caller]
fn check_last_batches(stop_ms: i64, expected: &[i64]) {
    let mut run = Run::start(1_000, 0, print_lines);
    run.wake_until(2_000);
    run.stop(stop_ms);
    assert!(!run.is_stopped());
    run.wake_until(9_000);
    assert!(run.is_stopped());
    assert_eq!(run.next_wake(), None);
    let batches: Vec<i64> = run.submitted().into_iter().map(|(time, _)| time).collect();
    assert_eq!(batches, expected);
}

/// As recorded from Spark 3.5.9: the timer waits for the next batch already, and after that it fires a last time.
#[test]
fn clk_6_a_stop_runs_two_more_batches() {
    check_last_batches(2_000, &[1_000, 2_000, 3_000, 4_000]);
    check_last_batches(2_500, &[1_000, 2_000, 3_000, 4_000]);
    check_last_batches(3_000, &[1_000, 2_000, 3_000, 4_000]);
}

/// As recorded from Spark 3.5.9: the timer is not stopped before a batch has taken all that was received.
#[test]
fn job_6_a_stop_after_records_that_no_batch_has_yet_runs_three_more() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.wake_until(1_000);
    run.record(1_500, "a");
    run.stop(1_600);
    run.wake_until(9_000);
    assert!(run.is_stopped());
    let batches = [(1_000, 0), (2_000, 1), (3_000, 0), (4_000, 0)];
    assert_eq!(run.submitted(), batches);
}

#[test]
fn clk_6_a_stop_after_missed_ticks_runs_them_and_two_more() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.record(500, "a");
    run.stop(2_500);
    run.wake(9_900);
    let batches = [(1_000, 1), (2_000, 0), (3_000, 0), (4_000, 0)];
    assert_eq!(run.submitted(), batches);
    assert!(run.is_stopped());
}

/// What comes before a stop is counted, even if its block would be cut later; the rest is not.
#[track_caller]
fn check_counted(block_interval: Duration, rows: &str) {
    let mut run = Run::start(1_000, 0, |ssc| {
        ssc.block_interval(block_interval);
        ssc.receiver_stream("lines").print();
    });
    run.record(100, "a");
    run.block(200, &["b", "c"]);
    run.stop(300);
    run.record(400, "too late");
    run.block(500, &["too late"]);
    run.wake_until(9_000);
    let first = format!("1000 ms output 0: {rows}");
    let last = ["2000 ms output 0: ", "3000 ms output 0: "];
    check(&run.printed(), &[&first, last[0], last[1]]);
}

#[test]
fn job_6_a_graceful_stop_counts_all_that_was_received() {
    check_counted(Duration::from_millis(150), "a b c");
    check_counted(Duration::from_secs(5), "b c a");
}

#[test]
fn job_6_a_graceful_stop_works_off_what_is_queued() {
    let mut run = Run::start_and_hold(print_lines);
    run.record(900, "a");
    run.wake_until(2_000);
    run.record(2_100, "c");
    run.stop(2_200);
    run.wake_until(5_000);
    for end_ms in [5_100, 5_200, 5_300, 5_400] {
        run.end_job(end_ms);
        assert!(!run.is_stopped());
    }
    run.end_job(5_500);
    assert!(run.is_stopped());
    check(
        &run.printed(),
        &[
            "1000 ms output 0: a",
            "2000 ms output 0: ",
            "3000 ms output 0: c",
            "4000 ms output 0: ",
            "5000 ms output 0: ",
        ],
    );
    assert_eq!(run.journal().last().map(String::as_str), Some("stopped"));
}

/// Seen on a real Spark, whose generator warns after ten intervals that it no longer waits.
#[test]
fn job_6_a_queue_of_more_than_ten_intervals_is_worked_off_too() {
    let mut run = Run::start_and_hold(print_lines);
    run.record(900, "a");
    run.wake_until(1_000);
    run.record(1_100, "b");
    run.stop(1_200);
    run.wake_until(4_000);
    for end_ms in [60_000, 120_000, 180_000] {
        run.end_job(end_ms);
        assert!(!run.is_stopped());
    }
    run.end_job(240_000);
    assert!(run.is_stopped());
    check(
        &run.printed(),
        &[
            "1000 ms output 0: a",
            "2000 ms output 0: b",
            "3000 ms output 0: ",
            "4000 ms output 0: ",
        ],
    );
}

#[test]
fn job_6_a_program_that_has_stopped_does_nothing_any_more() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.stop(500);
    run.wake_until(2_000);
    assert!(run.is_stopped());
    let journal = run.journal();
    run.record(2_500, "a");
    run.stop(2_600);
    run.wake(9_000);
    assert_eq!(run.journal(), journal);
}

#[test]
fn job_6_a_failure_does_not_keep_a_program_from_stopping() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let lines = ssc.receiver_stream("lines");
        lines.foreach_rdd(|_, _| panic!("no"));
    });
    run.stop(500);
    run.wake_until(2_000);
    assert!(run.is_stopped());
}

/// As `StreamingContext.stop` has it.
#[test]
fn job_6_a_program_that_is_stopped_before_it_starts_has_ended() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "early"), Duration::from_secs(1));
    print_lines(&ssc);
    let mut engine = Engine::new(ssc.build().expect("the program keeps the rules"));
    let mut held = Held::default();
    let stop = Input::StopRequested;
    drive(
        &mut engine,
        Time::EPOCH,
        stop,
        &mut Outbox::new(),
        &mut held,
    );
    assert!(engine.is_stopped());
    let events: Vec<&Event> = held.journal.entries().iter().map(|it| &it.event).collect();
    assert_eq!(events, [&Event::Stopped]);
}
