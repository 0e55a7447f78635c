//! The files of a program's checkpoints, and which of them counts.

use std::collections::BTreeMap;

use crate::frame;
use crate::{FormatError, Storage, StorageError};

/// The newest checkpoint files that are kept.
const KEPT: usize = 10;

/// The times that a checkpoint is tried to be written.
const ATTEMPTS: u32 = 3;

const TEMPORARY: &str = "temp";
const PREFIX: &str = "checkpoint-";
const BACKUP: &str = ".bk";

/// Writes the checkpoints of a program (`CKP-3`, `CKP-4`; `org.apache.spark.streaming.CheckpointWriter`).
///
/// A file has the name of the latest time that was written so far: the checkpoint of an old batch that ends late knows
/// more than that of a later batch which has only begun, and takes its place.
#[derive(Debug, Default)]
pub struct CheckpointWriter {
    latest_ms: Option<i64>,
}

impl CheckpointWriter {
    /// Writes the checkpoint that was made at a time, in milliseconds since the epoch, and removes those that are too
    /// old. One of the same name is kept as its backup.
    ///
    /// # Errors
    ///
    /// The last error, if it fails three times. The files that were there still count.
    pub fn write(
        &mut self,
        storage: &mut dyn Storage,
        time_ms: i64,
        checkpoint: &[u8],
    ) -> Result<(), StorageError> {
        let latest = self.latest_ms.max(Some(time_ms));
        self.latest_ms = latest;
        let file = format!("{PREFIX}{}", latest.unwrap_or(time_ms));
        let mut bytes = frame::header();
        frame::push(&mut bytes, checkpoint)?;
        let mut attempt = 1;
        loop {
            match replace(storage, &file, &bytes) {
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                ended => return ended,
            }
        }
    }
}

fn replace(storage: &mut dyn Storage, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
    storage.write(TEMPORARY, bytes)?;
    storage.sync(TEMPORARY)?;
    if storage.read(file)?.is_some() {
        storage.rename(file, &format!("{file}{BACKUP}"))?;
    }
    storage.rename(TEMPORARY, file)?;
    storage.sync(file)?;
    let files = checkpoint_files(storage)?;
    for old in files.values().rev().skip(KEPT) {
        storage.remove(old)?;
    }
    Ok(())
}

/// A checkpoint file, as it was read.
#[derive(Clone, Debug)]
pub struct CheckpointFile {
    /// Its name.
    pub name: String,
    /// The checkpoint, or why it cannot be read.
    pub content: Result<Vec<u8>, FormatError>,
}

/// The checkpoints in a storage in the order in which they are tried, which is the newest first, and the file of a name
/// before its backup (`CKP-5`; `CheckpointReader`).
///
/// # Errors
///
/// Fails if the storage does.
pub fn read_checkpoints(storage: &dyn Storage) -> Result<Vec<CheckpointFile>, StorageError> {
    let mut read = Vec::new();
    for name in checkpoint_files(storage)?.into_values().rev() {
        if let Some(bytes) = storage.read(&name)? {
            let content = frame::frames(&bytes).next();
            let content = content.unwrap_or(Err(FormatError::NoFile));
            read.push(CheckpointFile {
                name,
                content: content.map(<[u8]>::to_vec),
            });
        }
    }
    Ok(read)
}

/// True if a file has the name of a checkpoint of a program of streams.
pub fn is_checkpoint(file: &str) -> bool {
    file.starts_with(PREFIX)
}

/// The names of the checkpoint files by their times, a backup before its file.
fn checkpoint_files(storage: &dyn Storage) -> Result<BTreeMap<(i64, bool), String>, StorageError> {
    let files = storage.list()?.into_iter();
    Ok(files
        .filter_map(|file| Some((time_of(&file)?, file)))
        .collect())
}

