//! The arguments of `millrace spark`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::shared::up_to;
use super::{FindingOutput, interval};

/// The most scenarios of a sweep, which are drawn before the first one is played.
const SWEEP_MAX: usize = 100_000;

/// Play scenarios on a real Spark and compare, or print them as Spark programs.
///
/// Spark is found by `SPARK_HOME`, by `spark-submit` on the PATH, or by `pyspark` in the active Python. It is
/// compared with what is printed for its version, 3.5 or 4; a scenario with `spark = "4"` is for Spark 4 alone. Its
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
  millrace spark --sweep 300 --queries                   compare 300 queries in SQL
  millrace spark --record scenarios/spark/stateless/mine.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// Write what Spark prints as the snapshots, besides comparing; of a sweep all scenarios are written, too. Refused
    /// where the variable CI is set.
    #[arg(long, conflicts_with_all = ["script", "master"])]
    pub(crate) record: bool,
    /// Draw this many scenarios, up to 100000, instead of reading some. Programs in Python that are written for them
    /// are played by the package `millrace` of the interpreter that `MILLRACE_PYTHON` names, too.
    #[arg(long, value_name = "N", value_parser = sweep, conflicts_with_all = ["paths", "pipeline"])]
    pub(crate) sweep: Option<NonZeroUsize>,
    /// Draw queries in SQL over typed rows, windows, joins and tables, instead of programs of words.
    #[arg(long, requires = "sweep")]
    pub(crate) queries: bool,
    /// Seed of what scenarios generate, and of the sweep.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Where scenarios of the sweep that differ are written; queries without the parts that do not matter, too, as
    /// `NAME_smaller.toml`.
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    pub(crate) keep: PathBuf,
    /// Time that Spark may take for one pipeline; then it is killed.
    #[arg(long, default_value = "300s", value_name = "DURATION", value_parser = interval)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) findings: FindingOutput,
}

fn sweep(text: &str) -> Result<NonZeroUsize, String> {
    up_to(SWEEP_MAX, text)
}

/// Parses the URL of a Spark master.
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
