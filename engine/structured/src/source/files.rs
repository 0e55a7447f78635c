//! Files in a folder, each read once and in the order of their times.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use engine::{Records, SourceEntry, SourceFile, Text, Time};

/// Bytes that opening a file counts as (`spark.sql.files.openCostInBytes`).
const OPEN_COST: usize = 4 << 20;

/// The most bytes of an input partition (`spark.sql.files.maxPartitionBytes`).
const PARTITION_MAX: usize = 128 << 20;

/// The files of a folder (`org.apache.spark.sql.execution.streaming.FileStreamSource`).
///
/// It has a log of its own, of the files that it found together; an offset is an entry of it.
#[derive(Debug)]
pub(crate) struct Files {
    name: Text,
    /// The most files that are found together.
    most_together: Option<usize>,
    /// The time of the last file, and the number of files of that time.
    last: Option<SourceFile>,
    /// Files that are in no entry, oldest first.
    unread: VecDeque<(SourceFile, Records)>,
    /// Those of a run before that are in an entry.
    seen: BTreeSet<SourceFile>,
    /// The entries that are in no micro-batch.
    entries: BTreeMap<u64, Vec<SourceFile>>,
    /// The files of those entries.
    contents: BTreeMap<SourceFile, Records>,
    next_entry: u64,
    committed: Option<i64>,
    available: Option<i64>,
    is_ended: bool,
}

impl Files {
    pub(crate) fn new(name: &str, most_together: Option<usize>) -> Files {
        Files {
            name: name.into(),
            most_together,
            last: None,
            unread: VecDeque::new(),
            seen: BTreeSet::new(),
            entries: BTreeMap::new(),
            contents: BTreeMap::new(),
            next_entry: 0,
            committed: None,
            available: None,
            is_ended: false,
        }
    }

    /// The name of the folder.
    pub(crate) fn name(&self) -> &Text {
        &self.name
    }

    /// Goes on with the entries of a run before, of which those up to `committed` are done. The micro-batch that runs
    /// again, if one does, ends at `available`.
    pub(crate) fn recover(
        &mut self,
        log: BTreeMap<u64, SourceEntry>,
        committed: Option<i64>,
        available: Option<i64>,
    ) {
        self.next_entry = log.keys().next_back().map_or(0, |last| last + 1);
        self.committed = committed;
        self.available = available;
        for (entry, SourceEntry { files, .. }) in log {
            self.seen.extend(&files);
            if Some(entry as i64) > committed {
                self.entries.insert(entry, files);
            }
        }
    }

    /// Takes in a file that the source has had before the query was started again.
    pub(crate) fn replay(&mut self, time: Time, records: Records) {
        let file = self.name_file(time);
        if !self.seen.contains(&file) {
            self.unread.push_back((file, records));
        } else if self.entries.values().any(|files| files.contains(&file)) {
            self.contents.insert(file, records);
        }
    }

    pub(crate) fn receive(&mut self, now: Time, records: Records) {
        let file = self.name_file(now);
        if !self.is_ended {
            self.unread.push_back((file, records));
        }
    }

    fn name_file(&mut self, time: Time) -> SourceFile {
        let number = match self.last {
            Some(last) if last.time == time => last.number + 1,
            _ => 0,
        };
        let file = SourceFile { time, number };
        self.last = Some(file);
        file
    }

    pub(crate) fn has_new(&self) -> bool {
        !self.unread.is_empty() || self.latest() != self.committed
    }

    /// The last entry.
    fn latest(&self) -> Option<i64> {
        self.next_entry.checked_sub(1).map(|entry| entry as i64)
    }

    /// Makes an entry of the oldest new files. Entries that a run before made, and put into no micro-batch, are for the
    /// next one too.
    pub(crate) fn fetch(&mut self, is_limited: bool) -> Option<(u64, SourceEntry)> {
        let limit = self.most_together.filter(|_| is_limited);
        let count = self.unread.len().min(limit.unwrap_or(usize::MAX));
        let found = self.unread.drain(..count);
        let files: Vec<SourceFile> = found
            .map(|(file, records)| {
                self.contents.insert(file, records);
                file
            })
            .collect();
        let made = (!files.is_empty()).then(|| {
            let entry = self.next_entry;
            self.next_entry += 1;
            self.entries.insert(entry, files.clone());
            let source = self.name.clone();
            (entry, SourceEntry { source, files })
        });
        self.available = self.latest();
        made
    }

