//! `millrace checkpoint inspect`: the files of a checkpoint folder.

use engine::{
    BlockId, Checkpoint, LogEntry, QueryContent, QueryFile, QueryOffsets, StateChange, StateId,
    StateVersion, StreamId, Time, Value, WriteContent,
};
use engine_storage::{CheckpointFolder, Folder as Storage, QueryFolder};
use serde_json::Value as Json;

use crate::support::{Folder, TestResult, check_snapshot};

const SECOND: Time = Time::from_millis(1_000);

/// A folder in which a program of streams has done one batch.
fn of_streams() -> Result<Folder, Box<dyn std::error::Error>> {
    let folder = Folder::with(&[])?;
    let mut files = CheckpointFolder::new(Storage::open(&folder.path("checkpoint"))?);
    let block = BlockId {
        stream: StreamId(0),
        number: 0,
    };
    let added = LogEntry::BlockAdded {
        block,
        first: 0,
        records: 2,
    };
    let allocated = LogEntry::BatchAllocated {
        batch_time: SECOND,
        blocks: vec![block],
    };
    let id = StateId {
        operator: 1,
        batch_time: SECOND,
    };
    let checkpoint = |pending| {
        WriteContent::Checkpoint(Checkpoint {
            time: SECOND,
            zero_time: Time::from_millis(0),
            pending,
            states: vec![id],
            files: vec![id],
            received: vec![2],
            shape: vec!["update_state_by_key".into()],
        })
    };
    let records = vec!["blue".into(), "green".into()].into();
    for content in [
        WriteContent::Block { block, records },
        WriteContent::Log(added),
        WriteContent::Log(allocated),
        checkpoint(vec![SECOND]),
        WriteContent::States {
            id,
            since: SECOND,
            content: vec![7; 100].into(),
        },
        WriteContent::States {
            id: StateId {
                batch_time: Time::from_millis(2_000),
                ..id
            },
            since: SECOND,
            content: vec![7; 10].into(),
        },
        checkpoint(Vec::new()),
    ] {
        files.write(SECOND, &content)?;
    }
    Ok(folder)
}

/// A folder in which a query has begun a micro-batch, and not committed it.
fn of_a_query() -> Result<Folder, Box<dyn std::error::Error>> {
    let folder = Folder::with(&[])?;
    let mut files = QueryFolder::new(Storage::open(&folder.path("checkpoint"))?);
    let offsets = QueryOffsets {
        watermark_ms: 5_000,
        timestamp: SECOND,
        shuffle_partitions: 200,
        sources: vec![Some(engine::SourceOffset::Number(4))],
    };
    let store = StateVersion {
        operator: 0,
        partition: 7,
        version: 2,
    };
    let change = |word: &str, count: Option<i64>| StateChange {
        key: vec![Value::String(word.into())],
        value: count.map(|count| vec![Value::Long(count)]),
    };
    let changes = vec![change("blue", Some(1)), change("green", None)];
    for (file, content) in [
        (QueryFile::Metadata, QueryContent::Metadata("words".into())),
        (QueryFile::Commit { batch: 0 }, QueryContent::Commit(0)),
        (
            QueryFile::Offsets { batch: 0 },
            QueryContent::Offsets(offsets.clone()),
        ),
        (
            QueryFile::Offsets { batch: 1 },
            QueryContent::Offsets(offsets),
        ),
        (QueryFile::Delta(store), QueryContent::States(changes)),
    ] {
        files.write(&WriteContent::QueryFile { file, content })?;
    }
    Ok(folder)
}

#[test]
fn the_files_of_a_program_of_streams_are_listed() -> TestResult {
    let folder = of_streams()?;
    let listed = folder.millrace("checkpoint inspect checkpoint")?.printed();
    check_snapshot("checkpoint_streams", listed);
    Ok(())
}

#[test]
fn the_files_of_a_query_are_listed() -> TestResult {
    let folder = of_a_query()?;
    let listed = folder.millrace("checkpoint inspect checkpoint")?.printed();
    check_snapshot("checkpoint_query", listed);
    Ok(())
}

#[test]
fn a_query_that_cannot_go_on_says_by_which_file() -> TestResult {
    let goes_on = |folder: &Folder| -> Result<Json, Box<dyn std::error::Error>> {
        let printed = folder.millrace("checkpoint inspect checkpoint --json")?;
        let mut json: Json = serde_json::from_str(&printed.printed())?;
        Ok(json["goes_on"].take())
    };
    let folder = of_a_query()?;
    std::fs::copy(
        folder.path("checkpoint/commits/0"),
        folder.path("checkpoint/commits/99"),
    )?;
    assert_eq!(
        goes_on(&folder)?,
        "A query runs micro-batch 1 again, which was begun and not committed."
    );
    folder.write("checkpoint/offsets/0", "")?;
    assert_eq!(
        goes_on(&folder)?,
        "No query can go on from it: offsets/0 is damaged."
    );
    std::fs::remove_file(folder.path("checkpoint/metadata"))?;
    assert_eq!(
        goes_on(&folder)?,
        "No query can go on from it: metadata is not there."
    );
    let last = format!("checkpoint/offsets/{}", u64::MAX);
    folder.write(&last, "")?;
    assert_eq!(
        goes_on(&folder)?,
        "No query can go on from it: metadata is not there.",
        "no micro-batch has such a number"
    );
    Ok(())
}

#[test]
fn files_that_are_damaged_or_of_others_say_so_and_the_rest_is_listed() -> TestResult {
    let folder = of_streams()?;
    folder.write("checkpoint/notes.txt", "mine")?;
    folder.write("checkpoint/checkpoint-1000", "torn")?;
    let printed = folder.millrace("checkpoint inspect checkpoint --json")?;
    let json: Json = serde_json::from_str(&printed.printed())?;
    let files = json["files"].as_array().ok_or("there are files")?;
    let damaged: Vec<&Json> = files
        .iter()
        .filter(|file| file["damage"] == "it is no file of a checkpoint")
        .map(|file| &file["name"])
        .collect();
    assert_eq!(damaged, ["checkpoint-1000", "notes.txt"]);
    assert_eq!(
        json["goes_on"], "A program goes on from the checkpoint of 1970-01-01 00:00:01.",
        "its backup counts"
    );
    Ok(())
}

#[test]
fn a_folder_that_is_not_there_is_no_empty_folder() -> TestResult {
    let folder = Folder::with(&[])?;
    let said = folder.millrace("checkpoint inspect absent")?.said(2);
    assert!(
        said.starts_with("error: failed to open the checkpoint folder absent\n"),
        "{said}"
    );
    assert!(!folder.path("absent").exists());
    Ok(())
}

#[cfg(not(feature = "object-store"))]
#[test]
fn an_object_store_is_refused_where_it_is_not_built_in() -> TestResult {
    let folder = Folder::with(&[])?;
    let listen = "listen localhost:9 --mode update_state --checkpoint s3://bucket/counts";
    let said = folder.millrace(listen)?.said(2);
    let inspected = folder.millrace("checkpoint inspect s3://bucket/counts")?;
    assert_eq!(inspected.said(2), said);
    assert_eq!(
        said,
        "error: failed to open the checkpoint folder s3://bucket/counts\n  \
         because: s3://bucket/counts cannot be used: this program was built without object stores; build it with \
         `--features object-store`, or name a folder\n"
    );
    Ok(())
}
