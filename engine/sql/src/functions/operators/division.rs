//! Quotients and remainders (`arithmetic.scala`).

use engine::{DataType, Decimal, Failure, Value};

use super::arithmetic::{Overflow, decimal_type, fitted, whole, wrapped};
use super::times;
use crate::context::Session;
use crate::decimal::{BigDecimal, Digits};
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Operator, Takes, Type,
};
use crate::functions::failures;
use crate::typed::{Scope, Typed};

const QUOTIENT: Takes = Takes::Operands(Operator::Division, &[Type::Double, Type::Decimal]);

const REMAINDER: Takes = Takes::Operands(Operator::Arithmetic, &[Type::Numeric]);

const WHOLE: Takes = Takes::Operands(
    Operator::WholeDivision,
    &[
        Type::Long,
        Type::Decimal,
        Type::YearMonthInterval,
        Type::DayTimeInterval,
    ],
);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    division("/", QUOTIENT, Gives::By(quotient_type), |call, scope| {
        divide(
            call,
            scope,
            Overflow::Session,
            (quotient, failures::divide_by_zero),
        )
    })
    .instead(times::divide)
    .text(ColumnText::Infix("/")),
    division(
        "try_divide",
        QUOTIENT,
        Gives::By(quotient_type),
        |call, scope| {
            divide(
                call,
                scope,
                Overflow::Null,
                (quotient, failures::divide_by_zero),
            )
        },
    )
    .instead(times::try_divide),
    division("div", WHOLE, Gives::Type(DataType::Long), |call, scope| {
        divide(
            call,
            scope,
            Overflow::Session,
            (whole_quotient, failures::divide_by_zero),
        )
    })
    .text(ColumnText::Infix("div")),
    division("%", REMAINDER, Gives::By(remainder_type), |call, scope| {
        divide(
            call,
            scope,
            Overflow::Session,
            (remainder, failures::remainder_by_zero),
        )
    })
    .text(ColumnText::Infix("%")),
    division(
        "mod",
        REMAINDER,
        Gives::By(remainder_type),
        |call, scope| {
            divide(
                call,
                scope,
                Overflow::Session,
                (remainder, failures::remainder_by_zero),
            )
        },
    ),
    division(
        "try_mod",
        REMAINDER,
        Gives::By(remainder_type),
        |call, scope| {
            divide(
                call,
                scope,
                Overflow::Null,
                (remainder, failures::remainder_by_zero),
            )
        },
    )
    .since_4(),
    division(
        "pmod",
        REMAINDER,
        Gives::By(remainder_type),
        |call, scope| {
            divide(
                call,
                scope,
                Overflow::Session,
                (positive_remainder, failures::remainder_by_zero),
            )
        },
    ),
];

const fn division(
    name: &'static str,
    takes: Takes,
    gives: Gives,
    evaluate: fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(name, takes, gives, Evaluate::Lazy(evaluate)).nulls(Nulls::Always)
}

/// A division of numbers that are not `NULL`, by one that is not 0, and the failure of one by 0.
type Division = (
    fn(&Value, &Value, &CallInfo<'_>, Overflow) -> Result<Value, Failure>,
    fn(&Session) -> Failure,
);

/// The divisor is evaluated first: if it is `NULL`, or 0 outside of ANSI mode, the dividend is not evaluated.
fn divide(
    call: &CallInfo<'_>,
    scope: &Scope<'_>,
    overflow: Overflow,
    division: Division,
) -> Result<Value, Failure> {
    let divisor = call.arguments[1].evaluate(scope)?;
    let fails = call.session.ansi && overflow == Overflow::Session;
    if divisor == Value::Null || !fails && is_zero(&divisor) {
        return Ok(Value::Null);
    }
    let dividend = call.arguments[0].evaluate(scope)?;
    if dividend == Value::Null {
        return Ok(Value::Null);
    }
    if is_zero(&divisor) {
        return Err((division.1)(call.session));
    }
    (division.0)(&dividend, &divisor, call, overflow)
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Double(number) => number.0 == 0.0,
        Value::Float(number) => number.0 == 0.0,
        Value::Decimal(number) => number.unscaled() == 0,
        Value::YearMonthInterval { months, .. } => *months == 0,
        Value::DayTimeInterval { micros, .. } => *micros == 0,
        other => whole(other) == Some(0),
    }
}

fn quotient_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(decimal_type(
        arguments,
        |(one, one_scale), (other, other_scale)| {
            let scale = (one_scale + other + 1).max(6);
            (one - one_scale + other_scale + scale, scale)
        },
    ))
}

fn remainder_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    Ok(decimal_type(
        arguments,
        |(one, one_scale), (other, other_scale)| {
            let scale = one_scale.max(other_scale);
            ((one - one_scale).min(other - other_scale) + scale, scale)
        },
    ))
}

