//! Writes of a machine to its log, and their acknowledgement.

use crate::{BlockId, Text, Time, WriteId};

/// An entry that a machine wants to be durable before it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The write, as the acknowledgement names it.
    pub id: WriteId,
    /// The entry.
    pub entry: LogEntry,
}

/// An entry of the log of received blocks (`WAL-1`;
/// `org.apache.spark.streaming.scheduler.ReceivedBlockTrackerLogEvent`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEntry {
    /// These blocks belong to a batch (`BatchAllocationEvent`).
    BatchAllocated {
        /// The end of the batch's interval.
        batch_time: Time,
        /// Its blocks, in the order in which they were stored.
        blocks: Vec<BlockId>,
    },
}

/// The reason for which an entry is not in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log entry was not written: {reason}")]
pub struct WriteError {
    /// The reason, as the storage gives it.
    pub reason: Text,
}
