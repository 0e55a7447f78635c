//! The port through which a program finds the blocks that executors keep in memory.

use std::fmt::Debug;

use crate::BlockId;

/// The blocks in the memory of executors, where these may be lost (`org.apache.spark.storage.BlockManager`).
///
/// A program without one has all its blocks as long as it asks for them.
pub trait BlockManager: Debug + Send + Sync {
    /// True if a task can read the block.
    fn has(&self, block: BlockId) -> bool;

    /// Forgets a block that no batch asks for any more.
    fn remove(&self, block: BlockId);
}
