//! Local date and time of a time zone, as Python writes them.

use std::fmt::Write;

use engine::Time;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use scenario::Profile;

/// A time zone, for batch times in local time.
///
/// Zone data is built in, so that a name means the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone of this IANA name, upper or lower case.
    ///
    /// ```
    /// use report::Zone;
    /// assert!(Zone::named("Asia/Shanghai").is_ok());
    /// assert!(Zone::named("Asia/Shanghigh").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] if no zone has this name.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        let zone = TimeZoneDatabase::bundled().get(name);
        zone.map(Zone).map_err(|_| UnknownZone {
            name: name.to_owned(),
        })
    }

    /// The zone of this machine, or UTC if it has none. For live use only: a replay takes the zone of the
    /// scenario.
    pub fn system() -> Zone {
        Zone(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// Appends `time` as Python's `str(datetime.fromtimestamp(ms / 1000.0))` (`OUT-3`):
    /// `2018-06-21 23:00:30`, followed by six digits of microseconds unless they are zero.
    ///
    /// A time that Python does not have, before year 1 or after year 9999, is written in milliseconds; so
    /// are the last two days of year 9999, which are outside the range of `jiff`.
    pub(crate) fn write_local(&self, time: Time, out: &mut String) {
        let (second, microsecond) = as_python_reads(time);
        let timestamp = Timestamp::from_second(second).ok();
        let local = timestamp.map(|timestamp| self.0.to_datetime(timestamp));
        match local.filter(|local| local.year() >= 1) {
            Some(local) => write_datetime(local, microsecond, out),
            None => out.push_str(&time.to_string()),
        }
    }

    /// Appends the time of a batch as the console of this profile shows it (`OUT-1`, `OUT-3`).
    pub fn write_batch_time(&self, profile: Profile, time: Time, out: &mut String) {
        if profile.is_jvm() {
            write!(out, "{time}").expect("a `String` takes all that is written to it");
        } else {
            self.write_local(time, out);
        }
    }

    /// Local time at a point in time, both in microseconds since the epoch (`CON-4`). Outside the range of
    /// `jiff` the offset is the last one in it.
    pub(crate) fn local_micros(&self, micros: i64) -> i64 {
        let bound = if micros < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        let timestamp = Timestamp::from_microsecond(micros).unwrap_or(bound);
        let offset = self.0.to_offset(timestamp).seconds();
        micros.saturating_add(i64::from(offset) * 1_000_000)
    }
}

/// No time zone has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{name}`")]
pub struct UnknownZone {
    /// The name.
    pub name: String,
}

/// Seconds and microseconds of the floating-point number of seconds to which PySpark converts a time.
///
/// From about the year 2200 that number is too inexact for milliseconds, which shows in Python's output.
/// Hence the same steps as in `_PyTime_DoubleToDenominator` (`CPython` 3.11).
fn as_python_reads(time: Time) -> (i64, u32) {
    const DENOMINATOR: f64 = 1e6;
    let seconds = time.as_millis() as f64 / 1000.0;
    let mut second = seconds.trunc() as i64;
    let mut microsecond = (seconds.fract() * DENOMINATOR).round_ties_even();
    if microsecond >= DENOMINATOR {
        microsecond -= DENOMINATOR;
        second += 1;
    } else if microsecond < 0.0 {
        microsecond += DENOMINATOR;
        second -= 1;
    }
    (second, microsecond as u32)
}

/// Appends the digits one by one: this runs for each batch, and `write!` takes several times as long.
fn write_datetime(local: DateTime, microsecond: u32, out: &mut String) {
    let year = local.year();
    two_digits(year.unsigned_abs() / 100, out);
    two_digits(year.unsigned_abs() % 100, out);
    for (separator, part) in [
        ('-', local.month()),
        ('-', local.day()),
        (' ', local.hour()),
        (':', local.minute()),
        (':', local.second()),
    ] {
        out.push(separator);
        two_digits(u16::from(part.unsigned_abs()), out);
    }
    if microsecond != 0 {
        write!(out, ".{microsecond:06}").expect("a `String` takes all that is written to it");
    }
}

fn two_digits(number: u16, out: &mut String) {
    for digit in [number / 10, number % 10] {
        out.push(char::from_digit(u32::from(digit), 10).unwrap_or('?'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: i64 = 1_529_622_030_000;

    #[track_caller]
    fn check(zone: &str, millis: i64, expected: &str) {
        let zone = Zone::named(zone).expect("the zone exists");
        let mut text = String::new();
        zone.write_local(Time::from_millis(millis), &mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn out_3_python_shows_local_time() {
        check("UTC", SEED, "2018-06-21 23:00:30");
        check("Asia/Shanghai", SEED, "2018-06-22 07:00:30");
        check("asia/kolkata", SEED, "2018-06-22 04:30:30");
        check("America/St_Johns", SEED, "2018-06-21 20:30:30");
    }

    #[test]
    fn out_3_an_hour_is_shown_twice_or_not_at_all_when_clocks_are_changed() {
        let spring = 1_521_939_599_000; // 2018-03-25T00:59:59Z
        check("Europe/Berlin", spring, "2018-03-25 01:59:59");
        check("Europe/Berlin", spring + 1_000, "2018-03-25 03:00:00");
        let autumn = 1_540_688_399_000; // 2018-10-28T00:59:59Z
        check("Europe/Berlin", autumn, "2018-10-28 02:59:59");
        check("Europe/Berlin", autumn + 1_000, "2018-10-28 02:00:00");
    }

    #[test]
    fn out_3_microseconds_are_shown_unless_they_are_zero() {
        check("UTC", SEED + 5, "2018-06-21 23:00:30.005000");
        check("UTC", SEED + 999, "2018-06-21 23:00:30.999000");
        check("UTC", 0, "1970-01-01 00:00:00");
        check("UTC", -1, "1969-12-31 23:59:59.999000");
        check("UTC", -1_000, "1969-12-31 23:59:59");
    }

    /// As printed by Python 3.11.
    #[test]
    fn out_3_a_far_time_is_as_inexact_as_in_python() {
        check("UTC", 253_402_171_200_001, "9999-12-30 12:00:00.001007");
        check("UTC", 32_503_680_000_123, "3000-01-01 00:00:00.123001");
    }

    #[test]
    fn a_time_that_python_cannot_have_is_milliseconds() {
        check("UTC", 253_402_300_800_000, "253402300800000 ms");
        check("UTC", -62_135_596_800_001, "-62135596800001 ms");
        check("UTC", -62_135_596_800_000, "0001-01-01 00:00:00");
        check("UTC", i64::MAX, "9223372036854775807 ms");
        check("UTC", i64::MIN, "-9223372036854775808 ms");
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let error = Zone::named("Mars/Olympus").expect_err("no such zone");
        assert_eq!(error.to_string(), "there is no time zone `Mars/Olympus`");
    }
}
