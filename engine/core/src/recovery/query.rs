//! The files of a query's checkpoint.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Row, Text, Time};

/// A file in the checkpoint folder of a query. It displays as the name that it has in Spark, and is read from it.
///
/// ```
/// use engine::{QueryFile, StateVersion};
/// let store = StateVersion { operator: 0, partition: 1, version: 3 };
/// assert_eq!(QueryFile::Delta(store).to_string(), "state/0/1/3.delta");
/// assert_eq!("offsets/2".parse(), Ok(QueryFile::Offsets { batch: 2 }));
/// assert!("offsets/02".parse::<QueryFile>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueryFile {
    /// The query that the folder is of.
    Metadata,
    /// An entry of a source's own log: the files that it has found, or where it began.
    Source {
        /// The source, in the order of the query.
        source: usize,
        /// The entry, from 0.
        entry: u64,
    },
    /// The input of a micro-batch, fixed before it runs (`MB-1`; `OffsetSeqLog`).
    Offsets {
        /// The micro-batch.
        batch: u64,
    },
    /// The end of a micro-batch (`MB-1`; `CommitLog`).
    Commit {
        /// The micro-batch.
        batch: u64,
    },
    /// The types of an operator's states (`SS-7`).
    Schema {
        /// The operator.
        operator: usize,
    },
    /// The changes that a micro-batch made to a state store (`SS-4`).
    Delta(StateVersion),
    /// All of a state store (`SS-5`).
    Snapshot(StateVersion),
}

/// A version of a state store: micro-batch N makes version N + 1 (`SS-2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateVersion {
    /// The operator that has the store.
    pub operator: usize,
    /// The shuffle partition.
    pub partition: usize,
    /// The version, from 1; version 0 is empty and has no file (`SS-3`).
    pub version: u64,
}

impl fmt::Display for QueryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryFile::Metadata => f.write_str("metadata"),
            QueryFile::Source { source, entry } => write!(f, "sources/{source}/{entry}"),
            QueryFile::Offsets { batch } => write!(f, "offsets/{batch}"),
            QueryFile::Commit { batch } => write!(f, "commits/{batch}"),
            QueryFile::Schema { operator } => write!(f, "state/{operator}/0/_metadata/schema"),
            QueryFile::Delta(state) => write!(f, "state/{state}.delta"),
            QueryFile::Snapshot(state) => write!(f, "state/{state}.snapshot"),
        }
    }
}

impl fmt::Display for StateVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StateVersion {
            operator,
            partition,
            version,
        } = self;
        write!(f, "{operator}/{partition}/{version}")
    }
}

impl FromStr for QueryFile {
    type Err = NoQueryFile;

    fn from_str(name: &str) -> Result<QueryFile, NoQueryFile> {
        let file = parse(name).filter(|file| file.to_string() == name);
        file.filter(|file| file.number() <= LAST_BATCH)
            .ok_or(NoQueryFile)
    }
}

/// A name that no file in the checkpoint folder of a query has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no file of a query's checkpoint has this name")]
pub struct NoQueryFile;

/// The last micro-batch, which is numbered by a `Long` in Spark.
const LAST_BATCH: u64 = i64::MAX as u64;

impl QueryFile {
    /// The number of its micro-batch, entry or version.
    fn number(self) -> u64 {
        match self {
            QueryFile::Metadata | QueryFile::Schema { .. } => 0,
            QueryFile::Source { entry, .. } => entry,
            QueryFile::Offsets { batch } | QueryFile::Commit { batch } => batch,
            QueryFile::Delta(state) | QueryFile::Snapshot(state) => state.version,
        }
    }
}

