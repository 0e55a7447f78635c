//! Sums, differences and products (`arithmetic.scala`).

use engine::{DataType, Failure, IntervalUnits, Value};

use super::times;
use crate::context::Session;
use crate::decimal::{BigDecimal, Digits, sum_of_fitting};
use crate::failures::numeric_out_of_range;
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Operator, Takes, Type,
};
use crate::functions::failures;
use crate::typed::Typed;

const DIFFERENCE: Takes = Takes::Operands(Operator::Arithmetic, Sign::PLUS_TAKES);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    operator(
        "+",
        Sign::PLUS_TAKES,
        Gives::By(sum_type),
        |values, call| calculate(Sign::Plus, Overflow::Session, values, call),
    )
    .instead(times::plus)
    .text(ColumnText::Infix("+")),
    // Of one operand it is its negative.
    Function::new(
        "-",
        Takes::By(|operands, session| DIFFERENCE.coerce("-", operands, session)),
        Gives::By(sum_type),
        Evaluate::Strict(|values, call| calculate(Sign::Minus, Overflow::Session, values, call)),
    )
    .nulls(Nulls::By(is_nullable))
    .instead(times::minus)
    .text(ColumnText::By(|texts| match texts {
        [operand] => format!("(- {operand})"),
        _ => format!("({})", texts.join(" - ")),
    })),
    operator(
        "*",
        Sign::TIMES_TAKES,
        Gives::By(product_type),
        |values, call| calculate(Sign::Times, Overflow::Session, values, call),
    )
    .instead(times::times)
    .text(ColumnText::Infix("*")),
    operator(
        "try_add",
        Sign::PLUS_TAKES,
        Gives::By(sum_type),
        |values, call| calculate(Sign::Plus, Overflow::Null, values, call),
    )
    .instead(times::try_plus)
    .nulls(Nulls::Always),
    operator(
        "try_subtract",
        Sign::PLUS_TAKES,
        Gives::By(sum_type),
        |values, call| calculate(Sign::Minus, Overflow::Null, values, call),
    )
    .instead(times::try_minus)
    .nulls(Nulls::Always),
    operator(
        "try_multiply",
        Sign::TIMES_TAKES,
        Gives::By(product_type),
        |values, call| calculate(Sign::Times, Overflow::Null, values, call),
    )
    .instead(times::try_times)
    .nulls(Nulls::Always),
];

const fn operator(
    name: &'static str,
    takes: &'static [Type],
    gives: Gives,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Operands(Operator::Arithmetic, takes),
        gives,
        Evaluate::Strict(evaluate),
    )
    .nulls(Nulls::By(is_nullable))
}

/// An operator of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::functions) enum Sign {
    Plus,
    Minus,
    Times,
}

/// The treatment of a result that its type has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::functions) enum Overflow {
    /// A failure in ANSI mode; else whole numbers wrap around, and decimals are `NULL`.
    Session,
    /// `NULL`.
    Null,
}

impl Sign {
    const PLUS_TAKES: &'static [Type] = Type::NUMERIC_OR_INTERVAL;
    const TIMES_TAKES: &'static [Type] = &[Type::Numeric];

    fn symbol(self) -> char {
        match self {
            Sign::Plus => '+',
            Sign::Minus => '-',
            Sign::Times => '*',
        }
    }

    /// The function that gives `NULL` in the place of a failure.
    fn instead(self) -> &'static str {
        match self {
            Sign::Plus => "try_add",
            Sign::Minus => "try_subtract",
            Sign::Times => "try_multiply",
        }
    }

    /// Of whole numbers of 64 bits at most, whose product has 128 at most.
    fn of_whole(self, one: i128, other: i128) -> i128 {
        match self {
            Sign::Plus => one + other,
            Sign::Minus => one - other,
            Sign::Times => one * other,
        }
    }

    fn of_decimals(self, one: &BigDecimal, other: &BigDecimal) -> BigDecimal {
        match self {
            Sign::Plus => one.plus(other),
            Sign::Minus => one.minus(other),
            Sign::Times => one.times(other),
        }
    }
}

/// A decimal that does not fit is `NULL`, except in ANSI mode.
fn is_nullable(arguments: &[Typed], session: &Session) -> bool {
    let is_decimal = matches!(arguments[0].data_type, DataType::Decimal { .. });
    arguments.iter().any(|it| it.nullable) || is_decimal && !session.ansi
}

fn digits(argument: &Typed) -> Option<Shape> {
    match argument.data_type {
        DataType::Decimal { precision, scale } => Some((precision.into(), scale.into())),
        _ => None,
    }
}

/// The precision and the scale of a decimal.
type Shape = (i32, i32);

/// The type of a result of two decimals, from the precisions and scales of both; of other operands the type of both.
pub(super) fn decimal_type(arguments: &[Typed], result: fn(Shape, Shape) -> Shape) -> DataType {
    match (digits(&arguments[0]), digits(&arguments[1])) {
        (Some(one), Some(other)) => {
            let (precision, scale) = result(one, other);
            adjusted(precision, scale)
        }
        _ => arguments[0].data_type.clone(),
    }
}

/// Where there is no room for all digits, up to six after the point are kept (`DecimalType.adjustPrecisionScale`).
fn adjusted(precision: i32, scale: i32) -> DataType {
    let (precision, scale) = if precision <= 38 {
        (precision, scale)
    } else {
        (38, (38 - (precision - scale)).max(scale.min(6)))
    };
    DataType::Decimal {
        precision: precision as u8,
        scale: scale as u8,
    }
}

