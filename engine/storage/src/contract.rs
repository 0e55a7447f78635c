//! The contract of every storage, as checks for the tests of each: a new one calls [`check`] on an empty place, and
//! [`check_again`] on the same place once it is opened anew.
//!
//! ```
//! use engine_storage::{VirtualDisk, contract};
//! let mut disk = VirtualDisk::default();
//! contract::check(&mut disk);
//! disk.crash(|_, _| 0);
//! contract::check_again(&mut disk);
//! ```

use engine::{
    BlockId, Checkpoint, FileContent, LogEntry, LoggedFile, QueryContent, QueryFile,
    QueryFiles as _, Records, SaveContent, SaveOutcome, StateId, StreamId, Text, Time,
    WriteContent,
};

use crate::{CheckpointFolder, QueryFolder, ResultFolder, Storage, StorageError};

/// Checks all that holds of a storage that is empty, and leaves files there.
///
/// # Panics
///
/// Panics where the storage fails, or breaks the contract.
pub fn check(storage: &mut dyn Storage) {
    let checked = keeps_files(storage);
    checked.expect("files are kept");
    keeps_checkpoints(storage);
    keeps_queries(storage);
    keeps_results(storage);
    keeps_logged_files(storage);
}

/// Checks what [`check`] has left, in a storage that was opened anew.
///
/// # Panics
///
/// As [`check`].
pub fn check_again(storage: &mut dyn Storage) {
    let kept = storage.read("deep/er/b").expect("it can be read");
    assert_eq!(kept.as_deref(), Some(&b"y"[..]), "it was synced");
    check_log(storage);
    let recovery = CheckpointFolder::new(&mut *storage).read();
    let recovery = recovery.expect("a checkpoint can be read");
    let recovery = recovery.expect("a checkpoint was written");
    assert_eq!(recovery.checkpoint, checkpoint());
    assert_eq!(recovery.states.values().next(), Some(&vec![1, 2, 3]));
    assert_eq!(recovery.log, [log_entry()]);
    let query = QueryFolder::new(&mut *storage);
    let commit = query.read(QueryFile::Commit { batch: 0 });
    assert_eq!(commit, Ok(QueryContent::Commit(2_000)));
    check_results(storage, "later");
    let again = ResultFolder::new(storage).save(&begin_files(1));
    assert_eq!(again, Ok(SaveOutcome::SavedBefore), "the log has it");
}

/// Names, bytes, and what is not there.
fn keeps_files(storage: &mut dyn Storage) -> Result<(), StorageError> {
    assert_eq!(storage.list()?, [""; 0], "it is empty");
    assert_eq!(storage.read("a")?, None);
    storage.write("a", b"one")?;
    storage.append("a", b" two")?;
    assert_eq!(storage.read("a")?.as_deref(), Some(&b"one two"[..]));
    storage.write("a", b"three")?;
    assert_eq!(storage.read("a")?.as_deref(), Some(&b"three"[..]));
    storage.append("deep/er/b", b"x")?;
    storage.sync("deep/er/b")?;
    assert_eq!(storage.list()?, ["a", "deep/er/b"]);
    storage.write("deep/er/c", b"y")?;
    storage.sync("deep/er/c")?;
    storage.rename("deep/er/c", "deep/er/b")?;
    storage.sync("deep/er/b")?;
    assert_eq!(storage.read("deep/er/b")?.as_deref(), Some(&b"y"[..]));
    storage.write("deep/c", b"z")?;
    storage.sync("deep/c")?;
    storage.rename("deep/c", "other/c")?;
    assert_eq!(storage.list_below("deep/")?, ["deep/er/b"]);
    assert_eq!(
        storage.list_below("othe/")?,
        [""; 0],
        "a folder is a whole name"
    );
    storage.remove("other/c")?;
    keeps_many(storage)?;
    storage.remove("a")?;
    storage.remove("a")?;
    assert_eq!(storage.list()?, ["deep/er/b"]);
    assert!(storage.sync("a").is_err(), "there is no such file");
    assert!(storage.rename("a", "b").is_err(), "there is no such file");
    for piece in [b"one ", b"two "] {
        storage.append("log/1", piece)?;
        storage.sync("log/1")?;
    }
    check_log(storage);
    Ok(())
}

/// Files that are replaced together.
fn keeps_many(storage: &mut dyn Storage) -> Result<(), StorageError> {
    let files: Vec<_> = (0_u8..100)
        .map(|number| (format!("many/{}/{number}", number % 7), vec![number]))
        .collect();
    for replaced in storage.replace_all(&files) {
        replaced?;
    }
    for (file, bytes) in &files {
        assert_eq!(storage.read(file)?.as_ref(), Some(bytes), "{file}");
        storage.remove(file)?;
    }
    Ok(())
}

