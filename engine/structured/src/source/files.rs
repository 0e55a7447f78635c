//! Files in a folder, each read once and in the order of their times.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use std::sync::Arc;
use std::time::Duration;

use engine::{QueryContent, Records, SourceEntry, SourceFile, SourceOffset, StreamId, Text, Time};

use super::file::File;
use super::glob::Glob;
use super::input::{BatchInput, FileInput, InputFile};
use super::row_format::RowFormat;
use super::{OwnLog, Recovered, Source, number};
use crate::recover::QueryRecoverError;

/// Bytes that opening a file counts as (`spark.sql.files.openCostInBytes`).
const OPEN_COST: usize = 4 << 20;

/// The most bytes of an input partition (`spark.sql.files.maxPartitionBytes`).
const PARTITION_MAX: usize = 128 << 20;

/// The settings of a source of files (`org.apache.spark.sql.execution.streaming.FileStreamOptions`).
#[derive(Clone, Debug)]
pub(crate) struct FileSettings {
    /// The name of the folder.
    pub(crate) folder: Text,
    pub(crate) format: Arc<RowFormat>,
    /// The number of columns.
    pub(crate) width: usize,
    /// A row has the facts of its file behind its columns (`_metadata`).
    pub(crate) has_metadata: bool,
    pub(crate) listing: Listing,
    /// A file is known by its name, whichever folder it is in (`fileNameOnly`).
    pub(crate) by_name: bool,
    /// The place of the column of lines that are malformed.
    pub(crate) corrupt_column: Option<usize>,
    /// The most files that are found together.
    pub(crate) most_together: Option<usize>,
    /// The newest files are found first.
    pub(crate) latest_first: bool,
    /// A file that is older than the newest one by more than this time is not found.
    pub(crate) max_age: Duration,
}

/// The files that are those of a folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    /// The pattern of their names (`pathGlobFilter`).
    pub(crate) glob: Option<Glob>,
    /// Files in folders of the folder are its files, too (`recursiveFileLookup`).
    pub(crate) is_recursive: bool,
}

impl FileSettings {
    /// The default of the greatest age.
    pub(crate) const MAX_AGE: Duration = Duration::from_hours(7 * 24);
}

/// The files of a folder (`org.apache.spark.sql.execution.streaming.FileStreamSource`).
///
/// It has a log of its own, of the files that it found together; an offset is an entry of it.
#[derive(Debug)]
pub(crate) struct Files {
    settings: FileSettings,
    /// The time of the last file that came without a name, and its number among those of that time.
    last: Option<(Time, u64)>,
    /// Files that are in no entry, oldest first.
    unread: VecDeque<Unread>,
    /// The names of files that are in an entry of this run, if files are known by them.
    names: BTreeSet<Text>,
    /// Those of a run before that are in an entry.
    seen: BTreeSet<Text>,
    /// The time of the newest of those.
    newest_seen: Option<Time>,
    /// The entries that are in no micro-batch.
    entries: BTreeMap<u64, Vec<SourceFile>>,
    /// The files of those entries.
    contents: BTreeMap<Text, File>,
    next_entry: u64,
    committed: Option<i64>,
    available: Option<i64>,
    is_ended: bool,
}

/// A file that is in no entry.
#[derive(Debug)]
struct Unread {
    /// The time since which the source has it.
    time: Time,
    file: File,
}

impl Files {
    pub(crate) fn new(settings: FileSettings) -> Files {
        Files {
            settings,
            last: None,
            unread: VecDeque::new(),
            names: BTreeSet::new(),
            seen: BTreeSet::new(),
            newest_seen: None,
            entries: BTreeMap::new(),
            contents: BTreeMap::new(),
            next_entry: 0,
            committed: None,
            available: None,
            is_ended: false,
        }
    }

    /// The file of some records. One that has no name is called by the time at which it came.
    fn file_of(&mut self, time: Time, records: Records) -> File {
        if let Some(file) = File::of_records(&records) {
            return file;
        }
        let number = match self.last {
            Some((last, number)) if last == time => number + 1,
            _ => 0,
        };
        self.last = Some((time, number));
        let path = format!("{}/{}-{number}", self.settings.folder, time.as_millis());
        File::nameless(path.into(), time, records)
    }

    /// The last entry.
    fn latest(&self) -> Option<i64> {
        self.next_entry.checked_sub(1).map(|entry| entry as i64)
    }

    /// True if a file is not found, as newer ones have been. With the newest first and a limit none is too old.
    fn is_too_old(&self, time: Time) -> bool {
        let settings = &self.settings;
        let is_of_any_age = settings.latest_first && settings.most_together.is_some();
        let newest = self.newest_seen.filter(|_| !is_of_any_age);
        newest.is_some_and(|newest| newest.since(time) > settings.max_age)
    }

    /// True if a file is one of the source: in its folder, or in one there, and with a name that has the pattern.
    fn is_own(&self, file: &File) -> bool {
        let Listing { glob, is_recursive } = &self.settings.listing;
        let folder = self.settings.folder.as_str();
        let place = file.status.path.strip_prefix(folder);
        let is_below = place.is_some_and(|it| it.trim_start_matches('/').contains('/'));
        let has_pattern = |glob: &Glob| glob.matches(file.status.name());
        (*is_recursive || !is_below) && glob.as_ref().is_none_or(has_pattern)
    }

