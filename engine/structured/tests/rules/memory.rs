//! A limit to what the groups of a query take.

use std::time::Duration;

use engine::DataType;
use engine_structured::OutputMode;
use engine_structured::functions::{col, timestamp_seconds};

use crate::support::{Run, check, session, words_of};

/// A group of one short word takes 144 bytes.
const TWO_GROUPS: u64 = 2 * 144;

#[test]
fn a_batch_whose_groups_outgrow_the_memory_fails_and_ends_the_query() {
    let lines = session(2)
        .with_memory(TWO_GROUPS)
        .read_stream()
        .memory("lines");
    let counts = words_of(&lines).group_by("word").count().write_stream();
    let query = counts.output_mode(OutputMode::Complete).console();
    let mut run = Run::start(query.expect("the query keeps the rules"), 0);
    for (now, line) in [(100, "blue green"), (200, "green blue"), (300, "red")] {
        run.line(now, line);
        run.wake_until(now);
    }
    check(
        &run.progress(),
        &[
            "batch 0, records 1",
            "batch 1, records 1",
            "batch 2 failed: count, batch 2: 3 groups would take 432 bytes, and the memory of the cluster is 288 bytes, \
             which ends the query; give it more memory, or let groups go by a watermark",
            "Stopped",
        ],
    );
    assert!(run.is_stopped());
}

#[test]
fn groups_that_the_watermark_lets_go_take_nothing() {
    let lines = session(1)
        .with_memory(TWO_GROUPS)
        .read_stream()
        .memory("lines");
    let seconds = timestamp_seconds(col("value").cast(DataType::Long)).alias("time");
    let counts = lines
        .select([seconds])
        .with_watermark("time", Duration::ZERO)
        .group_by("time")
        .count()
        .write_stream();
    let query = counts.output_mode(OutputMode::Update).console();
    let mut run = Run::start(query.expect("the query keeps the rules"), 0);
    for second in 1..10 {
        run.seconds(&[second]);
    }
    assert_eq!(run.tables().concat().len(), 9);
    run.seconds(&[20, 21, 22]);
    assert!(run.is_stopped(), "three of them are too many");
}
