//! Functions of whole numbers.

use engine::{DataType, Failure, Value};

use super::doubles::number;
use crate::context::Session;
use crate::function::{CallInfo, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type};
use crate::resolve::{cast_each, check_count};
use crate::typed::Typed;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "factorial",
        Takes::Exactly(&[Type::Integer]),
        Gives::Type(DataType::Long),
        Evaluate::Strict(factorial),
    )
    .nulls(Nulls::Always),
    Function::new(
        "width_bucket",
        Takes::By(bucket_types),
        Gives::Type(DataType::Long),
        Evaluate::Strict(width_bucket),
    )
    .nulls(Nulls::Always),
];

/// The product of the numbers up to this one; `NULL` of those whose product has no room.
fn factorial(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match values[0] {
        Value::Integer(number @ 0..=20) => Value::Long((1..=i64::from(number)).product()),
        _ => Value::Null,
    })
}

fn bucket_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    const RANGE: Type =
        Type::OneOf(&[Type::Double, Type::YearMonthInterval, Type::DayTimeInterval]);
    check_count("width_bucket", arguments.len(), 4, Some(4))?;
    cast_each(
        arguments,
        [RANGE, RANGE, RANGE, Type::Long].into_iter(),
        session,
    )
}

/// The number of the bucket, of some of one width between two bounds, that a value is in: 0 of one before the first, one
/// more than there are of one after the last.
fn width_bucket(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let position = |value: &Value| match value {
        Value::YearMonthInterval { months, .. } => f64::from(*months),
        Value::DayTimeInterval { micros, .. } => *micros as f64,
        value => number(value),
    };
    let value = position(&values[0]);
    let min = position(&values[1]);
    let max = position(&values[2]);
    let Value::Long(count @ 1..) = values[3] else {
        return Ok(Value::Null);
    };
    if count == i64::MAX
        || value.is_nan()
        || max - min == 0.0
        || !min.is_finite()
        || !max.is_finite()
    {
        return Ok(Value::Null);
    }
    let (done, is_before) = if min < max {
        (value - min, value < min)
    } else {
        (min - value, value > min)
    };
    let is_after = if min < max {
        value >= max
    } else {
        value <= max
    };
    Ok(Value::Long(if is_before {
        0
    } else if is_after {
        count + 1
    } else {
        (count as f64 * done / (max - min).abs()) as i64 + 1
    }))
}
