//! Batches that wait for their log entries (`WAL-1`).

use std::time::Duration;

use engine::{Engine, Machine, SparkContext, StreamingContext, WriteError};

use crate::support::{Run, check};

fn log_lines(ssc: &StreamingContext) {
    ssc.log_allocations();
    ssc.receiver_stream("lines").print();
}

fn full_disk() -> WriteError {
    WriteError {
        reason: "the disk is full".into(),
    }
}

#[test]
fn wal_1_a_program_that_logs_says_that_it_writes() {
    let writes = |write: fn(&StreamingContext)| {
        let cluster = SparkContext::local(1, "writes");
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        write(&ssc);
        Engine::new(ssc.build().expect("the program keeps the rules")).writes()
    };
    assert!(writes(log_lines));
    assert!(!writes(|ssc| ssc.receiver_stream("lines").print()));
}

#[test]
fn wal_1_a_batch_is_submitted_when_its_entry_is_durable() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.wake_until(1_000);
    assert_eq!(
        run.entry().as_deref(),
        Some(
            "BatchAllocated { batch_time: Time(1000 ms), \
             blocks: [BlockId { stream: StreamId(0), number: 0 }] }"
        )
    );
    assert_eq!(run.submitted(), []);
    run.acknowledge(1_300, Ok(()));
    assert_eq!(run.submitted(), [(1_000, 1)]);
    check(&run.printed(), &["1000 ms output 0: a"]);
}

#[test]
fn wal_1_while_an_entry_is_written_no_batch_is_generated() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.wake_until(1_000);
    run.record(1_500, "a");
    run.wake_until(3_500);
    assert_eq!(
        run.next_wake(),
        None,
        "nothing is due but the acknowledgement"
    );
    run.acknowledge(3_500, Ok(()));
    run.wake_until(3_500);
    run.acknowledge(3_500, Ok(()));
    run.wake_until(3_500);
    run.acknowledge(3_500, Ok(()));
    assert_eq!(run.submitted(), [(1_000, 0), (2_000, 1), (3_000, 0)]);
}

#[test]
fn wal_1_blocks_whose_entry_is_not_written_are_those_of_the_next_batch() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.wake_until(1_000);
    run.record(1_100, "b");
    run.acknowledge(1_200, Err(full_disk()));
    run.wake_until(2_000);
    run.acknowledge(2_000, Ok(()));
    check(
        &run.printed(),
        &["1000 ms output 0: ", "2000 ms output 0: a b"],
    );
}

#[test]
fn job_6_a_graceful_stop_waits_for_the_entry_of_the_last_batch() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.stop(600);
    run.wake_until(1_000);
    run.acknowledge(1_700, Ok(()));
    run.wake_until(2_000);
    run.acknowledge(2_000, Ok(()));
    run.wake_until(3_000);
    assert!(!run.is_stopped());
    run.acknowledge(3_700, Ok(()));
    check(
        &run.printed(),
        &[
            "1000 ms output 0: a",
            "2000 ms output 0: ",
            "3000 ms output 0: ",
        ],
    );
    assert!(run.is_stopped());
}