    pub(crate) fn fix_end(&mut self) {
        self.is_ended = true;
    }

    pub(crate) fn available(&self) -> Option<i64> {
        self.available
    }

    /// The files up to the available entry, by input partition. A file that is gone is lost without a word, as in Spark.
    pub(crate) fn take(&mut self, cores: usize) -> Vec<Vec<Records>> {
        let later = match self.available {
            Some(last) => self.entries.split_off(&(last as u64 + 1)),
            None => std::mem::take(&mut self.entries),
        };
        let taken = std::mem::replace(&mut self.entries, later);
        self.committed = self.available;
        let files = taken.into_values().flatten();
        let files = files.filter_map(|file| self.contents.remove(&file));
        partitions(files.collect(), cores)
    }
}

/// Files by input partition: the largest first, each partition as full as it may be
/// (`org.apache.spark.sql.execution.datasources.FilePartition`).
pub(crate) fn partitions(mut files: Vec<Records>, cores: usize) -> Vec<Vec<Records>> {
    let size = |file: &Records| file.iter().map(|line| line.len() + 1).sum::<usize>();
    files.retain(|file| !file.is_empty());
    files.sort_by_key(|file| std::cmp::Reverse(size(file)));
    let total: usize = files.iter().map(|file| size(file) + OPEN_COST).sum();
    let most = PARTITION_MAX.min(OPEN_COST.max(total / cores.max(1)));
    let mut partitions: Vec<Vec<Records>> = Vec::new();
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
mod tests {
    use super::*;

    fn file(lines: &[&str]) -> Records {
        lines.iter().map(|line| Text::from(*line)).collect()
    }

    fn at(second: i64) -> Time {
        Time::from_millis(1_000 * second)
    }

    /// The lines of the next micro-batch.
    fn batch(files: &mut Files) -> Vec<String> {
        files.fetch(true);
        let lines = files.take(64).into_iter().flatten();
        lines
            .flat_map(|file| file.iter().map(Text::to_string).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn a_micro_batch_has_as_many_files_as_it_may() {
        let mut files = Files::new("lines", Some(2));
        assert!(!files.has_new());
        for line in ["a", "b", "c"] {
            files.receive(at(1), file(&[line]));
        }
        assert_eq!(batch(&mut files), ["a", "b"]);
        assert!(files.has_new());
        assert_eq!(batch(&mut files), ["c"]);
        assert!(!files.has_new());
    }

    #[test]
    fn an_entry_in_no_micro_batch_is_for_the_next_one_with_what_is_new() {
        let mut files = Files::new("lines", Some(1));
        let entry = |second: i64| SourceEntry {
            source: "lines".into(),
            files: vec![SourceFile {
                time: at(second),
                number: 0,
            }],
        };
        files.recover(
            BTreeMap::from([(0, entry(1)), (1, entry(2))]),
            Some(0),
            Some(0),
        );
        for (second, line) in [(1, "a"), (2, "b"), (3, "c"), (4, "d")] {
            files.replay(at(second), file(&[line]));
        }
        assert_eq!(batch(&mut files), ["b", "c"]);
        assert_eq!(batch(&mut files), ["d"]);
    }

    #[test]
    fn a_file_that_is_gone_is_lost() {
        let mut files = Files::new("lines", None);
        let gone = SourceEntry {
            source: "lines".into(),
            files: vec![SourceFile {
                time: at(1),
                number: 0,
            }],
        };
        files.recover(BTreeMap::from([(0, gone)]), None, Some(0));
        assert!(files.has_new());
        assert!(batch(&mut files).is_empty());
        assert!(!files.has_new());
    }

    #[test]
    fn small_files_are_a_partition_each_on_many_cores_and_share_them_on_few() {
        let files = || vec![file(&["a"]), file(&["a b c"]), file(&[]), file(&["b", "c"])];
        let of = |cores| {
            let partitions = partitions(files(), cores);
            partitions.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(of(64), [1, 1, 1]);
        assert_eq!(of(1), [3]);
        assert_eq!(partitions(files(), 64)[0][0][0], "a b c");
    }
}
