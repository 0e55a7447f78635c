//! The files of a checkpoint folder, as a person who looks into it sees them.

use engine::{Checkpoint, LogEntry, QueryContent, QueryFile, Text, Time};

use crate::checkpoint_folder::{METADATA, RECORDS, STATES, decode, decode_head};
use crate::{FormatError, Storage, StorageError, frame, is_checkpoint, query_folder};

/// A file, and its content as far as it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedFile {
    /// Its name in the folder.
    pub name: String,
    /// Its length in bytes.
    pub bytes: usize,
    /// Its content.
    pub content: InspectedContent,
    /// The reason for which the content, or the rest of it, cannot be read.
    pub damage: Option<Text>,
}

/// The content of a file, or the part of it before its damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InspectedContent {
    /// A checkpoint of a program of streams.
    Checkpoint(Checkpoint),
    /// The states of an operator, or what has changed of them.
    States {
        /// The number of their bytes.
        bytes: usize,
        /// The batch with whose file those begin that the states are put together from; `None` if it cannot be read.
        since: Option<Time>,
    },
    /// The log of received blocks.
    Log(Vec<LogEntry>),
    /// The records of received blocks: the number of records of each.
    Records(Vec<usize>),
    /// A file of a query.
    Query(QueryContent),
    /// Nothing that is known, or can be read.
    Nothing,
}

/// All files of a folder, by their names.
///
/// # Errors
///
/// The storage fails. A file that is damaged is no error: it says so itself.
///
/// ```
/// use engine_storage::{FormatError, InspectedContent, Storage, VirtualDisk, inspect};
///
/// let mut disk = VirtualDisk::default();
/// disk.write("checkpoint-1000", b"none of ours")?;
/// let files = inspect(&disk)?;
/// assert_eq!(files[0].content, InspectedContent::Nothing);
/// assert_eq!(files[0].damage.as_deref(), Some(FormatError::NoFile.to_string().as_str()));
/// # Ok::<(), engine_storage::StorageError>(())
/// ```
pub fn inspect(storage: &dyn Storage) -> Result<Vec<InspectedFile>, StorageError> {
    let mut files = Vec::new();
    for name in storage.list()? {
        // A program that runs may have removed it meanwhile.
        let Some(bytes) = storage.read(&name)? else {
            continue;
        };
        let (content, damage) = match name.parse::<QueryFile>() {
            Ok(file) => match query_folder::decode(file, &bytes) {
                Ok(content) => (InspectedContent::Query(content), None),
                Err(damage) => (InspectedContent::Nothing, Some(damage)),
            },
            Err(_) => stream_content(&name, &bytes),
        };
        files.push(InspectedFile {
            name,
            bytes: bytes.len(),
            content,
            damage,
        });
    }
    Ok(files)
}

fn stream_content(name: &str, bytes: &[u8]) -> (InspectedContent, Option<Text>) {
    let is_below = |folder: &str| {
        let rest = name.strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_checkpoint = is_checkpoint(name);
    if !is_checkpoint && ![STATES, METADATA, RECORDS].into_iter().any(is_below) {
        return (
            InspectedContent::Nothing,
            Some("it is no file of a checkpoint".into()),
        );
    }
    let mut frames = Vec::new();
    let mut damage = None;
    for frame in frame::frames(bytes) {
        match frame {
            Ok(frame) => frames.push(frame),
            Err(error) => damage = Some(Text::from(error.to_string())),
        }
    }
    let content = if is_checkpoint {
        let checkpoint = frames.first().and_then(|frame| decode(frame));
        if checkpoint.is_none() && damage.is_none() {
            damage = Some(FormatError::NoFile.to_string().into());
        }
        checkpoint.map_or(InspectedContent::Nothing, InspectedContent::Checkpoint)
    } else if is_below(STATES) {
        let chunks = frames.iter().skip(1);
        InspectedContent::States {
            bytes: chunks.map(|chunk| chunk.len()).sum(),
            since: frames
                .first()
                .and_then(|head| decode_head(head))
                .map(|(_, since)| since),
        }
    } else if is_below(METADATA) {
        InspectedContent::Log(frames.iter().filter_map(|frame| decode(frame)).collect())
    } else {
        let blocks = frames
            .iter()
            .filter_map(|frame| decode::<(u64, Vec<Text>)>(frame));
        InspectedContent::Records(blocks.map(|(_, records)| records.len()).collect())
    };
    (content, damage)
}
