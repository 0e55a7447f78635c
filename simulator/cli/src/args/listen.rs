//! The arguments of `millrace listen`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, ValueEnum};
use scenario::{OutputMode, Profile, SparkVersion};

use super::shared::{cores, rows, workers};
use super::{EventOutput, LineSource, interval, mistake, profile, spark};

/// Run a pipeline live, on the system clock and a real socket.
///
/// Connects to a server that sends lines, such as `nc -lk 9999`, and waits for it if it does not listen yet.
/// Each batch is printed as it ends. If the server closes the connection, it connects again; a structured query
/// does not, as in Spark, and goes on without data. Ctrl-C ends the program after one more batch, so that all
/// that was received is counted; a second one ends it at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  nc -lk 9999                                            on one terminal, and on another:
  millrace listen localhost:9999 --mode stateless
  millrace listen localhost:9999 --mode structured --output update
  millrace listen localhost:9999 --mode update_state --checkpoint checkpoint --write-ahead-log
  millrace listen localhost:9999 --mode structured --checkpoint checkpoint
  millrace listen localhost:9999 --pipeline update_state --scenario scenarios/cookbook.toml")]
pub(crate) struct ListenArguments {
    /// The word count that runs.
    #[arg(long, value_enum, default_value = "stateless")]
    pub(crate) mode: Mode,
    /// Batch interval; of a structured query, how often it looks for data.
    #[arg(long, value_name = "DURATION", value_parser = interval)]
    pub(crate) interval: Option<Duration>,
    /// Print as this profile.
    #[arg(long, value_parser = profile(), default_value = "pyspark")]
    pub(crate) profile: Profile,
    /// Play this version of Spark.
    #[arg(long, value_name = "VERSION", value_parser = spark(), default_value = "3.5")]
    pub(crate) spark: SparkVersion,
    /// The rows that a structured query prints, the only mode that has a choice. Default: complete.
    #[arg(long, value_parser = output_mode())]
    pub(crate) output: Option<OutputMode>,
    /// Rows that a batch prints, up to 1000000. Default: 10, of a structured query 20.
    #[arg(long, value_name = "N", value_parser = rows)]
    pub(crate) rows: Option<NonZeroUsize>,
    /// Cores of the cluster that is played, up to 1024: `local[N]`.
    #[arg(long, default_value = "2", value_name = "N", value_parser = cores)]
    pub(crate) cores: NonZeroUsize,
    /// Take a pipeline of a scenario instead of a mode; its timeline is left out.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["mode", "interval", "output", "rows", "cores", "profile", "spark"])]
    pub(crate) scenario: Option<PathBuf>,
    /// The pipeline of the scenario. Default: its first.
    #[arg(long, value_name = "NAME", requires = "scenario")]
    pub(crate) pipeline: Option<String>,
    /// Time out each idle key of the scenario in the batch in which it has been idle for too long, and not in
    /// every tenth batch, as Spark does.
    #[arg(long, requires = "scenario")]
    pub(crate) exact_timeouts: bool,
    /// Keep the program's checkpoints in this folder, or in an object store (`s3://bucket/path`), and go on from those that
    /// are there.
    ///
    /// A structured query goes on with its counts and its watermark. A socket sends nothing again: the lines of a
    /// micro-batch that was under way are lost, and so are those that come while the program is down. As in Spark, the
    /// first micro-batch after a start fails where fewer lines have come than before; start it again, and it goes on.
    /// Each micro-batch writes a file for each of 200 partitions, which takes seconds on some disks.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Log received records in the checkpoint folder before they count, so that a crash does not lose them. A structured
    /// query has no such log.
    #[arg(long, requires = "checkpoint")]
    pub(crate) write_ahead_log: bool,
    /// Ask the server, on each connection, for the lines from a number on: the number is the first line that it is
    /// sent. A server that keeps its lines then loses none, and sends none twice.
    #[arg(long, requires = "write_ahead_log")]
    pub(crate) replay: bool,
    /// Worker threads, up to 256.
    #[arg(long, default_value = "1", value_name = "N", value_parser = workers)]
    pub(crate) workers: NonZeroUsize,
    #[command(flatten)]
    pub(crate) source: LineSource,
    #[command(flatten)]
    pub(crate) events: EventOutput,
}

impl ListenArguments {
    /// Checks the rules that the parser cannot express: options that belong to some values of others.
    ///
    /// # Errors
    ///
    /// Fails if `--output` stands with a mode other than structured, and if the version of Spark does not have the
    /// profile.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        let conflict = |text: &str| Err(mistake("listen", ErrorKind::ArgumentConflict, text));
        if self.output.is_some() && self.mode != Mode::Structured {
            let mode = self.mode.name();
            return conflict(&format!(
                "the argument '--output <OUTPUT>' cannot be used with '--mode {mode}', only with \
                 '--mode structured'"
            ));
        }
        if self.profile.on(self.spark).spark() != self.spark {
            return conflict("the argument '--profile cookbook' cannot be used with '--spark 4'");
        }
        Ok(())
    }
}

/// A word count.
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

/// The parser of the rows that a structured query prints.
fn output_mode() -> impl TypedValueParser<Value = OutputMode> {
    let complete = PossibleValue::new("complete").help("The whole result table");
    let update = PossibleValue::new("update").help("The rows that changed");
    PossibleValuesParser::new([complete, update]).map(|value| match &*value {
        "update" => OutputMode::Update,
        _ => OutputMode::Complete,
    })
}