    /// Takes the next files that are found together.
    fn find(&mut self, most: usize) -> VecDeque<Unread> {
        if self.settings.by_name {
            let names = &self.names;
            self.unread
                .retain(|unread| !names.contains(unread.file.status.name()));
        }
        let count = self.unread.len().min(most);
        if self.settings.latest_first {
            let mut found = self.unread.split_off(self.unread.len() - count);
            found.make_contiguous().reverse();
            return found;
        }
        let rest = self.unread.split_off(count);
        std::mem::replace(&mut self.unread, rest)
    }

    /// The files up to the available entry. A file that is gone is lost without a word, as in Spark.
    fn take_files(&mut self) -> Vec<File> {
        let later = match self.available {
            Some(last) => self.entries.split_off(&(last as u64 + 1)),
            None => std::mem::take(&mut self.entries),
        };
        let taken = std::mem::replace(&mut self.entries, later);
        self.committed = self.available;
        let files = taken.into_values().flatten();
        let files = files.filter_map(|file| self.contents.remove(&file.path));
        files.collect()
    }
}

impl Source for Files {
    fn own_log(&self) -> OwnLog {
        OwnLog::Files(self.settings.folder.clone())
    }

    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError> {
        self.committed = number(found.committed)?;
        self.available = number(found.available)?;
        self.next_entry = found.log.keys().next_back().map_or(0, |last| last + 1);
        for (entry, SourceEntry { files, .. }) in found.log {
            self.seen.extend(files.iter().map(|file| file.path.clone()));
            let times = files.iter().map(|file| file.time);
            self.newest_seen = self.newest_seen.into_iter().chain(times).max();
            if Some(entry as i64) > self.committed {
                self.entries.insert(entry, files);
            }
        }
        Ok(())
    }

    fn replay(&mut self, time: Time, _: StreamId, records: Records) {
        let file = self.file_of(time, records);
        let path = &file.status.path;
        if !self.seen.contains(path) {
            if self.is_own(&file) && !self.is_too_old(time) {
                self.unread.push_back(Unread { time, file });
            }
        } else if self.entries.values().flatten().any(|it| it.path == *path) {
            self.contents.insert(path.clone(), file);
        }
    }

    fn receive(&mut self, now: Time, _: StreamId, records: Records) {
        let file = self.file_of(now, records);
        if !self.is_ended && self.is_own(&file) {
            self.unread.push_back(Unread { time: now, file });
        }
    }

    /// An empty file is a file, and has a micro-batch.
    fn takes_nothing(&self) -> bool {
        true
    }

    fn has_new(&self, _: Time) -> bool {
        !self.unread.is_empty() || self.latest() != self.committed
    }

    /// Makes an entry of the oldest new files, or of the newest. Entries that a run before made, and put into no
    /// micro-batch, are for the next one too.
    fn fetch(&mut self, _: Time, is_limited: bool) -> Option<(u64, QueryContent)> {
        let limit = self.settings.most_together.filter(|_| is_limited);
        let found = self.find(limit.unwrap_or(usize::MAX));
        let files = found.iter().map(|Unread { time, file }| SourceFile {
            time: *time,
            path: file.status.path.clone(),
        });
        let files: Vec<SourceFile> = files.collect();
        if self.settings.by_name {
            let names = found.iter().map(|it| it.file.status.name().into());
            self.names.extend(names);
        }
        let contents = found
            .into_iter()
            .map(|it| (it.file.status.path.clone(), it.file));
        self.contents.extend(contents);
        let made = (!files.is_empty()).then(|| {
            let entry = self.next_entry;
            self.next_entry += 1;
            self.entries.insert(entry, files.clone());
            let source = self.settings.folder.clone();
            let content = QueryContent::Source(SourceEntry { source, files });
            (entry, content)
        });
        self.available = self.latest();
        made
    }

    fn fix_end(&mut self, _: Time) {
        self.is_ended = true;
    }

    fn available(&self) -> Option<SourceOffset> {
        self.available.map(SourceOffset::Number)
    }

    fn offset_json(&self, offset: &SourceOffset) -> Text {
        format!("{{\"logOffset\":{offset}}}").into()
    }

    fn take(&mut self, cores: usize) -> BatchInput {
        let format = Arc::clone(&self.settings.format);
        let size = |file: &File| usize::try_from(file.status.bytes).unwrap_or(usize::MAX);
        let read = |file: File| InputFile {
            rows: format.rows_of_file(&file),
            file,
        };
        let partitions = partitions(self.take_files(), size, cores).into_iter();
        let partitions = partitions.map(|files| files.into_iter().map(read).collect());
        BatchInput::Files(FileInput {
            partitions: partitions.collect(),
            format,
            has_metadata: self.settings.has_metadata,
        })
    }
}

/// Files by input partition, each with its size in bytes: the largest first, each partition as full as it may be
/// (`org.apache.spark.sql.execution.datasources.FilePartition`).
pub(crate) fn partitions<F>(
    mut files: Vec<F>,
    size: impl Fn(&F) -> usize,
    cores: usize,
) -> Vec<Vec<F>> {
    files.retain(|file| size(file) > 0);
    files.sort_by_key(|file| std::cmp::Reverse(size(file)));
    let total: usize = files.iter().map(|file| size(file) + OPEN_COST).sum();
    let most = PARTITION_MAX.min(OPEN_COST.max(total / cores.max(1)));
    let mut partitions: Vec<Vec<F>> = Vec::new();
    let mut room = 0;
    for file in files {
        let size = size(&file);
        match partitions.last_mut() {
            Some(partition) if size <= room => partition.push(file),
            _ => {
                partitions.push(vec![file]);
                room = most;
            }
        }
        room = room.saturating_sub(size + OPEN_COST);
    }
    partitions
}

#[cfg(test)]
mod tests;
