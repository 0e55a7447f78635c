//! The checkpoint of a query that goes on after a crash.

use std::collections::{BTreeMap, BTreeSet};

use engine::{
    Failure, FailureKind, QueryContent, QueryFile, QueryFileError, QueryFiles, QueryOffsets,
    SourceEntry, SourceOffset, StateChange, StateVersion, Text, Time,
};

use crate::incremental::StateOperator;
use crate::physical::{RecoveredWatermark, SavedStates, SavedStore, check_schema};
use crate::source::OwnLog;

/// Why a query cannot go on from its checkpoint. In Spark the query ends before a micro-batch, but for
/// [`Metadata`](QueryRecoverError::Metadata), for which `start` fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryRecoverError {
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

/// The state of a query's checkpoint, as it was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) has_metadata: bool,
    /// The operators whose types are there.
    pub(crate) schemas: BTreeSet<usize>,
    /// The micro-batches in the log of offsets.
    pub(crate) offsets: BTreeSet<u64>,
    /// Those in the log of commits.
    pub(crate) commits: BTreeSet<u64>,
    /// The files of each source, of those that have a log of them.
    pub(crate) source_logs: Vec<SourceLog>,
    /// The beginning of each source, of those that log it.
    pub(crate) beginnings: Vec<Option<SourceOffset>>,
    /// The files of state stores.
    pub(crate) states: BTreeSet<QueryFile>,
    /// The micro-batch to go on with, if one was begun.
    pub(crate) next: Option<NextBatch>,
}

/// The files of a source, by the entries of its log.
pub(crate) type SourceLog = BTreeMap<u64, SourceEntry>;

/// The micro-batch to go on with.
#[derive(Debug)]
pub(crate) struct NextBatch {
    pub(crate) id: u64,
    /// The time of its trigger, if it runs again.
    pub(crate) again: Option<Time>,
    /// Where it begins in each source.
    pub(crate) starts: Vec<Option<SourceOffset>>,
    /// Where it ends, if it runs again; else where it begins.
    pub(crate) ends: Vec<Option<SourceOffset>>,
    pub(crate) watermark: RecoveredWatermark,
    pub(crate) shuffle_partitions: usize,
}

impl Found {
    /// Reads the logs: those of the query, and the own one of each source.
    pub(crate) fn read(
        files: &dyn QueryFiles,
        logs: &[OwnLog],
    ) -> Result<Found, QueryRecoverError> {
        let mut found = Found::default();
        let mut entries = vec![BTreeSet::new(); logs.len()];
        for file in files.list().map_err(QueryRecoverError::Unreadable)? {
            match file {
                QueryFile::Metadata => found.has_metadata = true,
                QueryFile::Schema { operator } => drop(found.schemas.insert(operator)),
                QueryFile::Offsets { batch } => drop(found.offsets.insert(batch)),
                QueryFile::Commit { batch } => drop(found.commits.insert(batch)),
                QueryFile::Source { source, entry } => {
                    if let Some(entries) = entries.get_mut(source) {
                        entries.insert(entry);
                    }
                }
                QueryFile::Delta(_) | QueryFile::Snapshot(_) => drop(found.states.insert(file)),
            }
        }
        if found.has_metadata {
            let read = files.read(QueryFile::Metadata);
            read.map_err(QueryRecoverError::Metadata)?;
        }
        for (source, (log, entries)) in logs.iter().zip(&entries).enumerate() {
            found.source_logs.push(match log {
                OwnLog::Files(_) => read_source_log(files, source, entries)?,
                OwnLog::None | OwnLog::Beginning => SourceLog::new(),
            });
            found.beginnings.push(match log {
                OwnLog::Beginning if entries.contains(&0) => Some(read_beginning(files, source)?),
                _ => None,
            });
        }
        found.next = found.next_batch(files, logs.len())?;
        if let Some(next) = &found.next {
            for (source, log) in logs.iter().enumerate() {
                if let OwnLog::Files(name) = log {
                    found.check_source(source, name, next)?;
                }
            }
        }
        Ok(found)
    }

