//! Dates, timestamps and intervals made of numbers.

use engine::{CivilTime, DataType, Failure, FailureKind, IntervalUnits, SparkVersion, Value};
use jiff::tz::TimeZone;

use super::arithmetic::{add_months, count};
use super::intervals::made_overflow;
use super::ranges::{check, check_date, out_of_bounds};
use super::takes::{cast_implicitly, check_count};
use super::zones::zone;
use super::{DATE, MICROS_PER_DAY, MICROS_PER_SECOND};
use crate::context::Session;
use crate::failures::{ansi_advice, failure};
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type,
};
use crate::typed::Typed;
use crate::zone::instant_of_local;

/// Outside of ANSI mode what cannot be made is `NULL`.
const UNLESS_ANSI: Nulls = Nulls::By(|arguments, session| {
    !session.ansi || arguments.iter().any(|argument| argument.nullable)
});

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    super::of(
        "make_date",
        &[Type::Integer, Type::Integer, Type::Integer],
        DATE,
        make_date,
    )
    .nulls(UNLESS_ANSI),
    make_timestamp("make_timestamp", DataType::Timestamp, 7),
    make_timestamp("make_timestamp_ltz", DataType::Timestamp, 7),
    make_timestamp("make_timestamp_ntz", DataType::TimestampNtz, 6),
    Function::new(
        "make_dt_interval",
        Takes::By(|arguments, session| day_time_numbers(arguments, session)),
        Gives::Type(DataType::DayTimeInterval(IntervalUnits::DAY_TO_SECOND)),
        Evaluate::Strict(make_day_time),
    )
    .text(ColumnText::Filled(4, &["0", "0", "0", "0.000000"])),
    Function::new(
        "make_ym_interval",
        Takes::Optional {
            required: 0,
            parameters: &[Type::Integer, Type::Integer],
        },
        Gives::Type(DataType::YearMonthInterval(IntervalUnits::YEAR_TO_MONTH)),
        Evaluate::Strict(make_year_month),
    )
    .text(ColumnText::Filled(2, &["0", "0"])),
    Function::new(
        "make_interval",
        Takes::By(|arguments, session| no_calendar_interval(arguments, session)),
        Gives::Type(DataType::Null),
        Evaluate::Eager(|_, _| Ok(Value::Null)),
    ),
];

/// An interval of months, days and microseconds at once, for which there is no type here.
fn no_calendar_interval(_: &mut [Typed], _: &Session) -> Result<(), Mismatch> {
    Err(Mismatch::new(
        Mismatch::UNCLASSIFIED,
        "`make_interval` makes an interval of months, days and microseconds at once, which is not implemented: use \
         `make_ym_interval` or `make_dt_interval`",
    ))
}

const fn make_timestamp(name: &'static str, gives: DataType, most: usize) -> Function {
    let takes: Takes = if most == 7 {
        Takes::By(|arguments, session| with_zone(arguments, session))
    } else {
        Takes::By(|arguments, session| without_zone(arguments, session))
    };
    Function::new(
        name,
        takes,
        Gives::Type(gives),
        Evaluate::Strict(made_timestamp),
    )
    .nulls(UNLESS_ANSI)
}

fn without_zone(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("make_timestamp_ntz", arguments.len(), 6..=6)?;
    time_numbers(arguments, session)
}

fn with_zone(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("make_timestamp", arguments.len(), 6..=7)?;
    if arguments.len() == 7 {
        cast_implicitly(arguments, 6, Type::String, session)?;
    }
    time_numbers(arguments, session)
}

fn time_numbers(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    for index in 0..5 {
        cast_implicitly(arguments, index, Type::Integer, session)?;
    }
    seconds(arguments, 5, 16, session)
}

/// Casts seconds to a decimal of this precision, with microseconds.
fn seconds(
    arguments: &mut [Typed],
    index: usize,
    precision: u8,
    session: &Session,
) -> Result<(), Mismatch> {
    let to = DataType::Decimal {
        precision,
        scale: 6,
    };
    let argument = &mut arguments[index];
    let is_number = Type::Numeric.has(&argument.data_type);
    if is_number || matches!(argument.data_type, DataType::String | DataType::Null) {
        return argument.cast_in_place(&to, session);
    }
    Err(super::takes::unexpected(
        index,
        &format!("\"{to}\""),
        argument,
        session,
    ))
}

fn day_time_numbers(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("make_dt_interval", arguments.len(), 0..=4)?;
    for index in 0..arguments.len().min(3) {
        cast_implicitly(arguments, index, Type::Integer, session)?;
    }
    if arguments.len() == 4 {
        seconds(arguments, 3, 18, session)?;
    }
    Ok(())
}

