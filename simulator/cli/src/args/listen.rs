//! The arguments of `millrace listen`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ValueEnum};

use super::{Profile, interval, mistake};

/// Run a pipeline live, on the system clock and a real socket.
///
/// Connects to a server that sends lines, such as `nc -lk 9999`, and waits for it if nobody listens yet.
/// Each batch is printed as it ends. Ctrl-C ends the program after one more batch, so that all that was
/// received is counted; a second one ends it at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  nc -lk 9999                                            on one terminal, and on another:
  millrace listen localhost:9999 --mode stateless
  millrace listen localhost:9999 --mode structured --output update
  millrace listen localhost:9999 --pipeline update_state --scenario scenarios/cookbook.toml")]
pub(crate) struct ListenArguments {
    /// The server that sends lines.
    #[arg(value_name = "HOST:PORT")]
    pub(crate) address: String,
    /// Which word count runs.
    #[arg(long, value_enum, default_value = "stateless")]
    pub(crate) mode: Mode,
    /// Batch interval; of a structured query, how often it looks for data.
    #[arg(long, value_name = "DURATION", value_parser = interval)]
    pub(crate) interval: Option<std::time::Duration>,
    /// Print as this profile.
    #[arg(long, value_enum, default_value = "pyspark")]
    pub(crate) profile: Profile,
    /// Which rows a structured query prints, the only mode that has a choice. Default: complete.
    #[arg(long, value_enum)]
    pub(crate) output: Option<Output>,
    /// Rows that a batch prints: 10, of a structured query 20.
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<NonZeroUsize>,
    /// Cores of the cluster that is played: `local[N]`.
    #[arg(long, default_value = "2", value_name = "N")]
    pub(crate) cores: NonZeroUsize,
    /// Take a pipeline of a scenario instead of a mode; its timeline is left out.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["mode", "interval", "output", "rows", "cores", "profile"])]
    pub(crate) scenario: Option<PathBuf>,
    /// The pipeline of the scenario. Default: its first.
    #[arg(long, value_name = "NAME", requires = "scenario")]
    pub(crate) pipeline: Option<String>,
    /// Tell each idle key of the scenario in the batch in which it has been idle for too long, and not in
    /// every tenth batch, as Spark does.
    #[arg(long, requires = "scenario")]
    pub(crate) exact_timeouts: bool,
    /// Worker threads.
    #[arg(long, default_value = "1", value_name = "N")]
    pub(crate) workers: NonZeroUsize,
    /// Longest line that is taken, in bytes; a longer one is reported and skipped.
    #[arg(long, default_value = "16777216", value_name = "BYTES")]
    pub(crate) line_limit: NonZeroUsize,
    /// Print every event as a line of JSON instead of the console text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl ListenArguments {
    /// What the parser cannot be told: that one option goes with one value of another.
    ///
    /// # Errors
    ///
    /// `--output` with a mode other than structured.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        if self.output.is_none() || self.mode == Mode::Structured {
            return Ok(());
        }
        let mode = self.mode.name();
        Err(mistake(
            "listen",
            ErrorKind::ArgumentConflict,
            format!(
                "the argument '--output <OUTPUT>' cannot be used with '--mode {mode}', only with \
                 '--mode structured'"
            ),
        ))
    }
}

/// Which word count runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Mode {
    /// Each batch counted by itself.
    Stateless,
    /// Running totals by updateStateByKey.
    UpdateState,
    /// Running totals by mapWithState, as the words come.
    MapWithState,
    /// A query over an unbounded table.
    Structured,
}

impl Mode {
    /// The name of its pipeline among the word counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mode::Stateless => "stateless",
            Mode::UpdateState => "update_state",
            Mode::MapWithState => "map_with_state",
            Mode::Structured => "structured",
        }
    }
}

/// Which rows a structured query prints.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Output {
    /// The whole result table.
    Complete,
    /// The rows that changed.
    Update,
}

impl From<Output> for scenario::OutputMode {
    fn from(output: Output) -> scenario::OutputMode {
        match output {
            Output::Complete => scenario::OutputMode::Complete,
            Output::Update => scenario::OutputMode::Update,
        }
    }
}
