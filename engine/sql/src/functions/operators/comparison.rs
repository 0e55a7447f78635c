//! Comparisons (`predicates.scala`).

use std::cmp::Ordering;

use engine::{DataType, Failure, Value};

use crate::context::Session;
use crate::decimal::{BigDecimal, Rounding};
use crate::function::{
    ColumnText, Evaluate, Function, Gives, Mismatch, Nulls, Operator, Replaced, Takes, Type,
};
use crate::functions;
use crate::typed::Typed;

const TAKES: Takes = Takes::Operands(Operator::Comparison, &[Type::Ordered]);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    comparison("=", |one, other| holds(one, other, Ordering::is_eq))
        .aliases(&["=="])
        .instead(equal_to_boolean),
    comparison("<", |one, other| holds(one, other, Ordering::is_lt))
        .instead(|arguments, session| with_whole(&LESS, arguments, session)),
    comparison("<=", |one, other| holds(one, other, Ordering::is_le))
        .instead(|arguments, session| with_whole(&LESS_OR_EQUAL, arguments, session)),
    comparison(">", |one, other| holds(one, other, Ordering::is_gt))
        .instead(|arguments, session| with_whole(&GREATER, arguments, session)),
    comparison(">=", |one, other| holds(one, other, Ordering::is_ge))
        .instead(|arguments, session| with_whole(&GREATER_OR_EQUAL, arguments, session)),
    // `NULL` is equal to itself.
    Function::new(
        "<=>",
        TAKES,
        Gives::Type(DataType::Boolean),
        Evaluate::Eager(|values, _| holds(&values[0], &values[1], Ordering::is_eq)),
    )
    .text(ColumnText::Infix("<=>"))
    .nulls(Nulls::Never)
    .instead(same_as_boolean),
];

const fn comparison(
    name: &'static str,
    evaluate: fn(&Value, &Value) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        TAKES,
        Gives::Type(DataType::Boolean),
        Evaluate::Pair(evaluate),
    )
    .text(ColumnText::Infix(name))
}

fn holds(one: &Value, other: &Value, holds: fn(Ordering) -> bool) -> Result<Value, Failure> {
    Ok(Value::Boolean(holds(order(one, other))))
}

/// The order of two values of one type: `NULL` first, structs by their fields, whatever these are named.
pub(crate) fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Struct(one), Value::Struct(other)) => order_all(one.values(), other.values()),
        (Value::Array(one), Value::Array(other)) => order_all(one.iter(), other.iter()),
        _ => one.cmp(other),
    }
}

fn order_all<'a>(
    ones: impl Iterator<Item = &'a Value>,
    mut others: impl Iterator<Item = &'a Value>,
) -> Ordering {
    for one in ones {
        match others.next().map(|other| order(one, other)) {
            None => return Ordering::Greater,
            Some(Ordering::Equal) => {}
            Some(different) => return different,
        }
    }
    if others.next().is_some() {
        Ordering::Less
    } else {
        Ordering::Equal
    }
}

/// A comparison of a whole number with a decimal that is written down.
struct WithLiteral {
    name: &'static str,
    /// The whole number that stands for a decimal on the right, and on the left.
    right: Rounding,
    left: Rounding,
    /// The answer where the decimal on the right is beyond all numbers of 64 bits, and greater.
    if_greater: bool,
}

const LESS: WithLiteral = WithLiteral {
    name: "<",
    right: Rounding::Ceiling,
    left: Rounding::Floor,
    if_greater: true,
};

const LESS_OR_EQUAL: WithLiteral = WithLiteral {
    name: "<=",
    right: Rounding::Floor,
    left: Rounding::Ceiling,
    if_greater: true,
};

const GREATER: WithLiteral = WithLiteral {
    name: ">",
    right: Rounding::Floor,
    left: Rounding::Ceiling,
    if_greater: false,
};

const GREATER_OR_EQUAL: WithLiteral = WithLiteral {
    name: ">=",
    right: Rounding::Ceiling,
    left: Rounding::Floor,
    if_greater: false,
};

