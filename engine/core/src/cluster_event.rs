//! Events of a cluster whose executors may be lost.

use crate::{BlockId, StreamId, Time};

/// An event of an executor, of a receiver on one, or of what they keep.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum ClusterEvent {
    /// An executor has begun anew, with nothing in memory.
    ExecutorAdded {
        /// The number of the executor, from 0.
        executor: usize,
    },
    /// An executor has ended, or the driver takes it for one that has: its blocks, its tasks and its receivers are gone.
    ExecutorLost {
        /// The number of the executor.
        executor: usize,
        /// True if it was not heard of for too long (`spark.network.timeout`).
        is_timeout: bool,
    },
    /// A receiver has begun again (`RCV-1`).
    ReceiverStarted {
        /// The stream that it receives.
        stream: StreamId,
        /// The number of its executor.
        executor: usize,
    },
    /// A receiver has ended.
    ReceiverStopped {
        /// The stream that it receives.
        stream: StreamId,
    },
    /// Records of a source that does not send again were not stored, and are in no batch (`RCV-2`).
    RecordsLost {
        /// Their stream.
        stream: StreamId,
        /// The number of records.
        records: usize,
    },
    /// A task has begun again, as its executor was lost.
    TaskRunAgain {
        /// The end of the interval of its batch.
        batch_time: Time,
        /// The number of the task in its job, from 0.
        task: usize,
        /// The number of the executor that it runs on now.
        executor: usize,
    },
    /// Blocks of a batch were gone when its jobs were generated, which do without them (`BlockRDD`, `WAL-4`).
    BlocksNotFound {
        /// The end of the batch's interval.
        batch_time: Time,
        /// The blocks.
        blocks: Vec<BlockId>,
    },
}
