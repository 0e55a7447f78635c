//! The checkpoint of a query that goes on after a crash.

mod error;
mod states;

use std::collections::{BTreeMap, BTreeSet};

use engine::{
    QueryContent, QueryFile, QueryFileError, QueryFiles, QueryOffsets, SourceEntry, SourceOffset,
    Text, Time,
};

use crate::physical::RecoveredWatermark;
use crate::source::OwnLog;

pub use self::error::QueryRecoverError;
pub(crate) use self::states::read_states;

/// The state of a query's checkpoint, as it was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The id of the query, if its start was saved.
    pub(crate) id: Option<Text>,
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
                QueryFile::Metadata => found.id = Some(read_id(files)?),
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

fn read_id(files: &dyn QueryFiles) -> Result<Text, QueryRecoverError> {
    let file = QueryFile::Metadata;
    match files.read(file).map_err(QueryRecoverError::Metadata)? {
        QueryContent::Metadata(id) => Ok(id),
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