fn parse(name: &str) -> Option<QueryFile> {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["metadata"] => Some(QueryFile::Metadata),
        ["sources", source, entry] => Some(QueryFile::Source {
            source: source.parse().ok()?,
            entry: entry.parse().ok()?,
        }),
        ["offsets", batch] => Some(QueryFile::Offsets {
            batch: batch.parse().ok()?,
        }),
        ["commits", batch] => Some(QueryFile::Commit {
            batch: batch.parse().ok()?,
        }),
        ["state", operator, "0", "_metadata", "schema"] => Some(QueryFile::Schema {
            operator: operator.parse().ok()?,
        }),
        ["state", operator, partition, file] => {
            let (version, kind) = file.split_once('.')?;
            let state = StateVersion {
                operator: operator.parse().ok()?,
                partition: partition.parse().ok()?,
                version: version.parse().ok()?,
            };
            match kind {
                "delta" => Some(QueryFile::Delta(state)),
                "snapshot" => Some(QueryFile::Snapshot(state)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The content of a file in the checkpoint folder of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryContent {
    /// The id of the query.
    Metadata(Text),
    /// An entry of a source's log.
    Source(SourceEntry),
    /// The beginning of a source that has no more in its log.
    Beginning(SourceOffset),
    /// The input of a micro-batch.
    Offsets(QueryOffsets),
    /// The end of a micro-batch: the watermark of the next one, in milliseconds.
    Commit(i64),
    /// The types of states.
    Schema(StateSchema),
    /// Changes of a state store, or all of it.
    States(Vec<StateChange>),
}

/// The files that a source found together (`org.apache.spark.sql.execution.streaming.FileStreamSourceLog`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// The name of the source.
    pub source: Text,
    /// The files, in the order in which they are read.
    pub files: Vec<SourceFile>,
}

/// A place in a source (`org.apache.spark.sql.execution.streaming.Offset`). It displays as its JSON, whose number is that of
/// `LongOffset`, whose topics are those of `KafkaSourceOffset`, and whose rows are those of `RatePerMicroBatchStreamOffset`.
///
/// ```
/// use engine::SourceOffset;
/// let topics = SourceOffset::Topics([("clicks".into(), [(0, 5), (1, 0)].into())].into());
/// assert_eq!(topics.to_string(), r#"{"clicks":{"0":5,"1":0}}"#);
/// assert_eq!(SourceOffset::Number(-1).to_string(), "-1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceOffset {
    /// The number of a line, of an entry of a log, or of a second.
    Number(i64),
    /// The number of the next message of each partition, by topic.
    Topics(TopicOffsets),
    /// The number of the next row, and its time.
    Rows {
        /// The number.
        number: i64,
        /// The time, in milliseconds since the epoch.
        time_ms: i64,
    },
}

/// The number of the next message of each partition, by topic.
pub type TopicOffsets = BTreeMap<Text, BTreeMap<u32, i64>>;

impl SourceOffset {
    /// The number, unless it is more than that.
    pub fn number(&self) -> Option<i64> {
        match self {
            SourceOffset::Number(number) => Some(*number),
            SourceOffset::Topics(_) | SourceOffset::Rows { .. } => None,
        }
    }
}

impl fmt::Display for SourceOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceOffset::Number(number) => write!(f, "{number}"),
            SourceOffset::Rows { number, time_ms } => {
                write!(f, "{{\"offset\":{number},\"timestamp\":{time_ms}}}")
            }
            SourceOffset::Topics(topics) => {
                let topics = topics.iter().map(|(topic, partitions)| {
                    let offsets = partitions.iter();
                    let offsets =
                        offsets.map(|(partition, offset)| format!("\"{partition}\":{offset}"));
                    format!("\"{topic}\":{{{}}}", offsets.collect::<Vec<_>>().join(","))
                });
                write!(f, "{{{}}}", topics.collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The time since which the source has it.
    pub time: Time,
    /// Its path, by which it is known.
    pub path: Text,
}

/// The input of a micro-batch, and what else it needs to run again as it ran
/// (`org.apache.spark.sql.execution.streaming.OffsetSeq`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryOffsets {
    /// The watermark by which groups are final, in milliseconds (`WM-4`).
    pub watermark_ms: i64,
    /// The time of the trigger (`MB-6`).
    pub timestamp: Time,
    /// `spark.sql.shuffle.partitions`, which a query keeps for ever (`MB-8`).
    pub shuffle_partitions: usize,
    /// The end of each source's part; `None` of a source that has had nothing yet.
    pub sources: Vec<Option<SourceOffset>>,
}

/// The types of a state's key and value, without the names of their fields (`SS-7`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateSchema {
    /// The types of the key's columns.
    pub key: Text,
    /// The types of the value's.
    pub value: Text,
}

/// A change of a state store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// The key of the state.
    pub key: Row,
    /// Its new value; `None` if it was removed.
    pub value: Option<Row>,
}

/// The checkpoint folder of a query, as its driver can read it.
pub trait QueryFiles {
    /// The files that are there, in any order.
    ///
    /// # Errors
    ///
    /// The storage fails.
    fn list(&self) -> Result<Vec<QueryFile>, QueryFileError>;

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The storage fails, there is no such file, or it is damaged.
    fn read(&self, file: QueryFile) -> Result<QueryContent, QueryFileError>;
}

/// Why a file of a query's checkpoint cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryFileError {
    /// It is not there.
    #[error("{0} does not exist")]
    Missing(QueryFile),
    /// It is not as it was written.
    #[error("{file}: {reason}")]
    Damaged {
        /// The file.
        file: QueryFile,
        /// The fault of it.
        reason: Text,
    },
    /// The storage fails.
    #[error("{0}")]
    Storage(Text),
}
