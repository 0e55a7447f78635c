//! Which jobs a batch has, in which order they run, and what becomes of those that fail
//! (`GEN-*`, `JOB-*`, `MET-1`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::{DStream, StreamingContext, Text};

use crate::support::{Run, check};

fn print_lines(ssc: &StreamingContext) {
    ssc.receiver_stream("lines").print();
}

#[test]
fn met_1_events_of_a_batch_come_in_the_order_of_its_life() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let lines = ssc.receiver_stream("lines");
        lines.print();
        lines.count().print();
    });
    run.record(100, "word");
    run.wake_until(1_000);
    check(
        &run.journal(),
        &[
            "started, zero time 0 ms",
            "1000 ms submitted, records 1",
            "1000 ms started",
            "1000 ms output 0 started",
            "1000 ms output 0: word",
            "1000 ms output 0 completed",
            "1000 ms output 1 started",
            "1000 ms output 1: 1",
            "1000 ms output 1 completed",
            "1000 ms completed",
        ],
    );
}

#[test]
fn gen_2_outputs_have_their_jobs_in_the_order_of_registration() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let numbers = ssc.queue_stream([vec![1]]);
        let tens = numbers.map(|n| n * 10);
        tens.map(|n| n * 10).print();
        numbers.print();
        tens.print();
    });
    run.wake_until(1_000);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: 100",
            "1000 ms output 1: 1",
            "1000 ms output 2: 10",
        ],
    );
}

/// Prints a window of one second every three seconds.
fn print_every_third(ssc: &StreamingContext) {
    let seconds = Duration::from_secs;
    let lines = ssc.receiver_stream("lines");
    lines.window(seconds(2), seconds(3)).print();
}

#[test]
fn gen_3_without_a_job_there_is_no_batch() {
    let mut run = Run::start(1_000, 0, print_every_third);
    run.record(500, "dropped");
    run.record(1_500, "b");
    run.record(1_600, "b");
    run.record(2_500, "c");
    run.wake_until(6_000);
    assert_eq!(
        run.submitted(),
        [(3_000, 1), (6_000, 0)],
        "a batch reports its own records, not those of the window"
    );
    check(
        &run.printed(),
        &["3000 ms output 0: b b c", "6000 ms output 0: "],
    );
}

#[test]
fn gen_3_state_sees_batches_for_which_no_output_asked() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let seconds = Duration::from_secs;
        count_in_state(&ssc.receiver_stream("lines"))
            .window(seconds(1), seconds(3))
            .print();
    });
    run.record(500, "a");
    run.record(1_500, "a");
    run.record(2_500, "b");
    run.record(4_500, "a");
    run.wake_until(6_000);
    check(
        &run.printed(),
        &[
            "3000 ms output 0: (a,2) (b,1)",
            "6000 ms output 0: (a,3) (b,1)",
        ],
    );
}

#[test]
fn gen_4_a_completed_batch_forgets_what_no_later_one_needs() {
    let word = Arc::new(());
    let batches = vec![vec![Arc::clone(&word)]; 9];
    let mut run = Run::start(1_000, 0, |ssc| {
        let seconds = Duration::from_secs;
        let words = ssc.queue_stream(batches);
        words.window(seconds(3), seconds(1)).count().print();
    });
    let mut remembered = Vec::new();
    for batch in 1..=9 {
        run.wake_until(batch * 1_000);
        let queued = 9 - batch as usize;
        remembered.push(Arc::strong_count(&word) - 1 - queued);
    }
    assert_eq!(remembered, [1, 2, 3, 3, 3, 3, 3, 3, 3]);
}

#[test]
fn job_1_jobs_run_one_at_a_time_in_the_order_of_submission() {
    let mut run = Run::start_and_hold(|ssc| {
        let lines = ssc.receiver_stream("lines");
        lines.print();
        lines.count().print();
    });
    run.wake_until(2_000);
    for end_ms in [2_100, 2_200, 2_300, 2_400] {
        run.end_job(end_ms);
    }
    check(
        &run.printed(),
        &[
            "1000 ms output 0: ",
            "1000 ms output 1: ",
            "2000 ms output 0: ",
            "2000 ms output 1: ",
        ],
    );
}

