//! The words of faults in the timeline.

use engine::QueryFile;

use super::process::Process;
use crate::Code;
use crate::language::{
    KeyCount, Kind, Shape, TableOf, TomlKey, WithDefault, keywords, toml_table, toml_text,
};

keywords! {
    pub(crate) STOPPING_PROCESSES of Process;

    Process::Driver = "driver", "The driver, after all batches that this takes.";
}

keywords! {
    /// A point in the life of a batch at which a driver dies.
    pub enum CrashPoint, pub(crate) CRASH_POINTS;

    /// Its jobs are being generated.
    Generation = "generation", "While its jobs are generated: its blocks are allocated, nothing else is done.";
    /// A task of its first job is running.
    Job = "job", "In a task of its first job, before anything is printed.";
    /// The output of its first job is out.
    Output = "output", "When its first output is printed, before the job ends.";
    /// A part of its results is saved.
    PartSaved = "part saved", "When the first part of a folder that it saves is written, before the others.";
    /// The parts of its results are about to be committed.
    BeforeCommit = "before commit", "When all parts of a folder that it saves are written, before one has its name.";
    /// One part of its results is committed.
    InCommit = "in commit", "When one part of a folder that it saves has its name, before the others.";
    /// Its results are committed.
    AfterCommit = "after commit", "When a folder that it saves is committed, before the job ends.";
    /// The checkpoint after its generation is about to be written.
    BeforeCheckpoint = "before checkpoint", "The checkpoint after its generation is not written any more; its jobs are done.";
    /// The checkpoint after its generation was written.
    AfterCheckpoint = "after checkpoint", "The checkpoint after its generation is the last one; its jobs are done.";
    /// The checkpoint after its end is about to be written.
    BeforeCompletion = "before completion checkpoint", "Its jobs are done, and the checkpoint that says so is not written.";
    /// All is done, the checkpoint after its end too.
    Completed = "completed", "Its jobs have ended, and the checkpoint that says so is written if they did well.";
}

keywords! {
    /// Something that fails.
    pub enum FailingPart, pub(crate) FAILING_PARTS;

    /// A task that reads the first line of the batch.
    Task = "task", "The task that reads the lines of the batch, each time that these are computed.";
    /// The generation of the batch's jobs.
    Generation = "generation", "The generation of the jobs of the batch.";
    /// Parts of results.
    Save = "save", "Each part of a folder that is saved, from this instant on.";
    /// Writes of checkpoints.
    Checkpoint = "checkpoint", "Each write of a checkpoint from this instant on.";
    /// Writes of checkpoints after the end of a batch.
    Completion = "completion checkpoint", "Each write of a checkpoint after the end of a batch, from this instant on.";
}

keywords! {
    /// Things whose order Spark leaves open.
    #[derive(Default)]
    pub enum Permuted, pub(crate) PERMUTED;

    /// The outputs of map tasks, as reduce tasks read them.
    MapOutputs = "map outputs", "The outputs of map tasks, as each reduce task reads them: the values of a key come in another order where they are of several partitions.";
    /// Nothing any more.
    #[default]
    Nothing = "nothing", "Nothing any more: map outputs are read in the order of their partitions.";
}

keywords! {
    /// A disk.
    pub enum Disk, pub(crate) DISKS;

    /// That of the checkpoint folder.
    Checkpoint = "disk", "The disk of the checkpoint folder.";
}

/// Files of a checkpoint folder that are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedFiles {
    /// The newest checkpoint of a program of streams.
    Newest,
    /// All files.
    All,
    /// All saved states.
    States,
    /// The log of received blocks of a program of streams.
    Metadata,
    /// The logs of records of a program of streams.
    Records,
    /// The log of a query's source.
    Source,
    /// A file of a query.
    File(QueryFile),
}

keywords! {
    DELETED_FILES of DeletedFiles;

    DeletedFiles::Newest = "newest checkpoint", "The newest file of a checkpoint, of a program of streams.";
    DeletedFiles::All = "all", "The whole folder.";
    DeletedFiles::States = "states", "All saved states.";
    DeletedFiles::Metadata = "metadata log", "The log of received blocks, of a program of streams.";
    DeletedFiles::Records = "record log", "The logs of records, of a program of streams.";
    DeletedFiles::Source = "source log", "The log of a query's source, which says what each micro-batch has read.";
}

