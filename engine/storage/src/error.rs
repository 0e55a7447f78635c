//! Operations that fail.

use std::fmt;
use std::io;

/// An operation of a storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// [`Storage::read`](crate::Storage::read).
    Read,
    /// [`Storage::write`](crate::Storage::write).
    Write,
    /// [`Storage::append`](crate::Storage::append).
    Append,
    /// [`Storage::sync`](crate::Storage::sync).
    Sync,
    /// [`Storage::rename`](crate::Storage::rename).
    Rename,
    /// [`Storage::remove`](crate::Storage::remove).
    Remove,
    /// [`Storage::list`](crate::Storage::list).
    List,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Append => "append to",
            Operation::Sync => "sync",
            Operation::Rename => "rename",
            Operation::Remove => "remove",
            Operation::List => "list the files of",
        })
    }
}

/// An operation that has failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The system fails it, or the disk is full.
    #[error("failed to {operation} {file}")]
    Io {
        /// The operation.
        operation: Operation,
        /// The file, or the folder.
        file: String,
        /// The error of the system.
        source: io::Error,
    },
    /// A piece that is longer than the format has room for.
    #[error("a piece of {0} bytes is too large for a checkpoint, which has pieces of up to 4 GiB")]
    TooLarge(usize),
    /// A value that has no bytes.
    #[error("a piece of a checkpoint cannot be written: {0}")]
    Encode(String),
    /// An address of no place for files.
    #[error("{address} cannot be used: {reason}")]
    Address {
        /// The address.
        address: String,
        /// The reason, and the way out.
        reason: String,
    },
    /// Another process has the folder.
    #[error("{folder} is in use by another process: a checkpoint is of one program at a time")]
    InUse {
        /// The folder.
        folder: String,
    },
}
