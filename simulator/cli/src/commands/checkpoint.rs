//! `millrace checkpoint inspect`: the files of a checkpoint folder, with their contents.

use engine::{Checkpoint, LogEntry, QueryContent, QueryFile, Time};
use engine_storage::{
    CheckpointFolder, InspectedContent, InspectedFile, Place, inspect as files_of,
};
use report::Zone;
use scenario::Profile;
use serde_json::{Value, json};

use crate::args::{CheckpointArguments, CheckpointCommand, InspectArguments};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// Looks into a checkpoint folder.
pub(crate) fn checkpoint(arguments: &CheckpointArguments) -> Result<Exit, CommandError> {
    match &arguments.command {
        CheckpointCommand::Inspect(arguments) => inspect(arguments),
    }
}

fn inspect(arguments: &InspectArguments) -> Result<Exit, CommandError> {
    let path = &arguments.folder;
    let address = path.to_string_lossy();
    let folder = Place::to_read(&address).map_err(CommandError::checkpoint(path))?;
    if !address.contains("://") {
        // A folder that is not there has no files, and a wrong name should not look like an empty folder.
        std::fs::read_dir(path).map_err(CommandError::checkpoint(path))?;
    }
    let files = files_of(&folder).map_err(CommandError::checkpoint(path))?;
    let is_query = |file: &InspectedFile| matches!(file.content, InspectedContent::Query(_));
    let goes_on = if files.iter().any(is_query) {
        of_query(&files)
    } else {
        of_streams(&CheckpointFolder::new(folder))
    };
    if arguments.json {
        let files: Vec<Value> = files.iter().map(json_of).collect();
        let all = json!({ "files": files, "goes_on": goes_on });
        print(format_args!("{all:#}\n"))?;
        return Ok(Exit::Success);
    }
    let longest = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
    for file in &files {
        let content = text_of(file);
        let damage = file
            .damage
            .as_deref()
            .map(|it| format!("cannot be read: {it}"));
        let parts: Vec<String> = content.into_iter().chain(damage).collect();
        let parts = parts.join("; ");
        print(format_args!(
            "{:longest$}  {:>9} B  {parts}\n",
            file.name, file.bytes
        ))?;
    }
    print(format_args!("{goes_on}\n"))?;
    Ok(Exit::Success)
}

/// The sentence that says what a program would go on from.
fn of_streams(folder: &CheckpointFolder<Place>) -> String {
    match folder.read() {
        Ok(None) => "There is no checkpoint: a program starts anew.".to_owned(),
        Ok(Some(recovery)) => format!(
            "A program goes on from the checkpoint of {}.",
            local(recovery.checkpoint.time)
        ),
        Err(error) => format!("No program can go on from it: {error}."),
    }
}

/// The sentence that says which micro-batch a query would go on with (`MB-3`).
fn of_query(files: &[InspectedFile]) -> String {
    let named = || files.iter().filter_map(|file| file.name.parse().ok());
    let offsets = named().filter_map(|file| match file {
        QueryFile::Offsets { batch } => Some(batch),
        _ => None,
    });
    let commits = named().filter_map(|file| match file {
        QueryFile::Commit { batch } => Some(batch),
        _ => None,
    });
    let (Some(begun), done) = (offsets.max(), commits.max()) else {
        return "No micro-batch was begun: a query starts anew.".to_owned();
    };
    let before = begun
        .checked_sub(1)
        .map(|batch| QueryFile::Offsets { batch });
    let end = done.map(|batch| QueryFile::Commit { batch });
    let last = QueryFile::Offsets { batch: begun };
    let needed = [Some(QueryFile::Metadata), Some(last), before, end];
    for file in needed.into_iter().flatten() {
        let name = file.to_string();
        match files.iter().find(|file| file.name == name) {
            Some(file) if file.damage.is_none() => {}
            Some(_) => return format!("No query can go on from it: {name} is damaged."),
            None => return format!("No query can go on from it: {name} is not there."),
        }
    }
    if done == Some(begun) {
        return format!("A query goes on with micro-batch {}.", begun + 1);
    }
    format!("A query runs micro-batch {begun} again, which was begun and not committed.")
}

