//! The casts of two operands (`PromoteStrings`, `DecimalPrecision`, `ImplicitTypeCasts`).

use engine::{DataType, SparkVersion, Value};

use super::common::{
    digits_for, is_integral, is_same_type, text_in_ansi, tightest_type, wider_digits,
};
use crate::context::Session;
use crate::function::{Mismatch, Operator, Type};
use crate::typed::Typed;

/// Casts both operands to one type, which must be one that the operator takes.
pub(super) fn coerce_operands(
    name: &str,
    operator: Operator,
    takes: &[Type],
    operands: &mut [Typed],
    session: &Session,
) -> Result<(), Mismatch> {
    let [left, right] = operands else {
        unreachable!("the number of operands was checked");
    };
    promote_text(operator, left, right, session)?;
    widen_decimal(operator, left, right, session)?;
    match operator {
        Operator::Division => divide_doubles(left, right, session)?,
        Operator::WholeDivision => {
            for operand in [&mut *left, &mut *right] {
                if is_integral(&operand.data_type) {
                    operand.cast_in_place(&DataType::Long, session)?;
                }
            }
        }
        Operator::Arithmetic | Operator::Comparison | Operator::Logic => {}
    }
    let is_decimal = |it: &Typed| Type::Decimal.has(&it.data_type);
    let is_null = |it: &Typed| it.data_type == DataType::Null;
    let has_decimal = is_decimal(left) || is_decimal(right);
    if left.data_type != right.data_type && (!has_decimal || is_null(left) || is_null(right)) {
        let common = tightest_type(&left.data_type, &right.data_type, session);
        if let Some(common) = common.filter(|it| has_any(takes, it)) {
            left.cast_in_place(&common, session)?;
            right.cast_in_place(&common, session)?;
        }
    }
    for operand in [&mut *left, &mut *right] {
        if operand.data_type == DataType::Null
            && let Some(to) = takes.first().and_then(|it| it.default_type())
        {
            operand.cast_in_place(&to, session)?;
        }
    }
    check(name, operator, takes, left, right, session)
}

/// Numbers other than decimals are divided as `DOUBLE`s (`Division`).
fn divide_doubles(left: &mut Typed, right: &mut Typed, session: &Session) -> Result<(), Mismatch> {
    let is_number = |it: &Typed| it.data_type == DataType::Null || Type::Numeric.has(&it.data_type);
    let is_done = left.data_type == DataType::Double || Type::Decimal.has(&left.data_type);
    if !is_done && is_number(left) && is_number(right) {
        left.cast_in_place(&DataType::Double, session)?;
        right.cast_in_place(&DataType::Double, session)?;
    }
    Ok(())
}

fn has_any(takes: &[Type], data_type: &DataType) -> bool {
    takes.iter().any(|it| it.has(data_type))
}

/// A text becomes a value of the type of the other operand, or a number (`PromoteStrings`).
fn promote_text(
    operator: Operator,
    left: &mut Typed,
    right: &mut Typed,
    session: &Session,
) -> Result<(), Mismatch> {
    use DataType::String;
    if left.data_type != String && right.data_type != String {
        return Ok(());
    }
    let other = if left.data_type == String {
        &right.data_type
    } else {
        &left.data_type
    };
    if session.ansi {
        if let Some(to) = text_in_ansi(other) {
            left.cast_in_place(&to, session)?;
            right.cast_in_place(&to, session)?;
        }
        return Ok(());
    }
    match operator {
        Operator::Arithmetic | Operator::Division | Operator::WholeDivision => {
            let is_interval = matches!(
                other,
                DataType::DayTimeInterval(_) | DataType::YearMonthInterval(_)
            );
            for operand in [left, right] {
                if operand.data_type == String && !is_interval {
                    operand.cast_in_place(&DataType::Double, session)?;
                }
            }
        }
        Operator::Comparison => {
            if let Some(to) = compared_with_text(other) {
                left.cast_in_place(&to, session)?;
                right.cast_in_place(&to, session)?;
            }
        }
        Operator::Logic => {}
    }
    Ok(())
}

/// The type that a text and a value of this type are compared as (`findCommonTypeForBinaryComparison`).
fn compared_with_text(other: &DataType) -> Option<DataType> {
    match other {
        DataType::Null | DataType::String => Some(DataType::String),
        DataType::Decimal { .. } => Some(DataType::Double),
        DataType::DayTimeInterval(_)
        | DataType::YearMonthInterval(_)
        | DataType::Array { .. }
        | DataType::Map { .. }
        | DataType::Struct(_) => None,
        atom => Some(atom.clone()),
    }
}

