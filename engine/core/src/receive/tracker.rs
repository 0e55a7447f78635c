//! Which block belongs to which batch.

use crate::Time;
use crate::input::{Block, StreamId};

/// The blocks of one batch, stream by stream.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) batch_time: Time,
    /// The blocks of each stream that has any, in the order in which they were stored.
    pub(crate) blocks: Vec<(StreamId, Block)>,
}

impl Allocation {
    /// How many records the batch has.
    pub(crate) fn records(&self) -> usize {
        self.blocks.iter().map(|(_, block)| block.len()).sum()
    }
}

/// Queues stored blocks until a batch takes them all (`TRK-1`, `TRK-2`; Spark's
/// `ReceivedBlockTracker`).
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    unallocated: Vec<(StreamId, Block)>,
}

impl Tracker {
    /// Queues a block.
    pub(crate) fn add(&mut self, stream: StreamId, block: Block) {
        self.unallocated.push((stream, block));
    }

    /// Gives every block that no batch has yet to the batch at `batch_time`.
    pub(crate) fn allocate(&mut self, batch_time: Time) -> Allocation {
        Allocation {
            batch_time,
            blocks: std::mem::take(&mut self.unallocated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block::from([text.into()])
    }

    #[test]
    fn trk_1_blocks_are_queued_in_the_order_in_which_they_were_stored() {
        let mut tracker = Tracker::default();
        tracker.add(StreamId(1), block("first"));
        tracker.add(StreamId(0), block("second"));
        tracker.add(StreamId(1), block("third"));
        let allocation = tracker.allocate(Time::EPOCH);
        assert_eq!(allocation.records(), 3);
        assert_eq!(
            allocation.blocks,
            [
                (StreamId(1), block("first")),
                (StreamId(0), block("second")),
                (StreamId(1), block("third")),
            ]
        );
    }

    #[test]
    fn trk_2_a_batch_takes_every_block_that_no_batch_has() {
        let mut tracker = Tracker::default();
        tracker.add(StreamId(0), block("a"));
        let first = tracker.allocate(Time::from_millis(1_000));
        tracker.add(StreamId(0), block("b"));
        let second = tracker.allocate(Time::from_millis(2_000));
        let third = tracker.allocate(Time::from_millis(3_000));
        assert_eq!(first.batch_time, Time::from_millis(1_000));
        assert_eq!(first.blocks, [(StreamId(0), block("a"))]);
        assert_eq!(second.blocks, [(StreamId(0), block("b"))]);
        assert_eq!(third.records(), 0);
    }
}
