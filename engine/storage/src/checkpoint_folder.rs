//! The folder of a program's checkpoints: what the engine asks to be durable, as files. Those of a query are written as
//! a [`QueryFolder`] has them.
//!
//! ```text
//! checkpoint-<time>[.bk]                  one frame: a Checkpoint
//! states/<operator>-<time>[.part]         the states of an operator, or what has changed of them
//! receivedBlockMetadata/log-<begin>-<end> LogEntry after LogEntry
//! receivedData/<stream>/log-<begin>-<end> (block number, records) after each other
//! ```
//!
//! Times are milliseconds since the epoch. Each file has the header and the frames of [`frame`]; a frame is one value in
//! the format of `postcard`, but for states:
//!
//! ```text
//! states file = head chunk*               a frame each
//! head   = StateId Time                   the file's own operator and time, so that none counts for another; and the
//!                                         time of the file with which those begin that the states are put together from
//! chunk  = up to 1 MiB of                 the bytes of save, cut anywhere
//! save   = mapped? partition*             mapped: rows of the batch by partition, of `map_with_state` alone
//! partition = is_whole entry* order?      is_whole: what older files have of the partition does not count
//! entry  = slot (key value)?              a key that got a value; a slot alone: its key was removed
//! value  = state                          of `map_with_state` (state, number of the batch that wrote it)
//! order  = slot*                          in which the keys are read; without one, ascending
//!        | before room newest             of `map_with_state`: Spark's two tables, each a list of slots, and of hashes
//!                                         where a key takes room without a state
//! ```
//!
//! Values follow each other in the format of `postcard`, which has the length of a list before it, and a byte before
//! what may be missing. A slot is a number that a key keeps from one file to the next, until one `is_whole`. A checkpoint
//! names all files that are read together; one that is whole is a snapshot, the others are deltas. Entries of keys that
//! have not changed are among them: after some deltas all keys were there, and older files can go. A `.part` is there for
//! later states alone: a checkpoint that names its own counts no longer (`CKP-7`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

use engine::{
    BlockId, Checkpoint, LogEntry, QueryFile, Records, Recovery, StateId, StreamId, Text, Time,
    WriteContent, WriteError,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::frame;
use crate::{
    CheckpointWriter, FormatError, QueryFolder, Storage, StorageError, WriteAheadLog,
    read_checkpoints,
};

pub(crate) const METADATA: &str = "receivedBlockMetadata";
pub(crate) const RECORDS: &str = "receivedData";
pub(crate) const STATES: &str = "states";

/// The end of the name of a file that is only a part of later states.
pub(crate) const PART: &str = ".part";

/// The bytes of states in one frame.
const CHUNK: usize = 1 << 20;

/// The checkpoints, states and logs of one program in a storage.
///
/// ```
/// use engine::{LogEntry, BlockId, StreamId, Time, WriteContent};
/// use engine_storage::{CheckpointFolder, VirtualDisk};
///
/// let mut folder = CheckpointFolder::new(VirtualDisk::default());
/// let block = BlockId { stream: StreamId(0), number: 0 };
/// let entry = LogEntry::BlockAdded { block, first: 0, records: 2 };
/// folder.write(Time::from_millis(200), &WriteContent::Log(entry))?;
/// assert!(folder.read().is_ok_and(|recovery| recovery.is_none()), "there is no checkpoint yet");
/// # Ok::<(), engine::WriteError>(())
/// ```
#[derive(Debug)]
pub struct CheckpointFolder<S> {
    storage: S,
    checkpoints: CheckpointWriter,
    metadata: WriteAheadLog,
    records: BTreeMap<StreamId, WriteAheadLog>,
}

/// The reason for which nothing can be read from a folder.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The storage fails.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file is of another version of the format.
    #[error("{file}: {error}")]
    Version {
        /// The file.
        file: String,
        /// The version.
        error: FormatError,
    },
    /// The folder is one of another kind of program.
    #[error(
        "{file} is a file of {kind}: start the program that it was written by, or name another folder"
    )]
    Kind {
        /// A file.
        file: String,
        /// The kind of program.
        kind: &'static str,
    },
    /// There are checkpoints, and none can be read.
    #[error("no checkpoint can be read; the newest, {file}: {error}")]
    Unreadable {
        /// The newest file.
        file: String,
        /// The damage.
        error: FormatError,
    },
}

impl<S: Storage> CheckpointFolder<S> {
    /// The folder in a storage.
    pub fn new(storage: S) -> CheckpointFolder<S> {
        CheckpointFolder {
            storage,
            checkpoints: CheckpointWriter::default(),
            metadata: WriteAheadLog::new(METADATA),
            records: BTreeMap::new(),
        }
    }

