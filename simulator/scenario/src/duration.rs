//! Durations as text: `250ms`, `1.5s`, `2m`, `1h`, and as Spark has them: `10 minutes`, `1 hour 30 seconds`.
//!
//! A duration is a number and a unit, or several of these with spaces between them, and comes to whole
//! milliseconds. Upper and lower case are alike, and the word `interval` may stand before it.

use std::time::Duration;

/// The units in which durations are written, longest first, with their milliseconds.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// A unit that is read.
struct Unit {
    /// Ours, and those of Spark's settings.
    short: &'static [&'static str],
    /// That of Spark's intervals, which may end with an `s`.
    long: &'static str,
    micros: u128,
}

static NAMES: [Unit; 7] = [
    Unit::new(&["ms"], "millisecond", 1_000),
    Unit::new(&["s"], "second", 1_000_000),
    Unit::new(&["m", "min"], "minute", 60_000_000),
    Unit::new(&["h"], "hour", 3_600_000_000),
    Unit::new(&["d"], "day", 86_400_000_000),
    Unit::new(&[], "week", 604_800_000_000),
    Unit::new(&["us"], "microsecond", 1),
];

/// Units of Spark's intervals that have no fixed length.
const VARIABLE: [&str; 2] = ["month", "year"];

/// With more decimals than this, none of them zero at the end, no unit gives whole microseconds:
/// a week is `2^13 * 3^3 * 5^8 * 7` of them.
const DECIMALS_MAX: usize = 13;

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It does not start with a number.
    #[error("a duration starts with a number")]
    NoNumber,
    /// It is none of Spark's.
    #[error(
        "write it as Spark has it: `10 seconds`, `5 minutes` or `1 hour 30 minutes`; only seconds have decimals"
    )]
    NoInterval,
    /// It is below zero.
    #[error("a duration is not negative")]
    Negative,
    /// It is a number alone.
    #[error("a duration needs a unit: ms, s, m or h")]
    NoUnit,
    /// The part after the number is not a unit.
    #[error(
        "no such unit: take ms, s, m, h or d, or a word such as `minutes`; parts stand apart, as in `1m 30s`"
    )]
    UnknownUnit,
    /// It has months or years.
    #[error("a month or a year has no fixed length, and Spark refuses it too: take days")]
    Variable,
    /// It is not a whole number of milliseconds.
    #[error("a duration is a whole number of milliseconds")]
    FractionOfMillisecond,
    /// It is not a whole number of microseconds.
    #[error("a cost is a whole number of microseconds")]
    FractionOfMicrosecond,
    /// It does not fit 63 bits of milliseconds.
    #[error("a duration fits 63 bits of milliseconds, some 292 million years")]
    TooLong,
}

/// Reads a duration.
///
/// # Errors
///
/// [`DurationError`] says which part is wrong.
///
/// ```
/// use std::time::Duration;
///
/// use scenario::duration::{self, DurationError};
///
/// assert_eq!(duration::parse("1.5s"), Ok(Duration::from_millis(1500)));
/// assert_eq!(duration::parse("1 minute 30 seconds"), Ok(Duration::from_secs(90)));
/// assert_eq!(duration::parse("-1s"), Err(DurationError::Negative));
/// assert_eq!(duration::parse("0.5ms"), Err(DurationError::FractionOfMillisecond));
/// assert_eq!(duration::parse("1m30s"), Err(DurationError::UnknownUnit));
/// ```
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    parse_in(text, Part::take)
}

/// Reads a duration as Spark has it in a query: `10 minutes`, and not `10m`. Seconds alone may have decimals.
///
/// # Errors
///
/// [`DurationError`] says which part is wrong.
///
/// ```
/// use std::time::Duration;
///
/// use scenario::duration::{self, DurationError};
///
/// let parse = duration::parse_interval;
/// assert_eq!(parse("1 minute 1.5 seconds"), Ok(Duration::from_millis(61_500)));
/// assert_eq!(parse("10s"), Err(DurationError::NoInterval));
/// assert_eq!(parse("1.5 minutes"), Err(DurationError::NoInterval));
/// ```
pub fn parse_interval(text: &str) -> Result<Duration, DurationError> {
    parse_in(text, Part::take_of_interval)
}

fn parse_in(
    text: &str,
    take: fn(&str) -> Result<Part<'_>, DurationError>,
) -> Result<Duration, DurationError> {
    let micros = micros_in(text, take)?;
    if !micros.is_multiple_of(1_000) {
        return Err(DurationError::FractionOfMillisecond);
    }
    let millis = i64::try_from(micros / 1_000).map_err(|_| DurationError::TooLong)?;
    Ok(Duration::from_millis(millis.unsigned_abs()))
}

