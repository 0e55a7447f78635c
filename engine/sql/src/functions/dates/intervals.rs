//! Dates and timestamps plus intervals, what lies between two of them, and multiples of intervals. The operators `+`,
//! `-`, `*` and `/` stand for these.

use engine::{DataType, Failure, FailureKind, IntervalUnit, IntervalUnits, SparkVersion, Value};
use jiff::tz::TimeZone;

use super::arithmetic::{add_months, count};
use super::takes::{any_timestamp, check_count, unexpected};
use super::{DATE, MICROS_PER_DAY, date, date_value, days, like, local, micros, zone_of};
use crate::context::Session;
use crate::failures::{failure, long_overflow};
use crate::function::{CallInfo, Evaluate, Function, Gives, Mismatch, Takes, Type};
use crate::typed::Typed;
use crate::zone::{instant_near, local_micros};

const DAY: Gives = Gives::By(|_, _| {
    let units = IntervalUnits::new(IntervalUnit::Day, IntervalUnit::Day);
    Ok(DataType::DayTimeInterval(units))
});

/// A function that the resolver calls with arguments of the right types.
const fn of_two(
    name: &'static str,
    takes: fn(&mut Vec<Typed>, &Session) -> Result<(), Mismatch>,
    gives: Gives,
    evaluate: super::Strict,
) -> Function {
    Function::new(name, Takes::By(takes), gives, Evaluate::Strict(evaluate))
}

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of_two(
        "date_add_interval",
        |arguments, session| any_two(arguments, session),
        DATE,
        |values, call| date_plus(values, 1, call),
    ),
    of_two(
        "date_sub_interval",
        |arguments, session| any_two(arguments, session),
        DATE,
        |values, call| date_plus(values, -1, call),
    ),
    of_two(
        "timestamp_add_interval",
        |arguments, session| time_and_any(arguments, session),
        Gives::Argument(0),
        |values, call| time_plus(values, 1, call),
    ),
    of_two(
        "timestamp_sub_interval",
        |arguments, session| time_and_any(arguments, session),
        Gives::Argument(0),
        |values, call| time_plus(values, -1, call),
    ),
    of_two("subtract_dates", two_dates, DAY, |values, _| {
        let micros = (days(&values[0]) - days(&values[1])).checked_mul(MICROS_PER_DAY);
        let units = IntervalUnits::new(IntervalUnit::Day, IntervalUnit::Day);
        micros
            .map(|micros| Value::DayTimeInterval { micros, units })
            .ok_or_else(long_overflow)
    }),
    of_two(
        "subtract_timestamps",
        |arguments, session| two_times(arguments, session),
        Gives::Type(DataType::DayTimeInterval(IntervalUnits::DAY_TO_SECOND)),
        |values, call| {
            let micros = local(&values[0], call.session)
                .checked_sub(local(&values[1], call.session))
                .ok_or_else(long_overflow)?;
            let units = IntervalUnits::DAY_TO_SECOND;
            Ok(Value::DayTimeInterval { micros, units })
        },
    ),
    of_two(
        "multiply_interval",
        interval_and_number,
        Gives::By(|arguments, _| Ok(widest(arguments))),
        |values, call| scaled(values, Scale::Times, call.session),
    ),
    of_two(
        "divide_interval",
        interval_and_number,
        Gives::By(|arguments, _| Ok(widest(arguments))),
        |values, call| scaled(values, Scale::Through, call.session),
    ),
];

fn any_two(arguments: &mut [Typed], _: &Session) -> Result<(), Mismatch> {
    check_count("date_add_interval", arguments.len(), 2..=2)
}

fn time_and_any(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("timestamp_add_interval", arguments.len(), 2..=2)?;
    let is_ntz = arguments[0].data_type == DataType::TimestampNtz;
    if is_ntz {
        return Ok(());
    }
    super::takes::cast_implicitly(arguments, 0, Type::AnyTimestamp, session)
}

fn two_dates(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    Takes::Exactly(&[Type::Date, Type::Date]).coerce("-", arguments, session)
}

/// Two timestamps. A date counts as its midnight, and of a text nothing is known outside of ANSI mode.
fn two_times(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("-", arguments.len(), 2..=2)?;
    for index in 0..2 {
        let is_text = arguments[index].data_type == DataType::String;
        let other = arguments[1 - index].data_type.clone();
        let argument = &mut arguments[index];
        match argument.data_type {
            DataType::Date | DataType::Null => {
                let to = match other {
                    DataType::TimestampNtz => DataType::TimestampNtz,
                    _ => DataType::Timestamp,
                };
                argument.cast_in_place(&to, session)?;
            }
            DataType::String if session.ansi => {
                argument.cast_in_place(&DataType::Timestamp, session)?;
            }
            DataType::Timestamp | DataType::TimestampNtz if !is_text => {}
            _ => {
                let takes = any_timestamp(session);
                return Err(unexpected(index, takes, argument, session));
            }
        }
    }
    Ok(())
}

fn interval_and_number(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    Takes::Exactly(&[Type::Any, Type::Numeric]).coerce("*", arguments, session)
}

/// The type of intervals of all units of the kind.
fn widest(arguments: &[Typed]) -> DataType {
    match arguments[0].data_type {
        DataType::YearMonthInterval(_) => DataType::YearMonthInterval(IntervalUnits::YEAR_TO_MONTH),
        _ => DataType::DayTimeInterval(IntervalUnits::DAY_TO_SECOND),
    }
}

