//! What a program with checkpoints asks to be durable, and what waits for it (`WAL-1`, `CKP-1`).

use std::time::Duration;

use engine::{BuildError, Engine, Machine, SparkContext, StreamingContext, UpdateSpec, WriteError};

use crate::support::{Run, check};

fn log_lines(ssc: &StreamingContext) {
    ssc.checkpoint();
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

/// Acknowledges the oldest write, which is of this kind.
fn acknowledge(run: &mut Run, now_ms: i64, kind: &str) {
    let write = run.write().unwrap_or_default();
    assert!(write.contains(kind), "{write} is no {kind}");
    run.acknowledge(now_ms, Ok(()));
}

/// Acknowledges the writes of a batch up to where its jobs are submitted, and its two checkpoints.
fn acknowledge_batch(run: &mut Run, now_ms: i64) {
    for kind in ["BatchAllocated", "Checkpoint", "Checkpoint"] {
        acknowledge(run, now_ms, kind);
    }
}

#[test]
fn wal_1_a_batch_is_submitted_when_its_entry_is_durable() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.wake_until(600);
    acknowledge(&mut run, 600, "BlockAdded");
    run.wake_until(1_000);
    assert_eq!(
        run.write().as_deref(),
        Some(
            "Log(BatchAllocated { batch_time: Time(1000 ms), \
             blocks: [BlockId { stream: StreamId(0), number: 0 }] })"
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
    run.wake_until(3_500);
    assert_eq!(
        run.next_wake(),
        None,
        "nothing is due but the acknowledgement"
    );
    acknowledge(&mut run, 3_500, "BatchAllocated");
    assert_eq!(run.submitted(), [(1_000, 0)]);
    while run.write().is_some() {
        run.acknowledge(3_500, Ok(()));
        run.wake_until(3_500);
    }
    assert_eq!(run.submitted(), [(1_000, 0), (2_000, 0), (3_000, 0)]);
}

#[test]
fn trk_1_a_batch_waits_for_the_blocks_that_were_cut_at_its_time() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(1_000, "a");
    run.wake_until(1_000);
    acknowledge(&mut run, 1_050, "BlockAdded");
    run.wake_until(1_050);
    acknowledge_batch(&mut run, 1_050);
    check(&run.printed(), &["1000 ms output 0: a"]);
}

#[test]
fn trk_1_a_block_whose_entry_is_not_written_is_in_no_batch() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.wake_until(600);
    run.acknowledge(700, Err(full_disk()));
    run.wake_until(1_000);
    acknowledge_batch(&mut run, 1_000);
    check(&run.printed(), &["1000 ms output 0: "]);
}

#[test]
fn wal_3_records_are_logged_before_their_block_is() {
    let mut run = Run::start(1_000, 0, |ssc| {
        ssc.log_records();
        log_lines(ssc);
    });
    run.record(500, "a");
    run.wake_until(600);
    acknowledge(&mut run, 600, "Block {");
    acknowledge(&mut run, 600, "BlockAdded");
    run.wake_until(1_000);
    acknowledge_batch(&mut run, 1_000);
    check(&run.printed(), &["1000 ms output 0: a"]);
}

#[test]
fn wal_1_blocks_whose_entry_is_not_written_are_those_of_the_next_batch() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.wake_until(600);
    acknowledge(&mut run, 600, "BlockAdded");
    run.wake_until(1_000);
    run.record(1_100, "b");
    run.acknowledge(1_150, Err(full_disk()));
    for kind in ["Checkpoint", "Checkpoint"] {
        acknowledge(&mut run, 1_150, kind);
    }
    run.wake_until(1_200);
    acknowledge(&mut run, 1_200, "BlockAdded");
    run.wake_until(2_000);
    acknowledge_batch(&mut run, 2_000);
    check(
        &run.printed(),
        &["1000 ms output 0: ", "2000 ms output 0: a b"],
    );
}

#[test]
fn job_6_a_graceful_stop_waits_for_all_writes() {
    let mut run = Run::start(1_000, 0, log_lines);
    run.record(500, "a");
    run.stop(600);
    acknowledge(&mut run, 700, "BlockAdded");
    for second in 1..=3 {
        run.wake_until(1_000 * second);
        while run.write().is_some() {
            assert!(!run.is_stopped());
            run.acknowledge(1_000 * second, Ok(()));
        }
    }
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

#[test]
fn ckp_6_states_that_cannot_be_saved_are_refused() {
    type Spec = UpdateSpec<i32, i32, i32>;
    let sums = |spec: fn(Spec) -> Spec| {
        let ssc = StreamingContext::new(&SparkContext::local(1, "saved"), Duration::from_secs(1));
        ssc.checkpoint();
        let lengths = ssc
            .direct_stream("lines")
            .map(|line| (line.len() as i32, 1));
        let update =
            |values: &[i32], sum: Option<i32>| Some(values.iter().sum::<i32>() + sum.unwrap_or(0));
        let spec = spec(UpdateSpec::function(update));
        lengths.update_state_by_key_with(spec).print();
        ssc.build().map(drop)
    };
    let refused = BuildError::NotSaved {
        operator: "update_state_by_key",
    };
    assert_eq!(sums(|spec| spec), Err(refused));
    assert_eq!(sums(UpdateSpec::saved), Ok(()));
}

#[test]
fn wal_1_records_are_not_logged_without_checkpoints() {
    let ssc = StreamingContext::new(&SparkContext::local(1, "log"), Duration::from_secs(1));
    ssc.log_records();
    ssc.receiver_stream("lines").print();
    assert_eq!(ssc.build().map(drop), Err(BuildError::LogWithoutCheckpoint));
}
