//! Numbers with fewer digits (`Round`, `BRound`, `Ceil`, `Floor`).

use engine::render::Notation;
use engine::{DataType, Failure, SparkVersion, Value};

use crate::context::Session;
use crate::decimal::{BigDecimal, Digits, Rounding};
use crate::function::{
    CallInfo, ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type,
};
use crate::functions::failures;
use crate::functions::operators::{Overflow, fitted, whole, wrapped};
use crate::resolve::{cast_each, check_count};
use crate::typed::{Scope, Typed};

const CEIL: Takes = Takes::By(|arguments, session| next_types("ceil", arguments, session));

const FLOOR: Takes = Takes::By(|arguments, session| next_types("floor", arguments, session));

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    rounded("round", |call, scope| round(call, scope, Rounding::HalfUp)),
    rounded("bround", |call, scope| {
        round(call, scope, Rounding::HalfEven)
    }),
    next("ceil", CEIL, to_ceiling).text(ColumnText::By(|texts| next_text("CEIL", "ceil", texts))),
    next("ceiling", CEIL, to_ceiling),
    next("floor", FLOOR, to_floor).text(ColumnText::By(|texts| next_text("FLOOR", "floor", texts))),
];

type Lazy = fn(&CallInfo<'_>, &Scope<'_>) -> Result<Value, Failure>;

const fn rounded(name: &'static str, evaluate: Lazy) -> Function {
    Function::new(
        name,
        Takes::By(rounded_types),
        Gives::By(rounded_type),
        Evaluate::Lazy(evaluate),
    )
    .nulls(Nulls::Always)
    .text(ColumnText::Filled(2, &["0"]))
}

const fn next(name: &'static str, takes: Takes, evaluate: Lazy) -> Function {
    Function::new(name, takes, Gives::By(next_type), Evaluate::Lazy(evaluate)).nulls(Nulls::Always)
}

fn next_text(alone: &str, with_scale: &str, texts: &[String]) -> String {
    let name = if texts.len() == 1 { alone } else { with_scale };
    format!("{name}({})", texts.join(", "))
}

fn rounded_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    check_count("round", arguments.len(), 1, Some(2))?;
    if arguments.len() == 1 {
        arguments.push(Typed::literal(Value::Integer(0), DataType::Integer));
    }
    cast_each(
        arguments,
        [Type::Numeric, Type::Integer].into_iter(),
        session,
    )?;
    check_foldable(arguments, session)
}

fn check_foldable(arguments: &[Typed], session: &Session) -> Result<(), Mismatch> {
    if arguments[1].is_foldable() {
        return Ok(());
    }
    let scale = match session.spark {
        SparkVersion::V3_5 => "scale",
        SparkVersion::V4 => "`scale`",
    };
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
        format!(
            "the input {scale} should be a foldable \"INT\" expression; however, got \"{{1}}\"."
        ),
    ))
}

fn next_types(name: &str, arguments: &mut [Typed], session: &Session) -> Result<(), Mismatch> {
    check_count(name, arguments.len(), 1, Some(2))?;
    if arguments.len() == 1 {
        let takes = Type::OneOf(&[Type::Double, Type::Decimal, Type::Long]);
        return cast_each(arguments, std::iter::once(takes), session);
    }
    check_scale(name, &arguments[1], session)?;
    cast_each(
        arguments,
        [Type::Decimal, Type::Integer].into_iter(),
        session,
    )
}

/// The scale must be an `INT` that is the same in each row.
fn check_scale(name: &str, scale: &Typed, session: &Session) -> Result<(), Mismatch> {
    if scale.is_foldable() && scale.data_type == DataType::Integer {
        return Ok(());
    }
    Err(match session.spark {
        SparkVersion::V3_5 => Mismatch::new(
            Mismatch::UNCLASSIFIED,
            format!("The 'scale' parameter of function '{name}' needs to be a int literal."),
        ),
        SparkVersion::V4 => Mismatch::new(
            "NON_FOLDABLE_ARGUMENT",
            format!(
                "The function `{name}` requires the parameter `scale` to be a foldable expression of the type \"INT\", but the actual argument is a non-foldable."
            ),
        ),
    })
}

/// The scale, which is the same in each row; 0 in the place of `NULL`, of which all results are `NULL`.
fn scale(argument: Option<&Typed>, session: &Session) -> i32 {
    match argument.and_then(|it| it.constant(session)) {
        Some(Value::Integer(scale)) => scale,
        _ => 0,
    }
}

fn rounded_type(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    let scale = scale(arguments.get(1), session);
    Ok(rounded_digits(&arguments[0].data_type, scale))
}

