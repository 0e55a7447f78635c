//! The command line, as `--help` teaches it.

mod bench;
mod listen;

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use bench::BenchArguments;
pub(crate) use listen::ListenArguments;

/// The longest batch interval, 365 days: that of the language.
const INTERVAL_MAX: std::time::Duration = std::time::Duration::from_hours(365 * 24);

/// Tests streaming jobs without a cluster, a JVM or a wall clock.
#[derive(Debug, Parser)]
#[command(
    name = "millrace",
    version,
    about,
    max_term_width = 100,
    after_help = "\
Examples:
  millrace run scenarios/cookbook.toml                   replay the book's timeline
  millrace run scenarios/cookbook.toml --pipeline structured > out.txt
  millrace test scenarios                                compare everything with its snapshots
  millrace listen localhost:9999 --mode update_state     count what `nc -lk 9999` sends, live
  millrace new blue_and_green                            write a scenario to start from
  millrace spark scenarios/cookbook.toml                 compare with a real Spark, if there is one
  millrace bench --keys 1e4,1e5                          compare the state operators at your sizes

Exit codes: 0 all hold, 1 some differ or fail, 2 usage or scenario text, 3 a fault of millrace, 4 nothing matched."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArguments),
    Test(TestArguments),
    Listen(ListenArguments),
    Record(RecordArguments),
    New(NewArguments),
    Spark(SparkArguments),
    Bench(BenchArguments),
    /// Print the JSON schema of the scenario file, by which editors complete and check.
    #[command(after_help = "\
Examples:
  millrace schema > scenarios/.schema.json")]
    Schema,
    Completions(CompletionsArguments),
}

/// Whose console text and row order is printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Profile {
    /// Spark 3.5.9 from Python.
    Pyspark,
    /// Spark 3.5.9 from Java or Scala.
    Jvm,
    /// The book's transcripts.
    Cookbook,
}

impl From<Profile> for scenario::Profile {
    fn from(profile: Profile) -> scenario::Profile {
        match profile {
            Profile::Pyspark => scenario::Profile::Pyspark,
            Profile::Jvm => scenario::Profile::Jvm,
            Profile::Cookbook => scenario::Profile::Cookbook,
        }
    }
}

/// Replay scenarios and print their console text.
///
/// Standard output holds the console text alone, exactly what Spark would have printed. Names, a
/// summary and mistakes go to standard error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace run scenarios/cookbook.toml
  millrace run scenarios/cookbook.toml --pipeline stateless > out.txt
  millrace run scenarios/cookbook.toml --profile jvm --summary
  millrace run scenarios/state/time_out.toml --exact-timeouts
  millrace run scenarios --json | jq 'select(.event == \"printed\")'")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct RunArguments {
    /// Scenario files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run only the pipelines of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// Print as this profile instead of the scenario's.
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// Tell each idle key in the batch in which it has been idle for too long, as `timeouts = "exact"` does,
    /// and not in every tenth batch, as Spark does.
    #[arg(long)]
    pub(crate) exact_timeouts: bool,
    /// Seed of what scenarios generate.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Worker threads. They change the time it takes, and not a byte of the output.
    #[arg(long, default_value = "1", value_name = "N")]
    pub(crate) workers: NonZeroUsize,
    /// Print every event as a line of JSON instead of the console text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show a table of the batches on standard error.
    #[arg(long)]
    pub(crate) summary: bool,
    /// Show what each batch did to states of keys on standard error, those of a structured query's groups
    /// included: numbers that are the same on every machine.
    #[arg(long)]
    pub(crate) counters: bool,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Replay scenarios and compare them with their snapshots.
///
/// The snapshots of `scenarios/family/name.toml` are `snapshots/family/name/PIPELINE.snap`. Each
/// scenario is played twice; if the two runs differ, that is a fault of millrace. The report goes to
/// standard error, and with `--json` to standard output.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace test scenarios
  millrace test scenarios/mine.toml --bless      accept what is printed now")]