pub(super) const DELETED_KIND: Kind<DeletedFiles> = Kind::WordOr(
    &DELETED_FILES,
    TableOf {
        table: &DELETED_FILE_TABLE,
        read: |table| table.get(&DELETED_FILE).map(DeletedFiles::File),
        write: |deleted, items| {
            if let DeletedFiles::File(file) = deleted {
                items.set(&DELETED_FILE, file);
            }
        },
    },
);

toml_table! {
    pub(crate) DELETED_FILE_TABLE = "delete", "in `delete`", KeyCount::One;
    "A file of a query's checkpoint that is deleted."

    "The file, by its name in the checkpoint folder."
    DELETED_FILE: TomlKey<QueryFile> = ("file", QUERY_FILE, r#"file = "offsets/3""#);
}

keywords! {
    /// Bytes that a disk loses.
    pub enum LostBytes, pub(crate) LOST_BYTES;

    /// All that was not synced.
    Unsynced = "unsynced", "What was written and not synced, as when a machine loses its power.";
}

/// A file of a checkpoint folder that is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorruptFile {
    /// The newest checkpoint of a program of streams that can be read: half of it is left.
    Newest,
    /// A file of a query.
    File {
        /// The file.
        file: QueryFile,
        /// The damage.
        damage: Damage,
    },
}

keywords! {
    CORRUPT_FILES of CorruptFile;

    CorruptFile::Newest = "newest checkpoint", "The newest file of a checkpoint that can be read, of a program of streams: half of it is left.";
}

pub(super) const CORRUPT_KIND: Kind<CorruptFile> = Kind::WordOr(
    &CORRUPT_FILES,
    TableOf {
        table: &CORRUPT_FILE_TABLE,
        read: |table| {
            Some(CorruptFile::File {
                damage: table.get_or_default(&DAMAGE),
                file: table.get(&CORRUPT_FILE)?,
            })
        },
        write: |corrupt, items| {
            if let CorruptFile::File { file, damage } = corrupt {
                items.set(&CORRUPT_FILE, file);
                items.set_unless_default(&DAMAGE, damage);
            }
        },
    },
);

toml_table! {
    pub(crate) CORRUPT_FILE_TABLE = "corrupt", "in `corrupt`", KeyCount::Any;
    "A file of a query's checkpoint that is damaged."

    "The file, by its name in the checkpoint folder."
    CORRUPT_FILE: TomlKey<QueryFile> = ("file", QUERY_FILE, r#"file = "commits/3""#).required();

    "What is left of it."
    DAMAGE: WithDefault<Damage> = ("left", Kind::Word(&DAMAGES), r#"left = "garbage""#)
        .or(Damage::Half);
}

keywords! {
    /// The bytes that are left of a file that is damaged.
    pub enum Damage, DAMAGES;

    /// Its first half.
    Half = "half", "Its first half.";
    /// Nothing: the file is empty.
    Empty = "nothing", "Nothing: it is there, and empty.";
    /// Other bytes.
    Garbage = "garbage", "Other bytes than its own.";
}

/// A point at which a driver dies, by a file of a query's checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePoint {
    /// The file is about to be written.
    Before(QueryFile),
    /// The file was written, and nothing after it.
    After(QueryFile),
}

/// The name of a file in the checkpoint folder of a query, as Spark has it.
pub(super) const QUERY_FILE: Kind<QueryFile> = Kind::Plain {
    shape: Shape::QueryFile,
    read: |written| {
        let help = "the files are named `metadata`, `sources/0/N`, `offsets/N`, `commits/N`, `state/0/0/_metadata/schema`, \
                    `state/0/P/V.delta` and `state/0/P/V.snapshot`, with N a micro-batch from 0, P a shuffle partition and V \
                    its version, from 1";
        written.quantity(str::parse, Code::BadPath, help)
    },
    write: |file| toml_text(&file.to_string()),
};
