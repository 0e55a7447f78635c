//! The arguments of `millrace explore`.

use std::num::NonZeroU64;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::{FindingOutput, Shard};

/// The most minutes of an exploration: a day.
const MINUTES_MAX: u64 = 24 * 60;

/// Search for a schedule of faults that breaks a promise.
///
/// Each pipeline in words whose scenario has a checkpoint folder, and no faults of its own, is played without faults
/// first, and then under each schedule: crashes at points of its batches, of a query at files of its checkpoint,
/// checkpoints that cannot be written or are deleted, slow jobs, losses of power, down times. Whatever happens, the
/// driver must go on and print what it prints without faults; lines that Spark does not promise to keep, those of a
/// receiver without a log, may be lost unless `--lossless` is given. A schedule that breaks that is made as small as
/// possible, and saved as a scenario that shows it. The same seeds are the same schedules on every machine.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "\
Examples:
  millrace explore scenarios/mine.toml                    a thousand seeds
  millrace explore scenarios/mine.toml --crash-points     a crash at each point of each batch
  millrace explore scenarios --seeds 1..100000 --shard 3/64 --minutes 10
  millrace explore --merge part-1.json part-2.json        the parts of `--shard` and `--json`, as one")]
pub(crate) struct ExploreArguments {
    /// Scenario files, or folders of them; with `--merge` the results of parts.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Explore only the pipelines of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// The seeds of the schedules, the first and the last.
    #[arg(
        long,
        default_value = "1..1000",
        value_name = "A..B",
        conflicts_with = "crash_points"
    )]
    pub(crate) seeds: Seeds,
    /// Play a crash at each point of each batch instead, of a query before and after each file of its checkpoint.
    #[arg(long)]
    pub(crate) crash_points: bool,
    /// Play each pair of crashes, too.
    #[arg(long, requires = "crash_points", conflicts_with = "seeds")]
    pub(crate) pairs: bool,
    /// Hold each pipeline to counting each line, where Spark does not promise it, too: a receiver that does not log its
    /// records loses some of them.
    #[arg(long)]
    pub(crate) lossless: bool,
    /// Stop after this many minutes.
    #[arg(long, value_name = "N", value_parser = minutes)]
    pub(crate) minutes: Option<NonZeroU64>,
    /// Play the K-th of N parts of the schedules, which together are all.
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<Shard>,
    /// Read the lines that `--json` printed of all parts, and print what one exploration would have.
    #[arg(long, conflicts_with_all = ["seeds", "crash_points", "lossless", "minutes", "shard", "save", "pipeline"])]
    pub(crate) merge: bool,
    /// The folder for the scenario of a schedule that breaks a promise, made if it is not there. A file that is there is
    /// overwritten.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) save: PathBuf,
    #[command(flatten)]
    pub(crate) findings: FindingOutput,
}

/// Seeds from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seeds(pub(crate) RangeInclusive<u64>);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Seeds, String> {
        let parsed = match text.split_once("..") {
            Some((first, last)) => first.parse().ok().zip(last.parse().ok()),
            None => text.parse().ok().map(|seed| (seed, seed)),
        };
        match parsed {
            Some((first, last)) if first <= last => Ok(Seeds(first..=last)),
            _ => Err(
                "it is the first seed and the last one, such as 1..1000, or one seed".to_owned(),
            ),
        }
    }
}

fn minutes(text: &str) -> Result<NonZeroU64, String> {
    let minutes = text.parse().ok().filter(|minutes| *minutes <= MINUTES_MAX);
    let minutes = minutes.and_then(NonZeroU64::new);
    minutes.ok_or_else(|| format!("it is a number of minutes from 1 to {MINUTES_MAX}"))
}
