//! Dates, times and intervals (`datetimeExpressions.scala`, `intervalExpressions.scala`), a file for each kind.

pub(super) mod arithmetic;
pub(super) mod epoch;
pub(super) mod formats;
pub(super) mod intervals;
mod legacy;
pub(super) mod made;
pub(super) mod now;
pub(super) mod parts;
mod pattern;
mod ranges;
pub(super) mod takes;
pub(super) mod truncated;
pub(super) mod units;
pub(super) mod window_time;
pub(crate) mod written;
mod zone_names;
pub(super) mod zones;

use engine::{CivilDate, DataType, Failure, Value};
use jiff::tz::TimeZone;

use crate::context::Session;
use crate::function::{CallInfo, Evaluate, Function, Gives, Takes, Type};
use crate::zone::local_micros;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

const DATE: Gives = Gives::Type(DataType::Date);
const TIMESTAMP: Gives = Gives::Type(DataType::Timestamp);
const INTEGER: Gives = Gives::Type(DataType::Integer);
const LONG: Gives = Gives::Type(DataType::Long);
const STRING: Gives = Gives::Type(DataType::String);

/// An evaluation of values that are not `NULL`.
type Strict = fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>;

/// A function of arguments of these types.
const fn of(
    name: &'static str,
    takes: &'static [Type],
    gives: Gives,
    evaluate: Strict,
) -> Function {
    Function::new(
        name,
        Takes::Exactly(takes),
        gives,
        Evaluate::Strict(evaluate),
    )
}

/// The day of a `DATE`.
fn days(value: &Value) -> i64 {
    match value {
        Value::Date(days) => (*days).into(),
        other => unreachable!("the argument was cast to a DATE, not {other:?}"),
    }
}

/// The date of a `DATE`.
fn date(value: &Value) -> CivilDate {
    CivilDate::of_days(days(value))
}

/// The value of a day, in whose range Java's `int` is.
fn date_value(days: i64) -> Value {
    Value::Date(days as i32)
}

/// The microsecond of a timestamp.
fn micros(value: &Value) -> i64 {
    match value {
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => *micros,
        other => unreachable!("the argument was cast to a TIMESTAMP, not {other:?}"),
    }
}

/// The zone of a timestamp: one of no zone is on the clocks of UTC.
fn zone_of(value: &Value, session: &Session) -> TimeZone {
    match value {
        Value::TimestampNtz(_) => TimeZone::UTC,
        _ => session.zone.clone(),
    }
}

/// The microsecond that the clocks of the session show, or that of a timestamp of no zone.
fn local(value: &Value, session: &Session) -> i64 {
    match value {
        Value::TimestampNtz(micros) => *micros,
        value => local_micros(&session.zone, micros(value)),
    }
}

/// A timestamp of the same type as another.
fn like(other: &Value, micros: i64) -> Value {
    match other {
        Value::TimestampNtz(_) => Value::TimestampNtz(micros),
        _ => Value::Timestamp(micros),
    }
}

#[cfg(test)]
mod tests;
