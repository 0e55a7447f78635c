//! `sequence(start, stop, step)`.

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::change::check_length;
use super::elements::{array, check_count, common_of};
use crate::context::Session;
use crate::function::{CallInfo, Mismatch};
use crate::functions::values::{failed, thrown};
use crate::typed::Typed;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Spark's estimate, by which the length of a sequence of months is bounded.
const DAYS_PER_MONTH: i64 = 28;

/// Whole numbers, or dates or times and an interval.
pub(super) fn take(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("sequence", arguments, 2, 3)?;
    let common = common_of(&arguments[0].data_type, &arguments[1].data_type, session);
    let common = common.ok_or_else(wrong_types)?;
    let step = arguments.get(2).map(|it| it.data_type.clone());
    let is_interval = |it: &DataType| {
        matches!(
            it,
            DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_)
        )
    };
    let common = match common {
        DataType::Byte | DataType::Short | DataType::Integer | DataType::Long => match &step {
            Some(step) => common_of(&common, step, session).ok_or_else(wrong_types)?,
            None => common,
        },
        DataType::Date | DataType::Timestamp | DataType::TimestampNtz
            if step.as_ref().is_none_or(is_interval) =>
        {
            common
        }
        _ => return Err(wrong_types()),
    };
    if is_interval(&common) {
        return Err(wrong_types());
    }
    let is_counted = !matches!(
        common,
        DataType::Date | DataType::Timestamp | DataType::TimestampNtz
    );
    let cast = if is_counted { arguments.len() } else { 2 };
    for argument in &mut arguments[..cast] {
        argument.cast_in_place(&common, session)?;
    }
    Ok(())
}

fn wrong_types() -> Mismatch {
    Mismatch::new(
        "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
        "`sequence` uses the wrong parameter type. The parameter type must conform to:\n1. The start and stop \
         expressions must resolve to the same type.\n2. Otherwise, if start and end expressions resolve to the \
         (\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\") type, then the step expression must resolve to the \
         (\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\") type.\n3. Otherwise, if start and \
         stop expressions resolve to the \"INTEGRAL\" type, then the step expression must resolve to the same type.",
    )
}

/// From the start to the stop, if a step meets it. Without a step it is 1 or a day, towards the stop.
pub(super) fn sequence(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Some(start), Some(end)) = (number(&values[0]), number(&values[1])) else {
        return Ok(Value::Null);
    };
    let made = |number: i64| made_like(&values[0], number);
    let forwards = if start <= end { 1 } else { -1 };
    let is_date = matches!(values[0], Value::Date(_));
    let step = match values.get(2) {
        Some(Value::YearMonthInterval { months, .. }) => {
            return months_apart(values, i64::from(*months), call);
        }
        Some(Value::DayTimeInterval { micros, .. }) => {
            return days_apart(values, *micros, call);
        }
        Some(step) => number(step).unwrap_or(0),
        None if is_date || is_count(&values[0]) => forwards,
        None => return days_apart(values, forwards * MICROS_PER_DAY, call),
    };
    let length = length(start, end, step, call)?;
    let numbers = (0..length).map(|index| made(start.wrapping_add(index.wrapping_mul(step))));
    array(numbers.collect())
}

fn is_count(value: &Value) -> bool {
    matches!(
        value,
        Value::Byte(_) | Value::Short(_) | Value::Integer(_) | Value::Long(_)
    )
}

fn number(value: &Value) -> Option<i64> {
    match *value {
        Value::Byte(number) => Some(number.into()),
        Value::Short(number) => Some(number.into()),
        Value::Integer(number) | Value::Date(number) => Some(number.into()),
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            Some(number)
        }
        _ => None,
    }
}

/// A number as a value of the same type; it lies between two of them.
fn made_like(value: &Value, number: i64) -> Value {
    match value {
        Value::Byte(_) => Value::Byte(number as i8),
        Value::Short(_) => Value::Short(number as i16),
        Value::Integer(_) => Value::Integer(number as i32),
        Value::Date(_) => Value::Date(number as i32),
        Value::Timestamp(_) => Value::Timestamp(number),
        Value::TimestampNtz(_) => Value::TimestampNtz(number),
        _ => Value::Long(number),
    }
}

