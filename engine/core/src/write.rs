//! Writes of a machine to its checkpoint folder, and their acknowledgement.

use crate::block::Records;
use crate::recovery::{Checkpoint, LogEntry, QueryContent, QueryFile, StateContent, StateId};
use crate::{BlockId, Text, Time, WriteId};

/// Something that a machine wants to be durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The write, as the acknowledgement names it.
    pub id: WriteId,
    /// The thing itself.
    pub content: WriteContent,
}

/// The contents of writes. They are carried out in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteContent {
    /// An entry of the log of received blocks (`WAL-1`).
    Log(LogEntry),
    /// The records of a block, in the log of its stream (`WAL-3`).
    Block {
        /// The block.
        block: BlockId,
        /// Its records.
        records: Records,
    },
    /// The states of an operator after a batch, or what has changed of them (`CKP-7`).
    States {
        /// The name of them.
        id: StateId,
        /// The batch with whose file those begin that they are put together from: their own, if they are whole.
        since: Time,
        /// The states, which become bytes when they are written.
        content: StateContent,
    },
    /// A checkpoint of the program (`CKP-1`).
    Checkpoint(Checkpoint),
    /// These states are not needed any more: no checkpoint that names them counts from now on.
    RemoveStates {
        /// Those whose files go.
        states: Vec<StateId>,
        /// Those whose files stay as parts of later states.
        parts: Vec<StateId>,
    },
    /// A file of a query's checkpoint, in the place of one that is there (`MB-1`).
    QueryFile {
        /// The file.
        file: QueryFile,
        /// Its content.
        content: QueryContent,
    },
    /// These files of a query's checkpoint are not needed any more.
    RemoveQueryFiles(Vec<QueryFile>),
}

/// The reason for which something was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was not written: {reason}")]
pub struct WriteError {
    /// The reason, as the storage gives it.
    pub reason: Text,
}
