//! Functions of `DOUBLE`s, as `java.lang.Math` and `java.lang.StrictMath` calculate them on a machine of the x86-64 family.
//!
//! Sine, cosine and tangent, and what is made of them, have another last digit than there for one number in 500. The
//! others are equal.

use std::f64::consts::LN_2;

use engine::{DataType, Failure, SparkVersion, Value};

use super::fdlibm;
use crate::context::Session;
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Nulls, Takes, Type};

const DOUBLE: Gives = Gives::Type(DataType::Double);

const PAIR: &[Type] = &[Type::Double, Type::Double];

const SIGNED: &[Type] = &[Type::OneOf(&[
    Type::Double,
    Type::YearMonthInterval,
    Type::DayTimeInterval,
])];

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    constant("e", "E", |_, _| {
        Ok(Value::Double(std::f64::consts::E.into()))
    }),
    constant("pi", "PI", |_, _| {
        Ok(Value::Double(std::f64::consts::PI.into()))
    }),
    one("acos", "ACOS", |values, _| double(values, libm::acos)),
    one("acosh", "ACOSH", |values, call| {
        double(values, acosh(call.session))
    }),
    one("asin", "ASIN", |values, _| double(values, libm::asin)),
    one("asinh", "ASINH", |values, call| {
        double(values, asinh(call.session))
    }),
    one("atan", "ATAN", |values, _| double(values, libm::atan)),
    one("atanh", "ATANH", |values, _| double(values, atanh)),
    one("cbrt", "CBRT", |values, _| double(values, fdlibm::cbrt)),
    one("cos", "COS", |values, _| double(values, pxfm::f_cos)),
    one("cosh", "COSH", |values, _| double(values, fdlibm::cosh)),
    one("cot", "COT", |values, _| {
        double(values, |it| 1.0 / pxfm::f_tan(it))
    }),
    one("csc", "CSC", |values, _| {
        double(values, |it| 1.0 / pxfm::f_sin(it))
    }),
    one("degrees", "DEGREES", |values, _| {
        double(values, |it| it * 57.295_779_513_082_32)
    }),
    one("exp", "EXP", |values, _| double(values, fdlibm::exp)),
    one("expm1", "EXPM1", |values, _| double(values, libm::expm1)),
    one("ln", "ln", |values, _| logarithm(values, 0.0, fdlibm::log)),
    one("log10", "LOG10", |values, _| {
        logarithm(values, 0.0, fdlibm::log10)
    }),
    one("log1p", "LOG1P", |values, _| {
        logarithm(values, -1.0, fdlibm::log1p)
    }),
    one("log2", "LOG2", |values, _| {
        logarithm(values, 0.0, |it| fdlibm::log(it) / fdlibm::log(2.0))
    }),
    one("radians", "RADIANS", |values, _| {
        double(values, |it| it * 0.017_453_292_519_943_295)
    }),
    one("rint", "rint", |values, _| {
        double(values, f64::round_ties_even)
    }),
    one("sec", "SEC", |values, _| {
        double(values, |it| 1.0 / pxfm::f_cos(it))
    }),
    signed("sign", "sign"),
    signed("signum", "SIGNUM"),
    one("sin", "SIN", |values, _| double(values, pxfm::f_sin)),
    one("sinh", "SINH", |values, _| double(values, fdlibm::sinh)),
    one("sqrt", "SQRT", |values, _| double(values, f64::sqrt)),
    one("tan", "TAN", |values, _| double(values, pxfm::f_tan)),
    one("tanh", "TANH", |values, _| double(values, fdlibm::tanh)),
    two("atan2", "ATAN2", |values, _| {
        // The sum with a positive zero is never a negative one.
        Ok(doubles(values, |one, other| {
            fdlibm::atan2(one + 0.0, other + 0.0)
        }))
    }),
    two("hypot", "HYPOT", |values, _| {
        Ok(doubles(values, fdlibm::hypot))
    }),
    two("pow", "pow", |values, _| Ok(doubles(values, fdlibm::pow))),
    two("power", "POWER", |values, _| {
        Ok(doubles(values, fdlibm::pow))
    }),
    Function::new(
        "log",
        Takes::Optional {
            required: 1,
            parameters: PAIR,
        },
        DOUBLE,
        Evaluate::Strict(logarithm_of_base),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::By(|texts| match texts {
        [number] => format!("LOG(E(), {number})"),
        _ => format!("LOG({})", texts.join(", ")),
    })),
];