fn check_log(storage: &mut dyn Storage) {
    let log = storage.read("log/1").expect("it can be read");
    assert_eq!(log.as_deref(), Some(&b"one two "[..]));
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        time: Time::from_millis(2_000),
        zero_time: Time::EPOCH,
        pending: vec![Time::from_millis(2_000)],
        states: vec![state()],
        files: vec![state()],
        received: vec![3],
        shape: vec!["receiver_stream".into()],
    }
}

fn state() -> StateId {
    StateId {
        operator: 1,
        batch_time: Time::from_millis(1_000),
    }
}

fn log_entry() -> LogEntry {
    let stream = StreamId(0);
    LogEntry::BlockAdded {
        block: BlockId { stream, number: 0 },
        first: 0,
        records: 2,
    }
}

/// A checkpoint of a program of streams, with states and a log.
fn keeps_checkpoints(storage: &mut dyn Storage) {
    let mut folder = CheckpointFolder::new(storage);
    let writes = [
        WriteContent::Log(log_entry()),
        WriteContent::States {
            id: state(),
            since: state().batch_time,
            content: vec![1, 2, 3].into(),
        },
        WriteContent::Checkpoint(checkpoint()),
    ];
    for content in &writes {
        let written = folder.write(Time::from_millis(2_000), content);
        written.expect("a checkpoint is written");
    }
}

/// The log of a query, an entry of which is removed.
fn keeps_queries(storage: &mut dyn Storage) {
    let mut folder = QueryFolder::new(storage);
    for batch in 0..2 {
        let file = QueryFile::Commit { batch };
        let content = QueryContent::Commit(2_000);
        let written = folder.write(&WriteContent::QueryFile { file, content });
        written.expect("a commit is written");
    }
    let last = vec![QueryFile::Commit { batch: 1 }];
    let removed = folder.write(&WriteContent::RemoveQueryFiles(last));
    removed.expect("a commit is removed");
    assert_eq!(folder.list(), Ok(vec![QueryFile::Commit { batch: 0 }]));
}

/// A folder of text, which is not seen until it is committed, and once it is saved again has the later lines.
fn keeps_results(storage: &mut dyn Storage) {
    for line in ["earlier", "later"] {
        let mut results = ResultFolder::new(&mut *storage);
        let folder = Text::from("out/counts-1000");
        for partition in 0..2 {
            let part = SaveContent::Part {
                folder: folder.clone(),
                partition,
                lines: Records::from([Text::from(line)]),
            };
            results.save(&part).expect("a part is saved");
        }
        let partitions = 2;
        let commit = SaveContent::CommitParts { folder, partitions };
        results.save(&commit).expect("a folder is committed");
        check_results(storage, line);
    }
    let mut results = ResultFolder::new(&mut *storage);
    let folder = Text::from("out/counts-2000");
    let part = SaveContent::Part {
        folder: folder.clone(),
        partition: 0,
        lines: Records::from([]),
    };
    results.save(&part).expect("a part is saved");
    let aborted = results.save(&SaveContent::AbortParts { folder });
    aborted.expect("a folder is aborted");
    check_results(storage, "later");
}

/// A micro-batch of a query, which the log has once it is committed.
fn keeps_logged_files(storage: &mut dyn Storage) {
    let mut results = ResultFolder::new(storage);
    let file = Text::from("rows/part-00000.json");
    let saves = [
        begin_files(1),
        SaveContent::File {
            file: file.clone(),
            content: FileContent::text(Records::from([Text::from("{}")])),
        },
        SaveContent::CommitFiles {
            folder: "rows".into(),
            batch: 1,
            begun: Time::from_millis(1_000),
            files: vec![LoggedFile { file, bytes: 3 }],
        },
        begin_files(2),
    ];
    for content in &saves {
        assert_eq!(results.save(content), Ok(SaveOutcome::Done));
    }
    assert_eq!(results.save(&begin_files(1)), Ok(SaveOutcome::SavedBefore));
}

fn begin_files(batch: u64) -> SaveContent {
    let folder = Text::from("rows");
    SaveContent::BeginFiles { folder, batch }
}

/// The one folder that is committed, with this line in each part.
fn check_results(storage: &mut dyn Storage, line: &str) {
    let files = storage.list_below("out/").expect("files can be listed");
    let is_seen = |file: &&String| !file.contains("/_temporary/");
    let seen: Vec<&String> = files.iter().filter(is_seen).collect();
    let names = ["_SUCCESS", "part-00000", "part-00001"];
    assert_eq!(
        seen,
        names
            .map(|name| format!("out/counts-1000/{name}"))
            .iter()
            .collect::<Vec<_>>()
    );
    let part = storage
        .read("out/counts-1000/part-00001")
        .expect("it can be read");
    assert_eq!(part, Some(format!("{line}\n").into_bytes()));
}
