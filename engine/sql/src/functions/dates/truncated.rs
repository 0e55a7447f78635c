//! Dates and timestamps without their shorter units.

use engine::{CivilDate, CivilTime, Value};

use super::parts::{quarter, weekday};
use super::{DATE, MICROS_PER_SECOND, TIMESTAMP, date, date_value, micros, of};
use crate::failures::long_overflow;
use crate::function::{Function, Nulls, Type};
use crate::zone::{instant_near, local_micros, start_of_day};

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of("trunc", &[Type::Date, Type::String], DATE, |values, _| {
        let unit = Unit::find(&values[1]).filter(|unit| *unit <= Unit::Week);
        Ok(match unit {
            Some(unit) => date_value(first_day(date(&values[0]), unit).to_days()),
            None => Value::Null,
        })
    })
    .nulls(Nulls::Always),
    of(
        "date_trunc",
        &[Type::String, Type::Timestamp],
        TIMESTAMP,
        |values, call| {
            let Some(unit) = Unit::find(&values[0]) else {
                return Ok(Value::Null);
            };
            let micros = micros(&values[1]);
            let zone = &call.session.zone;
            let local = local_micros(zone, micros);
            let truncated = match unit.micros() {
                Some(size) if unit >= Unit::Second => Some(micros - micros.rem_euclid(size)),
                Some(size) => instant_near(zone, local - local.rem_euclid(size), micros),
                None => {
                    let day = first_day(CivilTime::of_micros(local).date, unit);
                    start_of_day(zone, day.to_days())
                }
            };
            truncated.map(Value::Timestamp).ok_or_else(long_overflow)
        },
    )
    .nulls(Nulls::Always),
];

/// A unit, the longest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
}

impl Unit {
    /// The unit of this name (`DateTimeUtils.parseTruncLevel`).
    fn find(name: &Value) -> Option<Unit> {
        let Value::String(name) = name else {
            return None;
        };
        Some(match name.to_uppercase().as_str() {
            "YEAR" | "YYYY" | "YY" => Unit::Year,
            "QUARTER" => Unit::Quarter,
            "MON" | "MONTH" | "MM" => Unit::Month,
            "WEEK" => Unit::Week,
            "DAY" | "DD" => Unit::Day,
            "HOUR" => Unit::Hour,
            "MINUTE" => Unit::Minute,
            "SECOND" => Unit::Second,
            "MILLISECOND" => Unit::Millisecond,
            "MICROSECOND" => Unit::Microsecond,
            _ => return None,
        })
    }

    /// The microseconds of a unit up to a day.
    fn micros(self) -> Option<i64> {
        Some(match self {
            Unit::Year | Unit::Quarter | Unit::Month | Unit::Week => return None,
            Unit::Day => super::MICROS_PER_DAY,
            Unit::Hour => 3_600 * MICROS_PER_SECOND,
            Unit::Minute => 60 * MICROS_PER_SECOND,
            Unit::Second => MICROS_PER_SECOND,
            Unit::Millisecond => 1_000,
            Unit::Microsecond => 1,
        })
    }
}

/// The first day of the week, month, quarter or year that a date is in.
fn first_day(date: CivilDate, unit: Unit) -> CivilDate {
    let month = match unit {
        Unit::Week => return CivilDate::of_days(date.to_days() - weekday(date)),
        Unit::Year => 1,
        Unit::Quarter => quarter(date) as u8 * 3 - 2,
        _ => date.month,
    };
    CivilDate {
        month,
        day: 1,
        ..date
    }
}
