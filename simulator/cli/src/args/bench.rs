//! The arguments of `millrace bench`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::error::ErrorKind;
use measure::Subject;

use super::shared::{cores, up_to, workers};
use super::{interval, mistake};

/// The largest size: names of keys have eight digits.
const SIZE_MAX: f64 = 1e8;

/// The most runs.
const RUNS_MAX: usize = 100;

/// The largest exponent of Zipf's law, that of the scenario language.
const SKEW_MAX: f64 = 10.0;

/// Compare what the state operators cost, at your sizes or on your scenario.
///
/// `update_state_by_key`, `map_with_state` with and without a time-out, the structured running count,
/// and a plain loop take the same words in turn. Every batch that is timed is compared: if two of them
/// hand on different totals, that is a fault of millrace. Reported are the time per batch, how it grows with
/// the keys and with the words, the share of active keys from which on `map_with_state` no longer
/// pays, every tenth batch, in which Spark writes a checkpoint and keys time out, and the memory of a key at
/// the largest state.
///
/// There is a plain loop for each way to hand totals on, which is the measure of those that do so:
/// `plain_loop_update` hands on all, `plain_loop_map` that of each word as it comes, and
/// `plain_loop_structured` those that the batch has changed.
///
/// With a SCENARIO its timeline is played instead, through its pipelines of DStreams that keep a state, batch
/// by batch; if it has but one of the two operators' word counts, the other one is added.
///
/// A --baseline is compared with by how each stood to the plain loop of its own run; that of a SCENARIO
/// counts the scenario's words. Write it with --runs 7 and compare it with --runs 7: then a process is one
/// value, and what differs from one process to the next is no change of the program. Give both the same
/// --time: in short turns caches are colder, of the plain loop above all.
///
/// Results go to standard output, progress to standard error. Compare figures of one run: a busy
/// machine changes all of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace bench                                         up to a million keys, in half a minute
  millrace bench --keys 1e4,1e5,1e6,1e7 --batch 1000 --time 2m --svg curves.svg
  millrace bench --active-share 1%,5%,25%,100% --skew 1.1
  millrace bench scenarios/cookbook.toml                 batch by batch on its own timeline
  millrace bench --runs 7 --json > before.json           in CI, and after a change:
  millrace bench --runs 7 --baseline before.json --fail-over 10%
  millrace bench scenarios/cookbook.toml --runs 7 --json > book.json
  millrace bench scenarios/cookbook.toml --runs 7 --baseline book.json --fail-over 10%

Exit codes: 0; 1 if the whole interval of something lies above what --fail-over allows, or a batch
fails; 2 for a mistake on the command line; 3 for a fault of millrace's own; 4 if nothing can be
compared. Where the interval holds the limit there is no verdict; more --runs may give one, and
a longer --time where there were fewer than sixty rounds. The rounds of a single run do not show by
how much one process differs from the next, the more so where a batch takes but microseconds:
believe what six or more --runs of each side say.")]
pub(crate) struct BenchArguments {
    /// Play this scenario's timeline instead of drawn words.
    #[arg(value_name = "SCENARIO", conflicts_with_all = ["keys", "batch", "active_share", "skew", "cores", "svg"])]
    pub(crate) scenario: Option<PathBuf>,
    /// Numbers of keys in the state, up to 1e8. Batches of the middle size are timed over all of these, of two the smaller.
    #[arg(long, value_name = "N,..", value_delimiter = ',', value_parser = size, default_value = "1e4,1e5,1e6")]
    pub(crate) keys: Vec<usize>,
    /// Numbers of words in a batch. The middle size of the state is timed over all of these.
    #[arg(long, value_name = "N,..", value_delimiter = ',', value_parser = size, default_value = "1e2,1e3,1e4,1e5")]
    pub(crate) batch: Vec<usize>,
    /// Shares of the keys that come in a batch, each once.
    #[arg(long, value_name = "SHARE,..", value_delimiter = ',', value_parser = share, default_value = "1%,10%,30%,100%")]
    pub(crate) active_share: Vec<f64>,
    /// Exponent of Zipf's law by which words are drawn, up to 10; 0 draws all keys alike.
    #[arg(long, value_name = "EXPONENT", value_parser = skew, default_value = "0")]
    pub(crate) skew: f64,
    /// Seed of what is drawn.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// The time that it may take. Each size, and a SCENARIO, has six rounds at least, so large ones may take longer,
    /// and sixty at most, so small ones take less.
    #[arg(long, value_name = "DURATION", value_parser = interval, default_value = "20s")]
    pub(crate) time: Duration,
    /// Worker threads, up to 256.
    #[arg(long, default_value = "1", value_name = "N", value_parser = workers)]
    pub(crate) workers: NonZeroUsize,
    /// Partitions of the state, as `local[N]` has them, up to 1024; as many as --workers unless given. A SCENARIO
    /// says its own.
    #[arg(long, value_name = "N", value_parser = cores)]
    pub(crate) cores: Option<NonZeroUsize>,
    /// In how many processes to measure, one after the other, which share the --time: with --json or --baseline,
    /// up to 100. Six or more of each side give a verdict.
    #[arg(long, default_value = "1", value_name = "N", value_parser = runs, conflicts_with = "svg")]
    pub(crate) runs: NonZeroUsize,
    /// Write the two curves, over keys and over words, as a picture. A file that is there is overwritten.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Compare with an earlier run, as --json wrote it: one of drawn words, or of the same SCENARIO.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Exit with 1 if the whole interval of a time has grown by more than this since the baseline.
    #[arg(long, value_name = "SHARE", requires = "baseline", value_parser = growth)]
    pub(crate) fail_over: Option<f64>,
    /// Print the results as JSON, which may be the baseline of a later run.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print how many bytes a key of this subject takes in a process of its own, and end.
    #[arg(long, hide = true, value_parser = subject)]
    pub(crate) memory_of: Option<Subject>,
    /// Do not measure the memory of a key: the process that starts several runs does.
    #[arg(long, hide = true)]
    pub(crate) without_memory: bool,
}

