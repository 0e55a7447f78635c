//! Dates and times in the texts of a format: JSON, CSV.

use engine::render::Notation;
use engine::{CivilTime, Failure, Value};
use jiff::tz::TimeZone;

use crate::cast::{parse_date, parse_timestamp, parse_timestamp_ntz};
use crate::context::Session;
use crate::function::Mismatch;
use crate::functions::dates::written::WrittenTime;
use crate::zone::{find_zone, local_micros, offset_at};

/// The patterns of a format, and the zone of its times.
#[derive(Clone, Debug)]
pub(crate) struct TimeFormats {
    pub(crate) zone: TimeZone,
    timestamp: Option<WrittenTime>,
    timestamp_ntz: Option<WrittenTime>,
    date: Option<WrittenTime>,
}

impl TimeFormats {
    /// The formats of a session without options.
    pub(crate) fn new(session: &Session) -> TimeFormats {
        TimeFormats {
            zone: session.zone.clone(),
            timestamp: None,
            timestamp_ntz: None,
            date: None,
        }
    }

    /// Sets the option of this name in lower case; false if there is none.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<bool, Mismatch> {
        match name {
            "timezone" => {
                self.zone = find_zone(value).ok_or_else(|| {
                    Mismatch::new(
                        "INVALID_TIMEZONE",
                        format!("The timezone: {value} is invalid."),
                    )
                })?;
            }
            "timestampformat" => self.timestamp = Some(WrittenTime::new(value)?),
            "timestampntzformat" => self.timestamp_ntz = Some(WrittenTime::new(value)?),
            "dateformat" => self.date = Some(WrittenTime::new(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The microsecond of a text. Without a pattern also of one that Spark 1 wrote, with `GMT` before an offset.
    pub(crate) fn read_timestamp(&self, text: &str) -> Option<i64> {
        if let Some(pattern) = &self.timestamp {
            return pattern.micros(text, &self.zone);
        }
        let read = |text: &str| parse_timestamp(text, &self.zone, 0);
        read(text).or_else(|| read(&text.replace("GMT", "")))
    }

    /// The microsecond of a text on a clock of no zone.
    pub(crate) fn read_timestamp_ntz(&self, text: &str) -> Option<i64> {
        match &self.timestamp_ntz {
            Some(pattern) => pattern.local_micros(text),
            None => parse_timestamp_ntz(text, false),
        }
    }

    /// The day of a text.
    pub(crate) fn read_date(&self, text: &str) -> Option<i32> {
        match &self.date {
            Some(pattern) => pattern.days(text),
            None => parse_date(text).or_else(|| parse_date(&text.replace("GMT", ""))),
        }
    }

    /// True if dates have a pattern.
    pub(crate) fn has_date_pattern(&self) -> bool {
        self.date.is_some()
    }

    pub(crate) fn has_timestamp_pattern(&self) -> bool {
        self.timestamp.is_some()
    }

    /// The text of a date or a time: `2024-01-01T10:20:30.500+01:00` without a pattern. `None` of another value.
    pub(crate) fn text(&self, value: &Value) -> Result<Option<String>, Failure> {
        Ok(Some(
            match (value, &self.timestamp, &self.timestamp_ntz, &self.date) {
                (Value::Timestamp(micros), Some(pattern), _, _) => {
                    pattern.text(*micros, &self.zone)?
                }
                (Value::Timestamp(micros), None, _, _) => {
                    let local = local_text(local_micros(&self.zone, *micros));
                    local + &offset_text(offset_at(&self.zone, *micros))
                }
                (Value::TimestampNtz(micros), _, Some(pattern), _) => {
                    pattern.text(*micros, &TimeZone::UTC)?
                }
                (Value::TimestampNtz(micros), _, None, _) => local_text(*micros),
                (Value::Date(days), _, _, Some(pattern)) => pattern.text_of_day(*days)?,
                (Value::Date(_), _, _, None) => Notation::Sql.text(value),
                _ => return Ok(None),
            },
        ))
    }
}

fn local_text(micros: i64) -> String {
    let time = CivilTime::of_micros(micros);
    format!("{}T{time}.{:03}", time.date, time.microsecond / 1_000)
}

fn offset_text(offset: i32) -> String {
    let sign = match offset {
        0 => return "Z".to_owned(),
        ..0 => '-',
        _ => '+',
    };
    let minutes = offset.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
