//! Dates and times in texts of a format, such as JSON and CSV, by a pattern that is one of its options.

use engine::{CivilTime, Failure, FailureKind};
use jiff::tz::TimeZone;

use super::pattern::{Moment, Pattern};
use crate::function::Mismatch;
use crate::zone::instant_of_local;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A pattern of an option (`timestampFormat`, `dateFormat`).
#[derive(Clone, Debug)]
pub(crate) struct WrittenTime {
    reading: Pattern,
    writing: Pattern,
}

impl WrittenTime {
    /// The pattern of a text.
    ///
    /// # Errors
    ///
    /// Spark has no such pattern.
    pub(crate) fn new(pattern: &str) -> Result<WrittenTime, Mismatch> {
        let read = |is_parsing| {
            Pattern::new(pattern, is_parsing).map_err(|error| {
                Mismatch::new(
                    "INVALID_DATETIME_PATTERN",
                    format!("'{pattern}' is no pattern of dates and times: {error:?}"),
                )
            })
        };
        Ok(WrittenTime {
            reading: read(true)?,
            writing: read(false)?,
        })
    }

    /// The microsecond of a text, in the zone that it names or this one.
    pub(crate) fn micros(&self, text: &str, zone: &TimeZone) -> Option<i64> {
        let parsed = self.reading.parse(text).ok()?;
        let local = parsed.local_time().ok()?.to_micros()?;
        instant_of_local(parsed.zone.as_ref().unwrap_or(zone), local)
    }

    /// The microsecond of a text on a clock of no zone.
    pub(crate) fn local_micros(&self, text: &str) -> Option<i64> {
        self.local_time(text)?.to_micros()
    }

    /// The day of a text.
    pub(crate) fn days(&self, text: &str) -> Option<i32> {
        let date = self.local_time(text)?.date;
        i32::try_from(date.to_days()).ok()
    }

    fn local_time(&self, text: &str) -> Option<CivilTime> {
        self.reading.parse(text).ok()?.local_time().ok()
    }

    /// The text of a microsecond in this zone.
    pub(crate) fn text(&self, micros: i64, zone: &TimeZone) -> Result<String, Failure> {
        let text = self.writing.format(&Moment::new(micros, zone));
        text.map_err(|message| Failure::new(FailureKind::Spark, message))
    }

    /// The text of a day.
    pub(crate) fn text_of_day(&self, days: i32) -> Result<String, Failure> {
        self.text(i64::from(days) * MICROS_PER_DAY, &TimeZone::UTC)
    }
}
