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