    /// The storage.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// The storage, to do something to it behind the program's back.
    pub fn storage_mut(&mut self) -> &mut S {
        &mut self.storage
    }

    /// The storage, when the program has ended.
    pub fn into_storage(self) -> S {
        self.storage
    }

    /// Makes something durable that a program asks for.
    ///
    /// # Errors
    ///
    /// The storage fails, three times where it is tried again.
    pub fn write(&mut self, now: Time, content: &WriteContent) -> Result<(), WriteError> {
        self.try_write(now.as_millis(), content)
            .map_err(|error| WriteError {
                reason: reason(&error),
            })
    }

    /// Makes several things durable that were asked for at these times, in their order, but for state files of a query
    /// that follow each other: these become durable [together](Storage::replace_all). Returns the end of each.
    pub fn write_all<'a>(
        &mut self,
        contents: impl IntoIterator<Item = (Time, &'a WriteContent)>,
    ) -> Vec<Result<(), WriteError>> {
        let mut written = Vec::new();
        let mut contents = contents.into_iter().peekable();
        while let Some((now, content)) = contents.next() {
            if !is_state_file(content) {
                written.push(self.write(now, content));
                continue;
            }
            let mut files = vec![content];
            while let Some((_, next)) = contents.next_if(|(_, next)| is_state_file(next)) {
                files.push(next);
            }
            written.append(&mut QueryFolder::new(&mut self.storage).write_all(&files));
        }
        written
    }

    fn try_write(&mut self, now_ms: i64, content: &WriteContent) -> Result<(), StorageError> {
        let storage = &mut self.storage;
        match content {
            WriteContent::Log(entry) => {
                self.metadata.append(storage, now_ms, &encode(entry)?)?;
                if let LogEntry::BatchesCleaned { before } = entry {
                    self.clean_logs(*before)?;
                }
                Ok(())
            }
            WriteContent::Block { block, records } => {
                let log = self.records.entry(block.stream);
                let log = log.or_insert_with(|| WriteAheadLog::new(&records_folder(block.stream)));
                log.append(storage, now_ms, &encode(&(block.number, records))?)
            }
            WriteContent::States { id, since, content } => {
                let encoded = content.encode();
                let bytes = encoded.map_err(|failure| StorageError::Encode(failure.to_string()))?;
                write_states(storage, *id, *since, &bytes)
            }
            WriteContent::Checkpoint(checkpoint) => {
                let time = checkpoint.time.as_millis();
                self.checkpoints.write(storage, time, &encode(checkpoint)?)
            }
            WriteContent::RemoveStates { states, parts } => {
                for id in states {
                    storage.remove(&states_file(*id))?;
                    storage.remove(&part_file(*id))?;
                }
                parts.iter().try_for_each(|id| keep_part(storage, *id))
            }
            WriteContent::QueryFile { .. } | WriteContent::RemoveQueryFiles(_) => {
                QueryFolder::new(storage).try_write(content)
            }
        }
    }

    fn clean_logs(&mut self, before: Time) -> Result<(), StorageError> {
        let logs = self.records.values_mut().chain([&mut self.metadata]);
        for log in logs {
            log.clean(&mut self.storage, before.as_millis())?;
        }
        Ok(())
    }

    /// All that a program goes on from; `None` if there is no checkpoint.
    ///
    /// The newest checkpoint that can be read counts (`CKP-5`). States that cannot be read are left out, and so are log
    /// entries from a damaged one to the end of its file.
    ///
    /// # Errors
    ///
    /// No checkpoint can be read, or one is of another version.
    pub fn read(&self) -> Result<Option<Recovery>, ReadError> {
        let Some(checkpoint) = self.newest_checkpoint()? else {
            return Ok(None);
        };
        let mut states = BTreeMap::new();
        for id in &checkpoint.states {
            if let Some(bytes) = self.read_states(*id, &checkpoint.files)? {
                states.insert(*id, bytes);
            }
        }
        let entries = self.metadata.read(&self.storage)?;
        let log: Vec<LogEntry> = entries.iter().filter_map(|entry| decode(entry)).collect();
        Ok(Some(Recovery {
            blocks: self.read_records(&log)?,
            checkpoint,
            states,
            log,
        }))
    }

