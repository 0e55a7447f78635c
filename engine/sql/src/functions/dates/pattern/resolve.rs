//! The fields of a text to a date and a time of day (`java.time.format.Parsed` in its strict style, and
//! `DateTimeFormatterHelper.toZonedDateTime`).

use std::collections::BTreeMap;

use engine::{CivilDate, CivilTime};
use jiff::tz::TimeZone;

use super::super::ranges::{check, check_date};
use super::fields::Field;

/// The fields of a text.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Parsed {
    pub(super) fields: BTreeMap<Field, i64>,
    pub(super) nanos: Option<i64>,
    /// The zone that the text names.
    pub(in super::super) zone: Option<TimeZone>,
    date: Option<CivilDate>,
}

impl Parsed {
    fn get(&self, field: Field) -> Option<i64> {
        self.fields.get(&field).copied()
    }

    /// Checks the numbers, and makes a date and an hour of them.
    pub(super) fn resolve(&mut self) -> Result<(), String> {
        if let (Some(year), Some(era)) = (self.get(Field::YearOfEra), self.get(Field::Era)) {
            let (name, range) = Field::YearOfEra.name_and_range();
            check(name, range, year)?;
            self.fields
                .insert(Field::Year, if era == 0 { 1 - year } else { year });
        }
        self.date = self.resolved_date()?;
        self.resolve_hour()?;
        for field in [Field::HourOfAmPm, Field::Minute, Field::Second, Field::Hour] {
            if let Some(number) = self.get(field) {
                let (name, range) = field.name_and_range();
                check(name, range, number)?;
            }
        }
        self.check_am_pm()
    }

    fn resolved_date(&self) -> Result<Option<CivilDate>, String> {
        let Some(year) = self.get(Field::Year) else {
            return Ok(None);
        };
        let (name, range) = Field::Year.name_and_range();
        check(name, range, year)?;
        if let (Some(month), Some(day)) = (self.get(Field::Month), self.get(Field::Day)) {
            let date = check_date(year, month, day)?;
            return match self.get(Field::DayOfYear) {
                Some(of_year) if of_year != date.day_of_year() => Err(conflict(
                    "DayOfYear",
                    date.day_of_year(),
                    of_year,
                    &date.to_string(),
                )),
                _ => Ok(Some(date)),
            };
        }
        let Some(of_year) = self.get(Field::DayOfYear) else {
            return Ok(None);
        };
        if !(1..=366).contains(&of_year) {
            return Err(format!(
                "Invalid value for DayOfYear (valid values 1 - 365/366): {of_year}"
            ));
        }
        if of_year == 366 && !CivilDate::is_leap_year(year) {
            return Err(format!(
                "Invalid date 'DayOfYear 366' as '{year}' is not a leap year"
            ));
        }
        let first = CivilDate {
            year,
            month: 1,
            day: 1,
        };
        Ok(Some(CivilDate::of_days(first.to_days() + of_year - 1)))
    }

    /// Makes one hour of the four ways to count it.
    fn resolve_hour(&mut self) -> Result<(), String> {
        for (clock, hour, size) in [
            (Field::ClockHour, Field::Hour, 24),
            (Field::ClockHourOfAmPm, Field::HourOfAmPm, 12),
        ] {
            if let Some(number) = self.get(clock) {
                let (name, range) = clock.name_and_range();
                let number = check(name, range, number)?;
                self.fields.insert(hour, number % size);
            }
        }
        if let (Some(half), Some(hour)) = (self.get(Field::AmPm), self.get(Field::HourOfAmPm)) {
            let (name, range) = Field::HourOfAmPm.name_and_range();
            let hour = check(name, range, hour)?;
            self.fields.insert(Field::Hour, half * 12 + hour);
        }
        Ok(())
    }

    /// Refuses an hour of the day that is in the other half of it.
    fn check_am_pm(&self) -> Result<(), String> {
        let (Some(half), Some(hour)) = (self.get(Field::AmPm), self.get(Field::Hour)) else {
            return Ok(());
        };
        if hour / 12 == half {
            return Ok(());
        }
        let minute = self.get(Field::Minute).unwrap_or(0);
        let second = match self.get(Field::Second) {
            Some(second) if second > 0 => format!(":{second:02}"),
            _ => String::new(),
        };
        let time = format!("{hour:02}:{minute:02}{second}");
        Err(conflict("AmPmOfDay", hour / 12, half, &time))
    }

    /// The time on the clocks: of 1970 and of the first day where the text does not say it.
    ///
    /// # Errors
    ///
    /// A day that this month does not have.
    pub(in super::super) fn local_time(&self) -> Result<CivilTime, String> {
        let date = match self.date {
            Some(date) => date,
            None => check_date(
                self.get(Field::Year).unwrap_or(1970),
                self.get(Field::Month).unwrap_or(1),
                self.get(Field::Day).unwrap_or(1),
            )?,
        };
        let hour = match (self.get(Field::Hour), self.get(Field::HourOfAmPm)) {
            (Some(hour), _) | (None, Some(hour)) => hour,
            (None, None) => self.get(Field::AmPm).map_or(0, |half| half * 12),
        };
        Ok(CivilTime {
            date,
            hour: hour as u8,
            minute: self.get(Field::Minute).unwrap_or(0) as u8,
            second: self.get(Field::Second).unwrap_or(0) as u8,
            microsecond: (self.nanos.unwrap_or(0) / 1_000) as u32,
        })
    }
}

fn conflict(name: &str, derived: i64, read: i64, from: &str) -> String {
    format!("Conflict found: Field {name} {derived} differs from {name} {read} derived from {from}")
}