    /// The last micro-batch in the log of offsets runs again, unless it is the last in that of commits too.
    fn next_batch(
        &self,
        files: &dyn QueryFiles,
        sources: usize,
    ) -> Result<Option<NextBatch>, QueryRecoverError> {
        let Some(&last) = self.offsets.last() else {
            return Ok(None);
        };
        let offsets = read_offsets(files, last, sources)?;
        let before = match last.checked_sub(1) {
            None => None,
            Some(batch) if self.offsets.contains(&batch) => {
                Some(read_offsets(files, batch, sources)?)
            }
            Some(batch) => {
                let file = QueryFile::Offsets { batch };
                return Err(QueryRecoverError::BatchMissing { batch, file });
            }
        };
        let committed = self.commits.last().map(|batch| read_commit(files, *batch));
        let committed = committed.transpose()?;
        let shuffle_partitions = offsets.shuffle_partitions;
        let previous_ms = before.as_ref().map_or(0, |before| before.watermark_ms);
        let starts = before.map_or_else(|| vec![None; sources], |before| before.sources);
        let ends = offsets.sources;
        let is_done = self.commits.last() == Some(&last);
        Ok(Some(match committed.filter(|_| is_done) {
            Some(next_watermark_ms) => NextBatch {
                id: last + 1,
                again: None,
                starts,
                ends,
                watermark: RecoveredWatermark {
                    current_ms: offsets.watermark_ms.max(next_watermark_ms),
                    previous_ms: offsets.watermark_ms,
                },
                shuffle_partitions,
            },
            None => NextBatch {
                id: last,
                again: Some(offsets.timestamp),
                starts,
                ends,
                watermark: RecoveredWatermark {
                    current_ms: offsets.watermark_ms,
                    previous_ms,
                },
                shuffle_partitions,
            },
        }))
    }

    /// The source reads the entries of the last micro-batch, also if that is done (`FileStreamSource.getBatch`).
    fn check_source(
        &self,
        source: usize,
        name: &Text,
        next: &NextBatch,
    ) -> Result<(), QueryRecoverError> {
        let log = &self.source_logs[source];
        let number = |offset: &Option<SourceOffset>| offset.as_ref()?.number();
        let first = number(&next.starts[source]).map_or(0, |start| start + 1);
        let range = first..=number(&next.ends[source]).unwrap_or(-1);
        let missing: Vec<u64> = range
            .clone()
            .map(|entry| entry as u64)
            .filter(|entry| !log.contains_key(entry))
            .collect();
        if let Some(&entry) = missing.first() {
            let file = QueryFile::Source { source, entry };
            return Err(QueryRecoverError::EntriesMissing { missing, file });
        }
        let mut entries = range.filter_map(|entry| log.get(&(entry as u64)));
        match entries.find(|entry| entry.source != *name) {
            None => Ok(()),
            Some(entry) => Err(QueryRecoverError::OtherSource {
                saved: entry.source.clone(),
                own: name.clone(),
            }),
        }
    }
}

/// All entries of the source's log, of which none may be missing before the last.
fn read_source_log(
    files: &dyn QueryFiles,
    source: usize,
    entries: &BTreeSet<u64>,
) -> Result<SourceLog, QueryRecoverError> {
    let last = entries.last().copied().unwrap_or(0);
    let missing = (0..last).find(|entry| !entries.contains(entry));
    if let Some(entry) = missing {
        let file = QueryFile::Source { source, entry };
        return Err(QueryRecoverError::EntryMissing { file, last });
    }
    let mut log = BTreeMap::new();
    for &entry in entries {
        let file = QueryFile::Source { source, entry };
        match files.read(file).map_err(QueryRecoverError::Unreadable)? {
            QueryContent::Source(content) => drop(log.insert(entry, content)),
            _ => return Err(other_content(file)),
        }
    }
    Ok(log)
}

/// The beginning of a source.
fn read_beginning(
    files: &dyn QueryFiles,
    source: usize,
) -> Result<SourceOffset, QueryRecoverError> {
    let file = QueryFile::Source { source, entry: 0 };
    match files.read(file).map_err(QueryRecoverError::Unreadable)? {
        QueryContent::Beginning(beginning) => Ok(beginning),
        _ => Err(other_content(file)),
    }
}

