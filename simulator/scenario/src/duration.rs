//! Durations as text: `250ms`, `1.5s`, `2m`, `1h`.
//!
//! A duration is a number and a unit, with nothing between them, and comes to whole milliseconds.

use std::time::Duration;

/// The units, longest first, with their milliseconds.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// With more decimals than this, none of them zero at the end, no unit gives whole milliseconds:
/// an hour is `2^7 * 3^2 * 5^5` of them.
const DECIMALS_MAX: usize = 7;

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It does not start with a number.
    #[error("a duration starts with a number")]
    NoNumber,
    /// It is below zero.
    #[error("a duration is not negative")]
    Negative,
    /// It is a number alone.
    #[error("a duration needs a unit: ms, s, m or h")]
    NoUnit,
    /// The part after the number is not a unit.
    #[error("a duration has one number and one unit: ms, s, m or h")]
    UnknownUnit,
    /// It is not a whole number of milliseconds.
    #[error("a duration is a whole number of milliseconds")]
    FractionOfMillisecond,
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
/// assert_eq!(duration::parse("-1s"), Err(DurationError::Negative));
/// assert_eq!(duration::parse("0.5ms"), Err(DurationError::FractionOfMillisecond));
/// assert_eq!(duration::parse("1m30s"), Err(DurationError::UnknownUnit));
/// ```
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    if text.starts_with('-') {
        return Err(DurationError::Negative);
    }
    let (whole, rest) = split_digits(text);
    let (decimals, unit) = match rest.strip_prefix('.') {
        Some(rest) => split_digits(rest),
        None => ("0", rest),
    };
    if whole.is_empty() || decimals.is_empty() {
        return Err(DurationError::NoNumber);
    }
    if unit.is_empty() {
        return Err(DurationError::NoUnit);
    }
    let found = UNITS.iter().find(|(name, _)| *name == unit);
    let (_, unit_millis) = found.ok_or(DurationError::UnknownUnit)?;
    let fraction = fraction(decimals, *unit_millis)?;
    let whole: u64 = whole.parse().map_err(|_| DurationError::TooLong)?;
    let total = whole.checked_mul(*unit_millis);
    total
        .and_then(|total| total.checked_add(fraction))
        .filter(|total| *total <= i64::MAX.unsigned_abs())
        .map(Duration::from_millis)
        .ok_or(DurationError::TooLong)
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

/// The milliseconds of `0.decimals` of a unit.
fn fraction(decimals: &str, unit_millis: u64) -> Result<u64, DurationError> {
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > DECIMALS_MAX {
        return Err(DurationError::FractionOfMillisecond);
    }
    let scale = 10_u64.pow(decimals.len() as u32);
    // Seven digits times the milliseconds of an hour are far inside 64 bits; no digits are zero.
    let scaled = decimals.parse().unwrap_or(0) * unit_millis;
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
        for text in ["", "s", ".5s", "1.s", " 1s", "+1s", "one second", "١s"] {
            check(text, Err(DurationError::NoNumber));
        }
    }

    #[test]
    fn refuses_what_is_no_unit() {
        check("5", Err(DurationError::NoUnit));
        check("1.5", Err(DurationError::NoUnit));
        for text in [
            "1 s", "1sec", "1S", "1m30s", "1e3s", "1_000ms", "1.5.5s", "1s ",
        ] {
            check(text, Err(DurationError::UnknownUnit));
        }
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        check("-1s", Err(DurationError::Negative));
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
