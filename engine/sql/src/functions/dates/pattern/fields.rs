//! The fields of dates and times, their names and their ranges (`java.time.temporal.ChronoField`).

use engine::CivilTime;

use super::super::parts::{DAYS, MONTHS, quarter, weekday};

/// A field of a date or a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Era,
    YearOfEra,
    Year,
    Quarter,
    Month,
    DayOfYear,
    Day,
    /// The day in weeks that begin with the first of the month.
    AlignedDay,
    DayOfWeek,
    AmPm,
    /// From 0 to 23.
    Hour,
    /// From 1 to 24.
    ClockHour,
    /// From 0 to 11.
    HourOfAmPm,
    /// From 1 to 12.
    ClockHourOfAmPm,
    Minute,
    Second,
}

impl Field {
    /// The name that Java has for the field, and its range.
    pub(super) fn name_and_range(self) -> (&'static str, std::ops::RangeInclusive<i64>) {
        match self {
            Field::Era => ("Era", 0..=1),
            Field::YearOfEra => ("YearOfEra", 1..=1_000_000_000),
            Field::Year => ("Year", -999_999_999..=999_999_999),
            Field::Quarter => ("QuarterOfYear", 1..=4),
            Field::Month => ("MonthOfYear", 1..=12),
            Field::DayOfYear => ("DayOfYear", 1..=366),
            Field::Day => ("DayOfMonth", 1..=31),
            Field::AlignedDay => ("AlignedDayOfWeekInMonth", 1..=7),
            Field::DayOfWeek => ("DayOfWeek", 1..=7),
            Field::AmPm => ("AmPmOfDay", 0..=1),
            Field::Hour => ("HourOfDay", 0..=23),
            Field::ClockHour => ("ClockHourOfDay", 1..=24),
            Field::HourOfAmPm => ("HourOfAmPm", 0..=11),
            Field::ClockHourOfAmPm => ("ClockHourOfAmPm", 1..=12),
            Field::Minute => ("MinuteOfHour", 0..=59),
            Field::Second => ("SecondOfMinute", 0..=59),
        }
    }

    /// The number of the field at a time.
    pub(super) fn of(self, time: &CivilTime) -> i64 {
        let date = time.date;
        let hour = i64::from(time.hour);
        match self {
            Field::Era => i64::from(date.year > 0),
            Field::YearOfEra if date.year <= 0 => 1 - date.year,
            Field::YearOfEra | Field::Year => date.year,
            Field::Quarter => quarter(date),
            Field::Month => date.month.into(),
            Field::DayOfYear => date.day_of_year(),
            Field::Day => date.day.into(),
            Field::AlignedDay => i64::from(date.day - 1) % 7 + 1,
            Field::DayOfWeek => weekday(date) + 1,
            Field::AmPm => hour / 12,
            Field::Hour => hour,
            Field::ClockHour => (hour + 23) % 24 + 1,
            Field::HourOfAmPm => hour % 12,
            Field::ClockHourOfAmPm => (hour + 11) % 12 + 1,
            Field::Minute => time.minute.into(),
            Field::Second => time.second.into(),
        }
    }

    /// The names of the numbers of the field, each with its number.
    pub(super) fn names(self, is_full: bool) -> Vec<(i64, &'static str)> {
        let short = |name: &'static str| if is_full { name } else { &name[..3] };
        let from_one = |names: &[&'static str]| -> Vec<(i64, &'static str)> {
            let names = names.iter().map(|name| short(name));
            (1..).zip(names).collect()
        };
        match (self, is_full) {
            (Field::Month, _) => from_one(&MONTHS),
            (Field::DayOfWeek, _) => from_one(&DAYS),
            (Field::AmPm, _) => vec![(0, "AM"), (1, "PM")],
            (Field::Era, true) => vec![(0, "Before Christ"), (1, "Anno Domini")],
            (Field::Era, false) => vec![(0, "BC"), (1, "AD")],
            (Field::Quarter, true) => {
                let names = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];
                (1..).zip(names).collect()
            }
            (Field::Quarter, false) => (1..).zip(["Q1", "Q2", "Q3", "Q4"]).collect(),
            _ => Vec::new(),
        }
    }
}
