//! What can go wrong at the edge, and with which exit code the program ends then.

use std::io;
use std::path::PathBuf;

use engine_live::LiveError;
use measure::{BaselineError, MeasureError};
use oracle::{NotFound, SparkError};
use report::UnknownZone;
use simulator::CompileError;
use snapshots::{PlayError, ReadError};

use crate::exit::Exit;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// Scenarios that cannot be read, all of them, and folders that cannot be searched.
    #[error("failed to read {} of the scenarios", .0.len())]
    Read(Vec<ReadError>),
    /// No scenario in the folders that were named.
    #[error("no scenario (a file that ends in .toml) in {0}")]
    NoScenario(String),
    /// No pipeline of the name that was asked for.
    #[error("no pipeline `{name}`; there is {there}")]
    NoPipeline { name: String, there: String },
    /// A pipeline that breaks a rule.
    #[error("failed to build the pipeline `{pipeline}`")]
    Compile {
        pipeline: String,
        source: CompileError,
    },
    /// A pipeline of which nothing came that can be compared.
    #[error("failed to play {scenario}, pipeline `{pipeline}`")]
    Play {
        scenario: String,
        pipeline: String,
        source: PlayError,
    },
    /// A folder of snapshots that cannot be searched.
    #[error("failed to look for orphaned snapshots")]
    Orphans(#[source] io::Error),
    /// A snapshot that is there and cannot be read.
    #[error("failed to read the snapshot {}", path.display())]
    ReadSnapshot { path: PathBuf, source: io::Error },
    /// A file that cannot be written.
    #[error("failed to write {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    /// A file that is there and is not to be overwritten.
    #[error("{} is there already, and nothing is overwritten; name another file", .0.display())]
    Exists(PathBuf),
    /// A recording without a line, which would be no scenario.
    #[error("nothing was received, so there is no {}", .0.display())]
    NothingReceived(PathBuf),
    /// Standard output cannot be written to.
    #[error("failed to write to standard output")]
    Output(#[source] io::Error),
    /// A name that cannot be a scenario's.
    #[error(
        "`{0}` is no name for a scenario; use letters, digits, `_` and `-`, and `/` between folders"
    )]
    Name(String),
    /// An address without host or port.
    #[error("`{0}` is no address; write HOST:PORT, such as localhost:9999")]
    Address(String),
    /// Accepting snapshots where nobody can have read them.
    #[error(
        "snapshots are not accepted where the variable CI is set; run this on your own machine"
    )]
    BlessInCi,
    /// A time zone that there is not; reading a scenario refuses it.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// There is no Spark to compare with.
    #[error(transparent)]
    NoSpark(#[from] NotFound),
    /// A Spark that does not start, or breaks down.
    #[error(transparent)]
    Spark(#[from] SparkError),
    /// A file that is there and cannot be read.
    #[error("failed to read {}", path.display())]
    ReadFile { path: PathBuf, source: io::Error },
    /// A file that is no baseline of this run.
    #[error("failed to compare with {}", path.display())]
    Baseline {
        path: PathBuf,
        source: BaselineError,
    },
    /// A run that cannot be given a process of its own.
    #[error("failed to start a process for a run")]
    Process(#[source] io::Error),
    /// A run in a process of its own that failed: what it said, and how it ended.
    #[error("{said}")]
    Run { said: String, exit: Exit },
    /// A run that wrote something else than its results.
    #[error("failed to read the results of a run")]
    Results(#[source] BaselineError),
    /// A scenario of which nothing can be timed.
    #[error(
        "{} has no pipeline of DStreams that keeps a state (mode update_state or map_with_state, or the step \
         update_state_by_key or map_with_state)", .0.display()
    )]
    NoState(PathBuf),
    /// A pipeline whose batches fail, so that their times tell nothing.
    #[error("a batch of the pipeline `{pipeline}` fails: {failure}")]
    BatchFailed {
        pipeline: String,
        failure: engine::Text,
    },
    /// A scenario that ends before its first batch.
    #[error("{} has no batch: it stops before the first interval ends", .0.display())]
    NoBatch(PathBuf),
    /// States and batches that would make the machine swap.
    #[error(
        "{keys} keys and {words} words a batch take up to {needed} MiB, as all contenders are there at once, and \
         {available} MiB are free; write fewer with --keys or --batch"
    )]
    NoRoom {
        keys: usize,
        words: usize,
        needed: u64,
        available: u64,
    },
    /// Pipelines that should count the same and do not.
    #[error("the pipelines `{first}` and `{second}` end with different totals")]
    Unequal { first: String, second: String },
    /// Contenders that cannot be compared.
    #[error("failed to compare")]
    Measure(#[from] MeasureError),
    /// The world outside fails a live program.
    #[error(transparent)]
    Live(#[from] LiveError),
}

impl CommandError {
    /// The exit code that says what kind of trouble it was.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            CommandError::NoScenario(_)
            | CommandError::NoPipeline { .. }
            | CommandError::NothingReceived(_)
            | CommandError::NoState(_)
            | CommandError::NoBatch(_) => Exit::NothingMatched,
            CommandError::BatchFailed { .. } => Exit::Differs,
            CommandError::Run { exit, .. } => *exit,
            CommandError::Unequal { .. }
            | CommandError::Results(_)
            | CommandError::Measure(_)
            | CommandError::Play {
                source: PlayError::NotDeterministic { .. } | PlayError::Render(_),
                ..
            } => Exit::Fault,
            _ => Exit::Usage,
        }
    }
}
