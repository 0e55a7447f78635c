//! How records become blocks, and which batch takes them (`BLK-*`, `TRK-*`).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::{Input, StreamId, StreamingContext};

use crate::support::{Run, check};

fn print_lines_cut_every(interval_ms: u64) -> impl FnOnce(&StreamingContext) {
    move |ssc| {
        ssc.block_interval(Duration::from_millis(interval_ms));
        ssc.receiver_stream("lines").print();
    }
}

#[test]
fn blk_1_a_block_is_in_the_first_batch_after_its_cut() {
    let mut run = Run::start(1_000, 0, print_lines_cut_every(300));
    run.record(900, "cut at 900");
    run.record(901, "cut at 1200");
    run.record(1_000, "cut at 1200 too");
    run.record(1_201, "cut at 1500");
    run.record(2_000, "cut at 2100");
    run.wake_until(3_000);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: cut at 900",
            "2000 ms output 0: cut at 1200 cut at 1200 too cut at 1500",
            "3000 ms output 0: cut at 2100",
        ],
    );
}

#[test]
fn blk_1_blocks_may_be_longer_than_batches() {
    let mut run = Run::start(1_000, 0, print_lines_cut_every(2_500));
    run.record(100, "a");
    run.record(2_400, "b");
    run.record(2_600, "c");
    run.wake_until(5_000);
    assert_eq!(
        run.submitted(),
        [(1_000, 0), (2_000, 0), (3_000, 2), (4_000, 0), (5_000, 1)]
    );
}

#[test]
fn blk_1_an_idle_receiver_asks_for_no_waking_but_the_batches() {
    let mut run = Run::start(1_000, 0, print_lines_cut_every(200));
    assert_eq!(run.next_wake(), Some(1_000));
    run.record(10, "a");
    assert_eq!(run.next_wake(), Some(200));
}

/// A program that notes how many partitions each batch has.
fn count_partitions(ssc: &StreamingContext, counts: &Arc<Mutex<Vec<String>>>) {
    let counts = Arc::clone(counts);
    ssc.receiver_stream("lines").foreach_rdd(move |batch, _| {
        let mut counts = counts.lock().expect("one job runs at a time");
        counts.push(format!("{batch:?} of {} rows", batch.count()?));
        Ok(())
    });
}

#[track_caller]
fn check_partitions(receive: impl FnOnce(&mut Run), expected: &[&str]) {
    let counts = Arc::new(Mutex::new(Vec::new()));
    let mut run = Run::start(1_000, 0, |ssc| count_partitions(ssc, &counts));
    receive(&mut run);
    run.wake_until(1_000);
    check(&counts.lock().expect("no job is running"), expected);
}

#[test]
fn blk_4_each_block_is_a_partition_of_its_batch() {
    check_partitions(
        |run| {
            run.record(1, "a");
            run.record(200, "b");
            run.record(201, "c");
            run.record(999, "d");
        },
        &["Rdd { partitions: 3 } of 4 rows"],
    );
}

#[test]
fn blk_4_a_batch_without_blocks_has_no_partition() {
    check_partitions(|_| (), &["Rdd { partitions: 0 } of 0 rows"]);
}

#[test]
fn blk_5_records_that_are_stored_together_are_one_block() {
    check_partitions(
        |run| {
            run.record(100, "a");
            run.block(150, &["b", "c", "d"]);
            run.block(160, &[]);
            run.record(170, "e");
        },
        &["Rdd { partitions: 2 } of 5 rows"],
    );
}

#[test]
fn blk_6_a_record_at_the_very_tick_is_in_the_batch_that_ends_there() {
    let mut run = Run::start(1_000, 0, print_lines_cut_every(200));
    run.record(1_000, "received");
    run.block(1_000, &["stored"]);
    run.wake(1_000);
    run.record(1_000, "received after the batch");
    run.wake_until(2_000);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: stored received",
            "2000 ms output 0: received after the batch",
        ],
    );
}

#[test]
fn trk_2_a_batch_takes_every_block_of_every_stream_once() {
    let mut run = Run::start(1_000, 0, |ssc| {
        ssc.receiver_stream("left").print();
        ssc.socket_text_stream("localhost", 9_999).print();
    });
    run.record_of(100, 0, "l1");
    run.record_of(300, 1, "r1");
    run.record_of(700, 0, "l2");
    run.wake_until(1_000);
    run.record_of(1_100, 1, "r2");
    run.wake_until(3_000);
    assert_eq!(run.submitted(), [(1_000, 3), (2_000, 1), (3_000, 0)]);
    check(
        &run.printed(),
        &[
            "1000 ms output 0: l1 l2",
            "1000 ms output 1: r1",
            "2000 ms output 0: ",
            "2000 ms output 1: r2",
            "3000 ms output 0: ",
            "3000 ms output 1: ",
        ],
    );
}

#[test]
fn trk_2_streams_may_be_united() {
    let mut run = Run::start(1_000, 0, |ssc| {
        let left = ssc.receiver_stream("left");
        left.union(&ssc.receiver_stream("right")).print();
    });
    run.record_of(100, 1, "right");
    run.record_of(900, 0, "left");
    run.wake_until(1_000);
    check(&run.printed(), &["1000 ms output 0: left right"]);
}

fn run_on_one_stream() -> Run {
    Run::start(1_000, 0, |ssc| ssc.receiver_stream("lines").print())
}

#[test]
#[should_panic(expected = "the program has 1 streams, and none is StreamId(1)")]
fn a_record_of_a_stream_that_is_not_there_is_a_fault_of_the_driver() {
    run_on_one_stream().record_of(100, 1, "a");
}

#[test]
#[should_panic(expected = "the program has 1 streams, and none is StreamId(1)")]
fn a_block_of_a_stream_that_is_not_there_is_a_fault_of_the_driver() {
    let stream = StreamId(1);
    let records = ["a".into()].into();
    run_on_one_stream().hand_in(100, Input::Stored { stream, records });
}
