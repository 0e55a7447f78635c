//! The texts of dates and timestamps that Spark reads without a pattern (`SparkDateTimeUtils`).

use engine::{CivilDate, CivilTime};
use jiff::tz::TimeZone;

use super::trim_all;
use crate::zone::{find_zone, instant_of_local, local_micros};

/// The day of a text (`stringToDate`): a year of 4 to 7 digits, and if there are more, month and day of one or two digits.
/// Behind a day may stand anything that begins with a blank or `T`.
pub(crate) fn parse_date(text: &str) -> Option<i32> {
    let text = trim_all(text);
    let (sign, unsigned) = split_sign(text);
    let end = unsigned.find([' ', 'T']).unwrap_or(unsigned.len());
    let parts: Vec<&str> = unsigned[..end].split('-').collect();
    if parts.len() > 3 || (parts.len() < 3 && end < unsigned.len()) {
        return None;
    }
    let year = digits(parts[0], 4..=7)?;
    let rest = |index: usize| parts.get(index).map_or(Some(1), |part| digits(part, 1..=2));
    let date = CivilDate::new(sign.unwrap_or(1) * year, rest(1)?, rest(2)?)?;
    i32::try_from(date.to_days()).ok()
}

/// The microsecond of a text (`stringToTimestamp`), in the zone that it names or this one. A text that is a time of day
/// alone is of the day of `now`.
pub(crate) fn parse_timestamp(text: &str, zone: &TimeZone, now: i64) -> Option<i64> {
    let segments = Segments::parse(text)?;
    let named = segments.zone.map(|name| find_zone(&short_forms(name)));
    let zone = match named {
        Some(named) => &named?,
        None => zone,
    };
    let today = CivilTime::of_micros(local_micros(zone, now)).date;
    instant_of_local(zone, segments.local_micros(Some(today))?)
}

/// The microsecond of a text on a clock of no zone (`stringToTimestampWithoutTimeZone`). One that the text names is passed
/// over if `may_have_zone`, or else refused.
pub(crate) fn parse_timestamp_ntz(text: &str, may_have_zone: bool) -> Option<i64> {
    let segments = Segments::parse(text)?;
    if let Some(name) = segments.zone {
        find_zone(&short_forms(name))?;
        if !may_have_zone {
            return None;
        }
    }
    segments.local_micros(None)
}

/// A zone's name with two digits for the hour and the minute of an offset (`+1:5`).
fn short_forms(name: &str) -> String {
    let name = name.trim();
    let Some(at) = name.find(['+', '-']) else {
        return name.to_owned();
    };
    let (prefix, offset) = name.split_at(at + 1);
    match offset.split_once(':') {
        Some((hour, rest)) if hour.len() == 1 => format!("{prefix}0{hour}:{rest}"),
        _ => name.to_owned(),
    }
}

/// The numbers of a text.
struct Segments<'a> {
    /// Year, month and day; `None` of a time of day alone.
    date: Option<[i64; 3]>,
    /// Hour, minute and second.
    time: [i64; 3],
    micros: i64,
    zone: Option<&'a str>,
}

impl<'a> Segments<'a> {
    /// `2024-02-29 10:20:30.5 Europe/Berlin`, or the first parts of it.
    fn parse(text: &'a str) -> Option<Segments<'a>> {
        let text = trim_all(text);
        if text.is_empty() {
            return None;
        }
        let (sign, unsigned) = split_sign(text);
        if let Some(time) = unsigned.strip_prefix('T') {
            return match sign {
                None => Segments::of_time(None, time),
                Some(_) => None,
            };
        }
        let is_time_of_day = unsigned.find(':').is_some_and(|at| {
            sign.is_none() && unsigned[..at].bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_time_of_day {
            return Segments::of_time(None, unsigned);
        }
        let (date, time) = match unsigned.find([' ', 'T']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let parts: Vec<&str> = date.split('-').collect();
        if parts.len() > 3 || (parts.len() < 3 && time.is_some()) {
            return None;
        }
        let part = |index: usize| parts.get(index).map_or(Some(1), |part| digits(part, 1..=2));
        let year = sign.unwrap_or(1) * digits(parts[0], 4..=6)?;
        let date = [year, part(1)?, part(2)?];
        match time {
            Some(time) => Segments::of_time(Some(date), time),
            None => Some(Segments {
                date: Some(date),
                time: [0; 3],
                micros: 0,
                zone: None,
            }),
        }
    }

    /// `10`, `10:20`, `10:20:30`, `10:20:30.123456789Z`.
    fn of_time(date: Option<[i64; 3]>, text: &'a str) -> Option<Segments<'a>> {
        let mut parts = text.splitn(3, ':');
        let hour = digits(parts.next()?, 1..=2)?;
        let minute = parts.next().map_or(Some(0), |part| digits(part, 1..=2))?;
        let rest = parts.next().unwrap_or("0");
        let end = rest
            .find(|it: char| !it.is_ascii_digit())
            .unwrap_or(rest.len());
        let second = digits(&rest[..end], 1..=2)?;
        let (micros, zone) = match rest[end..].strip_prefix('.') {
            Some(fraction) => {
                let end = fraction
                    .find(|it: char| !it.is_ascii_digit())
                    .unwrap_or(fraction.len());
                (micros(&fraction[..end])?, &fraction[end..])
            }
            None => (0, &rest[end..]),
        };
        Some(Segments {
            date,
            time: [hour, minute, second],
            micros,
            zone: (!zone.is_empty()).then_some(zone),
        })
    }

    /// The microsecond of the time; of one without a date on the day `today`.
    fn local_micros(&self, today: Option<CivilDate>) -> Option<i64> {
        let date = match self.date {
            Some([year, month, day]) => CivilDate::new(year, month, day)?,
            None => today?,
        };
        let [hour, minute, second] = self.time;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        CivilTime {
            date,
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            microsecond: self.micros as u32,
        }
        .to_micros()
    }
}

/// The first six digits of a fraction of a second.
fn micros(fraction: &str) -> Option<i64> {
    let fraction: String = fraction.chars().take(6).collect();
    format!("{fraction:0<6}").parse().ok()
}

fn split_sign(text: &str) -> (Option<i64>, &str) {
    if let Some(rest) = text.strip_prefix('-') {
        (Some(-1), rest)
    } else if let Some(rest) = text.strip_prefix('+') {
        (Some(1), rest)
    } else {
        (None, text)
    }
}

/// A number of this many digits.
fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let is_number = lengths.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}