/// A decimal may need a digit more before the point.
fn rounded_digits(data_type: &DataType, to: i32) -> DataType {
    let DataType::Decimal { precision, scale } = *data_type else {
        return data_type.clone();
    };
    let whole = i32::from(precision - scale) + 1;
    let (precision, scale) = if to < 0 {
        (whole.max(to.saturating_neg().saturating_add(1)), 0)
    } else {
        let scale = i32::from(scale).min(to);
        (whole + scale, scale)
    };
    DataType::Decimal {
        precision: precision.min(38) as u8,
        scale: scale as u8,
    }
}

fn next_type(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    Ok(match &arguments[0].data_type {
        decimal @ DataType::Decimal { .. } => {
            rounded_digits(decimal, scale(arguments.get(1), session))
        }
        _ => DataType::Long,
    })
}

fn round(call: &CallInfo<'_>, scope: &Scope<'_>, rounding: Rounding) -> Result<Value, Failure> {
    let Value::Integer(scale) = call.arguments[1].evaluate(scope)? else {
        return Ok(Value::Null);
    };
    let value = call.arguments[0].evaluate(scope)?;
    Ok(match &value {
        Value::Null => Value::Null,
        Value::Double(number) if number.0.is_finite() => {
            let exact = BigDecimal::from_float_text(&Notation::Sql.text(&value));
            let rounded = exact.map(|it| it.shortened(scale, rounding).to_f64());
            // A negative zero is no decimal.
            Value::Double(rounded.map_or(number.0, |it| it + 0.0).into())
        }
        Value::Float(number) if number.0.is_finite() => {
            let wide = Value::Double(f64::from(number.0).into());
            let exact = BigDecimal::from_float_text(&Notation::Sql.text(&wide));
            let rounded = exact.map(|it| it.shortened(scale, rounding).to_f32());
            Value::Float(rounded.map_or(number.0, |it| it + 0.0).into())
        }
        Value::Double(_) | Value::Float(_) => value,
        Value::Decimal(_) => return decimal(&value, scale, rounding, call),
        number => match whole(number) {
            Some(_) if scale >= 0 => value,
            Some(number) => return round_whole(number, scale, rounding, call),
            None => unreachable!("`round` takes a number, not {number:?}"),
        },
    })
}

fn decimal(
    value: &Value,
    scale: i32,
    rounding: Rounding,
    call: &CallInfo<'_>,
) -> Result<Value, Failure> {
    let (
        Value::Decimal(number),
        DataType::Decimal {
            precision,
            scale: kept,
        },
    ) = (value, call.result)
    else {
        unreachable!("a decimal is rounded to a decimal");
    };
    let rounded = BigDecimal::from(*number).shortened(scale, rounding);
    let digits = Digits {
        precision: *precision,
        scale: *kept,
    };
    fitted(&rounded, digits, Overflow::Session, call.session)
}

fn round_whole(
    number: i128,
    scale: i32,
    rounding: Rounding,
    call: &CallInfo<'_>,
) -> Result<Value, Failure> {
    let rounded = BigDecimal::new(number, 0)
        .shortened(scale, rounding)
        .to_string();
    // Far fewer digits than 128 bits have: the number had 64.
    let (value, is_exact) = wrapped(rounded.parse().unwrap_or(0), call.result);
    if !is_exact && call.session.ansi {
        return Err(failures::overflow(call.session, "Overflow", None));
    }
    Ok(value)
}

fn to_ceiling(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    to_next(call, scope, Rounding::Ceiling)
}

fn to_floor(call: &CallInfo<'_>, scope: &Scope<'_>) -> Result<Value, Failure> {
    to_next(call, scope, Rounding::Floor)
}

/// The next whole number, or the next one with this many digits after the point.
fn to_next(call: &CallInfo<'_>, scope: &Scope<'_>, rounding: Rounding) -> Result<Value, Failure> {
    let scale = match call
        .arguments
        .get(1)
        .map(|it| it.evaluate(scope))
        .transpose()?
    {
        None => 0,
        Some(Value::Integer(scale)) => scale,
        Some(_) => return Ok(Value::Null),
    };
    let value = call.arguments[0].evaluate(scope)?;
    match &value {
        Value::Null | Value::Long(_) => Ok(value),
        Value::Double(number) => {
            let next = match rounding {
                Rounding::Ceiling => number.0.ceil(),
                _ => number.0.floor(),
            };
            // 2^63 is the first number that is too large.
            let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&next);
            let checks = call.session.ansi && call.session.spark == SparkVersion::V4;
            if checks && !fits && !next.is_nan() {
                return Err(failures::overflow(call.session, "overflow", None));
            }
            Ok(Value::Long(next as i64))
        }
        Value::Decimal(_) => decimal(&value, scale, rounding, call),
        other => unreachable!("`ceil` takes a number, not {other:?}"),
    }
}