/// A whole number is compared with a whole number in the place of a decimal that is written down
/// (`DecimalPrecision.integralAndDecimalLiteral`).
fn with_whole(
    comparison: &WithLiteral,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    let [left, right] = &arguments[..] else {
        return Ok(None);
    };
    let is_whole = |it: &Typed| Type::Integral.has(&it.data_type);
    let (decimal, rounding, is_right) = match (left.as_literal(), right.as_literal()) {
        (_, Some(Value::Decimal(decimal))) if is_whole(left) => (*decimal, comparison.right, true),
        (Some(Value::Decimal(decimal)), _) if is_whole(right) => (*decimal, comparison.left, false),
        _ => return Ok(None),
    };
    let rounded = BigDecimal::from(decimal)
        .with_scale(0, rounding)
        .to_string();
    let Ok(whole) = rounded.parse::<i64>() else {
        let is_greater = (decimal.unscaled() > 0) == is_right;
        let answer = is_greater == comparison.if_greater;
        return Ok(Some(Replaced {
            typed: Typed::literal(Value::Boolean(answer), DataType::Boolean),
            text: Some(answer.to_string()),
        }));
    };
    arguments[usize::from(is_right)] = Typed::literal(Value::Long(whole), DataType::Long);
    let name = comparison.name;
    let text = if is_right {
        format!("({{0}} {name} {whole})")
    } else {
        format!("({whole} {name} {{1}})")
    };
    let typed = functions::call(name, std::mem::take(arguments), session)?;
    Ok(Some(Replaced {
        typed,
        text: Some(text),
    }))
}

/// Outside of ANSI mode a number is compared with a truth value: 1 is `TRUE`, 0 is `FALSE` (`BooleanEquality`).
fn equal_to_boolean(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    let Some((truth, place)) = literal_truth(arguments, session)? else {
        return Ok(None);
    };
    let value = arguments.swap_remove(place);
    if truth {
        return Ok(Some(Replaced {
            typed: value,
            text: Some(format!("{{{place}}}")),
        }));
    }
    Ok(Some(Replaced {
        typed: functions::call("not", vec![value], session)?,
        text: Some(format!("(NOT {{{place}}})")),
    }))
}

fn same_as_boolean(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    let Some((truth, place)) = literal_truth(arguments, session)? else {
        return Ok(None);
    };
    let value = arguments.swap_remove(place);
    let is_known = functions::call("isnotnull", vec![value.clone()], session)?;
    let (holds, text) = if truth {
        (value, format!("{{{place}}}"))
    } else {
        (
            functions::call("not", vec![value], session)?,
            format!("(NOT {{{place}}})"),
        )
    };
    Ok(Some(Replaced {
        typed: functions::call("and", vec![is_known, holds], session)?,
        text: Some(format!("(({{{place}}} IS NOT NULL) AND {text})")),
    }))
}

/// The truth value that a literal number stands for, and the place of the other operand, which is `BOOLEAN`; a
/// `BOOLEAN` that is compared with another number becomes a number.
fn literal_truth(
    arguments: &mut [Typed],
    session: &Session,
) -> Result<Option<(bool, usize)>, Mismatch> {
    let [left, right] = arguments else {
        return Ok(None);
    };
    if session.ansi {
        return Ok(None);
    }
    let is_truth = |it: &Typed| it.data_type == DataType::Boolean;
    let (truth, number, place) = if is_truth(left) && Type::Numeric.has(&right.data_type) {
        (left, right, 0)
    } else if is_truth(right) && Type::Numeric.has(&left.data_type) {
        (right, left, 1)
    } else {
        return Ok(None);
    };
    let literal = number.as_literal().and_then(|it| match it {
        Value::Byte(number) => Some(i128::from(*number)),
        Value::Short(number) => Some(i128::from(*number)),
        Value::Integer(number) => Some(i128::from(*number)),
        Value::Long(number) => Some(i128::from(*number)),
        Value::Decimal(number) => {
            let one = 10_i128.pow(u32::from(number.scale()));
            (number.unscaled() % one == 0).then_some(number.unscaled() / one)
        }
        _ => None,
    });
    match literal {
        Some(0) => Ok(Some((false, place))),
        Some(1) => Ok(Some((true, place))),
        _ => {
            let to = number.data_type.clone();
            truth.cast_in_place(&to, session)?;
            Ok(None)
        }
    }
}
