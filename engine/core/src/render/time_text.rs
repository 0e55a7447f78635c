//! Dates and times of day as Spark SQL, Python and Java write them.

use std::fmt;

use crate::types::calendar::{CivilDate, CivilTime};

/// The text of a timestamp in microseconds since the epoch (`CON-4`): date and time, and the digits
/// of the fraction up to the last that is not zero.
///
/// The text is of UTC. A local time is shown by adding the offset of the zone first.
///
/// From `org.apache.spark.sql.catalyst.util.FractionTimestampFormatter` (Spark 3.5.9): the proleptic
/// Gregorian calendar, a sign before years that have not four digits or are before year 0.
///
/// ```
/// use engine::render::timestamp_text;
/// assert_eq!(timestamp_text(1_529_622_000_000_000), "2018-06-21 23:00:00");
/// assert_eq!(timestamp_text(1_529_622_000_250_000), "2018-06-21 23:00:00.25");
/// ```
pub fn timestamp_text(micros: i64) -> String {
    let time = CivilTime::of_micros(micros);
    format!("{} {time}{}", time.date, fraction(time.microsecond))
}

/// A point, and the digits of a fraction up to the last that is not zero; nothing of a whole second.
pub(super) fn fraction(microsecond: u32) -> String {
    let digits = format!(".{microsecond:06}");
    digits.trim_end_matches('0').trim_end_matches('.').into()
}

/// As `java.sql.Timestamp.toString` has it: with one digit of the fraction at least.
pub(super) fn java_timestamp(micros: i64) -> String {
    let is_whole = CivilTime::of_micros(micros).microsecond == 0;
    timestamp_text(micros) + if is_whole { ".0" } else { "" }
}

/// As `java.time.LocalDateTime.toString` has it: no seconds if they are zero, and three or six digits of the
/// fraction.
pub(super) fn java_local_time(micros: i64) -> String {
    let time = CivilTime::of_micros(micros);
    let date = time.date;
    match (time.second, time.microsecond) {
        (0, 0) => format!("{date}T{:02}:{:02}", time.hour, time.minute),
        (_, 0) => format!("{date}T{time}"),
        (_, micros) if micros % 1_000 == 0 => format!("{date}T{time}.{:03}", micros / 1_000),
        (_, micros) => format!("{date}T{time}.{micros:06}"),
    }
}

/// As Python's `str(datetime)` has it: six digits of the fraction or none.
pub(super) fn python_time(micros: i64) -> String {
    let time = CivilTime::of_micros(micros);
    match time.microsecond {
        0 => format!("{} {time}", time.date),
        microsecond => format!("{} {time}.{microsecond:06}", time.date),
    }
}

/// As Python's `repr(datetime)` has it: `datetime.datetime(2018, 6, 21, 23, 0)`.
pub(super) fn python_time_repr(micros: i64) -> String {
    let time = CivilTime::of_micros(micros);
    let rest = match (time.second, time.microsecond) {
        (0, 0) => String::new(),
        (second, 0) => format!(", {second}"),
        (second, micros) => format!(", {second}, {micros}"),
    };
    let CivilDate { year, month, day } = time.date;
    let CivilTime { hour, minute, .. } = time;
    format!("datetime.datetime({year}, {month}, {day}, {hour}, {minute}{rest})")
}

/// As Python's `repr(date)` has it: `datetime.date(2018, 6, 21)`.
pub(super) fn python_date_repr(days: i32) -> String {
    let CivilDate { year, month, day } = CivilDate::of_days(days.into());
    format!("datetime.date({year}, {month}, {day})")
}

/// `2018-06-21`; a sign before a year of more than four digits, or before year 0.
impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.year {
            ..0 => "-",
            0..10_000 => "",
            _ => "+",
        };
        let year = self.year.abs();
        write!(f, "{sign}{year:04}-{:02}-{:02}", self.month, self.day)
    }
}

/// The time of day in whole seconds: `23:00:30`.
impl fmt::Display for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(micros: i64, expected: &str) {
        assert_eq!(timestamp_text(micros), expected);
    }

    #[test]
    fn con_4_a_timestamp_is_a_date_and_a_time() {
        check(0, "1970-01-01 00:00:00");
        check(-1, "1969-12-31 23:59:59.999999");
        check(951_782_400_000_000, "2000-02-29 00:00:00");
        check(1_709_251_199_000_000, "2024-02-29 23:59:59");
        check(4_107_542_400_000_000, "2100-03-01 00:00:00");
    }

    #[test]
    fn con_4_the_fraction_ends_with_its_last_digit() {
        check(1, "1970-01-01 00:00:00.000001");
        check(100_000, "1970-01-01 00:00:00.1");
    }

    /// As Java 17's `ISO_LOCAL_DATE` writes years without four digits.
    #[test]
    fn con_4_far_years_have_a_sign() {
        check(253_402_300_799_000_000, "9999-12-31 23:59:59");
        check(253_402_300_800_000_000, "+10000-01-01 00:00:00");
        check(-62_167_219_200_000_000, "0000-01-01 00:00:00");
        check(-62_167_219_200_000_001, "-0001-12-31 23:59:59.999999");
        check(i64::MAX, "+294247-01-10 04:00:54.775807");
        check(i64::MIN, "-290308-12-21 19:59:05.224192");
    }
}