/// The time in the name of a checkpoint file, and true unless it is a backup.
fn time_of(file: &str) -> Option<(i64, bool)> {
    let time = file.strip_prefix(PREFIX)?;
    match time.strip_suffix(BACKUP) {
        Some(time) => Some((time.parse().ok()?, false)),
        None => Some((time.parse().ok()?, true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Operation, VirtualDisk};

    fn names(disk: &VirtualDisk) -> Vec<String> {
        let read = read_checkpoints(disk).expect("it is read");
        read.into_iter().map(|file| file.name).collect()
    }

    /// The content of the file that counts.
    fn newest(disk: &VirtualDisk) -> Option<String> {
        let read = read_checkpoints(disk).expect("it is read");
        let whole = read.into_iter().find_map(|file| file.content.ok());
        whole.map(|content| String::from_utf8(content).expect("it is text"))
    }

    #[test]
    fn ckp_3_the_checkpoint_before_is_the_backup() -> Result<(), StorageError> {
        let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
        for content in ["generated", "done", "done again"] {
            writer.write(&mut disk, 1_000, content.as_bytes())?;
        }
        assert_eq!(names(&disk), ["checkpoint-1000", "checkpoint-1000.bk"]);
        assert_eq!(newest(&disk).as_deref(), Some("done again"));
        disk.remove("checkpoint-1000")?;
        assert_eq!(newest(&disk).as_deref(), Some("done"));
        Ok(())
    }

    #[test]
    fn ckp_3_ten_files_are_kept() -> Result<(), StorageError> {
        let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
        for batch in 1..=8 {
            for _ in 0..2 {
                writer.write(&mut disk, 1_000 * batch, b"")?;
            }
        }
        let names = names(&disk);
        assert_eq!(names.len(), 10);
        assert_eq!(names[0], "checkpoint-8000");
        assert_eq!(names[9], "checkpoint-4000.bk");
        Ok(())
    }

    #[test]
    fn ckp_4_what_an_old_batch_writes_late_takes_the_place_of_the_latest()
    -> Result<(), StorageError> {
        let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
        for time in [1_000, 2_000, 3_000, 1_000] {
            writer.write(&mut disk, time, time.to_string().as_bytes())?;
        }
        assert_eq!(
            names(&disk),
            [
                "checkpoint-3000",
                "checkpoint-3000.bk",
                "checkpoint-2000",
                "checkpoint-1000"
            ]
        );
        assert_eq!(newest(&disk).as_deref(), Some("1000"));
        Ok(())
    }

    #[test]
    fn ckp_5_a_damaged_file_is_passed_over() -> Result<(), StorageError> {
        let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
        writer.write(&mut disk, 1_000, b"old")?;
        writer.write(&mut disk, 2_000, b"new")?;
        disk.corrupt("checkpoint-2000", |bytes| bytes.truncate(bytes.len() / 2));
        let read = read_checkpoints(&disk)?;
        assert!(read[0].content.is_err());
        assert_eq!(newest(&disk).as_deref(), Some("old"));
        Ok(())
    }

    #[test]
    fn a_write_is_tried_three_times() -> Result<(), StorageError> {
        let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
        writer.write(&mut disk, 1_000, b"old")?;
        disk.fail(Operation::Sync, 2);
        writer.write(&mut disk, 2_000, b"new")?;
        assert_eq!(newest(&disk).as_deref(), Some("new"));
        disk.fail(Operation::Write, 3);
        assert!(writer.write(&mut disk, 3_000, b"newest").is_err());
        assert_eq!(newest(&disk).as_deref(), Some("new"));
        Ok(())
    }

    /// At each operation that may be the last of a process, what counts is the old checkpoint or the new one.
    #[test]
    fn a_crash_at_any_operation_loses_no_checkpoint() -> Result<(), StorageError> {
        for operation in [Operation::Write, Operation::Sync, Operation::Rename] {
            for before in 0..3 {
                let (mut disk, mut writer) = (VirtualDisk::default(), CheckpointWriter::default());
                writer.write(&mut disk, 1_000, b"old")?;
                disk.fail_after(operation, before);
                let written = writer.write(&mut disk, 1_000, b"new").is_ok();
                disk.crash(|_, unsynced| unsynced / 2);
                let newest = newest(&disk);
                let expected = ["old", "new"];
                assert!(
                    newest.as_deref().is_some_and(|it| expected.contains(&it)),
                    "{operation} {before}"
                );
                assert!(
                    !written || newest.as_deref() == Some("new"),
                    "{operation} {before}"
                );
            }
        }
        Ok(())
    }
}
