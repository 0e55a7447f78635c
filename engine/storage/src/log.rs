//! A write-ahead log: entries in files that are begun anew from time to time.

use std::collections::BTreeMap;

use crate::frame;
use crate::{Storage, StorageError};

/// Milliseconds after which another file is begun (`spark.streaming.*.writeAheadLog.rollingIntervalSecs`).
const ROLLING_MS: i64 = 60_000;

/// The times that an entry is tried to be written, each in a file of its own
/// (`spark.streaming.*.writeAheadLog.maxFailures`).
const ATTEMPTS: u32 = 3;

/// A log in one folder of a storage (`WAL-2`; `org.apache.spark.streaming.util.FileBasedWriteAheadLog`).
///
/// Its files are `log-<begin>-<end>`, by the times of which they have entries, in milliseconds since the epoch.
#[derive(Debug)]
pub struct WriteAheadLog {
    folder: String,
    current: Option<LogFile>,
}

#[derive(Clone, Debug)]
struct LogFile {
    name: String,
    end_ms: i64,
}

impl WriteAheadLog {
    /// The log in a folder, to which entries are added in files of their own.
    pub fn new(folder: &str) -> WriteAheadLog {
        WriteAheadLog {
            folder: folder.to_owned(),
            current: None,
        }
    }

    /// Adds an entry at `now_ms`. When this returns without an error, a crash does not take it.
    ///
    /// # Errors
    ///
    /// The last error, if it fails three times. The entry may be in the log all the same.
    pub fn append(
        &mut self,
        storage: &mut dyn Storage,
        now_ms: i64,
        entry: &[u8],
    ) -> Result<(), StorageError> {
        let mut attempt = 1;
        loop {
            match self.try_append(storage, now_ms, entry) {
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                ended => return ended,
            }
        }
    }

    fn try_append(
        &mut self,
        storage: &mut dyn Storage,
        now_ms: i64,
        entry: &[u8],
    ) -> Result<(), StorageError> {
        let current = self.current.take().filter(|file| now_ms < file.end_ms);
        let mut bytes = Vec::new();
        let file = if let Some(file) = current {
            file
        } else {
            bytes = frame::header();
            self.new_file(storage, now_ms)?
        };
        frame::push(&mut bytes, entry)?;
        storage.append(&file.name, &bytes)?;
        storage.sync(&file.name)?;
        // Not before: what follows a piece of an entry could not be read.
        self.current = Some(file);
        Ok(())
    }

    /// A file that is not there yet.
    fn new_file(&self, storage: &dyn Storage, now_ms: i64) -> Result<LogFile, StorageError> {
        let mut end_ms = now_ms.saturating_add(ROLLING_MS);
        loop {
            let name = format!("{}/log-{now_ms}-{end_ms}", self.folder);
            if storage.read(&name)?.is_none() {
                return Ok(LogFile { name, end_ms });
            }
            end_ms += 1;
        }
    }

    /// The entries in the order in which they were added, but for what cannot be read: a file is read up to there.
    ///
    /// # Errors
    ///
    /// Fails if the storage does.
    pub fn read(&self, storage: &dyn Storage) -> Result<Vec<Vec<u8>>, StorageError> {
        let mut entries = Vec::new();
        for file in self.files(storage)?.into_values() {
            let bytes = storage.read(&file)?.unwrap_or_default();
            let whole = frame::frames(&bytes).map_while(Result::ok);
            entries.extend(whole.map(<[u8]>::to_vec));
        }
        Ok(entries)
    }

    /// Removes the files whose entries are all older than `threshold_ms`.
    ///
    /// # Errors
    ///
    /// Fails if the storage does.
    pub fn clean(
        &mut self,
        storage: &mut dyn Storage,
        threshold_ms: i64,
    ) -> Result<(), StorageError> {
        for ((_, end), file) in self.files(storage)? {
            if end < threshold_ms
                && self
                    .current
                    .as_ref()
                    .is_none_or(|current| current.name != file)
            {
                storage.remove(&file)?;
            }
        }
        Ok(())
    }

    /// The names of the log's files by the times of which they have entries.
    fn files(&self, storage: &dyn Storage) -> Result<BTreeMap<(i64, i64), String>, StorageError> {
        let times_of = |file: &str| {
            let name = file.strip_prefix(&self.folder)?.strip_prefix("/log-")?;
            let (begin, end) = name.split_once('-')?;
            Some((begin.parse().ok()?, end.parse().ok()?))
        };
        let files = storage.list()?.into_iter();
        Ok(files
            .filter_map(|file| Some((times_of(&file)?, file)))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Operation, VirtualDisk};

    fn entries(disk: &VirtualDisk) -> Vec<String> {
        let entries = WriteAheadLog::new("log").read(disk).expect("it is read");
        let texts = entries.into_iter().map(String::from_utf8);
        texts.collect::<Result<_, _>>().expect("they are texts")
    }

    #[test]
    fn wal_2_a_file_has_the_entries_of_a_minute() -> Result<(), StorageError> {
        let (mut disk, mut log) = (VirtualDisk::default(), WriteAheadLog::new("log"));
        for (now, entry) in [(1_000, "a"), (60_999, "b"), (61_000, "c")] {
            log.append(&mut disk, now, entry.as_bytes())?;
        }
        assert_eq!(disk.list()?, ["log/log-1000-61000", "log/log-61000-121000"]);
        assert_eq!(entries(&disk), ["a", "b", "c"]);
        log.clean(&mut disk, 61_001)?;
        assert_eq!(entries(&disk), ["c"]);
        log.clean(&mut disk, 1_000_000)?;
        assert_eq!(entries(&disk), ["c"], "the file that grows stays");
        Ok(())
    }

    #[test]
    fn another_process_begins_a_file_of_its_own() -> Result<(), StorageError> {
        let mut disk = VirtualDisk::default();
        WriteAheadLog::new("log").append(&mut disk, 1_000, b"a")?;
        WriteAheadLog::new("log").append(&mut disk, 1_000, b"b")?;
        assert_eq!(disk.list()?, ["log/log-1000-61000", "log/log-1000-61001"]);
        assert_eq!(entries(&disk), ["a", "b"]);
        Ok(())
    }

    #[test]
    fn an_entry_that_is_torn_hides_no_other() -> Result<(), StorageError> {
        let (mut disk, mut log) = (VirtualDisk::default(), WriteAheadLog::new("log"));
        log.append(&mut disk, 1_000, b"a")?;
        disk.fail(Operation::Sync, 1);
        log.append(&mut disk, 1_000, b"b")?;
        log.append(&mut disk, 1_000, b"c")?;
        disk.crash(|_, unsynced| unsynced.saturating_sub(1));
        assert_eq!(entries(&disk), ["a", "b", "c"]);
        Ok(())
    }

    #[test]
    fn an_entry_that_was_added_outlasts_a_crash() -> Result<(), StorageError> {
        let (mut disk, mut log) = (VirtualDisk::default(), WriteAheadLog::new("log"));
        log.append(&mut disk, 1_000, b"a")?;
        disk.fail(Operation::Append, 3);
        assert!(log.append(&mut disk, 1_000, b"b").is_err());
        disk.crash(|_, _| 0);
        assert_eq!(entries(&disk), ["a"]);
        Ok(())
    }
}
