//! The words of faults in the timeline.

use crate::language::keywords;

keywords! {
    /// A process of the cluster.
    pub enum Process, pub(crate) PROCESSES;

    /// The driver, with all that it has in memory.
    Driver = "driver", "The driver, with all that it has in memory; in local mode receivers and blocks are part of it.";
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
    /// Writes of checkpoints.
    Checkpoint = "checkpoint", "Each write of a checkpoint from this instant on.";
    /// Writes of checkpoints after the end of a batch.
    Completion = "completion checkpoint", "Each write of a checkpoint after the end of a batch, from this instant on.";
}

keywords! {
    /// Files of a checkpoint folder that are deleted.
    pub enum DeletedFiles, pub(crate) DELETED_FILES;

    /// The newest checkpoint.
    Newest = "newest checkpoint", "The newest file of a checkpoint.";
    /// All files.
    All = "all", "The whole folder.";
    /// All saved states.
    States = "states", "All saved states.";
    /// The log of received blocks.
    Metadata = "metadata log", "The log of received blocks.";
    /// The logs of records.
    Records = "record log", "The logs of records.";
}

keywords! {
    /// Bytes that a disk loses.
    pub enum LostBytes, pub(crate) LOST_BYTES;

    /// All that was not synced.
    Unsynced = "unsynced", "What was written and not synced, as when a machine loses its power.";
}

keywords! {
    /// Files of a checkpoint folder that are damaged.
    pub enum CorruptFile, pub(crate) CORRUPT_FILES;

    /// The newest checkpoint that can be read.
    Newest = "newest checkpoint", "The newest file of a checkpoint that can be read: half of it is left.";
}
