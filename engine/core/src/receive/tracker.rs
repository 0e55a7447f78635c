//! The allocation of blocks to batches.

use std::collections::BTreeMap;

use crate::block::Block;
use crate::{BlockId, Records, StreamId, Time};

/// The blocks of one batch, stream by stream.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) batch_time: Time,
    /// The blocks of all streams, in the order in which they were stored.
    pub(crate) blocks: Vec<Block>,
}

impl Allocation {
    /// The number of records of the batch.
    pub(crate) fn records(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// The ids of its blocks.
    pub(crate) fn block_ids(&self) -> Vec<BlockId> {
        self.blocks.iter().map(|block| block.id).collect()
    }
}

/// Queues stored blocks until a batch takes them all (`TRK-1`, `TRK-2`; Spark's
/// `ReceivedBlockTracker`).
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    unallocated: Vec<Block>,
    /// The number of the next block of each stream that had one.
    next_number: BTreeMap<StreamId, u64>,
}

impl Tracker {
    /// Queues records that were stored together, as a block.
    pub(crate) fn add(&mut self, stream: StreamId, records: Records) {
        debug_assert!(!records.is_empty(), "an empty block is none");
        let next = self.next_number.entry(stream).or_default();
        let id = BlockId {
            stream,
            number: *next,
        };
        *next += 1;
        self.unallocated.push(Block { id, records });
    }

    /// True if no block waits for its batch.
    pub(crate) fn is_empty(&self) -> bool {
        self.unallocated.is_empty()
    }

    /// Takes back a batch whose allocation could not be logged: the next one has its blocks.
    pub(crate) fn withdraw(&mut self, allocation: &mut Allocation) {
        let later = std::mem::replace(
            &mut self.unallocated,
            std::mem::take(&mut allocation.blocks),
        );
        self.unallocated.extend(later);
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

    fn records(text: &str) -> Records {
        Records::from([text.into()])
    }

    /// The blocks of an allocation, as Spark names them, each with its only record.
    fn blocks(allocation: &Allocation) -> Vec<String> {
        let blocks = allocation.blocks.iter();
        blocks
            .map(|block| format!("{} {}", block.id, block[0]))
            .collect()
    }

    #[test]
    fn trk_1_blocks_are_queued_in_the_order_in_which_they_were_stored() {
        let mut tracker = Tracker::default();
        tracker.add(StreamId(1), records("first"));
        tracker.add(StreamId(0), records("second"));
        tracker.add(StreamId(1), records("third"));
        let allocation = tracker.allocate(Time::EPOCH);
        assert_eq!(allocation.records(), 3);
        assert_eq!(
            blocks(&allocation),
            ["input-1-0 first", "input-0-0 second", "input-1-1 third"]
        );
    }
}