const fn constant(
    name: &'static str,
    text: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Exactly(&[]),
        DOUBLE,
        Evaluate::Strict(evaluate),
    )
    .text(ColumnText::Named(text))
}

/// Spark takes the value of each function of one number for one that may be `NULL`.
const fn one(
    name: &'static str,
    text: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Exactly(&[Type::Double]),
        DOUBLE,
        Evaluate::Strict(evaluate),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::Named(text))
}

const fn signed(name: &'static str, text: &'static str) -> Function {
    Function::new(name, Takes::Exactly(SIGNED), DOUBLE, Evaluate::Strict(sign))
        .nulls(Nulls::Always)
        .text(ColumnText::Named(text))
}

const fn two(
    name: &'static str,
    text: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Exactly(PAIR),
        DOUBLE,
        Evaluate::Strict(evaluate),
    )
    .text(ColumnText::Named(text))
}

pub(super) fn number(value: &Value) -> f64 {
    match value {
        Value::Double(number) => number.0,
        other => unreachable!("the function takes `DOUBLE`s, not {other:?}"),
    }
}

fn double(values: &[Value], of: impl Fn(f64) -> f64) -> Result<Value, Failure> {
    Ok(Value::Double(of(number(&values[0])).into()))
}

fn doubles(values: &[Value], of: fn(f64, f64) -> f64) -> Value {
    Value::Double(of(number(&values[0]), number(&values[1])).into())
}

/// `NULL` at the asymptote and below.
fn logarithm(values: &[Value], asymptote: f64, of: fn(f64) -> f64) -> Result<Value, Failure> {
    if number(&values[0]) <= asymptote {
        return Ok(Value::Null);
    }
    double(values, of)
}

/// Of a number to a base, or to e.
fn logarithm_of_base(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let (base, number) = match values {
        [value] => (std::f64::consts::E, number(value)),
        _ => (number(&values[0]), number(&values[1])),
    };
    if base <= 0.0 || number <= 0.0 {
        return Ok(Value::Null);
    }
    Ok(Value::Double(
        (fdlibm::log(number) / fdlibm::log(base)).into(),
    ))
}

/// Zeros and what is no number stay as they are.
fn sign(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let sign = match &values[0] {
        Value::Double(number) if number.0 == 0.0 || number.0.is_nan() => number.0,
        Value::Double(number) => number.0.signum(),
        Value::YearMonthInterval { months, .. } => f64::from(months.signum()),
        Value::DayTimeInterval { micros, .. } => micros.signum() as f64,
        other => unreachable!("`sign` takes a number or an interval, not {other:?}"),
    };
    Ok(Value::Double(sign.into()))
}

/// The square of a greater number is no number of 64 bits.
const ROOT_MAX: f64 = 1.340_780_792_994_259_6e154;

/// Spark 3.5 has a formula of its own, which has no digits left of great negative numbers; Spark 4 has that of fdlibm.
fn asinh(session: &Session) -> fn(f64) -> f64 {
    match session.spark {
        SparkVersion::V3_5 => |it| {
            if it.abs() > ROOT_MAX {
                return (fdlibm::log(it.abs()) + LN_2).copysign(it);
            }
            fdlibm::log(it + (it * it + 1.0).sqrt())
        },
        SparkVersion::V4 => fdlibm::asinh,
    }
}

fn acosh(session: &Session) -> fn(f64) -> f64 {
    match session.spark {
        SparkVersion::V3_5 => |it| match it {
            ..1.0 => f64::NAN,
            it if it > ROOT_MAX => fdlibm::log(it) + LN_2,
            it => fdlibm::log(it + (it * it - 1.0).sqrt()),
        },
        SparkVersion::V4 => fdlibm::acosh,
    }
}

fn atanh(it: f64) -> f64 {
    0.5 * (fdlibm::log1p(it) - fdlibm::log1p(-it))
}
