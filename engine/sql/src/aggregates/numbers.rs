//! Numbers of any type as those that aggregates reckon with.

use engine::{DataType, Decimal, Failure, FailureKind, IntervalUnits, SparkVersion, Value};

use crate::context::Session;
use crate::failures::failure;
use crate::function::{Mismatch, Type};
use crate::resolve::implicit_cast;
use crate::typed::Typed;

/// A number, or an interval in its unit, as a `DOUBLE`; `None` of any other value.
pub(super) fn to_double(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(f64::from(number.0)),
        Value::Double(number) => Some(number.0),
        // The nearest number, as `BigDecimal.doubleValue` has it.
        Value::Decimal(number) => number.to_string().parse().ok(),
        // A number of 64 bits is rounded to the nearest.
        other => to_long(other).map(|number| number as f64),
    }
}

/// A whole number, or an interval in its unit; `None` of any other value.
pub(super) fn to_long(value: &Value) -> Option<i64> {
    match *value {
        Value::Byte(number) => Some(number.into()),
        Value::Short(number) => Some(number.into()),
        Value::Integer(number) => Some(number.into()),
        Value::Long(number) => Some(number),
        Value::YearMonthInterval { months, .. } => Some(months.into()),
        Value::DayTimeInterval { micros, .. } => Some(micros),
        _ => None,
    }
}

/// The sum of two decimals of one scale, as this type; `NULL` if it does not fit.
pub(super) fn add_decimals(one: &Value, other: &Value, digits: (u8, u8)) -> Value {
    let (Value::Decimal(one), Value::Decimal(other)) = (one, other) else {
        return Value::Null;
    };
    let sum = one.unscaled().checked_add(other.unscaled());
    sum.and_then(|sum| Decimal::new(sum, digits.0, digits.1))
        .map_or(Value::Null, Value::Decimal)
}

/// The sum of two intervals of the same kind; `None` if it does not fit.
pub(super) fn add_intervals(one: &Value, other: &Value) -> Option<Value> {
    match (one, other) {
        (
            Value::YearMonthInterval { months, units },
            Value::YearMonthInterval { months: more, .. },
        ) => Some(Value::YearMonthInterval {
            months: months.checked_add(*more)?,
            units: *units,
        }),
        (Value::DayTimeInterval { micros, units }, Value::DayTimeInterval { micros: more, .. }) => {
            Some(Value::DayTimeInterval {
                micros: micros.checked_add(*more)?,
                units: *units,
            })
        }
        _ => None,
    }
}

/// The quotient of a sum and a count that is not 0, rounded half up, to this many digits more; `None` if it does not
/// fit.
pub(super) fn divide(sum: i128, count: i64, more_digits: u8) -> Option<i128> {
    let count = u128::from(count.unsigned_abs());
    let magnitude = sum.unsigned_abs();
    let mut quotient = magnitude / count;
    let mut rest = magnitude % count;
    for _ in 0..more_digits {
        rest *= 10;
        quotient = quotient.checked_mul(10)?.checked_add(rest / count)?;
        rest %= count;
    }
    if rest * 2 >= count {
        quotient = quotient.checked_add(1)?;
    }
    let quotient = i128::try_from(quotient).ok()?;
    Some(if sum < 0 { -quotient } else { quotient })
}

/// A decimal type with room for more digits, as far as there is any (`DecimalType.bounded`).
pub(super) fn bounded(precision: u8, scale: u8) -> DataType {
    DataType::Decimal {
        precision: precision.min(Decimal::PRECISION_MAX),
        scale: scale.min(Decimal::PRECISION_MAX),
    }
}

/// The widest type of intervals of the kind of this one; the type itself of all others.
pub(super) fn widest_interval(data_type: &DataType) -> DataType {
    match data_type {
        DataType::YearMonthInterval(_) => DataType::YearMonthInterval(IntervalUnits::YEAR_TO_MONTH),
        DataType::DayTimeInterval(_) => DataType::DayTimeInterval(IntervalUnits::DAY_TO_SECOND),
        other => other.clone(),
    }
}

/// Casts the only argument to something that can be summed up: a number, to which a `TIMESTAMP` is cast as seconds, or an
/// interval.
pub(super) fn take_summed(
    function: &str,
    arguments: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    if arguments.len() != 1 {
        return Err(Mismatch::argument_count(function, "1", arguments.len()));
    }
    take_seconds(arguments, session)?;
    take_number_or_interval(function, arguments, 0, session)
}

/// Casts a `TIMESTAMP` to seconds (`TypeCoercion.FunctionArgumentConversion`).
fn take_seconds(arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    match &mut arguments[0] {
        time if time.data_type == DataType::Timestamp => {
            time.cast_in_place(&DataType::Double, session)
        }
        _ => Ok(()),
    }
}

/// Casts an argument to a number, unless it is an interval (`TypeCollection.NumericAndAnsiInterval`).
pub(super) fn take_number_or_interval(
    function: &str,
    arguments: &mut [Typed],
    index: usize,
    session: &Session,
) -> Result<(), Mismatch> {
    let argument = &mut arguments[index];
    let is_interval = matches!(
        argument.data_type,
        DataType::YearMonthInterval(_) | DataType::DayTimeInterval(_)
    );
    if is_interval {
        return Ok(());
    }
    let to = implicit_cast(argument, Type::Numeric, session).ok_or_else(|| {
        let requires = "(\"NUMERIC\" or \"ANSI INTERVAL\")";
        Mismatch::input_type(function, index, requires, &argument.data_type)
    })?;
    argument.cast_in_place(&to, session)
}

/// `ARITHMETIC_OVERFLOW`: a sum that does not fit its type; `instead` is the function that gives `NULL`.
pub(super) fn overflow(what: &str, instead: Option<&str>, session: &Session) -> Failure {
    let instead = instead
        .map(|instead| format!(" Use '{instead}' to tolerate overflow and return NULL instead."));
    let message = format!(
        "{what}.{} If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.",
        instead.unwrap_or_default()
    );
    let condition = "ARITHMETIC_OVERFLOW";
    failure(FailureKind::Overflow, condition, &message, "22003", session)
}

/// `ARITHMETIC_OVERFLOW`: a sum beyond 64 bits.
pub(super) fn long_overflow(session: &Session) -> Failure {
    let what = match session.spark {
        SparkVersion::V3_5 => "long overflow",
        SparkVersion::V4 => "overflow",
    };
    overflow(what, Some("try_add"), session)
}

/// `INTERVAL_ARITHMETIC_OVERFLOW`: a sum of intervals that does not fit.
pub(super) fn interval_overflow(session: &Session) -> Failure {
    let (condition, message) = match session.spark {
        SparkVersion::V3_5 => ("INTERVAL_ARITHMETIC_OVERFLOW", "long overflow."),
        SparkVersion::V4 => (
            "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
            "Integer overflow while operating with intervals. Try devising appropriate values for the interval \
             parameters.",
        ),
    };
    failure(FailureKind::Overflow, condition, message, "22015", session)
}
