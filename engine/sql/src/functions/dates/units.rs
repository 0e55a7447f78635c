//! Numbers of a unit counted on, and between two points in time.

use engine::{CivilTime, DataType, Failure, FailureKind, SparkVersion, Value};

use super::arithmetic::count;
use super::intervals::{plus_micros, plus_months};
use super::takes::{cast_implicitly, check_count};
use super::{LONG, MICROS_PER_DAY, MICROS_PER_SECOND, like, local, micros, zone_of};
use crate::context::Session;
use crate::failures::failure;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Takes, Type};
use crate::literal_text::sql_value;
use crate::typed::Typed;

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "timestampadd",
        Takes::By(|arguments, session| unit_count_and_time(arguments, session)),
        Gives::Argument(2),
        Evaluate::Strict(timestamp_add),
    )
    .text(ColumnText::Named("timestampadd")),
    Function::new(
        "timestampdiff",
        Takes::By(|arguments, session| unit_and_times(arguments, session)),
        LONG,
        Evaluate::Strict(|values, call| Ok(timestamp_diff(values, call))),
    )
    .text(ColumnText::Named("timestampdiff")),
];

/// A unit of fixed length, or of months.
#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Micros(i64),
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name.to_ascii_uppercase().as_str() {
        "YEAR" => Unit::Months(12),
        "QUARTER" => Unit::Months(3),
        "MONTH" => Unit::Months(1),
        "WEEK" => Unit::Micros(7 * MICROS_PER_DAY),
        "DAY" | "DAYOFYEAR" => Unit::Micros(MICROS_PER_DAY),
        "HOUR" => Unit::Micros(3_600 * MICROS_PER_SECOND),
        "MINUTE" => Unit::Micros(60 * MICROS_PER_SECOND),
        "SECOND" => Unit::Micros(MICROS_PER_SECOND),
        "MILLISECOND" => Unit::Micros(1_000),
        "MICROSECOND" => Unit::Micros(1),
        _ => return None,
    })
}

/// The unit that the first argument names.
fn check_unit(function: &str, argument: &Typed) -> Result<(), Mismatch> {
    match argument.as_literal() {
        Some(Value::String(name)) if unit(name).is_some() => Ok(()),
        _ => Err(Mismatch::new(
            "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
            format!(
                "The value of parameter(s) `unit` in `{function}` is invalid: expects one of the units without quotes \
                 YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got \
                 '{{0}}'."
            ),
        )),
    }
}

fn unit_count_and_time(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("timestampadd", arguments.len(), 3..=3)?;
    check_unit("timestampadd", &arguments[0])?;
    let takes = match session.spark {
        SparkVersion::V3_5 => Type::Integer,
        SparkVersion::V4 => Type::Long,
    };
    cast_implicitly(arguments, 1, takes, session)?;
    cast_implicitly(arguments, 2, Type::AnyTimestamp, session)
}

fn unit_and_times(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("timestampdiff", arguments.len(), 3..=3)?;
    check_unit("timestampdiff", &arguments[0])?;
    for index in 1..3 {
        if arguments[index].data_type == DataType::TimestampNtz {
            let zoned = DataType::Timestamp;
            arguments[index].cast_in_place(&zoned, session)?;
        }
        cast_implicitly(arguments, index, Type::Timestamp, session)?;
    }
    Ok(())
}

fn unit_of(value: &Value) -> (&str, Unit) {
    match value {
        Value::String(name) => (name, unit(name).unwrap_or(Unit::Micros(1))),
        other => unreachable!("a unit is named by a text, not {other:?}"),
    }
}

fn timestamp_add(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (name, unit) = unit_of(&values[0]);
    let number = count(&values[1]);
    let zone = zone_of(&values[2], call.session);
    let start = micros(&values[2]);
    let end = match unit {
        Unit::Months(size) => number
            .checked_mul(size)
            .filter(|months| i32::try_from(*months).is_ok())
            .and_then(|months| plus_months(start, months, &zone)),
        Unit::Micros(size) => number
            .checked_mul(size)
            .and_then(|micros| plus_micros(start, micros, &zone)),
    };
    end.map(|end| like(&values[2], end)).ok_or_else(|| {
        let message = format!(
            "Datetime operation overflow: add {} {name} to {}.",
            sql_value(&values[1], call.session),
            sql_value(&Value::Timestamp(start), call.session)
        );
        failure(
            FailureKind::Overflow,
            "DATETIME_OVERFLOW",
            &message,
            "22008",
            call.session,
        )
    })
}

/// Whole units on the clocks of the zone.
fn timestamp_diff(values: &[Value], call: &CallInfo<'_>) -> Value {
    let start = local(&values[1], call.session);
    let end = local(&values[2], call.session);
    Value::Long(match unit_of(&values[0]).1 {
        Unit::Months(size) => months_between(start, end) / size,
        Unit::Micros(size) => ((i128::from(end) - i128::from(start)) / i128::from(size)) as i64,
    })
}

fn months_between(start: i64, end: i64) -> i64 {
    let from = CivilTime::of_micros(start);
    let to = CivilTime::of_micros(end);
    let of_day = |micros: i64| micros.rem_euclid(MICROS_PER_DAY);
    // A day that is not whole does not count.
    let spare = match (to.date.cmp(&from.date), of_day(end).cmp(&of_day(start))) {
        (std::cmp::Ordering::Greater, std::cmp::Ordering::Less) => -1,
        (std::cmp::Ordering::Less, std::cmp::Ordering::Greater) => 1,
        _ => 0,
    };
    let to = engine::CivilDate::of_days(to.date.to_days() + spare);
    let packed = |date: engine::CivilDate| {
        (date.year * 12 + i64::from(date.month) - 1) * 32 + i64::from(date.day)
    };
    (packed(to) - packed(from.date)) / 32
}
