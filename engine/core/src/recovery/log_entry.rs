//! The log of received blocks.

use serde::{Deserialize, Serialize};

use crate::{BlockId, Time};

/// An entry of the log of received blocks
/// (`org.apache.spark.streaming.scheduler.ReceivedBlockTrackerLogEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogEntry {
    /// A block was received (`BlockAdditionEvent`).
    BlockAdded {
        /// The block.
        block: BlockId,
        /// The number of its first record among those of the stream, from 0.
        first: u64,
        /// The number of its records.
        records: usize,
    },
    /// These blocks belong to a batch (`BatchAllocationEvent`).
    BatchAllocated {
        /// The end of the batch's interval.
        batch_time: Time,
        /// Its blocks, in the order in which they were stored.
        blocks: Vec<BlockId>,
    },
    /// Batches before this time are not asked for any more (`BatchCleanupEvent`).
    BatchesCleaned {
        /// The time.
        before: Time,
    },
}