/// Reads a duration that comes to whole microseconds.
///
/// # Errors
///
/// [`DurationError`] says which part is wrong.
///
/// ```
/// use std::time::Duration;
///
/// use scenario::duration;
///
/// let cost = Duration::from_micros(1_250);
/// assert_eq!(duration::parse_micros("1.25ms"), Ok(cost));
/// assert_eq!(duration::print_micros(cost), "1250us");
/// assert_eq!(duration::print_micros(Duration::from_secs(2)), "2s");
/// ```
pub fn parse_micros(text: &str) -> Result<Duration, DurationError> {
    let micros = micros_in(text, Part::take).map_err(|error| match error {
        DurationError::FractionOfMillisecond => DurationError::FractionOfMicrosecond,
        error => error,
    })?;
    let micros = u64::try_from(micros).map_err(|_| DurationError::TooLong)?;
    Ok(Duration::from_micros(micros))
}

/// Writes a duration as [`print()`], or in microseconds if it is no whole number of milliseconds. [`parse_micros`] reads
/// it back.
pub fn print_micros(duration: Duration) -> String {
    if duration.subsec_micros().is_multiple_of(1_000) {
        print(duration)
    } else {
        format!("{}us", duration.as_micros())
    }
}

/// The microseconds of a text of parts.
fn micros_in(
    text: &str,
    take: fn(&str) -> Result<Part<'_>, DurationError>,
) -> Result<u128, DurationError> {
    let lower = text.trim().to_ascii_lowercase();
    let is_apart = |rest: &&str| rest.starts_with(char::is_whitespace);
    let interval = lower.strip_prefix("interval").filter(is_apart);
    let mut rest = interval.unwrap_or(&lower).trim_start();
    let mut micros: u128 = 0;
    loop {
        let part = take(rest)?;
        micros = micros.saturating_add(part.micros);
        rest = part.rest;
        if rest.is_empty() {
            return Ok(micros);
        }
    }
}

/// A number and its unit, at the beginning of a text in lower case.
struct Part<'a> {
    micros: u128,
    /// The text behind it, without spaces before.
    rest: &'a str,
}

impl Part<'_> {
    fn take(text: &str) -> Result<Part<'_>, DurationError> {
        if text.starts_with('-') {
            return Err(DurationError::Negative);
        }
        let (whole, rest) = split_digits(text);
        let (decimals, rest) = match rest.strip_prefix('.') {
            Some(rest) => split_digits(rest),
            None => ("0", rest),
        };
        if whole.is_empty() || decimals.is_empty() {
            return Err(DurationError::NoNumber);
        }
        let rest = rest.trim_start();
        if rest.is_empty() {
            return Err(DurationError::NoUnit);
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (unit, rest) = rest.split_at(end);
        let unit = Unit::named(unit)?.micros;
        let whole: u64 = whole.parse().map_err(|_| DurationError::TooLong)?;
        Ok(Part {
            micros: u128::from(whole) * unit + fraction(decimals, unit)?,
            rest: rest.trim_start(),
        })
    }

    /// As [`take`](Part::take), of a number, a space and the long name of a unit.
    fn take_of_interval(text: &str) -> Result<Part<'_>, DurationError> {
        let part = Part::take(text)?;
        let number = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (number, unit) = text.split_at(number.unwrap_or(text.len()));
        let is_long = |unit: &str| {
            let mut long = NAMES.iter().map(|it| it.long);
            long.any(|name| name == unit.strip_suffix('s').unwrap_or(unit))
        };
        let is_apart = unit.starts_with(char::is_whitespace);
        let unit = unit.split_whitespace().next().unwrap_or_default();
        let has_decimals = number.contains('.') && !unit.starts_with("second");
        if is_apart && is_long(unit) && !has_decimals {
            Ok(part)
        } else {
            Err(DurationError::NoInterval)
        }
    }
}

impl Unit {
    const fn new(short: &'static [&'static str], long: &'static str, micros: u128) -> Unit {
        Unit {
            short,
            long,
            micros,
        }
    }

    /// The unit of this name, in lower case.
    fn named(name: &str) -> Result<&'static Unit, DurationError> {
        let word = name.strip_suffix('s').unwrap_or(name);
        let is_meant = |unit: &&Unit| unit.short.contains(&name) || unit.long == word;
        match NAMES.iter().find(is_meant) {
            Some(unit) => Ok(unit),
            None if VARIABLE.contains(&word) => Err(DurationError::Variable),
            None => Err(DurationError::UnknownUnit),
        }
    }
}

