//! The command line.

mod bench;
mod checkpoint;
mod explore;
mod listen;
mod plan;
mod shared;
mod spark;
mod test;

use std::fmt::Display;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use scenario::{Profile, SparkVersion};

pub(crate) use bench::BenchArguments;
pub(crate) use checkpoint::{CheckpointArguments, CheckpointCommand, InspectArguments};
pub(crate) use explore::ExploreArguments;
pub(crate) use listen::ListenArguments;
pub(crate) use plan::PlanArguments;
pub(crate) use shared::{EventOutput, FindingOutput, LineSource};
use shared::{interval, profile, spark, workers};
pub(crate) use spark::SparkArguments;
pub(crate) use test::{Shard, TestArguments};

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
  millrace plan scenarios/cookbook.toml                  print the operators of structured queries
  millrace explore scenarios --crash-points              let drivers die at each point of each batch
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
    Plan(PlanArguments),
    Explore(ExploreArguments),
    Listen(ListenArguments),
    Checkpoint(CheckpointArguments),
    Record(RecordArguments),
    New(NewArguments),
    Spark(SparkArguments),
    Bench(BenchArguments),
    /// Print the JSON schema of the scenario file, by which editors complete and check.
    #[command(after_help = "\
Examples:
  millrace schema > scenarios/.schema.json")]
    Schema,
    /// Print the reference of the scenario file: every key, the values that it takes, its default and its meaning.
    #[command(after_help = "\
Examples:
  millrace reference | less")]
    Reference,
    Completions(CompletionsArguments),
}

/// Replay scenarios and print their console text.
///
/// Standard output holds the console text alone, exactly what Spark would have printed. Names, a
/// summary and mistakes go to standard error. A file that is no scenario does not keep the others from being played.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace run scenarios/cookbook.toml
  millrace run scenarios/cookbook.toml --pipeline stateless > out.txt
  millrace run scenarios/cookbook.toml --profile jvm --summary
  millrace run scenarios/cookbook.toml --profile jvm --spark 4
  millrace run scenarios/state/time_out.toml --exact-timeouts
  millrace run scenarios --json | jq 'select(.event == \"printed\")'
  millrace run scenarios/cookbook.toml --pipeline structured --progress json | jq .stateOperators")]
pub(crate) struct RunArguments {
    /// Scenario files, or folders of them, or `-` for a scenario on standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run only the pipelines of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// Print as this profile instead of the scenario's.
    #[arg(long, value_parser = profile())]
    pub(crate) profile: Option<Profile>,
    /// Play this version of Spark instead of the scenario's.
    #[arg(long, value_name = "VERSION", value_parser = spark())]
    pub(crate) spark: Option<SparkVersion>,
    /// Time out each idle key in the batch in which it has been idle for too long, as `timeouts = "exact"`
    /// does, and not in every tenth batch, as Spark does.
    #[arg(long)]
    pub(crate) exact_timeouts: bool,
    /// Seed of what scenarios generate.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Worker threads, up to 256. They change the time it takes, and not a byte of the output.
    #[arg(long, default_value = "1", value_name = "N", value_parser = workers)]
    pub(crate) workers: NonZeroUsize,
    /// Show a table of the batches on standard error.
    #[arg(long)]
    pub(crate) summary: bool,
    /// Show what each batch did to states of keys on standard error, those of a structured query's groups
    /// included: numbers that are the same on every machine.
    #[arg(long)]
    pub(crate) counters: bool,
    /// Print the progress of structured queries instead of the console text, as Spark's listeners have it: a line a
    /// micro-batch.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) progress: Option<ProgressFormat>,
    #[command(flatten)]
    pub(crate) events: EventOutput,
}

/// A format of the progress of queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ProgressFormat {
    /// That of `StreamingQueryProgress.json`.
    Json,
}

/// Write what a server sends, with its times, as a scenario.
///
/// From the first line on there is a scenario, with a pipeline for each mode; replayed, it gives the counts that a
/// live run on the same batch grid would have printed. Ctrl-C ends the recording; a line that does not fit, or cannot
/// be written, does too, and leaves what came before. If the program is killed while it writes a line, reading the file
/// says what to remove. A scenario has 64 MiB at most. A file that is there is not overwritten, and where nothing came
/// there is none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace record localhost:9999 -o scenarios/recorded.toml
  millrace run scenarios/recorded.toml

Exit codes: 0; 2 if the recording has ended by itself, or for a mistake on the command line; 4 if nothing came.")]
pub(crate) struct RecordArguments {
    /// The scenario file to write.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Batch interval of the recorded scenario.
    #[arg(long, default_value = "1s", value_name = "DURATION", value_parser = interval)]
    pub(crate) interval: Duration,
    #[command(flatten)]
    pub(crate) source: LineSource,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Write a scenario, or a crate, to start from.
///
/// A NAME becomes `scenarios/NAME.toml`; a NAME that ends in `.toml` is taken as a path. With `--crate`, NAME
/// becomes a folder with a program in Rust, its tests, a scenario and its snapshots. A file or folder that is
/// there is not overwritten. A file `.gitattributes` among the snapshots keeps their line ends, unless there is one
/// above that names `*.snap`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace new blue_and_green
  millrace run scenarios/blue_and_green.toml
  millrace new --crate page_visits && cd page_visits && cargo test")]
pub(crate) struct NewArguments {
    /// Name of the scenario, such as `blue_and_green` or `shop/carts`, or of the crate.
    pub(crate) name: String,
    /// Write a crate.
    #[arg(long = "crate")]
    pub(crate) is_crate: bool,
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

/// A mistake among the arguments of a subcommand, in the form in which the parser reports its own.
fn mistake(subcommand: &str, kind: ErrorKind, text: impl Display) -> clap::Error {
    let mut program = Arguments::command();
    // Building gives each subcommand the name of the program in its usage.
    program.build();
    let subcommand = program.find_subcommand_mut(subcommand);
    let subcommand = subcommand.expect("it has parsed these arguments");
    subcommand.error(kind, text)
}