pub(crate) struct TestArguments {
    /// Scenario files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Accept what is printed now as the snapshots. Refused where the variable CI is set.
    #[arg(long)]
    pub(crate) bless: bool,
    /// Print a line of JSON a pipeline instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print differences only.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Write what a server sends, with its times, as a scenario.
///
/// From the first line on the file is a scenario at any moment, with a pipeline for each mode;
/// replayed, it gives the counts that a live run on the same batch grid would have printed. Ctrl-C ends
/// the recording. A file that is there is not overwritten, and where nothing came there is none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace record localhost:9999 -o scenarios/recorded.toml
  millrace run scenarios/recorded.toml")]
pub(crate) struct RecordArguments {
    /// The server that sends lines.
    #[arg(value_name = "HOST:PORT")]
    pub(crate) address: String,
    /// The scenario file to write.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Batch interval of the recorded scenario.
    #[arg(long, default_value = "1s", value_name = "DURATION", value_parser = interval)]
    pub(crate) interval: std::time::Duration,
    /// Longest line that is taken, in bytes; a longer one is reported and skipped.
    #[arg(long, default_value = "16777216", value_name = "BYTES")]
    pub(crate) line_limit: NonZeroUsize,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Write a scenario to start from.
///
/// A NAME becomes `scenarios/NAME.toml`; a NAME that ends in `.toml` is taken as a path. A file that is
/// there is not overwritten.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace new blue_and_green
  millrace run scenarios/blue_and_green.toml")]
pub(crate) struct NewArguments {
    /// Name of the scenario, such as `blue_and_green` or `shop/carts`.
    pub(crate) name: String,
}

/// Play scenarios on a real Spark and compare, or print them as Spark programs.
///
/// Spark is found by `SPARK_HOME`, by `spark-submit` on the PATH, or by `pyspark` in the active Python. Its
/// time is in hand: batch after batch is awaited, so what it prints does not depend on the machine. One
/// JVM plays all scenarios of a call. Pipelines that cannot be replayed are named, with the reason.
///
/// Exit codes: 0 all that was replayed is the same, 1 some differ, 2 there is no Spark or it broke down,
/// 4 nothing could be replayed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace spark scenarios/cookbook.toml
  millrace spark scenarios --master spark://localhost:7077
  millrace spark scenarios/cookbook.toml --script --pipeline update_state > stateful.py
  spark-submit --master 'local[2]' stateful.py localhost 9999 --checkpoint checkpoint
  millrace spark --sweep 300 --seed 7                    compare 300 scenarios that are drawn
  millrace spark --record scenarios/spark/stateless/mine.toml")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct SparkArguments {
    /// Scenario files, or folders of them.
    #[arg(required_unless_present = "sweep", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take only the pipelines of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// Replay on this Spark instead of local mode: `local[N]`, `spark://HOST:PORT`, yarn, `k8s://URL`. On a
    /// cluster the order of rows is open, so rows are compared in any order.
    #[arg(long, value_name = "URL", value_parser = master)]
    pub(crate) master: Option<String>,
    /// Print each pipeline as a program that reads a socket, and run nothing.
    #[arg(long, conflicts_with_all = ["verify", "sweep", "master"])]
    pub(crate) script: bool,
    /// Replay and compare; this is what is done if nothing else is said.
    #[arg(long)]
    pub(crate) verify: bool,
    /// Write what Spark prints as the snapshots, besides comparing. Refused where the variable CI is set.
    #[arg(long, conflicts_with_all = ["script", "sweep", "master"])]
    pub(crate) record: bool,
    /// Draw so many scenarios instead of reading some.
    #[arg(long, value_name = "N", conflicts_with_all = ["paths", "pipeline"])]
    pub(crate) sweep: Option<NonZeroUsize>,
    /// Seed of what scenarios generate, and of the sweep.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Where scenarios of the sweep that differ are written.
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    pub(crate) keep: PathBuf,
    /// How long Spark may take for one pipeline; then it is killed.
    #[arg(long, default_value = "300s", value_name = "DURATION", value_parser = interval)]
    pub(crate) timeout: std::time::Duration,
    /// Print a line of JSON a pipeline instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print differences only.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace completions bash > ~/.local/share/bash-completion/completions/millrace")]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// A mistake among the arguments of a subcommand, told as the parser tells its own.
fn mistake(subcommand: &str, kind: ErrorKind, text: impl Display) -> clap::Error {
    let mut program = Arguments::command();
    // Only then a subcommand has the name of the program in its usage.
    program.build();
    let subcommand = program.find_subcommand_mut(subcommand);
    let subcommand = subcommand.expect("it has parsed these arguments");
    subcommand.error(kind, text)
}

/// A batch interval, as long as a scenario may have it.
fn interval(text: &str) -> Result<std::time::Duration, String> {
    let duration = scenario::duration::parse(text).map_err(|error| error.to_string())?;
    if duration.is_zero() || duration > INTERVAL_MAX {
        Err("it goes from 1ms to 8760h".to_owned())
    } else {
        Ok(duration)
    }
}

fn master(text: &str) -> Result<String, String> {
    let has_port = |address: &str| {
        let port = address
            .rsplit_once(':')
            .map(|(_, port)| port.parse::<u16>());
        matches!(port, Some(Ok(port)) if port > 0)
    };
    let is_local = text == "local" || (text.starts_with("local[") && text.ends_with(']'));
    match text.split_once("://") {
        Some(("spark", addresses)) if addresses.split(',').all(has_port) => Ok(text.to_owned()),
        Some(("spark", _)) => Err(
            "it has no port; write spark://HOST:PORT, such as spark://localhost:7077".to_owned(),
        ),
        Some(("k8s", _)) => Ok(text.to_owned()),
        None if is_local || text == "yarn" => Ok(text.to_owned()),
        _ => {
            Err("it is no master; write local[N], spark://HOST:PORT, yarn or k8s://URL".to_owned())
        }
    }
}
