//! Blocks in the memory of executors, which may lose them.

use std::sync::Arc;

use super::Engine;
use crate::block::Block;
use crate::receive::Allocation;
use crate::{BlockId, BlockManager, ClusterEvent, Event, Outbox};

impl Engine {
    /// The same engine, not yet started, whose blocks are where this one says: a block that is gone when the jobs of its
    /// batch are generated is left out, and one that goes later fails the job that reads it.
    pub fn with_block_manager(mut self, block_manager: Arc<dyn BlockManager>) -> Engine {
        self.dataflow.find_blocks_by(Arc::clone(&block_manager));
        self.block_manager = Some(block_manager);
        self
    }

    /// Leaves out the blocks of a batch that are gone (`ReceiverInputDStream.createBlockRDD`).
    pub(super) fn leave_out_lost(&self, allocation: &mut Allocation, outbox: &mut Outbox) {
        let Some(block_manager) = &self.block_manager else {
            return;
        };
        let is_lost = |block: &mut Block| !block_manager.has(block.id);
        let lost = allocation.blocks.extract_if(.., is_lost);
        let blocks: Vec<BlockId> = lost.map(|block| block.id).collect();
        if !blocks.is_empty() {
            outbox.record(Event::Cluster(ClusterEvent::BlocksNotFound {
                batch_time: allocation.batch_time,
                blocks,
            }));
        }
    }
}
