//! Numbers of days, seconds and parts of them since the epoch.

use engine::{DataType, Failure, FailureKind, SparkVersion, Value};

use super::takes::{any_timestamp, check_count, expect, unexpected};
use super::{DATE, INTEGER, LONG, MICROS_PER_SECOND, TIMESTAMP, date_value, days, micros, of};
use crate::context::Session;
use crate::failures::failure;
use crate::function::{CallInfo, Evaluate, Function, Mismatch, Nulls, Takes, Type};
use crate::literal_text::sql_value;
use crate::typed::Typed;

use super::arithmetic::count;

/// A function of one argument that Spark does not cast by itself.
const fn of_one(
    name: &'static str,
    takes: fn(&mut Vec<Typed>, &Session) -> Result<(), Mismatch>,
    gives: crate::function::Gives,
    evaluate: super::Strict,
) -> Function {
    Function::new(name, Takes::By(takes), gives, Evaluate::Strict(evaluate))
}

/// The functions.
pub(in super::super) static FUNCTIONS: &[Function] = &[
    of_one(
        "timestamp_seconds",
        |arguments, session| number(arguments, session),
        TIMESTAMP,
        timestamp_seconds,
    )
    .nulls(Nulls::By(|arguments, _| {
        let argument = &arguments[0];
        argument.nullable || matches!(argument.data_type, DataType::Float | DataType::Double)
    })),
    of_one(
        "timestamp_millis",
        |arguments, session| whole_number(arguments, session),
        TIMESTAMP,
        |values, call| scaled(&values[0], 1_000, "milliseconds", call.session),
    ),
    of_one(
        "timestamp_micros",
        |arguments, session| whole_number(arguments, session),
        TIMESTAMP,
        |values, call| scaled(&values[0], 1, "microseconds", call.session),
    ),
    of_one(
        "unix_seconds",
        |arguments, session| timestamp(arguments, session),
        LONG,
        |values, _| {
            Ok(Value::Long(
                micros(&values[0]).div_euclid(MICROS_PER_SECOND),
            ))
        },
    ),
    of_one(
        "unix_millis",
        |arguments, session| timestamp(arguments, session),
        LONG,
        |values, _| Ok(Value::Long(micros(&values[0]).div_euclid(1_000))),
    ),
    of_one(
        "unix_micros",
        |arguments, session| timestamp(arguments, session),
        LONG,
        |values, _| Ok(Value::Long(micros(&values[0]))),
    ),
    of_one(
        "unix_date",
        |arguments, session| date(arguments, session),
        INTEGER,
        |values, _| Ok(Value::Integer(days(&values[0]) as i32)),
    ),
    of(
        "date_from_unix_date",
        &[Type::Integer],
        DATE,
        |values, _| Ok(date_value(count(&values[0]))),
    ),
];

fn number(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("timestamp_seconds", arguments.len(), 1..=1)?;
    expect(arguments, 0, Type::Numeric, &DataType::Double, session)
}

fn whole_number(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("timestamp_millis", arguments.len(), 1..=1)?;
    expect(arguments, 0, Type::Integral, &DataType::Integer, session)
}

/// A timestamp, in Spark 4 also one of no zone.
fn timestamp(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("unix_seconds", arguments.len(), 1..=1)?;
    if session.spark == SparkVersion::V3_5 {
        return expect(arguments, 0, Type::Timestamp, &DataType::Timestamp, session);
    }
    match arguments[0].data_type {
        DataType::Null => arguments[0].cast_in_place(&DataType::Timestamp, session),
        DataType::Timestamp | DataType::TimestampNtz => Ok(()),
        _ => Err(unexpected(
            0,
            any_timestamp(session),
            &arguments[0],
            session,
        )),
    }
}

fn date(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count("unix_date", arguments.len(), 1..=1)?;
    expect(arguments, 0, Type::Date, &DataType::Date, session)
}

/// A whole number of units as a timestamp.
fn scaled(value: &Value, unit: i64, name: &str, session: &Session) -> Result<Value, Failure> {
    let micros = count(value).checked_mul(unit);
    let value = Value::Long(count(value));
    micros
        .map(Value::Timestamp)
        .ok_or_else(|| overflow(&value, name, "long overflow", session))
}

/// A number of units that is beyond all timestamps; Spark 3.5 has Java's words for it.
fn overflow(value: &Value, name: &str, java: &str, session: &Session) -> Failure {
    if session.spark == SparkVersion::V3_5 {
        return Failure::new(FailureKind::Overflow, java);
    }
    let value = sql_value(value, session);
    let message = format!(
        "Datetime operation overflow: create a TIMESTAMP from {value} {name} since the epoch."
    );
    failure(
        FailureKind::Overflow,
        "DATETIME_OVERFLOW",
        &message,
        "22008",
        session,
    )
}

fn timestamp_seconds(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let of_double = |number: f64| {
        let micros = (number * MICROS_PER_SECOND as f64) as i64;
        if number.is_finite() {
            Value::Timestamp(micros)
        } else {
            Value::Null
        }
    };
    match &values[0] {
        Value::Float(number) => Ok(of_double(number.0.into())),
        Value::Double(number) => Ok(of_double(number.0)),
        Value::Decimal(number) => {
            let one = 10_i128.pow(number.scale().into());
            let micros = number
                .unscaled()
                .checked_mul(MICROS_PER_SECOND.into())
                .ok_or_else(|| overflow(&values[0], "seconds", "Overflow", call.session))?;
            if micros % one != 0 {
                return Err(Failure::new(FailureKind::Spark, "Rounding necessary"));
            }
            let micros = i64::try_from(micros / one);
            micros
                .map(Value::Timestamp)
                .map_err(|_| overflow(&values[0], "seconds", "Overflow", call.session))
        }
        number => scaled(number, MICROS_PER_SECOND, "seconds", call.session),
    }
}