fn make_date(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let [year, month, day] = [0, 1, 2].map(|index| count(&values[index]));
    match check_date(year, month, day) {
        Ok(date) => add_months(date, 0, call.session),
        Err(message) if call.session.ansi => Err(out_of_bounds(&message, call.session)),
        Err(_) => Ok(Value::Null),
    }
}

/// The microseconds of seconds with a fraction.
fn second_micros(value: &Value) -> i64 {
    match value {
        Value::Decimal(number) => number.unscaled() as i64,
        other => unreachable!("the argument was cast to a DECIMAL, not {other:?}"),
    }
}

fn made_timestamp(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let session = call.session;
    let is_ntz = *call.result == DataType::TimestampNtz;
    let zone = match values.get(6) {
        Some(name) => zone(name, session)?,
        None if is_ntz => TimeZone::UTC,
        None => session.zone.clone(),
    };
    let local = match local_time(values, session) {
        Ok(local) => local,
        Err(failure) if session.ansi => return Err(failure),
        Err(_) => return Ok(Value::Null),
    };
    let made = local.and_then(|local| instant_of_local(&zone, local));
    Ok(match made {
        Some(micros) if is_ntz => Value::TimestampNtz(micros),
        Some(micros) => Value::Timestamp(micros),
        None => return Err(crate::failures::long_overflow()),
    })
}

/// The microsecond on the clocks; a second 60 is the next minute.
fn local_time(values: &[Value], session: &Session) -> Result<Option<i64>, Failure> {
    let [year, month, day, hour, minute] = [0, 1, 2, 3, 4].map(|index| count(&values[index]));
    let micros = second_micros(&values[5]);
    let second = micros.div_euclid(MICROS_PER_SECOND);
    let fraction = micros.rem_euclid(MICROS_PER_SECOND);
    if second == 60 && fraction != 0 {
        return Err(invalid_fraction(&values[5], session));
    }
    let is_next = second == 60;
    let made = (|| {
        let date = check_date(year, month, day)?;
        let hour = check("HourOfDay", 0..=23, hour)?;
        let minute = check("MinuteOfHour", 0..=59, minute)?;
        let second = if is_next {
            0
        } else {
            check("SecondOfMinute", 0..=59, second)?
        };
        Ok(CivilTime {
            date,
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            microsecond: fraction as u32,
        })
    })();
    let made = made.map_err(|message: String| out_of_bounds(&message, session))?;
    let spare = if is_next { 60 * MICROS_PER_SECOND } else { 0 };
    Ok(made
        .to_micros()
        .and_then(|micros| micros.checked_add(spare)))
}

fn invalid_fraction(seconds: &Value, session: &Session) -> Failure {
    let message = match (session.spark, seconds) {
        (SparkVersion::V4, Value::Decimal(seconds)) => format!(
            "Valid range for seconds is [0, 60] (inclusive), but the provided value is {}. To avoid this error, use \
             `try_make_timestamp`, which returns NULL on error.\nIf you do not want to use the session default \
             timestamp version of this function, use `try_make_timestamp_ntz` or `try_make_timestamp_ltz`.",
            seconds.to_string().trim_end_matches('0')
        ),
        _ => format!(
            "The fraction of sec must be zero. Valid range is [0, 60].{}",
            ansi_advice(session)
        ),
    };
    failure(
        FailureKind::Spark,
        "INVALID_FRACTION_OF_SECOND",
        &message,
        "22023",
        session,
    )
}

fn make_day_time(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let units = [
        MICROS_PER_DAY,
        3_600 * MICROS_PER_SECOND,
        60 * MICROS_PER_SECOND,
    ];
    let whole = values.iter().take(3).zip(units);
    let mut micros: i128 = whole
        .map(|(value, unit)| i128::from(count(value)) * i128::from(unit))
        .sum();
    if let Some(seconds) = values.get(3) {
        micros += i128::from(second_micros(seconds));
    }
    let micros = i64::try_from(micros).map_err(|_| made_overflow(false, call.session))?;
    let units = IntervalUnits::DAY_TO_SECOND;
    Ok(Value::DayTimeInterval { micros, units })
}

fn make_year_month(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let number = |index: usize| values.get(index).map_or(0, count);
    let months = number(0) * 12 + number(1);
    let months = i32::try_from(months).map_err(|_| made_overflow(true, call.session))?;
    let units = IntervalUnits::YEAR_TO_MONTH;
    Ok(Value::YearMonthInterval { months, units })
}