/// Writes a duration in the longest unit of which it is a whole number, or in seconds with decimals.
///
/// [`parse`] reads it back, if it is a whole number of milliseconds and fits 63 bits of them. A
/// fraction of a millisecond is cut off.
///
/// ```
/// use scenario::duration;
/// use std::time::Duration;
///
/// assert_eq!(duration::print(Duration::from_millis(250)), "250ms");
/// assert_eq!(duration::print(Duration::from_millis(1500)), "1.5s");
/// assert_eq!(duration::print(Duration::from_secs(90)), "90s");
/// assert_eq!(duration::print(Duration::ZERO), "0s");
/// ```
pub fn print(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut units = UNITS.iter();
    match units.find(|(_, size)| millis.is_multiple_of(u128::from(*size))) {
        Some(("ms", _)) | None if millis > 1000 => {
            let decimals = format!("{:03}", millis % 1000);
            format!("{}.{}s", millis / 1000, decimals.trim_end_matches('0'))
        }
        Some((unit, size)) => format!("{}{unit}", millis / u128::from(*size)),
        None => format!("{millis}ms"),
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The microseconds of `0.decimals` of a unit.
fn fraction(decimals: &str, unit: u128) -> Result<u128, DurationError> {
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > DECIMALS_MAX {
        return Err(DurationError::FractionOfMillisecond);
    }
    let scale = 10_u128.pow(decimals.len() as u32);
    // Thirteen digits times the microseconds of a week are far inside 128 bits; no digits are zero.
    let scaled = decimals.parse().unwrap_or(0) * unit;
    if scaled.is_multiple_of(scale) {
        Ok(scaled / scale)
    } else {
        Err(DurationError::FractionOfMillisecond)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<u64, DurationError>) {
        assert_eq!(parse(text), expected.map(Duration::from_millis), "{text}");
    }

    #[test]
    fn reads_each_unit() {
        check("250ms", Ok(250));
        check("1.5s", Ok(1500));
        check("2m", Ok(120_000));
        check("1h", Ok(3_600_000));
        check("0s", Ok(0));
        check("007.500s", Ok(7500));
        check("0.0000625h", Ok(225));
        check("9223372036854775807ms", Ok(9_223_372_036_854_775_807));
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "",
            " ",
            "s",
            ".5s",
            "1.s",
            "+1s",
            "one second",
            "١s",
            "interval",
            "1s and 2s",
        ] {
            check(text, Err(DurationError::NoNumber));
        }
    }

    #[test]
    fn refuses_what_is_no_unit() {
        check("5", Err(DurationError::NoUnit));
        check("1.5", Err(DurationError::NoUnit));
        for text in [
            "1sec",
            "1m30s",
            "1e3s",
            "1_000ms",
            "1.5.5s",
            "1 minutess",
            "1 2s",
            "1ss",
        ] {
            check(text, Err(DurationError::UnknownUnit));
        }
        for text in ["1 month", "1 day 2 Months", "interval 3 years"] {
            check(text, Err(DurationError::Variable));
        }
    }

    #[test]
    fn reads_durations_as_spark_has_them() {
        check("10 minutes", Ok(600_000));
        check("1 second", Ok(1000));
        check("500 milliseconds", Ok(500));
        check("2 hours", Ok(7_200_000));
        check("1 day", Ok(86_400_000));
        check("2 weeks", Ok(1_209_600_000));
        check("1.5 seconds", Ok(1500));
        check("0 seconds", Ok(0));
        check("2000 microseconds", Ok(2));
        check("1 hour 30 minutes 5 seconds", Ok(5_405_000));
        check("INTERVAL 5 Minutes", Ok(300_000));
        check("  10\tseconds ", Ok(10_000));
        check("5min", Ok(300_000));
        check("3d", Ok(259_200_000));
        check("1 s", Ok(1000));
        check("1S", Ok(1000));
        check("1m 30s", Ok(90_000));
        check("500us 500us", Ok(1));
    }

    #[test]
    fn spark_s_intervals_have_long_units_alone() {
        let interval = |text| parse_interval(text).map(|it| it.as_millis());
        assert_eq!(interval("INTERVAL 1 Hour 30  minutes"), Ok(5_400_000));
        assert_eq!(interval(" 500 milliseconds "), Ok(500));
        assert_eq!(interval("1 month"), Err(DurationError::Variable));
        for text in ["1s", "5 min", "10seconds", "1.5 hours", "1 minute 3s"] {
            assert_eq!(interval(text), Err(DurationError::NoInterval), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        check("-1s", Err(DurationError::Negative));
        check("1 hour -5 minutes", Err(DurationError::Negative));
        check("1 microsecond", Err(DurationError::FractionOfMillisecond));
        for text in ["0.5ms", "1.0005s", "0.00000001h", "0.0000001m"] {
            check(text, Err(DurationError::FractionOfMillisecond));
        }
        for text in [
            "9223372036854775808ms",
            "99999999999999999999ms",
            "9223372036854775807s",
        ] {
            check(text, Err(DurationError::TooLong));
        }
    }

    proptest! {
        #[test]
        fn reads_back_what_it_prints(millis in prop_oneof![0..10_000_u64, 0..=i64::MAX as u64]) {
            let duration = Duration::from_millis(millis);
            prop_assert_eq!(parse(&print(duration)), Ok(duration));
        }

        #[test]
        fn never_panics(text in "[-0-9.]{0,30}[a-z]{0,3}|.*") {
            let _ = parse(&text);
        }
    }
}
