//! Time zones by the names that Java gives them, and the clocks of a zone (`java.time.ZoneId`, `ZoneRules`).
//!
//! jiff has the rules. It knows the years from -9999 to 9999, and timestamps of Spark reach further: the calendar
//! repeats after 400 years, and so do the rules of a zone in years to come; before the first rule stands the mean time
//! of the place.

use engine::{CivilDate, CivilTime};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// Microseconds of 400 years.
const MICROS_PER_ERA: i64 = 146_097 * 86_400 * MICROS_PER_SECOND;

/// The last second that is looked up as it is: the start of year 9000.
const LAST: i64 = 221_845_392_000 * MICROS_PER_SECOND;

/// The first one: the start of year 1000.
const FIRST: i64 = -30_610_224_000 * MICROS_PER_SECOND;

/// The names of `ZoneId.SHORT_IDS`.
const SHORT_NAMES: [(&str, &str); 28] = [
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AGT", "America/Argentina/Buenos_Aires"),
    ("ART", "Africa/Cairo"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BST", "Asia/Dhaka"),
    ("CAT", "Africa/Harare"),
    ("CNT", "America/St_Johns"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("EAT", "Africa/Addis_Ababa"),
    ("ECT", "Europe/Paris"),
    ("IET", "America/Indiana/Indianapolis"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MIT", "Pacific/Apia"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PLT", "Asia/Karachi"),
    ("PNT", "America/Phoenix"),
    ("PRT", "America/Puerto_Rico"),
    ("PST", "America/Los_Angeles"),
    ("SST", "Pacific/Guadalcanal"),
    ("VST", "Asia/Ho_Chi_Minh"),
    ("EST", "-05:00"),
    ("MST", "-07:00"),
    ("HST", "-10:00"),
];

/// The zone of a name or an offset: `Europe/Berlin`, `+01:00`, `UTC+1`, `Z`, `PST` (`DateTimeUtils.getZoneId`).
pub fn find_zone(name: &str) -> Option<TimeZone> {
    let short = SHORT_NAMES.iter().find(|(short, _)| *short == name);
    let name = short.map_or(name, |(_, long)| long);
    if name == "Z" {
        return Some(TimeZone::UTC);
    }
    if name.starts_with(['+', '-']) {
        return offset(name);
    }
    for prefix in ["UTC", "GMT", "UT"] {
        match name.strip_prefix(prefix) {
            Some("") => return Some(TimeZone::UTC),
            Some(rest) if rest.starts_with(['+', '-']) => return offset(rest),
            _ => {}
        }
    }
    let zone = TimeZone::get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}

/// An offset from UTC: hours, and minutes and seconds of two digits, with colons or without, at most 18 hours.
fn offset(text: &str) -> Option<TimeZone> {
    let sign = text.starts_with('-');
    let rest = &text[1..];
    let is_digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = if rest.contains(':') {
        rest.split(':').collect()
    } else if rest.is_ascii() && matches!(rest.len(), 1 | 2 | 4 | 6) {
        let ends = [0, 2, 4, 6].windows(2);
        ends.filter(|ends| ends[0] < rest.len())
            .map(|ends| &rest[ends[0]..ends[1].min(rest.len())])
            .collect()
    } else {
        return None;
    };
    // One digit of an hour, and of the minute at the end, is enough with a colon.
    let are_digits = parts.iter().all(|part| is_digits(part, 2));
    let is_short_second = parts.len() == 3 && parts[1..].iter().any(|part| part.len() != 2);
    if !are_digits || parts.len() > 3 || is_short_second {
        return None;
    }
    let numbers: Vec<i32> = parts
        .iter()
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [hours, minutes, seconds] = [0, 1, 2].map(|index| numbers.get(index).copied().unwrap_or(0));
    if minutes > 59 || seconds > 59 {
        return None;
    }
    let all = hours * 3_600 + minutes * 60 + seconds;
    if all > 18 * 3_600 {
        return None;
    }
    let offset = Offset::from_seconds(if sign { -all } else { all }).ok()?;
    Some(TimeZone::fixed(offset))
}

/// The identifier of a zone, as Java has it.
pub(crate) fn zone_name(zone: &TimeZone) -> String {
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => offset_text(offset.seconds()),
        (None, Err(_)) => "UTC".to_owned(),
    }
}

/// The text of an offset: `+01:00`, `-07:52:58`, `Z`.
pub(crate) fn offset_text(seconds: i32) -> String {
    if seconds == 0 {
        return "Z".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.unsigned_abs();
    let hours = size / 3_600;
    let minutes = size / 60 % 60;
    let rest = size % 60;
    match rest {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{rest:02}"),
    }
}

/// A point in time that jiff knows, with the same rules.
pub(crate) fn known_instant(micros: i64) -> Timestamp {
    let micros = known_micros(micros);
    Timestamp::from_microsecond(micros).expect("years from 1000 to 9000 are jiff's")
}

fn known_micros(micros: i64) -> i64 {
    if micros > LAST {
        LAST - MICROS_PER_ERA + (micros - LAST) % MICROS_PER_ERA
    } else {
        micros.max(FIRST)
    }
}

/// The seconds by which the clocks of a zone are ahead of UTC at a point in time.
pub(crate) fn offset_at(zone: &TimeZone, micros: i64) -> i32 {
    zone.to_offset(known_instant(micros)).seconds()
}

/// The time that the clocks of a zone show at a point in time, both in microseconds since the epoch.
pub fn local_micros(zone: &TimeZone, micros: i64) -> i64 {
    micros.saturating_add(i64::from(offset_at(zone, micros)) * MICROS_PER_SECOND)
}

/// The point in time at which the clocks of a zone show this time. A time that they leave out is as much later, and of
/// two the earlier one is meant (`ZonedDateTime.of`). `None` if 64 bits do not hold it.
pub fn instant_of_local(zone: &TimeZone, local: i64) -> Option<i64> {
    let civil = known_civil(known_micros(local));
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    let offset = match ambiguous.offset() {
        jiff::tz::AmbiguousOffset::Unambiguous { offset } => offset,
        jiff::tz::AmbiguousOffset::Gap { before, .. }
        | jiff::tz::AmbiguousOffset::Fold { before, .. } => before,
    };
    local.checked_sub(i64::from(offset.seconds()) * MICROS_PER_SECOND)
}

/// The same, but of two points in time the one at the offset that the zone has at `near`
/// (`ZonedDateTime.ofLocal` with a preferred offset).
pub(crate) fn instant_near(zone: &TimeZone, local: i64, near: i64) -> Option<i64> {
    let offset = i64::from(offset_at(zone, near));
    let micros = local.checked_sub(offset * MICROS_PER_SECOND)?;
    if i64::from(offset_at(zone, micros)) == offset {
        return Some(micros);
    }
    instant_of_local(zone, local)
}

/// The first point in time of a day in a zone; `None` if 64 bits do not hold it.
pub(crate) fn start_of_day(zone: &TimeZone, days: i64) -> Option<i64> {
    instant_of_local(zone, midnight(days)?)
}

/// The microseconds from the epoch to the midnight at which a day begins.
pub(crate) fn midnight(days: i64) -> Option<i64> {
    days.checked_mul(86_400 * MICROS_PER_SECOND)
}

fn known_civil(local: i64) -> DateTime {
    let CivilTime {
        date: CivilDate { year, month, day },
        hour,
        minute,
        second,
        microsecond,
    } = CivilTime::of_micros(local);
    let date = Date::new(year as i16, month as i8, day as i8);
    let nanos = microsecond as i32 * 1_000;
    let time = Time::new(hour as i8, minute as i8, second as i8, nanos);
    let date = date.expect("years from 1000 to 9000 are jiff's");
    DateTime::from_parts(date, time.expect("a time of a day"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zones_have_the_names_of_java() {
        let fixed = |name: &str| find_zone(name).and_then(|it| it.to_fixed_offset().ok());
        let seconds = |name: &str| fixed(name).map(Offset::seconds);
        assert_eq!(seconds("+01:00"), Some(3_600));
        assert_eq!(seconds("+1:5"), Some(3_900));
        assert_eq!(seconds("-0830"), Some(-30_600));
        assert_eq!(seconds("-083015"), Some(-30_615));
        assert_eq!(seconds("UTC+3"), Some(10_800));
        assert_eq!(seconds("EST"), Some(-18_000));
        assert_eq!(seconds("Z"), Some(0));
        for unknown in [
            "+18:01",
            "+1:60",
            "x",
            "europe/berlin",
            "",
            "+",
            "+123",
            "+01:00:0",
        ] {
            assert_eq!(find_zone(unknown), None, "{unknown}");
        }
        assert_eq!(
            zone_name(&find_zone("PST").expect("a zone")),
            "America/Los_Angeles"
        );
    }

    #[test]
    fn a_time_that_clocks_leave_out_is_later_and_of_two_the_earlier_one_is_meant() {
        let zone = find_zone("America/Los_Angeles").expect("a zone");
        let instant = |year, month, day, hour, minute| {
            let date = CivilDate { year, month, day };
            let time = CivilTime {
                date,
                hour,
                minute,
                second: 0,
                microsecond: 0,
            };
            let local = time.to_micros().expect("a time of our days");
            instant_of_local(&zone, local).map(|micros| micros / MICROS_PER_SECOND)
        };
        assert_eq!(instant(2024, 3, 10, 2, 30), Some(1_710_066_600));
        assert_eq!(instant(2024, 11, 3, 1, 30), Some(1_730_622_600));
    }

    proptest! {
        #[test]
        fn any_microsecond_has_a_local_time(micros: i64) {
            let zone = find_zone("Europe/Berlin").expect("a zone");
            let local = local_micros(&zone, micros);
            if let Some(instant) = instant_of_local(&zone, local) {
                prop_assert!((instant - micros).abs() <= 3_600 * MICROS_PER_SECOND || micros == i64::MAX);
            }
        }
    }
}
