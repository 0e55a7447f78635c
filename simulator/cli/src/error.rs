//! The errors of commands, each with its exit code.

mod message;

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use engine_live::LiveError;
use measure::{BaselineError, UnequalTotals};
use oracle::{NotFound, SparkError};
use report::UnknownZone;
use scenario::{Pipeline, TEXT_MAX};
use simulator::{CompileError, RunError};
use suite::{PlayError, ReadError, SnapshotError};

use crate::exit::Exit;

/// A command that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// Scenarios that cannot be read, all of them, and folders that cannot be searched.
    #[error("failed to read {} of the scenarios", .0.len())]
    Read(Vec<ReadError>),
    #[error("no scenario (a file that ends in .toml) in {0}")]
    NoScenario(String),
    /// No path was given, and the folder that is taken then is not here.
    #[error("there is no folder `{0}` here; name a scenario, or a folder of them")]
    NoHome(&'static str),
    /// A test of a scenario on standard input.
    #[error(
        "a scenario on standard input has no snapshots to be compared with; `millrace run -` plays it"
    )]
    NoSnapshots,
    #[error("no pipeline `{name}`; {}", there(.name, .names))]
    NoPipeline { name: String, names: Vec<String> },
    /// A version of Spark that was asked for on the command line, and is not that of a profile.
    #[error(
        "{scenario}, pipeline `{pipeline}` has the profile `cookbook`, which is older than Spark 4; add `--profile \
         pyspark` or `--profile jvm`"
    )]
    OlderProfile { scenario: String, pipeline: String },
    /// The progress of something else was asked for.
    #[error(
        "{scenario}, pipeline `{pipeline}` is no structured query, which alone has progress; name one by `--pipeline`, or \
         leave out `--progress`"
    )]
    NoProgress { scenario: String, pipeline: String },
    /// Plans were asked for, and there are none.
    #[error("there is no structured query, which alone has a plan; name one by `--pipeline`")]
    NoPlan,
    #[error("failed to build the pipeline `{pipeline}`")]
    Compile {
        pipeline: String,
        source: CompileError,
    },
    /// A checkpoint folder that cannot be used.
    #[error("failed to open the checkpoint folder {}", path.display())]
    Checkpoint {
        path: PathBuf,
        source: Box<dyn Error + Send + Sync>,
    },
    /// A query, which has no log of received records.
    #[error(
        "the pipeline `{0}` is a structured query, which logs no received records; leave out --write-ahead-log"
    )]
    NoRecordLog(String),
    /// A run that went beyond a limit, or did not come to one of its faults.
    #[error("failed to run the pipeline `{pipeline}` to its end")]
    Limit { pipeline: String, source: RunError },
    #[error("failed to play {scenario}, pipeline `{pipeline}`")]
    Play {
        scenario: String,
        pipeline: String,
        source: PlayError,
    },
    #[error("failed to look for orphaned snapshots")]
    Orphans(#[source] io::Error),
    /// A snapshot that exists and cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error("failed to remove {}", file.display())]
    Remove { file: PathBuf, source: io::Error },
    #[error("failed to write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is there already, and nothing is overwritten; name another file", .0.display())]
    Exists(PathBuf),
    #[error("{} is there already, and nothing is overwritten; name another crate", .0.display())]
    CrateExists(PathBuf),
    /// A recording without a line, which would not be a scenario.
    #[error("nothing was received, so there is no {}", .0.display())]
    NothingReceived(PathBuf),
    /// A recording that a first line would make longer than a scenario may be.
    #[error(
        "the first line makes a scenario of {needed} bytes, and one has {TEXT_MAX} at most, so there is no {}; \
         leave such lines out with --line-limit", path.display()
    )]
    FirstLineTooLong { path: PathBuf, needed: usize },
    /// A recording that has ended by itself.
    #[error(
        "{} is full and ends here: with the next line it would have {needed} bytes, and a scenario has \
         {TEXT_MAX} at most", path.display()
    )]
    RecordingFull { path: PathBuf, needed: usize },
    #[error("failed to write to standard output")]
    Output(#[source] io::Error),
    #[error(
        "`{0}` is no name for a scenario; use letters, digits, `_` and `-`, and `/` between folders"
    )]
    Name(String),
    #[error(
        "`{0}` is no name for a crate; use letters, digits, `_` and `-`, the first a letter, \
         but no keyword of Rust and not `millrace`"
    )]
    CrateName(String),
    #[error("`{0}` is no address; write HOST:PORT, such as localhost:9999")]
    Address(String),
    /// Snapshots are not accepted in CI, where they cannot have been read.
    #[error(
        "snapshots are not accepted where the variable CI is set; run this on your own machine"
    )]
    AcceptInCi,
    /// Snapshots are removed by the person who sees that they are not needed.
    #[error("snapshots are not removed where the variable CI is set; run this on your own machine")]
    RemoveInCi,
    /// A time zone that does not exist; reading a scenario refuses it.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    #[error(transparent)]
    NoSpark(#[from] NotFound),
    /// A Spark that does not start, or breaks down.
    #[error(transparent)]
    Spark(#[from] SparkError),
    #[error("failed to read {}", path.display())]
    ReadFile { path: PathBuf, source: io::Error },
    /// A file that is not a baseline of this run.
    #[error("failed to compare with {}", path.display())]
    Baseline {
        path: PathBuf,
        source: BaselineError,
    },
    /// Parts of an exploration that are not all of one.
    #[error("failed to merge: {0}")]
    Merge(String),
    #[error("failed to start a process for a run")]
    Process(#[source] io::Error),
    /// A run in a process of its own failed, with this on its standard error.
    #[error("{said}")]
    Run { said: String, exit: Exit },
    #[error("failed to read the results of a run")]
    Results(#[source] BaselineError),
    /// A scenario without a pipeline that can be timed.
    #[error(
        "{} has no pipeline of DStreams that keeps a state (mode update_state or map_with_state, or the step \
         update_state_by_key or map_with_state)", .0.display()
    )]
    NoState(PathBuf),
    /// A pipeline with a batch that fails, so that its times mean nothing.
    #[error("a batch of the pipeline `{pipeline}` fails: {failure}")]
    BatchFailed { pipeline: String, failure: String },
    /// A pipeline whose batches may wait for each other, so that their times are not those of their work.
    #[error(
        "the batches of the pipeline `{0}` are not timed: faults, executors, `[cost]` and concurrent jobs have batches wait \
         for each other; leave them out"
    )]
    NotTimed(String),
    #[error("{} has no batch: it stops before the first interval ends", .0.display())]
    NoBatch(PathBuf),
    /// States and batches that would make the machine swap.
    #[error(
        "{keys} keys and {words} words a batch take up to {needed} MiB, as all programs are there at once, and \
         {available} MiB are free; write fewer with --keys or --batch"
    )]
    NoRoom {
        keys: usize,
        words: usize,
        needed: u64,
        available: u64,
    },
    #[error("the pipelines `{first}` and `{second}` end with different totals")]
    Unequal { first: String, second: String },
    /// Subjects of a sweep that cannot be compared.
    #[error("failed to compare")]
    Measure(#[from] UnequalTotals),
    /// The network or the system fails a live program.
    #[error(transparent)]
    Live(#[from] LiveError),
}

impl CommandError {
    /// Makes the error of a file or folder that cannot be written.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> CommandError {
        let path = path.to_owned();
        |source| CommandError::Write { path, source }
    }

    /// Makes the error of a pipeline that breaks a rule.
    pub(crate) fn compile(pipeline: &Pipeline) -> impl FnOnce(CompileError) -> CommandError {
        let pipeline = pipeline.name.clone();
        |source| CommandError::Compile { pipeline, source }
    }

    /// Makes the error of a checkpoint folder that cannot be used.
    pub(crate) fn checkpoint<E>(path: &Path) -> impl FnOnce(E) -> CommandError
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let path = path.to_owned();
        |source| CommandError::Checkpoint {
            path,
            source: source.into(),
        }
    }

    /// Makes the error of a pipeline that breaks a rule or a limit.
    pub(crate) fn replay(pipeline: &Pipeline) -> impl FnOnce(RunError) -> CommandError {
        let pipeline = pipeline.name.clone();
        |error| match error {
            RunError::Compile(source) => CommandError::Compile { pipeline, source },
            source @ (RunError::Output { .. }
            | RunError::Unfinished
            | RunError::Unreached { .. }) => CommandError::Limit { pipeline, source },
        }
    }

    /// Makes the error of a pipeline whose run cannot be compared.
    pub(crate) fn play(
        scenario: &str,
        pipeline: &Pipeline,
    ) -> impl FnOnce(PlayError) -> CommandError {
        let scenario = scenario.to_owned();
        let pipeline = pipeline.name.clone();
        |source| CommandError::Play {
            scenario,
            pipeline,
            source,
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            CommandError::NoScenario(_)
            | CommandError::NoHome(_)
            | CommandError::NoPipeline { .. }
            | CommandError::NothingReceived(_)
            | CommandError::NoState(_)
            | CommandError::NotTimed(_)
            | CommandError::NoBatch(_) => Exit::NothingMatched,
            CommandError::BatchFailed { .. } => Exit::Differs,
            CommandError::Run { exit, .. } => *exit,
            CommandError::Play { source, .. } => exit_of_play(source),
            CommandError::Unequal { .. } | CommandError::Results(_) | CommandError::Measure(_) => {
                Exit::Fault
            }
            CommandError::Read(_)
            | CommandError::Compile { .. }
            | CommandError::Checkpoint { .. }
            | CommandError::NoRecordLog(_)
            | CommandError::Limit { .. }
            | CommandError::Orphans(_)
            | CommandError::Snapshot(_)
            | CommandError::Write { .. }
            | CommandError::Remove { .. }
            | CommandError::Exists(_)
            | CommandError::FirstLineTooLong { .. }
            | CommandError::RecordingFull { .. }
            | CommandError::Output(_)
            | CommandError::Name(_)
            | CommandError::CrateName(_)
            | CommandError::CrateExists(_)
            | CommandError::Address(_)
            | CommandError::AcceptInCi
            | CommandError::RemoveInCi
            | CommandError::Zone(_)
            | CommandError::NoSpark(_)
            | CommandError::Spark(_)
            | CommandError::ReadFile { .. }
            | CommandError::Baseline { .. }
            | CommandError::Merge(_)
            | CommandError::Process(_)
            | CommandError::NoRoom { .. }
            | CommandError::Live(_)
            | CommandError::NoSnapshots
            | CommandError::OlderProfile { .. }
            | CommandError::NoPlan
            | CommandError::NoProgress { .. } => Exit::Usage,
        }
    }
}

fn exit_of_play(error: &PlayError) -> Exit {
    match error {
        PlayError::Run(_)
        | PlayError::Python(_)
        | PlayError::Differs { .. }
        | PlayError::Zone(_) => Exit::Usage,
        PlayError::NotDeterministic { .. } | PlayError::Render(_) => Exit::Fault,
    }
}

/// The most names that a message lists.
const NAMES_SHOWN_MAX: usize = 10;

/// The names that exist, as the end of a sentence; of many, the one that was meant or the first ones.
fn there(name: &str, names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN_MAX);
    let near = scenario::nearest(name, names.iter().map(String::as_str));
    if let Some(near) = near.filter(|_| more > 0) {
        return format!("did you mean `{near}`?");
    }
    let shown = names.iter().take(NAMES_SHOWN_MAX);
    let mut quoted: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
    quoted.extend((more > 0).then(|| format!("{more} more")));
    match &*quoted {
        [] => "there is none".to_owned(),
        [only] => format!("there is {only}"),
        [others @ .., last] => format!("there are {} and {last}", others.join(", ")),
    }
}