/// Makes an operand a decimal where the other is one, or both `DOUBLE` (`DecimalPrecision`).
fn widen_decimal(
    operator: Operator,
    left: &mut Typed,
    right: &mut Typed,
    session: &Session,
) -> Result<(), Mismatch> {
    match (&left.data_type, &right.data_type) {
        (DataType::Decimal { .. }, _) => widen_to_decimal(left, right, session)?,
        (_, DataType::Decimal { .. }) => widen_to_decimal(right, left, session)?,
        _ => return Ok(()),
    }
    // Arithmetic has a result type of its own for each pair of decimals.
    if operator == Operator::Comparison
        && Type::Decimal.has(&left.data_type)
        && Type::Decimal.has(&right.data_type)
        && let Some(one) = digits_for(&left.data_type)
        && let Some(other) = digits_for(&right.data_type)
    {
        let common = wider_digits(one, other, session);
        left.cast_in_place(&common, session)?;
        right.cast_in_place(&common, session)?;
    }
    Ok(())
}

fn widen_to_decimal(
    decimal: &mut Typed,
    other: &mut Typed,
    session: &Session,
) -> Result<(), Mismatch> {
    if matches!(other.data_type, DataType::Float | DataType::Double) {
        return decimal.cast_in_place(&DataType::Double, session);
    }
    if !is_integral(&other.data_type) {
        return Ok(());
    }
    let digits = match other.as_literal() {
        Some(literal) => digits_of_literal(literal),
        None => None,
    };
    let Some((precision, scale)) = digits.or_else(|| digits_for(&other.data_type)) else {
        return Ok(());
    };
    other.cast_in_place(&DataType::Decimal { precision, scale }, session)
}

/// The digits that a whole number was written with (`DecimalType.fromLiteral`); `TINYINT`s have those of their type.
fn digits_of_literal(literal: &Value) -> Option<(u8, u8)> {
    let number = match literal {
        Value::Short(number) => i64::from(*number),
        Value::Integer(number) => i64::from(*number),
        Value::Long(number) => *number,
        _ => return None,
    };
    let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
    Some((digits as u8, 0))
}

fn check(
    name: &str,
    operator: Operator,
    takes: &[Type],
    left: &Typed,
    right: &Typed,
    session: &Session,
) -> Result<(), Mismatch> {
    let one = &left.data_type;
    let other = &right.data_type;
    let are_decimals = Type::Decimal.has(one) && Type::Decimal.has(other);
    let is_logic = matches!(operator, Operator::Comparison | Operator::Logic);
    let is_arithmetic = !is_logic && takes.first() != Some(&Type::Integral);
    if !(is_same_type(one, other, session) || are_decimals && is_arithmetic) {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
            format!(
                "the left and right operands of the binary operator have incompatible types (\"{one}\" and \"{other}\")."
            ),
        ));
    }
    if !has_any(takes, one) {
        let names: Vec<String> = takes.iter().map(|it| it.name()).collect();
        let required = match &names[..] {
            [name] => name.clone(),
            _ => format!("({})", names.join(" or ")),
        };
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
            format!("the binary operator requires the input type {required}, not \"{one}\"."),
        ));
    }
    if operator == Operator::Comparison {
        check_ordered(name, one)?;
    }
    Ok(())
}

/// Refuses a type whose values have no order (`TypeUtils.checkForOrderingExpr`).
pub(crate) fn check_ordered(function: &str, data_type: &DataType) -> Result<(), Mismatch> {
    if is_ordered(data_type) {
        return Ok(());
    }
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        format!("The `{function}` does not support ordering on type \"{data_type}\"."),
    ))
}

fn is_ordered(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map { .. } => false,
        DataType::Array { element, .. } => is_ordered(element),
        DataType::Struct(fields) => fields.iter().all(|field| is_ordered(&field.data_type)),
        _ => true,
    }
}

/// The name of a parameter in a message, from its index.
pub(super) fn parameter_name(index: usize, session: &Session) -> String {
    const ORDINALS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    match (session.spark, ORDINALS.get(index)) {
        (SparkVersion::V4, Some(ordinal)) => format!("The {ordinal} parameter"),
        (SparkVersion::V4, None) => format!("The {}th parameter", index + 1),
        (SparkVersion::V3_5, _) => format!("Parameter {}", index + 1),
    }
}