    fn newest_checkpoint(&self) -> Result<Option<Checkpoint>, ReadError> {
        let mut newest_error = None;
        for file in read_checkpoints(&self.storage)? {
            let decoded = file
                .content
                .and_then(|bytes| decode(&bytes).ok_or(FormatError::Damaged(0)));
            match decoded {
                Ok(checkpoint) => return Ok(Some(checkpoint)),
                Err(error @ FormatError::Version(_)) => {
                    return Err(ReadError::Version {
                        file: file.name,
                        error,
                    });
                }
                Err(error) => {
                    newest_error.get_or_insert((file.name, error));
                }
            }
        }
        match newest_error {
            Some((file, error)) => Err(ReadError::Unreadable { file, error }),
            None => Ok(None),
        }
    }

    /// The bytes of all files that states are put together from, oldest first; `None` if one cannot be read.
    fn read_states(&self, id: StateId, files: &[StateId]) -> Result<Option<Vec<u8>>, StorageError> {
        let is_part =
            |file: &&StateId| file.operator == id.operator && file.batch_time <= id.batch_time;
        let mut bytes = Vec::new();
        let mut last = None;
        for file in files.iter().filter(is_part) {
            let mut read = self.storage.read(&states_file(*file))?;
            if read.is_none() && *file != id {
                read = self.storage.read(&part_file(*file))?;
            }
            let Some(read) = read else {
                return Ok(None);
            };
            let frames: Result<Vec<&[u8]>, FormatError> = frame::frames(&read).collect();
            let Ok([head, chunks @ ..]) = frames.as_deref() else {
                return Ok(None);
            };
            if decode_head(head).is_none_or(|(named, _)| named != *file) {
                return Ok(None);
            }
            bytes.extend_from_slice(&chunks.concat());
            last = Some(*file);
        }
        Ok(Some(bytes).filter(|_| last == Some(id)))
    }

    fn read_records(&self, log: &[LogEntry]) -> Result<BTreeMap<BlockId, Records>, StorageError> {
        let streams: BTreeSet<StreamId> = log
            .iter()
            .filter_map(|entry| match entry {
                LogEntry::BlockAdded { block, .. } => Some(block.stream),
                LogEntry::BatchAllocated { .. } | LogEntry::BatchesCleaned { .. } => None,
            })
            .collect();
        let mut blocks = BTreeMap::new();
        for stream in streams {
            let log = WriteAheadLog::new(&records_folder(stream));
            for entry in log.read(&self.storage)? {
                if let Some((number, records)) = decode::<(u64, Vec<Text>)>(&entry) {
                    blocks.insert(BlockId { stream, number }, records.into());
                }
            }
        }
        Ok(blocks)
    }
}

fn is_state_file(content: &WriteContent) -> bool {
    let WriteContent::QueryFile { file, .. } = content else {
        return false;
    };
    matches!(file, QueryFile::Delta(_) | QueryFile::Snapshot(_))
}

/// Writes states under another name first, so that a file of theirs is whole.
fn write_states(
    storage: &mut dyn Storage,
    id: StateId,
    since: Time,
    bytes: &[u8],
) -> Result<(), StorageError> {
    let mut file = frame::header();
    frame::push(&mut file, &encode(&(id, since))?)?;
    for chunk in bytes.chunks(CHUNK) {
        frame::push(&mut file, chunk)?;
    }
    let temporary = format!("{STATES}/temp");
    storage.write(&temporary, &file)?;
    storage.sync(&temporary)?;
    let name = states_file(id);
    storage.rename(&temporary, &name)?;
    storage.sync(&name)
}

/// The states that a file is of, and the time of the file with which those begin that they are put together from.
pub(crate) fn decode_head(head: &[u8]) -> Option<(StateId, Time)> {
    decode(head)
}

fn states_file(id: StateId) -> String {
    format!("{STATES}/{}-{}", id.operator, id.batch_time.as_millis())
}

/// The name of a file that is only a part of later states.
fn part_file(id: StateId) -> String {
    format!("{}{PART}", states_file(id))
}

/// Has a file be only a part of later states; nothing if it is one.
fn keep_part(storage: &mut dyn Storage, id: StateId) -> Result<(), StorageError> {
    match storage.rename(&states_file(id), &part_file(id)) {
        Err(StorageError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(()),
        renamed => renamed,
    }
}

fn records_folder(stream: StreamId) -> String {
    format!("{RECORDS}/{}", stream.0)
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>, StorageError> {
    postcard::to_stdvec(value).map_err(|error| StorageError::Encode(error.to_string()))
}

/// `None` if the bytes are no such value: they were written by another program.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// An error with its causes, in one line.
pub(crate) fn reason(error: &StorageError) -> Text {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += ": ";
        text += &error.to_string();
        cause = error.source();
    }
    text.into()
}
