//! Texts of times by a pattern.

use std::fmt::Write;

use engine::CivilTime;
use jiff::tz::TimeZone;

use super::super::zone_names;
use super::{Item, Number, Pattern, Sign, offset};
use crate::zone::{local_micros, offset_at, zone_name};

/// A point in time, and the clocks that it is written by.
#[derive(Clone, Debug)]
pub(in super::super) struct Moment<'a> {
    micros: i64,
    zone: &'a TimeZone,
    time: CivilTime,
}

impl<'a> Moment<'a> {
    /// The microsecond since the epoch in a zone.
    pub(in super::super) fn new(micros: i64, zone: &'a TimeZone) -> Moment<'a> {
        Moment {
            micros,
            zone,
            time: CivilTime::of_micros(local_micros(zone, micros)),
        }
    }

    fn offset(&self) -> i32 {
        offset_at(self.zone, self.micros)
    }
}

impl Pattern {
    /// The text of a point in time.
    ///
    /// # Errors
    ///
    /// Java's words for a number that has no room, or the name of a zone that is not known.
    pub(in super::super) fn format(&self, moment: &Moment<'_>) -> Result<String, String> {
        let mut written = String::new();
        write_all(&self.items, moment, &mut written)?;
        Ok(written)
    }
}

fn write_all(items: &[Item], moment: &Moment<'_>, written: &mut String) -> Result<(), String> {
    for item in items {
        match item {
            Item::Number(number) => written.push_str(&number.text(moment)?),
            Item::ShortYear(field) => {
                let year = field.of(&moment.time).abs() % 100;
                let _ = write!(written, "{year:02}");
            }
            Item::Fraction { most, .. } => {
                let nanos = format!("{:06}000", moment.time.microsecond);
                written.push_str(&nanos[..*most]);
            }
            Item::Name { field, is_full } => {
                let number = field.of(&moment.time);
                let names = field.names(*is_full);
                let name = names.iter().find(|(it, _)| *it == number);
                written.push_str(name.map_or("", |(_, name)| name));
            }
            Item::Offset(style) => written.push_str(&style.text(moment.offset())),
            Item::GmtOffset { is_full } => {
                written.push_str(&offset::gmt_text(moment.offset(), *is_full));
            }
            Item::ZoneId => written.push_str(&zone_name(moment.zone)),
            Item::ZoneName { is_full } => {
                written.push_str(&zone_names::name(moment.zone, moment.micros, *is_full)?);
            }
            Item::Literal(text) => written.push_str(text),
            Item::Optional(items) => write_all(items, moment, written)?,
        }
    }
    Ok(())
}

impl Number {
    fn text(self, moment: &Moment<'_>) -> Result<String, String> {
        let number = self.field.of(&moment.time);
        let digits = number.unsigned_abs().to_string();
        let (name, _) = self.field.name_and_range();
        if digits.len() > self.most {
            return Err(format!(
                "Field {name} cannot be printed as the value {number} exceeds the maximum print width of {}",
                self.most
            ));
        }
        let sign = match self.sign {
            Sign::NotNegative if number < 0 => {
                return Err(format!(
                    "Field {name} cannot be printed as the value {number} cannot be negative according to the SignStyle"
                ));
            }
            Sign::ExceedsPad if number >= 0 && digits.len() > self.least => "+",
            _ if number < 0 => "-",
            _ => "",
        };
        Ok(format!("{sign}{digits:0>width$}", width = self.least))
    }
}
