//! The log of a folder of files, which says which of them count
//! (`org.apache.spark.sql.execution.streaming.FileStreamSinkLog`).
//!
//! An entry is the line `v1` and a line of JSON for each file of the micro-batch. Each tenth one has the files of all
//! micro-batches, so that a reader reads it and those behind it. An entry is written under another name first, and renamed.

use std::fmt::Write as _;
use std::io;

use engine::{LoggedFile, Time};

use crate::{Operation, Storage, StorageError};

/// From one entry that has all files to the next (`spark.sql.streaming.fileSink.log.compactInterval`).
const COMPACT_INTERVAL: u64 = 10;

const VERSION: &str = "v1";

/// The last micro-batch in the log of a folder.
pub(crate) fn last_batch(storage: &dyn Storage, folder: &str) -> Result<Option<u64>, StorageError> {
    let log = log_of(folder);
    let entries = storage.list_below(&log)?;
    let batches = entries.iter().filter_map(|entry| {
        let name = entry.strip_prefix(&log)?;
        name.strip_suffix(".compact").unwrap_or(name).parse().ok()
    });
    Ok(batches.max())
}

/// Adds the entry of a micro-batch.
///
/// # Errors
///
/// The storage fails, or an entry before it that it is to have the files of is missing.
pub(crate) fn add(
    storage: &mut dyn Storage,
    folder: &str,
    batch: u64,
    begun: Time,
    files: &[LoggedFile],
) -> Result<(), StorageError> {
    let log = log_of(folder);
    let mut text = VERSION.to_owned();
    if is_compact(batch) {
        for before in batch.saturating_sub(COMPACT_INTERVAL)..batch {
            text.push_str(&files_of(storage, &name_of(&log, before))?);
        }
    }
    for LoggedFile { file, bytes } in files {
        let modified = begun.as_millis();
        write!(
            text,
            "\n{{\"path\":\"{file}\",\"size\":{bytes},\"isDir\":false,\"modificationTime\":{modified},\
             \"blockReplication\":1,\"blockSize\":33554432,\"action\":\"add\"}}"
        )
        .ok();
    }
    let temporary = format!("{log}.temp");
    let name = name_of(&log, batch);
    storage.write(&temporary, text.as_bytes())?;
    storage.sync(&temporary)?;
    storage.rename(&temporary, &name)?;
    storage.sync(&name)
}

/// The lines of an entry without its first one, each behind a line feed.
fn files_of(storage: &dyn Storage, name: &str) -> Result<String, StorageError> {
    let missing = || StorageError::Io {
        operation: Operation::Read,
        file: name.to_owned(),
        source: io::ErrorKind::NotFound.into(),
    };
    let entry = storage.read(name)?.ok_or_else(missing)?;
    let text = String::from_utf8_lossy(&entry);
    Ok(text.strip_prefix(VERSION).unwrap_or_default().to_owned())
}

fn is_compact(batch: u64) -> bool {
    (batch + 1).is_multiple_of(COMPACT_INTERVAL)
}

fn name_of(log: &str, batch: u64) -> String {
    let extension = if is_compact(batch) { ".compact" } else { "" };
    format!("{log}{batch}{extension}")
}

fn log_of(folder: &str) -> String {
    format!("{folder}/_spark_metadata/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VirtualDisk;

    fn add_to(disk: &mut VirtualDisk, batch: u64) -> Result<(), StorageError> {
        let file = LoggedFile {
            file: format!("out/part-{batch}").as_str().into(),
            bytes: batch,
        };
        add(disk, "out", batch, Time::from_millis(1_000), &[file])
    }

    #[test]
    fn each_tenth_entry_has_the_files_of_all() -> Result<(), StorageError> {
        let mut disk = VirtualDisk::default();
        assert_eq!(last_batch(&disk, "out")?, None);
        for batch in 0..20 {
            add_to(&mut disk, batch)?;
            assert_eq!(last_batch(&disk, "out")?, Some(batch));
        }
        let files = |name: &str| {
            let entry = disk.read(&format!("out/_spark_metadata/{name}"));
            let entry = entry.ok().flatten().unwrap_or_default();
            String::from_utf8_lossy(&entry).lines().count() - 1
        };
        assert_eq!(
            [files("8"), files("9.compact"), files("19.compact")],
            [1, 10, 20]
        );
        let first = disk.read("out/_spark_metadata/0")?.unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(&first),
            "v1\n{\"path\":\"out/part-0\",\"size\":0,\"isDir\":false,\"modificationTime\":1000,\
             \"blockReplication\":1,\"blockSize\":33554432,\"action\":\"add\"}"
        );
        Ok(())
    }

    #[test]
    fn an_entry_that_is_missing_fails_the_one_that_has_its_files() -> Result<(), StorageError> {
        let mut disk = VirtualDisk::default();
        for batch in 0..9 {
            add_to(&mut disk, batch)?;
        }
        disk.remove("out/_spark_metadata/4")?;
        let failed = add_to(&mut disk, 9).expect_err("files of it would be lost");
        assert_eq!(failed.to_string(), "failed to read out/_spark_metadata/4");
        Ok(())
    }
}
