//! When batches are generated, and what each of them holds (`CLK-*`).

use engine::StreamingContext;

use crate::support::{Run, check};

fn print_lines(ssc: &StreamingContext) {
    ssc.receiver_stream("lines").print();
}

/// The first three batches of a program that was started at `start_ms`.
#[track_caller]
fn check_first_batches(interval_ms: u64, start_ms: i64, expected: [i64; 3]) {
    let mut run = Run::start(interval_ms, start_ms, print_lines);
    run.wake_until(expected[2]);
    let batches: Vec<i64> = run.submitted().into_iter().map(|(time, _)| time).collect();
    assert_eq!(batches, expected);
}

#[test]
fn clk_2_first_batch_is_strictly_after_start() {
    check_first_batches(1_000, 5_000, [6_000, 7_000, 8_000]);
    check_first_batches(1_000, 4_999, [5_000, 6_000, 7_000]);
}

#[test]
fn clk_2_batches_are_on_the_grid_of_the_epoch_whatever_the_interval() {
    check_first_batches(250, 1_260, [1_500, 1_750, 2_000]);
    check_first_batches(1_500, 1_000, [1_500, 3_000, 4_500]);
    check_first_batches(60_000, 61_000, [120_000, 180_000, 240_000]);
    check_first_batches(1_000, -1_500, [-1_000, 0, 1_000]);
}

#[test]
fn clk_3_zero_time_is_told_at_the_start() {
    for (start_ms, zero_time) in [(5_000, 5_000), (5_300, 5_000), (-1, -1_000)] {
        check(
            &Run::start(1_000, start_ms, print_lines).journal(),
            &[&format!("started, zero time {zero_time} ms")],
        );
    }
}

#[test]
fn clk_4_batch_time_is_the_end_of_its_interval() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.record(0, "at once");
    run.record(1, "early");
    run.wake_until(1_000);
    run.record(1_001, "late");
    run.wake_until(2_000);
    check(
        &run.printed(),
        &["1000 ms output 0: at once early", "2000 ms output 0: late"],
    );
}

#[test]
fn clk_5_a_jump_of_the_clock_runs_every_missed_batch_in_order() {
    let mut run = Run::start(1_000, 7_000, print_lines);
    run.wake(10_000);
    check(
        &run.batches(),
        &[
            "at 10000: 8000 ms submitted, records 0",
            "at 10000: 8000 ms started",
            "at 10000: 9000 ms submitted, records 0",
            "at 10000: 10000 ms submitted, records 0",
            "at 10000: 8000 ms completed",
            "at 10000: 9000 ms started",
            "at 10000: 9000 ms completed",
            "at 10000: 10000 ms started",
            "at 10000: 10000 ms completed",
        ],
    );
    assert_eq!(run.next_wake(), Some(11_000));
}

#[test]
fn clk_5_a_late_waking_leaves_records_in_the_batches_of_their_times() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.record(400, "first");
    run.record(1_000, "first, at its end");
    run.record(1_700, "second");
    run.record(3_500, "fourth");
    run.wake(6_300);
    assert_eq!(
        run.submitted(),
        [
            (1_000, 2),
            (2_000, 1),
            (3_000, 0),
            (4_000, 1),
            (5_000, 0),
            (6_000, 0)
        ]
    );
}

#[test]
fn clk_5_what_comes_after_a_tick_that_nobody_woke_for_is_not_in_its_batch() {
    let mut run = Run::start(1_000, 0, print_lines);
    run.record(2_001, "third");
    check(
        &run.printed(),
        &["1000 ms output 0: ", "2000 ms output 0: "],
    );
    run.wake_until(3_000);
    assert_eq!(run.submitted().last(), Some(&(3_000, 1)));
}

#[test]
fn clk_7_an_output_has_a_batch_only_on_its_slide_after_zero_time() {
    let mut run = Run::start(1_000, 4_500, |ssc| {
        let seconds = std::time::Duration::from_secs;
        ssc.receiver_stream("lines")
            .window(seconds(3), seconds(3))
            .print();
    });
    run.record(6_200, "word");
    run.wake_until(12_000);
    check(
        &run.printed(),
        &["7000 ms output 0: word", "10000 ms output 0: "],
    );
}

#[test]
fn gen_1_at_one_instant_things_happen_in_the_order_in_which_they_are_handed_in() {
    let mut run = Run::start_and_hold(print_lines);
    run.wake(1_000);
    run.record(2_000, "before the batch");
    run.wake(2_000);
    run.record(2_000, "after the batch");
    run.end_job(2_000);
    run.stop(2_000);
    run.record(2_000, "after the stop");
    run.end_job(2_000);
    run.wake_until(3_000);
    run.end_job(3_000);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: ",
            "2000 ms output 0: before the batch",
            "3000 ms output 0: after the batch",
        ],
    );
}

#[test]
#[should_panic(expected = "a program starts at least one interval after the beginning of time")]
fn clk_3_a_start_before_the_first_grid_point_is_a_fault_of_the_driver() {
    Run::start(1_000, i64::MIN, |ssc| ssc.receiver_stream("lines").print());
}