impl BenchArguments {
    /// Checks a rule that the parser has no attribute for: several runs need one of two options.
    ///
    /// # Errors
    ///
    /// Several runs without `--json` and `--baseline`, which would print nothing.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        if self.runs.get() == 1 || self.json || self.baseline.is_some() {
            return Ok(());
        }
        Err(mistake(
            "bench",
            ErrorKind::MissingRequiredArgument,
            "the argument '--runs <N>' needs '--json', which writes a baseline, or '--baseline <FILE>', which \
             compares with one: several runs have no tables",
        ))
    }
}

/// Parses a whole number, which may be written as `1e6`.
fn size(text: &str) -> Result<usize, String> {
    let number: Option<f64> = text.replace('_', "").parse().ok();
    let is_size = |number: &f64| (1.0..=SIZE_MAX).contains(number) && number.fract() == 0.0;
    number
        .filter(is_size)
        .map(|number| number as usize)
        .ok_or_else(|| "write a whole number from 1 to 1e8, such as 1000 or 1e3".to_owned())
}

fn runs(text: &str) -> Result<NonZeroUsize, String> {
    up_to(RUNS_MAX, text)
}

/// Parses a share, which may be written in per cent: `0.1`, `10%`.
fn share(text: &str) -> Result<f64, String> {
    fraction(text)
        .filter(|share| *share > 0.0 && *share <= 1.0)
        .ok_or_else(|| "write a share above 0 and up to 1, such as 0.1 or 10%".to_owned())
}

/// Parses the growth that is allowed. More than 1 is written in per cent, as a bare 10 may mean 10 %.
fn growth(text: &str) -> Result<f64, String> {
    fraction(text)
        .filter(|growth| *growth >= 0.0 && (*growth <= 1.0 || text.ends_with('%')))
        .ok_or_else(|| "write a share of at least 0, such as 0.1 or 10%".to_owned())
}

fn fraction(text: &str) -> Option<f64> {
    let fraction = match text.strip_suffix('%') {
        Some(percent) => percent.trim_end().parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    fraction.is_finite().then_some(fraction)
}

fn skew(text: &str) -> Result<f64, String> {
    let skew: Option<f64> = text.parse().ok();
    skew.filter(|skew| (0.0..=SKEW_MAX).contains(skew))
        .ok_or_else(|| "write a number from 0 to 10, such as 1.1".to_owned())
}

fn subject(name: &str) -> Result<Subject, String> {
    Subject::named(name).ok_or_else(|| "there is no such program".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_and_may_be_powers() {
        assert_eq!(
            ["1", "1000", "1_000", "1e3", "1.5e3", "1e8"].map(size),
            [1, 1_000, 1_000, 1_000, 1_500, 100_000_000].map(Ok)
        );
        for text in ["", "0", "-1", "1.5", "1e9", "nan", "inf", "ten"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shares_may_be_in_per_cent() {
        assert_eq!(
            ["1", "0.25", "25%", "25 %"].map(share),
            [1.0, 0.25, 0.25, 0.25].map(Ok)
        );
        for text in ["0", "0%", "101%", "-0.1", "nan", "%", "a%"] {
            assert!(share(text).is_err(), "{text}");
        }
        assert_eq!(["0", "10%", "200%"].map(growth), [0.0, 0.1, 2.0].map(Ok));
        for text in ["-1%", "inf", "10"] {
            assert!(growth(text).is_err(), "{text}");
        }
    }
}