#[test]
fn job_2_an_overrun_queues_every_batch() {
    let mut run = Run::start_and_hold(print_lines);
    run.record(900, "a");
    run.wake_until(1_000);
    run.record(1_900, "b");
    run.wake_until(4_000);
    run.end_job(4_200);
    run.end_job(4_300);
    run.end_job(4_400);
    run.end_job(4_500);
    check(
        &run.batches(),
        &[
            "at 1000: 1000 ms submitted, records 1",
            "at 1000: 1000 ms started",
            "at 2000: 2000 ms submitted, records 1",
            "at 3000: 3000 ms submitted, records 0",
            "at 4000: 4000 ms submitted, records 0",
            "at 4200: 1000 ms completed",
            "at 4200: 2000 ms started",
            "at 4300: 2000 ms completed",
            "at 4300: 3000 ms started",
            "at 4400: 3000 ms completed",
            "at 4400: 4000 ms started",
            "at 4500: 4000 ms completed",
        ],
    );
}

#[test]
fn job_2_batches_that_are_due_before_a_job_ends_are_submitted_before() {
    let mut run = Run::start_and_hold(print_lines);
    run.wake_until(1_000);
    run.end_job(3_500);
    check(
        &run.batches(),
        &[
            "at 1000: 1000 ms submitted, records 0",
            "at 1000: 1000 ms started",
            "at 3500: 2000 ms submitted, records 0",
            "at 3500: 3000 ms submitted, records 0",
            "at 3500: 1000 ms completed",
            "at 3500: 2000 ms started",
        ],
    );
}

#[test]
fn job_3_the_input_of_a_queued_batch_is_fixed_when_it_is_generated() {
    let mut run = Run::start_and_hold(print_lines);
    run.record(1_500, "second");
    run.wake_until(2_000);
    run.record(2_500, "third");
    run.end_job(2_600);
    run.end_job(2_700);
    check(
        &run.printed(),
        &["1000 ms output 0: ", "2000 ms output 0: second"],
    );
}

/// Counts words for ever; a word `poison` makes the function fail.
fn count_in_state(words: &DStream<Text>) -> DStream<(Text, i64)> {
    let pairs = words.map(|word| (word, 1));
    pairs.update_state_by_key(|new_values: &[i64], last_sum: Option<i64>| {
        Some(new_values.iter().sum::<i64>() + last_sum.unwrap_or(0))
    })
}

fn refuse_poison(word: Text) -> Text {
    assert!(word != "poison", "cannot eat {word}");
    word
}

#[test]
fn job_4_a_panic_fails_its_batch_and_later_batches_run() {
    let mut run = Run::start(1_000, 0, |ssc| {
        ssc.receiver_stream("lines").map(refuse_poison).print();
    });
    run.record(500, "poison");
    run.record(1_500, "bread");
    run.wake_until(2_000);
    check(
        &run.journal(),
        &[
            "started, zero time 0 ms",
            "1000 ms submitted, records 1",
            "1000 ms started",
            "1000 ms output 0 started",
            "1000 ms output 0 failed: map, batch at 1000 ms: cannot eat poison",
            "1000 ms completed",
            "2000 ms submitted, records 1",
            "2000 ms started",
            "2000 ms output 0 started",
            "2000 ms output 0: bread",
            "2000 ms output 0 completed",
            "2000 ms completed",
        ],
    );
}

#[test]
fn job_4_after_a_failure_the_state_of_before_is_whole() {
    let fails_once = Arc::new(AtomicBool::new(false));
    let fails = Arc::clone(&fails_once);
    let mut run = Run::start(1_000, 0, |ssc| {
        let pairs = ssc.receiver_stream("lines").map(|word| (word, 1));
        let counts = pairs.update_state_by_key(move |values: &[i64], sum: Option<i64>| {
            assert!(!fails.swap(false, Ordering::Relaxed), "out of luck");
            Some(values.iter().sum::<i64>() + sum.unwrap_or(0))
        });
        counts.print();
    });
    run.record(100, "a");
    run.record(200, "b");
    run.wake_until(1_000);
    fails_once.store(true, Ordering::Relaxed);
    run.record(1_100, "b");
    run.wake_until(2_000);
    run.record(2_100, "c");
    run.wake_until(3_000);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: (a,1) (b,1)",
            "3000 ms output 0: (a,1) (b,2) (c,1)",
        ],
    );
}

