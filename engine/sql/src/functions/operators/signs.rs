//! Signs of numbers: `-a`, `+a`, `abs` (`UnaryMinus`, `UnaryPositive`, `Abs`).

use engine::{DataType, Decimal, Failure, Value};

use super::arithmetic::{whole, wrapped};
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Takes, Type};
use crate::functions::failures;

const SIGNED: Takes = Takes::Exactly(&[Type::OneOf(Type::NUMERIC_OR_INTERVAL)]);

const ANSI: Takes = Takes::Exactly(&[Type::OneOf(&[
    Type::Numeric,
    Type::DayTimeInterval,
    Type::YearMonthInterval,
])]);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    of_one("negative", SIGNED, Evaluate::Strict(negative)),
    of_one(
        "positive",
        SIGNED,
        Evaluate::Strict(|values, _| Ok(values[0].clone())),
    )
    .text(ColumnText::By(|texts| format!("(+ {})", texts[0]))),
    of_one("abs", ANSI, Evaluate::Strict(absolute)),
];

const fn of_one(name: &'static str, takes: Takes, evaluate: Evaluate) -> Function {
    Function::new(name, takes, Gives::Argument(0), evaluate)
}

fn negative(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match &values[0] {
        Value::Double(number) => Value::Double((-number.0).into()),
        Value::Float(number) => Value::Float((-number.0).into()),
        Value::Decimal(number) => Value::Decimal(negated(*number)),
        Value::YearMonthInterval { months, units } => Value::YearMonthInterval {
            months: months
                .checked_neg()
                .ok_or_else(|| failures::interval_overflow(call.session, "integer", None))?,
            units: *units,
        },
        Value::DayTimeInterval { micros, units } => Value::DayTimeInterval {
            micros: micros
                .checked_neg()
                .ok_or_else(|| failures::interval_overflow(call.session, "long", None))?,
            units: *units,
        },
        other => match whole(other) {
            Some(number) => return whole_negated(number, call),
            None => unreachable!("`-` takes a number or an interval, not {other:?}"),
        },
    })
}

fn negated(number: Decimal) -> Decimal {
    Decimal::new(-number.unscaled(), number.precision(), number.scale()).unwrap_or(number)
}

fn whole_negated(number: i128, call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (value, is_exact) = wrapped(-number, call.result);
    if is_exact || !call.session.ansi {
        return Ok(value);
    }
    Err(match call.result {
        DataType::Byte | DataType::Short => failures::negation_overflow(call.session, number),
        DataType::Integer => failures::arithmetic_overflow(call.session, "integer", None),
        _ => failures::arithmetic_overflow(call.session, "long", None),
    })
}

fn absolute(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let is_negative = match &values[0] {
        Value::Double(number) => return Ok(Value::Double(number.0.abs().into())),
        Value::Float(number) => return Ok(Value::Float(number.0.abs().into())),
        Value::Decimal(number) => number.unscaled() < 0,
        Value::YearMonthInterval {
            months: i32::MIN, ..
        } => {
            return Err(failures::arithmetic_overflow(call.session, "integer", None));
        }
        Value::DayTimeInterval {
            micros: i64::MIN, ..
        } => {
            return Err(failures::arithmetic_overflow(call.session, "long", None));
        }
        Value::YearMonthInterval { months, .. } => *months < 0,
        Value::DayTimeInterval { micros, .. } => *micros < 0,
        other => whole(other).is_some_and(|number| number < 0),
    };
    if is_negative {
        negative(values, call)
    } else {
        Ok(values[0].clone())
    }
}