/// A time in UTC, as Python writes it.
fn local(time: Time) -> String {
    let mut text = String::new();
    Zone::UTC.write_batch_time(Profile::Pyspark, time, &mut text);
    text
}

/// The content of a file in words; `None` of one that cannot be read.
fn text_of(file: &InspectedFile) -> Option<String> {
    Some(match &file.content {
        InspectedContent::Checkpoint(checkpoint) => checkpoint_text(checkpoint),
        InspectedContent::States { bytes, since } => states_text(&file.name, *bytes, *since),
        InspectedContent::Log(entries) => log_text(entries),
        InspectedContent::Records(blocks) => format!(
            "records: {1}, in blocks: {0}",
            blocks.len(),
            blocks.iter().sum::<usize>()
        ),
        InspectedContent::Query(content) => query_text(content),
        InspectedContent::Nothing => return None,
    })
}

fn checkpoint_text(checkpoint: &Checkpoint) -> String {
    let pending: Vec<String> = checkpoint.pending.iter().copied().map(local).collect();
    let pending = if pending.is_empty() {
        "no batch pending".to_owned()
    } else {
        format!("pending {}", pending.join(", "))
    };
    let states = checkpoint.files.iter();
    let states = states.map(|id| {
        format!(
            ", needs states/{}-{}",
            id.operator,
            id.batch_time.as_millis()
        )
    });
    let states: String = states.collect();
    format!(
        "checkpoint of {}, {pending}{states}",
        local(checkpoint.time)
    )
}

/// The content of a file of states: a snapshot, or the changes since other files.
fn states_text(file: &str, bytes: usize, since: Option<Time>) -> String {
    let (name, part) = match file.strip_suffix(".part") {
        Some(name) => (name, ", a part of later ones"),
        None => (file, ""),
    };
    let since = since.map(|since| since.as_millis().to_string());
    match name.rsplit_once('-').zip(since) {
        None => format!("states, {bytes} B{part}"),
        Some(((_, time), since)) if since == time => format!("snapshot of states, {bytes} B{part}"),
        Some(((operator, _), since)) => {
            format!("delta of states since {operator}-{since}, {bytes} B{part}")
        }
    }
}

fn log_text(entries: &[LogEntry]) -> String {
    let count =
        |counts: fn(&LogEntry) -> bool| entries.iter().filter(|entry| counts(entry)).count();
    format!(
        "log, blocks received: {}, batches allocated: {}, cleaned: {}",
        count(|entry| matches!(entry, LogEntry::BlockAdded { .. })),
        count(|entry| matches!(entry, LogEntry::BatchAllocated { .. })),
        count(|entry| matches!(entry, LogEntry::BatchesCleaned { .. })),
    )
}

fn query_text(content: &QueryContent) -> String {
    match content {
        QueryContent::Metadata(id) => format!("query {id}"),
        QueryContent::Source(entry) => format!("files of {}: {}", entry.source, entry.files.len()),
        QueryContent::Beginning(offset) => format!("began at {offset}"),
        QueryContent::Offsets(offsets) => {
            let ends: Vec<String> = offsets
                .sources
                .iter()
                .map(|end| {
                    end.as_ref()
                        .map_or("nothing".to_owned(), ToString::to_string)
                })
                .collect();
            format!(
                "begun at {}, up to {}, watermark {}, {} partitions",
                local(offsets.timestamp),
                ends.join(", "),
                local(Time::from_millis(offsets.watermark_ms)),
                offsets.shuffle_partitions
            )
        }
        QueryContent::Commit(watermark_ms) => format!(
            "committed, next watermark {}",
            local(Time::from_millis(*watermark_ms))
        ),
        QueryContent::Schema(schema) => format!("{} to {}", schema.key, schema.value),
        QueryContent::States(changes) => {
            let removed = changes
                .iter()
                .filter(|change| change.value.is_none())
                .count();
            format!("keys set: {}, removed: {removed}", changes.len() - removed)
        }
    }
}

fn json_of(file: &InspectedFile) -> Value {
    json!({
        "name": file.name,
        "bytes": file.bytes,
        "content": text_of(file),
        "damage": file.damage.as_deref(),
    })
}
