//! Ids: numbers by which inputs, effects and events name the parts of a program and of its run.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An input stream of a program: the first one declared is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId(pub usize);

/// An output operation of a program: the first one registered is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputId(pub usize);

/// A query of a program: the first one started is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub usize);

/// A block of a stream: the first one stored is 0 (`org.apache.spark.storage.StreamBlockId`).
///
/// ```
/// use engine::{BlockId, StreamId};
/// assert_eq!(BlockId { stream: StreamId(0), number: 7 }.to_string(), "input-0-7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// A job of a machine: the first one started is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// A save of a machine: the first one is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaveId(pub u64);

/// A write of a machine: the first one is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub u64);