fn sum_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(decimal_type(
        arguments,
        |(one, one_scale), (other, other_scale)| {
            let scale = one_scale.max(other_scale);
            (
                (one - one_scale).max(other - other_scale) + scale + 1,
                scale,
            )
        },
    ))
}

fn product_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(decimal_type(
        arguments,
        |(one, one_scale), (other, other_scale)| (one + other + 1, one_scale + other_scale),
    ))
}

fn calculate(
    sign: Sign,
    overflow: Overflow,
    values: &[Value],
    call: &CallInfo<'_>,
) -> Result<Value, Failure> {
    Ok(match (&values[0], &values[1]) {
        (Value::Double(one), Value::Double(other)) => Value::Double(
            match sign {
                Sign::Plus => one.0 + other.0,
                Sign::Minus => one.0 - other.0,
                Sign::Times => one.0 * other.0,
            }
            .into(),
        ),
        (Value::Float(one), Value::Float(other)) => Value::Float(
            match sign {
                Sign::Plus => one.0 + other.0,
                Sign::Minus => one.0 - other.0,
                Sign::Times => one.0 * other.0,
            }
            .into(),
        ),
        (Value::Decimal(one), Value::Decimal(other)) => {
            let DataType::Decimal { precision, scale } = *call.result else {
                unreachable!("the result of decimals is a decimal");
            };
            let digits = Digits { precision, scale };
            if sign == Sign::Plus
                && let Some(sum) = sum_of_fitting(*one, *other, digits)
            {
                return Ok(Value::Decimal(sum));
            }
            let exact = sign.of_decimals(&(*one).into(), &(*other).into());
            return fitted(&exact, digits, overflow, call.session);
        }
        (
            Value::YearMonthInterval { months, .. },
            Value::YearMonthInterval { months: other, .. },
        ) => {
            let exact = sign.of_whole((*months).into(), (*other).into());
            match (i32::try_from(exact), call.result) {
                (Ok(months), DataType::YearMonthInterval(units)) => Value::YearMonthInterval {
                    months,
                    units: *units,
                },
                _ => return interval_overflow(sign, "integer", overflow, call.session),
            }
        }
        (Value::DayTimeInterval { micros, .. }, Value::DayTimeInterval { micros: other, .. }) => {
            let exact = sign.of_whole((*micros).into(), (*other).into());
            match (i64::try_from(exact), call.result) {
                (Ok(micros), DataType::DayTimeInterval(units)) => Value::DayTimeInterval {
                    micros,
                    units: *units,
                },
                _ => return interval_overflow(sign, "long", overflow, call.session),
            }
        }
        (one, other) => match (whole(one), whole(other)) {
            (Some(one), Some(other)) => {
                return whole_result(sign, [one, other], overflow, call);
            }
            _ => unreachable!("`{}` takes two numbers, not {values:?}", sign.symbol()),
        },
    })
}

/// A decimal of these digits, or what stands for one with too many.
pub(in crate::functions) fn fitted(
    exact: &BigDecimal,
    digits: Digits,
    overflow: Overflow,
    session: &Session,
) -> Result<Value, Failure> {
    match exact.to_decimal(digits) {
        Some(decimal) => Ok(Value::Decimal(decimal)),
        None if overflow == Overflow::Session && session.ansi => Err(numeric_out_of_range(
            &exact.to_string(),
            digits.precision,
            digits.scale,
            session,
        )),
        None => Ok(Value::Null),
    }
}

fn interval_overflow(
    sign: Sign,
    what: &str,
    overflow: Overflow,
    session: &Session,
) -> Result<Value, Failure> {
    match overflow {
        Overflow::Null => Ok(Value::Null),
        Overflow::Session => Err(failures::interval_overflow(
            session,
            what,
            Some(sign.instead()),
        )),
    }
}

/// A whole number.
pub(in crate::functions) fn whole(value: &Value) -> Option<i128> {
    Some(match value {
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) => (*number).into(),
        Value::Long(number) => (*number).into(),
        _ => return None,
    })
}

/// A whole number as a value of this type, of which the low bits are kept, and true if it is the same number.
pub(in crate::functions) fn wrapped(number: i128, data_type: &DataType) -> (Value, bool) {
    let (value, kept) = match data_type {
        DataType::Byte => (Value::Byte(number as i8), i128::from(number as i8)),
        DataType::Short => (Value::Short(number as i16), i128::from(number as i16)),
        DataType::Integer => (Value::Integer(number as i32), i128::from(number as i32)),
        _ => (Value::Long(number as i64), i128::from(number as i64)),
    };
    (value, kept == number)
}

fn whole_result(
    sign: Sign,
    operands: [i128; 2],
    overflow: Overflow,
    call: &CallInfo<'_>,
) -> Result<Value, Failure> {
    let [one, other] = operands;
    let (value, is_exact) = wrapped(sign.of_whole(one, other), call.result);
    let session = call.session;
    if is_exact || overflow == Overflow::Session && !session.ansi {
        return Ok(value);
    }
    if overflow == Overflow::Null {
        return Ok(Value::Null);
    }
    Err(match call.result {
        DataType::Byte | DataType::Short => {
            failures::binary_overflow(session, one, sign.symbol(), other, sign.instead())
        }
        DataType::Integer => {
            failures::arithmetic_overflow(session, "integer", Some(sign.instead()))
        }
        _ => failures::arithmetic_overflow(session, "long", Some(sign.instead())),
    })
}

/// The units of a type of intervals.
pub(super) fn units(data_type: &DataType) -> Option<IntervalUnits> {
    match data_type {
        DataType::YearMonthInterval(units) | DataType::DayTimeInterval(units) => Some(*units),
        _ => None,
    }
}
