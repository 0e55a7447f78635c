//! Arguments that several commands have.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use engine::SparkContext;
use engine_live::Threads;
use scenario::{Profile, SparkVersion, profile_words, spark_words};

/// The longest batch interval of the scenario language, 365 days.
const INTERVAL_MAX: Duration = Duration::from_hours(365 * 24);

/// The most rows that a batch prints, those of the scenario language.
const ROWS_MAX: usize = 1_000_000;

/// The longest line that can be asked for, in bytes: 1 GiB.
const LINE_MAX: usize = 1 << 30;

// The structs have no doc comments: clap would take them for the description of the whole command.

#[derive(Debug, Args)]
pub(crate) struct EventOutput {
    /// Print every event as a line of JSON instead of the console text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing on standard error but mistakes.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FindingOutput {
    /// Print a line of JSON a pipeline instead of text.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print differences only.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LineSource {
    /// The server that sends lines.
    #[arg(value_name = "HOST:PORT")]
    pub(crate) address: String,
    /// Longest line that is taken, in bytes, up to 1 GiB; a longer one is reported and skipped.
    #[arg(long, default_value = "16777216", value_name = "BYTES", value_parser = line_limit)]
    pub(crate) line_limit: usize,
}

/// The parser of a profile, by the words of the scenario language.
pub(super) fn profile() -> impl TypedValueParser<Value = Profile> {
    word(profile_words())
}

/// The parser of a version of Spark, by the words of the scenario language.
pub(super) fn spark() -> impl TypedValueParser<Value = SparkVersion> {
    word(spark_words())
}

fn word<T: Copy + Send + Sync + 'static>(
    words: &'static [(&'static str, T, &'static str)],
) -> impl TypedValueParser<Value = T> {
    let values = words.iter();
    let values =
        values.map(|(word, _, doc)| PossibleValue::new(*word).help(doc.trim_end_matches('.')));
    PossibleValuesParser::new(values).map(|value| {
        let found = words.iter().find(|(word, _, _)| *word == value);
        found.expect("only these words are possible values").1
    })
}

/// Parses a number of cores, within the bounds of the scenario language.
pub(super) fn cores(text: &str) -> Result<NonZeroUsize, String> {
    up_to(SparkContext::CORES_MAX, text)
}

/// Parses a number of worker threads.
pub(super) fn workers(text: &str) -> Result<NonZeroUsize, String> {
    up_to(Threads::MAX, text)
}

/// Parses a number of rows, within the bounds of the scenario language.
pub(super) fn rows(text: &str) -> Result<NonZeroUsize, String> {
    up_to(ROWS_MAX, text)
}

fn line_limit(text: &str) -> Result<usize, String> {
    up_to(LINE_MAX, text).map(NonZeroUsize::get)
}

pub(super) fn up_to(most: usize, text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok();
    number
        .filter(|number: &NonZeroUsize| number.get() <= most)
        .ok_or_else(|| format!("write a number from 1 to {most}"))
}

/// Parses a batch interval, within the bounds of the scenario language.
pub(super) fn interval(text: &str) -> Result<Duration, String> {
    let duration = scenario::duration::parse(text).map_err(|error| error.to_string())?;
    if duration.is_zero() || duration > INTERVAL_MAX {
        Err("it goes from 1ms to 8760h".to_owned())
    } else {
        Ok(duration)
    }
}
