//! Why a query cannot go on.

use engine::{QueryFile, QueryFileError, SourceOffset, Text};

/// Why a query cannot go on from its checkpoint. In Spark the query ends before a micro-batch, but for
/// [`Metadata`](QueryRecoverError::Metadata), for which `start` fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryRecoverError {
    /// The sink is a table in memory, and the output mode is not complete.
    #[error(
        "This query does not support recovering from checkpoint location: delete its offsets to start over"
    )]
    NotSupported,
    /// The file that says which query the folder is of cannot be read.
    #[error("{0}: remove it, and the query goes on under a new id")]
    Metadata(QueryFileError),
    /// The storage fails, or an entry of a log that is needed cannot be read: a query never falls back on an older one.
    #[error(
        "{0}: a query does not fall back on an older entry; put back a copy of it, or start anew with another \
         checkpoint folder"
    )]
    Unreadable(QueryFileError),
    /// The micro-batch before the last one is not in the log.
    #[error(
        "batch {batch} doesn't exist: the query has to know where the batch after it began, and {file} is not there; put \
         back a copy of it, or start anew with another checkpoint folder"
    )]
    BatchMissing {
        /// The micro-batch.
        batch: u64,
        /// The file that it was in.
        file: QueryFile,
    },
    /// An entry of a source's log is missing before its last one.
    #[error(
        "{file} doesn't exist (latestId: {last}): the files that it named would be read again; put back a copy of it, or \
         start anew with another checkpoint folder"
    )]
    EntryMissing {
        /// The file of the entry.
        file: QueryFile,
        /// The last entry.
        last: u64,
    },
    /// The last entries of a source's log are missing.
    #[error(
        "{}: the last batch had the files that {file} named; put back a copy of it, or start anew with another \
         checkpoint folder",
        batches_missing(.missing)
    )]
    EntriesMissing {
        /// The entries, ascending.
        missing: Vec<u64>,
        /// The file of the first one.
        file: QueryFile,
    },
    /// The query read another folder before.
    #[error(
        "Wrong basePath {own} for the root path: {saved}: the query has read {saved} before, and goes on only with that; \
         read it, or start anew with another checkpoint folder"
    )]
    OtherSource {
        /// The source that the log is of.
        saved: Text,
        /// The source of the query.
        own: Text,
    },
    /// The query read a source of another kind before.
    #[error(
        "the checkpoint has the offset {0}, which is none of the query's source: start the query that it is of, or start \
         anew with another checkpoint folder"
    )]
    OtherKind(SourceOffset),
    /// The query had another number of sources before.
    #[error(
        "There are [{saved}] sources in the checkpoint offsets and now there are [{own}] sources requested by the query. \
         Cannot continue."
    )]
    Sources {
        /// The number that it had.
        saved: usize,
        /// The number that it has.
        own: usize,
    },
}

fn batches_missing(missing: &[u64]) -> String {
    match missing {
        [one] => format!("batch {one} doesn't exist"),
        several => {
            let several: Vec<String> = several.iter().map(u64::to_string).collect();
            format!("batches ({}) don't exist", several.join(", "))
        }
    }
}
