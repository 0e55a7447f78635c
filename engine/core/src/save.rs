//! Results that a program saves, and their acknowledgement.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{Records, SaveId, Text, Time};

/// Something that a machine wants to be saved where its results are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    /// The save, as the acknowledgement names it.
    pub id: SaveId,
    /// The batch that it is of; of a query, the start of the micro-batch.
    pub batch_time: Time,
    /// The thing itself.
    pub content: SaveContent,
}

/// The contents of saves. They are carried out in the order in which they were asked for.
///
/// A folder of text comes in parts, which are seen by their names once they are committed
/// (`org.apache.hadoop.mapred.FileOutputCommitter`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveContent {
    /// The lines of one partition, aside from the names that readers know (`commitTask`).
    Part {
        /// The folder.
        folder: Text,
        /// The partition.
        partition: usize,
        /// Its lines.
        lines: Records,
    },
    /// All parts of a folder get their names, in the place of those of an earlier run, and the folder is marked as whole
    /// (`commitJob`).
    CommitParts {
        /// The folder.
        folder: Text,
        /// The number of its parts.
        partitions: usize,
    },
    /// The parts of a folder that have no names yet are removed (`abortJob`).
    AbortParts {
        /// The folder.
        folder: Text,
    },
    /// A micro-batch of a query begins: it is not saved again if the log of the folder has it
    /// (`org.apache.spark.sql.execution.streaming.FileStreamSink`).
    BeginFiles {
        /// The folder.
        folder: Text,
        /// The micro-batch.
        batch: u64,
    },
    /// A file of a micro-batch, which counts once it is in the log of its folder.
    File {
        /// The file.
        file: Text,
        /// The content.
        content: FileContent,
    },
    /// The entry of a micro-batch in the log of the folder
    /// (`org.apache.spark.internal.io.ManifestFileCommitProtocol`).
    CommitFiles {
        /// The folder.
        folder: Text,
        /// The micro-batch.
        batch: u64,
        /// The time at which it began.
        begun: Time,
        /// Its files.
        files: Vec<LoggedFile>,
    },
}

/// The content of a file of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileContent {
    /// Its lines. Of a file that is no text they only show it: its rows as JSON.
    pub lines: Records,
    /// Its bytes, if it is no text.
    pub bytes: Option<Arc<[u8]>>,
}

impl FileContent {
    /// A text of these lines.
    pub fn text(lines: Records) -> FileContent {
        FileContent { lines, bytes: None }
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        if let Some(bytes) = &self.bytes {
            return Cow::Borrowed(bytes);
        }
        let lines = self.lines.iter().flat_map(|line| [line.as_str(), "\n"]);
        Cow::Owned(lines.collect::<String>().into_bytes())
    }

    /// The number of its bytes.
    pub fn size(&self) -> u64 {
        let lines = || self.lines.iter().map(|line| line.len() as u64 + 1).sum();
        self.bytes
            .as_ref()
            .map_or_else(lines, |bytes| bytes.len() as u64)
    }
}

/// A file in the log of its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedFile {
    /// The file.
    pub file: Text,
    /// Its size.
    pub bytes: u64,
}

/// The result of a save that has not failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It was carried out.
    Done,
    /// The log has the micro-batch already: nothing of it is to be saved.
    SavedBefore,
}

/// A folder of text, as an output operation has made it (`RDD.saveAsTextFile`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFolder {
    /// Its name.
    pub name: Text,
    /// The lines of each partition.
    pub parts: Vec<Records>,
}

/// The reason for which something was not saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was not saved: {reason}")]
pub struct SaveError {
    /// The reason, as the storage gives it.
    pub reason: Text,
}
