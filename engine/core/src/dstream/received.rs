//! The received blocks of the batches that are remembered.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::block::Block;
use crate::receive::Allocation;
use crate::{BlockManager, StreamId, Time};

/// The blocks of each batch, as long as a batch may ask for them.
#[derive(Debug)]
pub(super) struct ReceivedBlocks {
    remember: Duration,
    /// In the order of time; a batch without blocks has none.
    allocations: VecDeque<Allocation>,
    /// Up to this batch all blocks are forgotten.
    forgotten: Option<Time>,
    /// `None` if no block is lost before it is forgotten.
    block_manager: Option<Arc<dyn BlockManager>>,
}

impl ReceivedBlocks {
    pub(super) fn new(remember: Duration) -> ReceivedBlocks {
        ReceivedBlocks {
            remember,
            allocations: VecDeque::new(),
            forgotten: None,
            block_manager: None,
        }
    }

    /// Sets where blocks are found that may be lost.
    pub(super) fn find_blocks_by(&mut self, block_manager: Arc<dyn BlockManager>) {
        self.block_manager = Some(block_manager);
    }

    /// Where blocks are found that may be lost.
    pub(super) fn block_manager(&self) -> Option<Arc<dyn BlockManager>> {
        self.block_manager.clone()
    }

    /// True if no blocks are remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.allocations.is_empty()
    }

    /// Adds the blocks of the newest batch that has some.
    pub(super) fn add(&mut self, allocation: Allocation) {
        let newest = self.allocations.back().map(|newest| newest.batch_time);
        assert!(
            newest < Some(allocation.batch_time),
            "batches are allocated in the order of time"
        );
        self.allocations.push_back(allocation);
    }

    /// The blocks of a stream in the batch at `time`.
    pub(super) fn blocks(&self, stream: StreamId, time: Time) -> Vec<Block> {
        assert!(
            Some(time) > self.forgotten,
            "the input of the batch at {time} has been forgotten"
        );
        let found = self
            .allocations
            .binary_search_by_key(&time, |allocation| allocation.batch_time);
        let blocks = found.map_or(&[][..], |index| &self.allocations[index].blocks);
        blocks
            .iter()
            .filter(|block| block.id.stream == stream)
            .cloned()
            .collect()
    }

    /// Returns true if there are blocks in the batches of this time up to `end`.
    pub(super) fn has_blocks(&self, time: Duration, end: Time) -> bool {
        let newest_first = self.allocations.iter().rev();
        let mut up_to_end = newest_first.skip_while(|allocation| allocation.batch_time > end);
        let newest = up_to_end.next().map(|newest| newest.batch_time);
        // Before the earliest time there is none.
        newest.is_some_and(|newest| Some(newest) > end.checked_sub(time))
    }

    /// Forgets what no batch after `batch_time` can ask for.
    pub(super) fn forget(&mut self, batch_time: Time) {
        self.forgotten = batch_time.checked_sub(self.remember);
        while let Some(forgotten) = self
            .allocations
            .pop_front_if(|oldest| Some(oldest.batch_time) <= self.forgotten)
        {
            if let Some(block_manager) = &self.block_manager {
                let blocks = forgotten.blocks.iter();
                blocks.for_each(|block| block_manager.remove(block.id));
            }
        }
    }
}
