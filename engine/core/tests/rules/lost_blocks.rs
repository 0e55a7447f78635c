//! Blocks that executors lose before a job has read them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use engine::{BlockId, BlockManager, StreamId};

use crate::support::{Run, check};

/// Blocks of which some are lost.
#[derive(Debug, Default)]
struct Losing {
    lost: Mutex<BTreeSet<u64>>,
    removed: Mutex<Vec<u64>>,
}

impl Losing {
    fn lose(&self, number: u64) {
        let mut lost = self.lost.lock().expect("no job runs");
        lost.insert(number);
    }
}

impl BlockManager for Losing {
    fn has(&self, block: BlockId) -> bool {
        let lost = self.lost.lock().expect("one job runs at a time");
        !lost.contains(&block.number)
    }

    fn remove(&self, block: BlockId) {
        assert_eq!(block.stream, StreamId(0));
        let mut removed = self.removed.lock().expect("one job runs at a time");
        removed.push(block.number);
    }
}

/// Batches of two blocks each, each with a word, printed as they are.
fn two_blocks_a_batch(losing: &Arc<Losing>) -> Run {
    let blocks = Arc::clone(losing) as Arc<dyn BlockManager>;
    let mut run = Run::start_on(blocks, |ssc| ssc.receiver_stream("lines").print());
    run.block(100, &["a"]);
    run.block(200, &["b"]);
    run
}

#[test]
fn wal_4_a_block_that_is_gone_when_its_batch_is_generated_is_left_out() {
    let losing = Arc::default();
    let mut run = two_blocks_a_batch(&losing);
    losing.lose(0);
    run.wake_until(1_000);
    run.end_job(1_000);
    assert_eq!(run.submitted(), [(1_000, 2)], "its records were counted");
    check(&run.printed(), &["1000 ms output 0: b"]);
    assert!(run.journal()[1].contains("BlocksNotFound"), "it is said");
}

#[test]
fn job_4_a_block_that_goes_after_that_fails_the_job() {
    let losing = Arc::default();
    let mut run = two_blocks_a_batch(&losing);
    run.wake_until(1_000);
    losing.lose(1);
    run.end_job(1_000);
    run.block(1_100, &["c"]);
    run.wake_until(2_000);
    run.end_job(2_000);
    check(&run.printed(), &["2000 ms output 0: c"]);
    let failed = "1000 ms output 0 failed: print, batch at 1000 ms: Could not compute split, block input-0-1 of RDD 0 not \
                  found";
    assert!(
        run.journal().contains(&failed.to_owned()),
        "{:?}",
        run.journal()
    );
}

#[test]
fn gen_4_blocks_are_removed_when_no_batch_asks_for_them() {
    let losing = Arc::default();
    let mut run = two_blocks_a_batch(&losing);
    for now in [1_000, 2_000] {
        run.wake_until(now);
        run.end_job(now);
    }
    let removed = losing.removed.lock().expect("no job runs");
    assert_eq!(*removed, [0, 1]);
}