fn digits(call: &CallInfo<'_>) -> Digits {
    match *call.result {
        DataType::Decimal { precision, scale } => Digits { precision, scale },
        _ => unreachable!("the result of decimals is a decimal"),
    }
}

fn quotient(
    one: &Value,
    other: &Value,
    call: &CallInfo<'_>,
    overflow: Overflow,
) -> Result<Value, Failure> {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => Ok(Value::Double((one.0 / other.0).into())),
        (Value::Decimal(one), Value::Decimal(other)) => {
            match BigDecimal::from(*one).divided_by(&(*other).into()) {
                Some(exact) => fitted(&exact, digits(call), overflow, call.session),
                None => Ok(Value::Null),
            }
        }
        _ => unreachable!("`/` takes two doubles or two decimals, not {one:?} and {other:?}"),
    }
}

fn whole_quotient(
    one: &Value,
    other: &Value,
    call: &CallInfo<'_>,
    _: Overflow,
) -> Result<Value, Failure> {
    let (one, other): (i128, i128) = match (one, other) {
        (Value::Decimal(one), Value::Decimal(other)) => {
            let divided = BigDecimal::from(*one).divided_whole(&(*other).into());
            return Ok(divided.map_or(Value::Null, |(whole, _)| {
                Value::Long(whole.to_long_wrapping())
            }));
        }
        (
            Value::YearMonthInterval { months, .. },
            Value::YearMonthInterval { months: other, .. },
        ) => ((*months).into(), (*other).into()),
        (Value::DayTimeInterval { micros, .. }, Value::DayTimeInterval { micros: other, .. }) => {
            ((*micros).into(), (*other).into())
        }
        (one, other) => match (whole(one), whole(other)) {
            (Some(one), Some(other)) => (one, other),
            _ => unreachable!("`div` takes two numbers or intervals, not {one:?} and {other:?}"),
        },
    };
    let (value, is_exact) = wrapped(one / other, &DataType::Long);
    if !is_exact && call.session.ansi {
        let message = "Overflow in integral divide";
        return Err(failures::overflow(
            call.session,
            message,
            Some("try_divide"),
        ));
    }
    Ok(value)
}

fn remainder(
    one: &Value,
    other: &Value,
    call: &CallInfo<'_>,
    overflow: Overflow,
) -> Result<Value, Failure> {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => Ok(Value::Double((one.0 % other.0).into())),
        (Value::Float(one), Value::Float(other)) => Ok(Value::Float((one.0 % other.0).into())),
        (Value::Decimal(one), Value::Decimal(other)) => {
            fitted(&rest(*one, *other), digits(call), overflow, call.session)
        }
        (one, other) => match (whole(one), whole(other)) {
            (Some(one), Some(other)) => Ok(wrapped(one % other, call.result).0),
            _ => unreachable!("`%` takes two numbers, not {one:?} and {other:?}"),
        },
    }
}

fn rest(one: Decimal, other: Decimal) -> BigDecimal {
    let divided = BigDecimal::from(one).divided_whole(&other.into());
    divided.map_or_else(|| one.into(), |(_, rest)| rest)
}

/// The remainder, plus the divisor if it is negative: of a positive divisor it is 0 or more.
fn positive_remainder(
    one: &Value,
    other: &Value,
    call: &CallInfo<'_>,
    overflow: Overflow,
) -> Result<Value, Failure> {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => {
            let rest = one.0 % other.0;
            let rest = if rest < 0.0 {
                (rest + other.0) % other.0
            } else {
                rest
            };
            Ok(Value::Double(rest.into()))
        }
        (Value::Float(one), Value::Float(other)) => {
            let rest = one.0 % other.0;
            let rest = if rest < 0.0 {
                (rest + other.0) % other.0
            } else {
                rest
            };
            Ok(Value::Float(rest.into()))
        }
        (Value::Decimal(one), Value::Decimal(other)) => {
            let first = rest(*one, *other);
            let other = BigDecimal::from(*other);
            let rest = match first
                .is_negative()
                .then(|| first.plus(&other).divided_whole(&other))
            {
                Some(Some((_, rest))) => rest,
                _ => first,
            };
            fitted(&rest, digits(call), overflow, call.session)
        }
        (one, other) => match (whole(one), whole(other)) {
            (Some(one), Some(other)) => {
                let rest = one % other;
                let rest = if rest < 0 {
                    (rest + other) % other
                } else {
                    rest
                };
                Ok(wrapped(rest, call.result).0)
            }
            _ => unreachable!("`pmod` takes two numbers, not {one:?} and {other:?}"),
        },
    }
}
