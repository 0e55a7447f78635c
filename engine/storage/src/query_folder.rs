//! The folder of a query's checkpoint: what the query asks to be durable, as files.
//!
//! ```text
//! metadata                               one frame: Metadata
//! sources/<source>/<entry>               one frame: Source
//! offsets/<batch>                        one frame: Offsets
//! commits/<batch>                        one frame: Commit
//! state/<operator>/0/_metadata/schema    one frame: Schema
//! state/<operator>/<partition>/<version>.delta      change frames, and an empty one as end mark
//! state/<operator>/<partition>/<version>.snapshot   the same
//!
//! change frame = change*                 as many as begin in 1 MiB
//! change = key value                     a StateChange: a key without a value is a removal
//! ```
//!
//! The names are those of Spark. Each file has the header and the frames of [`frame`]; values are in the format of
//! `postcard`, each of the first five as the [`QueryContent`] of its name. A file is written under another name first,
//! `.temp`, and then renamed, so that one of its own name is whole.

use engine::{
    QueryContent, QueryFile, QueryFileError, QueryFiles, StateChange, Text, WriteContent,
    WriteError,
};

use crate::checkpoint_folder::reason;
use crate::frame;
use crate::{Storage, StorageError};

/// The bytes after which changes go on in another frame.
const CHUNK: usize = 1 << 20;

/// The checkpoint of one query in a storage.
///
/// ```
/// use engine::{QueryContent, QueryFile, QueryFiles, WriteContent};
/// use engine_storage::{QueryFolder, VirtualDisk};
///
/// let mut folder = QueryFolder::new(VirtualDisk::default());
/// let file = QueryFile::Commit { batch: 3 };
/// folder.write(&WriteContent::QueryFile { file, content: QueryContent::Commit(15_000) })?;
/// assert_eq!(folder.list(), Ok(vec![file]));
/// assert_eq!(folder.read(file), Ok(QueryContent::Commit(15_000)));
/// # Ok::<(), engine::WriteError>(())
/// ```
#[derive(Debug)]
pub struct QueryFolder<S> {
    storage: S,
}

impl<S: Storage> QueryFolder<S> {
    /// The folder in a storage.
    pub fn new(storage: S) -> QueryFolder<S> {
        QueryFolder { storage }
    }

    /// The storage.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// The storage, to do something to it behind the query's back.
    pub fn storage_mut(&mut self) -> &mut S {
        &mut self.storage
    }

    /// The storage, when the query has ended.
    pub fn into_storage(self) -> S {
        self.storage
    }

    /// Makes something durable that a query asks for.
    ///
    /// # Errors
    ///
    /// The storage fails, or it is something that no query asks for.
    pub fn write(&mut self, content: &WriteContent) -> Result<(), WriteError> {
        self.try_write(content).map_err(|error| refused(&error))
    }

    /// Makes files durable, all [together](Storage::replace_all). Returns the end of each.
    pub(crate) fn write_all(&mut self, contents: &[&WriteContent]) -> Vec<Result<(), WriteError>> {
        let mut written = vec![Ok(()); contents.len()];
        let mut files = Vec::with_capacity(contents.len());
        for (written, content) in written.iter_mut().zip(contents) {
            match content {
                WriteContent::QueryFile { file, content } => match encode(content) {
                    Ok(bytes) => files.push((written, (file.to_string(), bytes))),
                    Err(error) => *written = Err(refused(&error)),
                },
                other => *written = self.write(other),
            }
        }
        let (ends, files): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let replaced = self.storage.replace_all(&files);
        for (end, replaced) in ends.into_iter().zip(replaced) {
            *end = replaced.map_err(|error| refused(&error));
        }
        written
    }

    pub(crate) fn try_write(&mut self, content: &WriteContent) -> Result<(), StorageError> {
        match content {
            WriteContent::QueryFile { file, content } => self.write_file(*file, content),
            WriteContent::RemoveQueryFiles(files) => files
                .iter()
                .try_for_each(|file| self.storage.remove(&file.to_string())),
            WriteContent::Log(_)
            | WriteContent::Block { .. }
            | WriteContent::States { .. }
            | WriteContent::Checkpoint(_)
            | WriteContent::RemoveStates { .. } => Err(StorageError::Encode(
                "it is one of a program of streams, and the folder is one of a query".to_owned(),
            )),
        }
    }

