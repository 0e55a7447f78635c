//! Events of a driver that may die.

use crate::{BlockId, Failure, QueryId, Text, Time};

/// An event of a driver that ends, begins anew, or cannot write what it needs for that.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum DriverEvent {
    /// The program goes on after a crash (`REC-4`).
    Recovered {
        /// The time before which there is no batch.
        zero_time: Time,
        /// The time of the checkpoint.
        checkpoint_time: Time,
        /// The batches that run again, or late, before the first new one.
        again: Vec<Time>,
        /// The blocks whose records are not there any more (`WAL-4`).
        lost: Vec<BlockId>,
    },
    /// A query goes on after a crash (`MB-1`).
    QueryRecovered {
        /// The query.
        query: QueryId,
        /// The first micro-batch that it runs.
        batch_id: u64,
        /// True if that was begun before, and runs again.
        again: bool,
        /// The watermark, in milliseconds.
        watermark_ms: i64,
    },
    /// The process of the driver has ended, with all that it had in memory.
    Crashed,
    /// The results that a life of the driver has left, where they are kept.
    ResultsLeft {
        /// Each file, with its size.
        files: Vec<Text>,
    },
    /// The program could not go on from what was saved.
    NotRecovered {
        /// The reason.
        failure: Failure,
    },
    /// Something of a checkpoint could not be written; the program goes on without it (`CKP-3`).
    CheckpointFailed {
        /// The end of the interval of the batch that it is of.
        batch_time: Time,
        /// The reason.
        reason: Text,
    },
    /// A block that was received could not be logged, and is in no batch (`TRK-1`).
    BlockRejected {
        /// The block.
        block: BlockId,
        /// The number of its records.
        records: usize,
        /// The reason.
        reason: Text,
    },
}