#[test]
fn job_4_state_after_a_batch_that_always_fails_fails_too() {
    let mut run = Run::start(1_000, 0, |ssc| {
        count_in_state(&ssc.receiver_stream("lines").map(refuse_poison)).print();
    });
    run.record(500, "poison");
    run.wake_until(3_000);
    let journal = run.journal();
    let failures = journal
        .iter()
        .filter(|line| line.contains("cannot eat poison"));
    assert_eq!(failures.count(), 3);
    assert_eq!(run.submitted(), [(1_000, 1), (2_000, 0), (3_000, 0)]);
}

/// Two outputs, of which the one on state fails once there is poison.
#[track_caller]
fn check_the_other_output_goes_on(state_comes_first: bool) {
    let other = usize::from(state_comes_first);
    let mut run = Run::start(1_000, 0, |ssc| {
        let lines = ssc.receiver_stream("lines");
        let state = count_in_state(&lines.map(refuse_poison));
        if state_comes_first {
            state.print();
            lines.print();
        } else {
            lines.print();
            state.print();
        }
    });
    run.record(500, "poison");
    run.wake_until(1_000);
    run.record(1_500, "bread");
    run.wake_until(3_000);
    check(
        &run.printed(),
        &[
            &format!("1000 ms output {other}: poison"),
            &format!("2000 ms output {other}: bread"),
            &format!("3000 ms output {other}: "),
        ],
    );
    let failures = run.journal();
    let failures = failures
        .iter()
        .filter(|line| line.contains("failed: map, batch at 1000 ms: cannot eat poison"));
    assert_eq!(failures.count(), 3);
}

#[test]
fn job_4_an_output_that_fails_leaves_the_others_of_its_batch_alone() {
    check_the_other_output_goes_on(true);
    check_the_other_output_goes_on(false);
}

/// How many batches of a queue are remembered after each of four batches, the outputs of which fail
/// or not: in the first and the third batch all is well.
#[track_caller]
fn check_remembered(fail: [bool; 2], expected: [usize; 4]) {
    let word = Arc::new(());
    let batches = vec![vec![Arc::clone(&word)]; 4];
    let mut run = Run::start(1_000, 0, |ssc| {
        let words = ssc.queue_stream(batches);
        for fails in fail {
            words.foreach_rdd(move |_, time| {
                assert!(!fails || time.as_millis() % 2_000 == 1_000, "at {time}");
                Ok(())
            });
        }
    });
    let remembered = [3, 2, 1, 0].map(|queued| {
        run.wake_until(run.next_wake().expect("the program goes on"));
        Arc::strong_count(&word) - 1 - queued
    });
    assert_eq!(remembered, expected);
}

#[test]
fn job_4_a_batch_counts_as_done_if_its_last_output_did_not_fail() {
    check_remembered([false, false], [0, 0, 0, 0]);
    check_remembered([true, false], [0, 0, 0, 0]);
    check_remembered([false, true], [0, 1, 0, 1]);
}

#[test]
fn job_4_nothing_that_a_failed_job_wanted_to_print_is_printed() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let lines = ssc.receiver_stream("lines");
        lines.foreach_rdd(|batch, time| {
            assert!(batch.is_empty()?, "rows at {time}");
            Ok(())
        });
    });
    run.record(1_500, "a");
    run.wake_until(2_000);
    check(&run.printed(), &[]);
    assert!(run.journal().contains(
        &"2000 ms output 0 failed: foreach_rdd, batch at 2000 ms: rows at 2000 ms".to_owned()
    ));
}