    fn write_file(&mut self, file: QueryFile, content: &QueryContent) -> Result<(), StorageError> {
        self.storage.replace(&file.to_string(), &encode(content)?)
    }
}

impl<S: Storage> QueryFiles for QueryFolder<S> {
    fn list(&self) -> Result<Vec<QueryFile>, QueryFileError> {
        let names = self.storage.list().map_err(|error| failed(&error))?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    fn read(&self, file: QueryFile) -> Result<QueryContent, QueryFileError> {
        let bytes = self.storage.read(&file.to_string());
        let bytes = bytes.map_err(|error| failed(&error))?;
        let bytes = bytes.ok_or(QueryFileError::Missing(file))?;
        decode(file, &bytes).map_err(|reason| QueryFileError::Damaged { file, reason })
    }
}

fn refused(error: &StorageError) -> WriteError {
    WriteError {
        reason: reason(error),
    }
}

fn failed(error: &StorageError) -> QueryFileError {
    QueryFileError::Storage(reason(error))
}

fn encode(content: &QueryContent) -> Result<Vec<u8>, StorageError> {
    let mut file = frame::header();
    let QueryContent::States(changes) = content else {
        frame::push(&mut file, &encoded(content)?)?;
        return Ok(file);
    };
    let mut chunk = Vec::new();
    for change in changes {
        chunk.append(&mut encoded(change)?);
        if chunk.len() >= CHUNK {
            frame::push(&mut file, &chunk)?;
            chunk.clear();
        }
    }
    if !chunk.is_empty() {
        frame::push(&mut file, &chunk)?;
    }
    frame::push(&mut file, &[])?;
    Ok(file)
}

fn encoded(value: &impl serde::Serialize) -> Result<Vec<u8>, StorageError> {
    postcard::to_stdvec(value).map_err(|error| StorageError::Encode(error.to_string()))
}

/// The content of a file, or what is wrong with it.
pub(crate) fn decode(file: QueryFile, bytes: &[u8]) -> Result<QueryContent, Text> {
    if bytes.is_empty() {
        return Err("it is empty".into());
    }
    let mut frames = Vec::new();
    for frame in frame::frames(bytes) {
        frames.push(frame.map_err(|error| Text::from(error.to_string()))?);
    }
    let is_states = matches!(file, QueryFile::Delta(_) | QueryFile::Snapshot(_));
    if is_states {
        return decode_states(&frames).map(QueryContent::States);
    }
    let content = frames.first().ok_or("its content is missing")?;
    let content = postcard::from_bytes(content).map_err(|_| "it was written by another program")?;
    let is_its_own = matches!(
        (file, &content),
        (QueryFile::Metadata, QueryContent::Metadata(_))
            | (
                QueryFile::Source { .. },
                QueryContent::Source(_) | QueryContent::Beginning(_)
            )
            | (QueryFile::Offsets { .. }, QueryContent::Offsets(_))
            | (QueryFile::Commit { .. }, QueryContent::Commit(_))
            | (QueryFile::Schema { .. }, QueryContent::Schema(_))
    );
    if is_its_own {
        Ok(content)
    } else {
        Err("it has the content of another file".into())
    }
}

/// Changes up to the end mark, without which a file is not whole (`SS-4`).
fn decode_states(frames: &[&[u8]]) -> Result<Vec<StateChange>, Text> {
    let Some(([], changes)) = frames.split_last() else {
        return Err("its end is missing".into());
    };
    let mut read = Vec::new();
    for mut chunk in changes.iter().copied() {
        while !chunk.is_empty() {
            let (change, rest) = postcard::take_from_bytes(chunk)
                .map_err(|_| "it was written by another program")?;
            read.push(change);
            chunk = rest;
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use engine::{
        QueryOffsets, SourceEntry, SourceFile, SourceOffset, StateSchema, StateVersion, Time, Value,
    };

    use super::*;
    use crate::VirtualDisk;

    const STORE: StateVersion = StateVersion {
        operator: 0,
        partition: 7,
        version: 12,
    };

    fn change(word: &str, count: Option<i64>) -> StateChange {
        StateChange {
            key: vec![Value::String(word.into())],
            value: count.map(|count| vec![Value::Long(count)]),
        }
    }

    /// A file of each kind.
    fn contents() -> Vec<(QueryFile, QueryContent)> {
        let time = Time::from_millis(9_000);
        let path = "lines/9000-0".into();
        let entry = SourceEntry {
            source: "lines".into(),
            files: vec![SourceFile { time, path }],
        };
        let offsets = QueryOffsets {
            watermark_ms: 5_000,
            timestamp: time,
            shuffle_partitions: 200,
            sources: vec![Some(SourceOffset::Number(-1)), None],
        };
        let schema = StateSchema {
            key: "STRUCT<STRING>".into(),
            value: "STRUCT<BIGINT>".into(),
        };
        let changes = vec![change("blue", Some(1)), change("green", None)];
        let (source, batch, operator) = (0, 3, 0);
        vec![
            (QueryFile::Metadata, QueryContent::Metadata("words".into())),
            (
                QueryFile::Source { source, entry: 4 },
                QueryContent::Source(entry),
            ),
            (QueryFile::Offsets { batch }, QueryContent::Offsets(offsets)),
            (QueryFile::Commit { batch }, QueryContent::Commit(15_000)),
            (QueryFile::Schema { operator }, QueryContent::Schema(schema)),
            (
                QueryFile::Delta(STORE),
                QueryContent::States(changes.clone()),
            ),
            (QueryFile::Snapshot(STORE), QueryContent::States(changes)),
        ]
    }

    fn written() -> QueryFolder<VirtualDisk> {
        let mut folder = QueryFolder::new(VirtualDisk::default());
        for (file, content) in contents() {
            let written = folder.write(&WriteContent::QueryFile { file, content });
            assert_eq!(written, Ok(()));
        }
        folder.storage_mut().crash(|_, _| 0);
        folder
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = written();
        for (file, content) in contents() {
            assert_eq!(folder.read(file), Ok(content), "{file}");
        }
        let mut listed = folder.list().expect("it is listed");
        listed.sort_unstable();
        let files = contents().into_iter().map(|(file, _)| file);
        assert_eq!(listed, files.collect::<Vec<_>>());
    }

    #[test]
    fn names_are_those_of_spark() {
        let names = written().storage().list().expect("it is listed");
        let expected = [
            "commits/3",
            "metadata",
            "offsets/3",
            "sources/0/4",
            "state/0/0/_metadata/schema",
            "state/0/7/12.delta",
            "state/0/7/12.snapshot",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn ss_4_a_file_that_is_cut_off_anywhere_is_damaged() {
        for (file, _) in contents() {
            let length = written().storage().read(&file.to_string());
            let length = length.ok().flatten().map_or(0, |bytes| bytes.len());
            for left in 0..length {
                let mut folder = written();
                let cut = folder
                    .storage_mut()
                    .corrupt(&file.to_string(), |bytes| bytes.truncate(left));
                assert!(cut);
                let read = folder.read(file);
                let is_damaged = matches!(read, Err(QueryFileError::Damaged { .. }));
                assert!(is_damaged, "{file} of {left} bytes: {read:?}");
            }
        }
    }

    #[test]
    fn states_of_many_frames_are_read() {
        let words = (0..100_000).map(|number| change(&format!("word {number}"), Some(number)));
        let content = QueryContent::States(words.collect());
        let bytes = encode(&content).expect("it has bytes");
        assert!(bytes.len() > CHUNK);
        assert_eq!(decode(QueryFile::Delta(STORE), &bytes), Ok(content));
    }

    #[test]
    fn files_that_are_removed_are_gone() {
        let mut folder = written();
        let gone = vec![QueryFile::Delta(STORE), QueryFile::Offsets { batch: 3 }];
        let removed = folder.write(&WriteContent::RemoveQueryFiles(gone.clone()));
        assert_eq!(removed, Ok(()));
        for file in gone {
            assert_eq!(folder.read(file), Err(QueryFileError::Missing(file)));
        }
    }
}
