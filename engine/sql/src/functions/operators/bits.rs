//! Bits of whole numbers (`bitwiseExpressions.scala`, `ShiftLeft` and its like of `mathExpressions.scala`).

use engine::{DataType, Failure, Value};

use super::arithmetic::{whole, wrapped};
use crate::function::{CallInfo, ColumnText, Evaluate, Function, Gives, Operator, Takes, Type};
use crate::functions::failures;

const BITS: Takes = Takes::Operands(Operator::Arithmetic, &[Type::Integral]);

const SHIFT: Takes = Takes::Exactly(&[Type::OneOf(&[Type::Integer, Type::Long]), Type::Integer]);

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    of_two("&", |values, call| {
        bits(values, call, |one, other| one & other)
    }),
    of_two("|", |values, call| {
        bits(values, call, |one, other| one | other)
    }),
    of_two("^", |values, call| {
        bits(values, call, |one, other| one ^ other)
    }),
    Function::new(
        "~",
        Takes::Exactly(&[Type::Integral]),
        Gives::Argument(0),
        Evaluate::Strict(|values, call| bits(values, call, |one, _| !one)),
    )
    .text(ColumnText::By(|texts| format!("~{}", texts[0]))),
    shift("shiftleft", left),
    shift("shiftright", right),
    shift("shiftrightunsigned", right_unsigned),
    shift("<<", left).text(ColumnText::Infix("<<")).since_4(),
    shift(">>", right).text(ColumnText::Infix(">>")).since_4(),
    shift(">>>", right_unsigned)
        .text(ColumnText::Infix(">>>"))
        .since_4(),
    Function::new(
        "bit_count",
        Takes::Exactly(&[Type::OneOf(&[Type::Integral, Type::Boolean])]),
        Gives::Type(DataType::Integer),
        Evaluate::Strict(count),
    ),
    Function::new(
        "bit_get",
        Takes::Exactly(&[Type::Integral, Type::Integer]),
        Gives::Type(DataType::Byte),
        Evaluate::Strict(get),
    )
    .aliases(&["getbit"]),
];

const fn of_two(
    name: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(name, BITS, Gives::Argument(0), Evaluate::Strict(evaluate))
        .text(ColumnText::Infix(name))
}

const fn shift(
    name: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(name, SHIFT, Gives::Argument(0), Evaluate::Strict(evaluate))
}

/// Of the numbers extended by their signs: the low bits are those of the result.
fn bits(
    values: &[Value],
    call: &CallInfo<'_>,
    result: fn(i128, i128) -> i128,
) -> Result<Value, Failure> {
    let number = |value: Option<&Value>| value.and_then(whole).unwrap_or(0);
    let result = result(number(values.first()), number(values.get(1)));
    Ok(wrapped(result, call.result).0)
}

/// The number and the places to shift it by, of which Java takes the low bits.
fn left(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match (&values[0], &values[1]) {
        (Value::Integer(bits), Value::Integer(places)) => {
            Value::Integer(bits.wrapping_shl(places.cast_unsigned()))
        }
        (Value::Long(bits), Value::Integer(places)) => {
            Value::Long(bits.wrapping_shl(places.cast_unsigned()))
        }
        _ => unreachable!("a shift takes whole numbers, not {values:?}"),
    })
}

fn right(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match (&values[0], &values[1]) {
        (Value::Integer(bits), Value::Integer(places)) => {
            Value::Integer(bits.wrapping_shr(places.cast_unsigned()))
        }
        (Value::Long(bits), Value::Integer(places)) => {
            Value::Long(bits.wrapping_shr(places.cast_unsigned()))
        }
        _ => unreachable!("a shift takes whole numbers, not {values:?}"),
    })
}

fn right_unsigned(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match (&values[0], &values[1]) {
        (Value::Integer(bits), Value::Integer(places)) => {
            let shifted = bits.cast_unsigned().wrapping_shr(places.cast_unsigned());
            Value::Integer(shifted.cast_signed())
        }
        (Value::Long(bits), Value::Integer(places)) => {
            let shifted = bits.cast_unsigned().wrapping_shr(places.cast_unsigned());
            Value::Long(shifted.cast_signed())
        }
        _ => unreachable!("a shift takes whole numbers, not {values:?}"),
    })
}

/// The bits that are set, of the number as a `BIGINT`.
fn count(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let bits = match &values[0] {
        Value::Boolean(bit) => i64::from(*bit),
        other => whole(other).map_or(0, |number| number as i64),
    };
    Ok(Value::Integer(bits.count_ones().cast_signed()))
}

fn get(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Some(bits), Some(place)) = (whole(&values[0]), whole(&values[1])) else {
        unreachable!("`bit_get` takes whole numbers, not {values:?}");
    };
    let size = match values[0] {
        Value::Byte(_) => 8,
        Value::Short(_) => 16,
        Value::Integer(_) => 32,
        _ => 64,
    };
    if (0..size).contains(&place) {
        return Ok(Value::Byte((bits >> place & 1) as i8));
    }
    let unclassified = if place < 0 {
        format!("Invalid bit position: {place} is less than zero")
    } else {
        format!("Invalid bit position: {place} exceeds the bit upper limit")
    };
    let message = format!(
        "The value of parameter(s) `pos` in `bit_get` is invalid: expects an integer value in [0, {size}), but got {place}."
    );
    let class = "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE";
    Err(failures::invalid(
        call.session,
        unclassified,
        class,
        &message,
        "22023",
    ))
}
