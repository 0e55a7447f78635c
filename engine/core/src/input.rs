//! Inputs: everything that may reach a machine.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::{Finished, Text, WriteError, WriteId};

/// An input stream of a program: the first one declared is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub usize);

/// Records that arrived together, in order.
pub type Records = Arc<[Text]>;

/// A block of a stream: the first one stored is 0 (`org.apache.spark.storage.StreamBlockId`).
///
/// ```
/// use engine::{BlockId, StreamId};
/// assert_eq!(BlockId { stream: StreamId(0), number: 7 }.to_string(), "input-0-7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId {
    /// The stream that it belongs to.
    pub stream: StreamId,
    /// Its number among the blocks of the stream.
    pub number: u64,
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "input-{}-{}", self.stream.0, self.number)
    }
}

/// Records that a receiver stored together: one partition of a batch (`BLK-4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) id: BlockId,
    pub(crate) records: Records,
}

impl Deref for Block {
    type Target = [Text];

    fn deref(&self) -> &[Text] {
        &self.records
    }
}

/// An input of a machine; its driver hands it in with the time at which it happened.
#[derive(Debug)]
pub enum Input {
    /// The program starts; this comes first, and once.
    Started,
    /// A receiver hands over one record, which waits for the next cut of a block (`BLK-1`).
    Received {
        /// The stream it belongs to.
        stream: StreamId,
        /// The record: a line without its line end.
        record: Text,
    },
    /// A receiver hands over many records at once, which are a block as they are (`BLK-5`).
    Stored {
        /// The stream they belong to.
        stream: StreamId,
        /// The records, in order.
        records: Records,
    },
    /// The time that [`Machine::next_wake`](crate::Machine::next_wake) asked for has come.
    Woken,
    /// A job that the machine asked for has ended, well or not.
    JobFinished(Finished),
    /// A write that the machine asked for is durable, or has failed.
    Written {
        /// The write.
        id: WriteId,
        /// Whether the entry is in the log.
        result: Result<(), WriteError>,
    },
    /// No more input will come: end after what was received has been worked off (`JOB-6`).
    StopRequested,
}
