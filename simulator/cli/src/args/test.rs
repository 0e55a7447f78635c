//! The arguments of `millrace test`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use clap::builder::UnknownArgumentValueParser;

use super::FindingOutput;

/// The most parts that the pipelines are divided into.
const SHARDS_MAX: usize = 10_000;

/// Replay scenarios and compare them with their snapshots.
///
/// The snapshots of `scenarios/family/name.toml` are `snapshots/family/name/PIPELINE.snap`. Each
/// scenario is played twice; if the two runs differ, that is a fault of millrace, or of a program in Python. A file that
/// is no scenario counts as broken, and the others are played. The report goes to standard error, and with `--json` to standard
/// output: a line a pipeline, with its path, its exit code and the milliseconds that it took. Remarks on a pipeline, such
/// as on lines that it never counts, stand below it unless it is the same; `--json` and `run` have them of each.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace test                                  all that is in the folder `scenarios`
  millrace test scenarios/mine.toml --bless      accept what is printed now
  millrace test --shard 1/4 --junit report.xml   the first quarter, in CI
  millrace test --remove-orphans                 remove snapshots without a scenario or pipeline")]
pub(crate) struct TestArguments {
    /// Scenario files, or folders of them. Default: the folder `scenarios`.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Accept what is printed now as the snapshots. Refused where the variable CI is set.
    #[arg(long)]
    pub(crate) bless: bool,
    /// Test only the pipelines of this name. Orphaned snapshots are not looked for.
    #[arg(long, value_name = "NAME", conflicts_with = "remove_orphans")]
    pub(crate) pipeline: Option<String>,
    /// Test the K-th of N parts of the pipelines, which together have each pipeline once. The first one looks for
    /// orphaned snapshots.
    #[arg(long, value_name = "K/N", conflicts_with = "remove_orphans")]
    pub(crate) shard: Option<Shard>,
    /// Seed of what scenarios generate. Snapshots are those of seed 0: with another one only the expectations of
    /// scenarios that generate lines are compared.
    #[arg(long, default_value_t = 0, value_name = "N", conflicts_with = "bless")]
    pub(crate) seed: u64,
    /// Remove the snapshots that have no scenario or pipeline. Refused where the variable CI is set.
    #[arg(long)]
    pub(crate) remove_orphans: bool,
    /// Print the names of the pipelines, and play nothing; with --json, each with its path.
    #[arg(long, conflicts_with_all = ["bless", "seed", "remove_orphans", "junit"])]
    pub(crate) list: bool,
    /// Write the results as XML of the form of `JUnit`, too. A file that is there is overwritten.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) findings: FindingOutput,
    #[command(flatten)]
    settings: RunSettings,
}

/// Options of `run` that set what a scenario says, and so what its snapshot is of: a test has none of them.
#[derive(Debug, Args)]
struct RunSettings {
    #[arg(long, hide = true, value_parser = set_by("spark = \"4\"", "--spark 4"))]
    spark: Option<()>,
    #[arg(long, hide = true, value_parser = set_by("profile", "--profile jvm"))]
    profile: Option<()>,
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "", value_parser = set_by("timeouts = \"exact\"", "--exact-timeouts"))]
    exact_timeouts: Option<()>,
}

/// A parser that refuses the option: the scenario sets it, by this, and `run` has it.
fn set_by(key: &str, option: &str) -> UnknownArgumentValueParser {
    let text = format!(
        "a test plays what its scenario says, by `{key}`; `millrace run {option}` plays otherwise"
    );
    UnknownArgumentValueParser::suggest(text)
}

/// A part of the pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1 to `count`.
    number: usize,
    count: usize,
}

impl Shard {
    /// The number of the part, from 1.
    pub(crate) fn number(self) -> usize {
        self.number
    }

    /// The number of parts.
    pub(crate) fn count(self) -> usize {
        self.count
    }

    /// Returns true if the pipeline at this place among all, from 0, is of this part.
    pub(crate) fn has(self, index: usize) -> bool {
        index % self.count == self.number - 1
    }

    /// Returns true for the first part, which has what is to be done once.
    pub(crate) fn is_first(self) -> bool {
        self.number == 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/');
        let parts =
            parts.and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((number, count)) if (1..=count).contains(&number) && count <= SHARDS_MAX => {
                Ok(Shard { number, count })
            }
            _ => Err(format!(
                "write K/N, with K from 1 to N and N up to {SHARDS_MAX}, such as 1/4"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_have_each_pipeline_once() {
        let shards: Vec<Shard> = ["1/3", "2/3", "3/3"]
            .map(|text| text.parse().expect("it is a shard"))
            .into();
        for index in 0..10 {
            let having = shards.iter().filter(|shard| shard.has(index));
            assert_eq!(having.count(), 1, "{index}");
        }
        for text in [
            "0/3", "4/3", "1/0", "1", "a/3", "1/3/3", "-1/3", "1/10001", "",
        ] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