/// The number of steps from start to stop.
fn length(start: i64, end: i64, step: i64, call: &CallInfo<'_>) -> Result<i64, Failure> {
    let is_met = (step > 0 && start <= end) || (step < 0 && start >= end) || start == end;
    if !is_met || (step == 0 && start != end) {
        return Err(thrown(format!(
            "requirement failed: Illegal sequence boundaries: {start} to {end} by {step}"
        )));
    }
    if step == 0 {
        return Ok(1);
    }
    let length = 1 + (i128::from(end) - i128::from(start)) / i128::from(step);
    check_length(usize::try_from(length).unwrap_or(usize::MAX), call)?;
    Ok(length as i64)
}

/// Dates or times that are an interval of microseconds apart; whole days of it are days of the calendar.
fn days_apart(values: &[Value], step: i64, call: &CallInfo<'_>) -> Result<Value, Failure> {
    let days = step / MICROS_PER_DAY;
    let micros = step % MICROS_PER_DAY;
    let (Some(start), Some(end)) = (number(&values[0]), number(&values[1])) else {
        return Ok(Value::Null);
    };
    if matches!(values[0], Value::Date(_)) {
        if micros != 0 {
            return Err(not_whole_days("interval day to second", call));
        }
        let length = length(start, end, days, call)?;
        let dates = (0..length)
            .map(|index| made_like(&values[0], start.wrapping_add(index.wrapping_mul(days))));
        return array(dates.collect());
    }
    if days == 0 {
        let length = length(start, end, micros, call)?;
        let times = (0..length)
            .map(|index| made_like(&values[0], start.wrapping_add(index.wrapping_mul(micros))));
        return array(times.collect());
    }
    let later = |count: i64| {
        let day = Span::new().try_days(days.checked_mul(count)?).ok()?;
        day.try_microseconds(micros.checked_mul(count)?).ok()
    };
    spans_apart(values, step, &later, call)
}

/// Dates or times that are some months apart: a day that the month does not have is its last.
fn months_apart(values: &[Value], months: i64, call: &CallInfo<'_>) -> Result<Value, Failure> {
    let estimate = months.saturating_mul(DAYS_PER_MONTH * MICROS_PER_DAY);
    let later = |count: i64| Span::new().try_months(months.checked_mul(count)?).ok();
    spans_apart(values, estimate, &later, call)
}

/// Dates or times that are spans of the calendar apart, each counted from the start. `estimate` is about the
/// microseconds of one.
fn spans_apart(
    values: &[Value],
    estimate: i64,
    later: &dyn Fn(i64) -> Option<Span>,
    call: &CallInfo<'_>,
) -> Result<Value, Failure> {
    let is_date = matches!(values[0], Value::Date(_));
    let unit = if is_date { MICROS_PER_DAY } else { 1 };
    let zone = match values[0] {
        Value::Timestamp(_) => call.session.zone.clone(),
        _ => TimeZone::UTC,
    };
    let micros = |value: &Value| number(value).map(|number| number.saturating_mul(unit));
    let (Some(start), Some(end)) = (micros(&values[0]), micros(&values[1])) else {
        return Ok(Value::Null);
    };
    length(start, end, estimate, call)?;
    let out_of_range = |_| thrown("a time of `sequence` is out of the range of the calendar");
    let first = Timestamp::from_microsecond(start).map_err(out_of_range)?;
    let first = first.to_zoned(zone);
    let mut times = Vec::new();
    let mut time = start;
    while (estimate > 0 && time <= end) || (estimate < 0 && time >= end) || times.is_empty() {
        times.push(made_like(&values[0], time.div_euclid(unit)));
        check_length(times.len(), call)?;
        let Some(span) = later(times.len() as i64).filter(|_| estimate != 0) else {
            break;
        };
        let Ok(next) = first.checked_add(span) else {
            break;
        };
        time = next.timestamp().as_microsecond();
    }
    array(times)
}

fn not_whole_days(interval: &str, call: &CallInfo<'_>) -> Failure {
    let message = format!(
        "sequence step must be an {interval} of day granularity if start and end values are dates"
    );
    match call.session.spark {
        SparkVersion::V3_5 => Failure::new(FailureKind::Spark, message),
        SparkVersion::V4 => failed(call.session, "_LEGACY_ERROR_TEMP_3242", &message, "22000"),
    }
}
