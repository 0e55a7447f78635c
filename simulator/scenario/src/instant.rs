//! `clock.start`: a date, a time and an offset.

use engine::Time;
use jiff::Timestamp;
use jiff::civil::{self, Date, DateTime};
use jiff::fmt::temporal::Pieces;

/// The distance of a run from the ends of the calendar: two years, so that a batch more, or a grid
/// point before the start, can still be printed.
const MARGIN_MILLIS: i64 = 2 * 366 * 24 * 60 * 60 * 1000;

/// Text longer than any date is not read as one.
const LENGTH_MAX: usize = 64;

/// Why something is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InstantError {
    /// It is not a date and time at all.
    #[error("`start` takes a date and time such as 2018-06-21T23:00:29Z")]
    NotADate,
    /// A date alone, or a time alone.
    #[error("`start` needs a date and a time")]
    Incomplete,
    /// No offset says where on Earth it is that late.
    #[error("`start` needs an offset from UTC")]
    NoOffset,
    /// Second 60.
    #[error("`start` cannot be a leap second")]
    LeapSecond,
    /// More than three decimals of a second.
    #[error("`start` is a whole number of milliseconds")]
    FractionOfMillisecond,
    /// Too near the ends of the calendar.
    #[error("`start` is within two years of the ends of the calendar, the years -9999 and 9999")]
    OutOfRange,
}

impl InstantError {
    /// The words beside the mistaken text.
    pub(crate) fn label(self) -> &'static str {
        match self {
            InstantError::NotADate => "not a date and time",
            InstantError::Incomplete => "half of it",
            InstantError::NoOffset => "no offset",
            InstantError::LeapSecond => "second 60",
            InstantError::FractionOfMillisecond => "more than three decimals",
            InstantError::OutOfRange => "too far away",
        }
    }
}

/// The instant of a text in RFC 3339, or with a signed year of six digits.
pub(crate) fn parse(text: &str) -> Result<Time, InstantError> {
    if text.len() > LENGTH_MAX {
        return Err(InstantError::NotADate);
    }
    match text.parse::<Timestamp>() {
        Ok(_) if text.contains(":60") => Err(InstantError::LeapSecond),
        Ok(timestamp) => whole_millis(timestamp),
        Err(_) if is_half(text) => Err(InstantError::Incomplete),
        Err(_) if text.parse::<DateTime>().is_ok() => Err(InstantError::NoOffset),
        Err(_) if is_whole(text) => Err(InstantError::OutOfRange),
        Err(_) => Err(InstantError::NotADate),
    }
}

/// True of a date alone or a time alone.
fn is_half(text: &str) -> bool {
    text.parse::<civil::Time>().is_ok() && !text.contains('-')
        || text.parse::<Date>().is_ok() && !text.contains(':')
}

/// True of a text with a date, a time and an offset: if it is no instant, it is beyond the calendar.
fn is_whole(text: &str) -> bool {
    Pieces::parse(text).is_ok_and(|pieces| pieces.time().is_some() && pieces.offset().is_some())
}

/// The canonical TOML of an instant, quoted where TOML has no such year.
pub(crate) fn print(time: Time) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(time.as_millis()) else {
        return format!("\"{time}\"");
    };
    let text = timestamp.to_string();
    if text.starts_with('-') {
        format!("\"{text}\"")
    } else {
        text
    }
}

/// True if dates around this time can be printed in any time zone: it is two years from the ends of the calendar, the
/// years -9999 and 9999.
///
/// ```
/// use engine::Time;
/// assert!(scenario::is_printable(Time::EPOCH));
/// assert!(!scenario::is_printable(Time::from_millis(i64::MIN)));
/// ```
pub fn is_printable(time: Time) -> bool {
    let least = Timestamp::MIN.as_millisecond() + MARGIN_MILLIS;
    let most = Timestamp::MAX.as_millisecond() - MARGIN_MILLIS;
    (least..=most).contains(&time.as_millis())
}

fn whole_millis(timestamp: Timestamp) -> Result<Time, InstantError> {
    if timestamp.subsec_nanosecond() % 1_000_000 != 0 {
        return Err(InstantError::FractionOfMillisecond);
    }
    let time = Time::from_millis(timestamp.as_millisecond());
    if is_printable(time) {
        Ok(time)
    } else {
        Err(InstantError::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<i64, InstantError>) {
        assert_eq!(parse(text), expected.map(Time::from_millis), "{text}");
    }

    #[test]
    fn reads_dates_with_an_offset() {
        check("1970-01-01T00:00:00Z", Ok(0));
        check("2018-06-21T23:00:29Z", Ok(1_529_622_029_000));
        check("2018-06-21T23:00Z", Ok(1_529_622_000_000));
        check("2018-06-22 01:00:29.250+02:00", Ok(1_529_622_029_250));
        check("-000044-03-15T12:00:00Z", Ok(-63_549_316_800_000));
    }

    #[test]
    fn refuses_other_texts() {
        check("9998-01-01T00:00:00Z", Err(InstantError::OutOfRange));
        check("9999-12-31T23:59:59Z", Err(InstantError::OutOfRange));
        check("2018-06-21", Err(InstantError::Incomplete));
        check("23:00:29", Err(InstantError::Incomplete));
        check("yesterday", Err(InstantError::NotADate));
        check(&"9".repeat(100), Err(InstantError::NotADate));
    }
}