/// A date and an interval of whole days or of months.
fn date_plus(values: &[Value], sign: i64, call: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[1] {
        Value::YearMonthInterval { months, .. } => {
            add_months(date(&values[0]), sign * i64::from(*months), call.session)
        }
        Value::DayTimeInterval { micros, .. } => Ok(date_value(
            days(&values[0]) + sign * (micros / MICROS_PER_DAY),
        )),
        other => unreachable!("an interval is added, not {other:?}"),
    }
}

fn time_plus(values: &[Value], sign: i64, call: &CallInfo<'_>) -> Result<Value, Failure> {
    let zone = zone_of(&values[0], call.session);
    let start = micros(&values[0]);
    let end = match &values[1] {
        Value::YearMonthInterval { months, .. } => {
            plus_months(start, sign * i64::from(*months), &zone)
        }
        Value::DayTimeInterval { micros, .. } => micros
            .checked_mul(sign)
            .and_then(|micros| plus_micros(start, micros, &zone)),
        other => unreachable!("an interval is added, not {other:?}"),
    };
    end.map(|end| like(&values[0], end))
        .ok_or_else(long_overflow)
}

/// The same time of day some months later (`timestampAddMonths`); `None` if 64 bits do not hold it.
pub(super) fn plus_months(start: i64, months: i64, zone: &TimeZone) -> Option<i64> {
    let time = engine::CivilTime::of_micros(local_micros(zone, start));
    let date = time.date.plus_months(months);
    let local = engine::CivilTime { date, ..time }.to_micros()?;
    instant_near(zone, local, start)
}

/// The time after some whole days on the clocks of the zone, and then the rest (`timestampAddDayTime`); `None` if 64 bits
/// do not hold it.
pub(super) fn plus_micros(start: i64, micros: i64, zone: &TimeZone) -> Option<i64> {
    let days = micros / MICROS_PER_DAY;
    let mut later = start;
    if days != 0 {
        let local = local_micros(zone, start).checked_add(days.checked_mul(MICROS_PER_DAY)?)?;
        later = instant_near(zone, local, start)?;
    }
    later.checked_add(micros % MICROS_PER_DAY)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    Times,
    Through,
}

/// A multiple or a part of an interval, rounded half up.
fn scaled(values: &[Value], scale: Scale, session: &Session) -> Result<Value, Failure> {
    let size = match &values[0] {
        Value::YearMonthInterval { months, .. } => i64::from(*months),
        Value::DayTimeInterval { micros, .. } => *micros,
        other => unreachable!("an interval is scaled, not {other:?}"),
    };
    let is_months = matches!(values[0], Value::YearMonthInterval { .. });
    let overflow = || overflow(is_months, session);
    let result = match &values[1] {
        Value::Float(number) => of_double(size, number.0.into(), scale, session)?,
        Value::Double(number) => of_double(size, number.0, scale, session)?,
        Value::Decimal(number) => {
            let one = 10_i128.pow(number.scale().into());
            match scale {
                Scale::Times => i128::from(size)
                    .checked_mul(number.unscaled())
                    .and_then(|product| rounded(product, one)),
                Scale::Through if number.unscaled() == 0 => return Err(zero(session)),
                Scale::Through => i128::from(size)
                    .checked_mul(one)
                    .and_then(|product| rounded(product, number.unscaled())),
            }
        }
        number => match (count(number), scale) {
            (number, Scale::Times) => Some(i128::from(size) * i128::from(number)),
            (0, Scale::Through) => return Err(zero(session)),
            (number, Scale::Through) => rounded(size.into(), number.into()),
        },
    };
    let result = result.ok_or_else(overflow)?;
    if is_months {
        let months = i32::try_from(result).map_err(|_| overflow())?;
        let units = IntervalUnits::YEAR_TO_MONTH;
        return Ok(Value::YearMonthInterval { months, units });
    }
    let micros = i64::try_from(result).map_err(|_| overflow())?;
    let units = IntervalUnits::DAY_TO_SECOND;
    Ok(Value::DayTimeInterval { micros, units })
}

fn of_double(
    size: i64,
    number: f64,
    scale: Scale,
    session: &Session,
) -> Result<Option<i128>, Failure> {
    let exact = match scale {
        Scale::Times => size as f64 * number,
        Scale::Through if number == 0.0 => return Err(zero(session)),
        Scale::Through => size as f64 / number,
    };
    let away = exact.abs().fract() >= 0.5;
    let whole = exact.trunc() + if away { exact.signum() } else { 0.0 };
    Ok((whole.abs() < 1e30).then_some(whole as i128))
}

/// A quotient, rounded half up.
fn rounded(number: i128, divisor: i128) -> Option<i128> {
    let size = number.unsigned_abs();
    let by = divisor.unsigned_abs();
    let quotient = size / by + u128::from(size % by >= by - size % by);
    let quotient = i128::try_from(quotient).ok()?;
    Some(if (number < 0) == (divisor < 0) {
        quotient
    } else {
        -quotient
    })
}

fn zero(session: &Session) -> Failure {
    let message =
        "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.";
    failure(
        FailureKind::Spark,
        "INTERVAL_DIVIDED_BY_ZERO",
        message,
        "22012",
        session,
    )
}

fn overflow(is_months: bool, session: &Session) -> Failure {
    match session.spark {
        SparkVersion::V3_5 if is_months => Failure::new(FailureKind::Overflow, "integer overflow"),
        SparkVersion::V3_5 => long_overflow(),
        SparkVersion::V4 => failure(
            FailureKind::Overflow,
            "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
            "Integer overflow while operating with intervals. Try devising appropriate values for the interval \
             parameters.",
            "22015",
            session,
        ),
    }
}

/// The overflow of an interval that is made of numbers.
pub(super) fn made_overflow(is_months: bool, session: &Session) -> Failure {
    overflow(is_months, session)
}