fn read_offsets(
    files: &dyn QueryFiles,
    batch: u64,
    sources: usize,
) -> Result<QueryOffsets, QueryRecoverError> {
    let file = QueryFile::Offsets { batch };
    match files.read(file).map_err(QueryRecoverError::Unreadable)? {
        QueryContent::Offsets(offsets) if offsets.sources.len() == sources => Ok(offsets),
        QueryContent::Offsets(offsets) => Err(QueryRecoverError::Sources {
            saved: offsets.sources.len(),
            own: sources,
        }),
        _ => Err(other_content(file)),
    }
}

fn read_commit(files: &dyn QueryFiles, batch: u64) -> Result<i64, QueryRecoverError> {
    let file = QueryFile::Commit { batch };
    match files.read(file).map_err(QueryRecoverError::Unreadable)? {
        QueryContent::Commit(next_watermark_ms) => Ok(next_watermark_ms),
        _ => Err(other_content(file)),
    }
}

fn other_content(file: QueryFile) -> QueryRecoverError {
    let reason = "it has the content of another file".into();
    QueryRecoverError::Unreadable(QueryFileError::Damaged { file, reason })
}

/// Reads the stores of all operators at a version: the last snapshot and the changes since (`SS-3`).
///
/// # Errors
///
/// The failure of the first task of which the store cannot be read, or of the first that finds other types (`SS-7`).
pub(crate) fn read_states(
    files: &dyn QueryFiles,
    found: &BTreeSet<QueryFile>,
    version: u64,
    operators: &[StateOperator],
) -> Result<SavedStates, Failure> {
    let operators = operators.iter().enumerate().map(|(number, operator)| {
        let saved = files.read(QueryFile::Schema { operator: number });
        match saved {
            Ok(QueryContent::Schema(saved)) => {
                check_schema(&saved, &operator.schema, operator.schema_check)?;
            }
            Err(QueryFileError::Missing(_)) => {}
            Ok(_) => return Err(unreadable("the types of the states", "they are not there")),
            Err(error) => return Err(unreadable("Error reading schema file", &error.to_string())),
        }
        let stores = (0..operator.partitions).map(|partition| {
            let state = StateVersion {
                operator: number,
                partition,
                version,
            };
            read_store(files, found, state)
        });
        stores.collect()
    });
    operators.collect()
}

/// Reads a store at a version.
fn read_store(
    files: &dyn QueryFiles,
    found: &BTreeSet<QueryFile>,
    state: StateVersion,
) -> Result<SavedStore, Failure> {
    let at = |version| StateVersion { version, ..state };
    let mut snapshots = (1..=state.version)
        .rev()
        .map(|it| QueryFile::Snapshot(at(it)));
    let (snapshot, since) = match snapshots.find(|file| found.contains(file)) {
        Some(file @ QueryFile::Snapshot(state)) => {
            (read_changes(files, "snapshot", file)?, state.version)
        }
        _ => (Vec::new(), 0),
    };
    let mut changes = Vec::new();
    for version in since + 1..=state.version {
        let file = QueryFile::Delta(at(version));
        changes.append(&mut read_changes(files, "delta", file)?);
    }
    Ok(SavedStore {
        partition: state.partition,
        snapshot,
        changes,
    })
}

fn read_changes(
    files: &dyn QueryFiles,
    kind: &str,
    file: QueryFile,
) -> Result<Vec<StateChange>, Failure> {
    match files.read(file) {
        Ok(QueryContent::States(changes)) => Ok(changes),
        Ok(_) => Err(unreadable(
            &format!("Error reading {kind} file {file}"),
            "it has other content",
        )),
        Err(error) => Err(unreadable(
            &format!("Error reading {kind} file {file}"),
            &error.to_string(),
        )),
    }
}

fn unreadable(what: &str, why: &str) -> Failure {
    let message = format!(
        "{what}: {why}; put back a copy of it, or start anew with another checkpoint folder"
    );
    Failure::new(FailureKind::Checkpoint, message)
}
