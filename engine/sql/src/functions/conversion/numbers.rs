//! Numbers by a pattern of SQL: `to_number`, `to_char` (`numberFormatExpressions.scala`).

use engine::{DataType, SparkVersion, Value};

use super::number_pattern::NumberPattern;
use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Prepared, Replaced, Takes, Type};
use crate::functions;
use crate::functions::values::{failed, string, text};
use crate::typed::Typed;

/// The pattern of a call, which is written down; `None` of `NULL`.
fn pattern(arguments: &[Typed], session: &Session) -> Result<Option<NumberPattern>, Mismatch> {
    match arguments[1].constant(session) {
        Some(Value::String(pattern)) => NumberPattern::parse(&pattern).map(Some),
        Some(_) => Ok(None),
        None => Err(Mismatch::new(
            "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
            "the input format should be a foldable \"STRING\" expression.",
        )),
    }
}

/// The type of a number: as many digits as its pattern has.
pub(super) fn number_type(arguments: &[Typed], session: &Session) -> Result<DataType, Mismatch> {
    let pattern = pattern(arguments, session)?;
    let (precision, scale) = pattern.map_or((38, 18), |pattern| pattern.precision());
    Ok(DataType::Decimal { precision, scale })
}

/// `to_number(text, pattern)`.
pub(super) fn to_number(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    read(call, true)
}

/// `try_to_number(text, pattern)`: `NULL` of a text that does not match.
pub(super) fn try_to_number(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    read(call, false)
}

fn read(call: &CallInfo<'_>, is_strict: bool) -> Result<Prepared, Mismatch> {
    let pattern = pattern(call.arguments, call.session)?;
    let session = call.session.clone();
    Ok(Prepared::new(move |values| {
        let Some(pattern) = &pattern else {
            return Ok(Value::Null);
        };
        let whole = text(&values[0]);
        match pattern.read(whole, session.spark) {
            Some(number) => Ok(Value::Decimal(number)),
            None if is_strict => {
                let message = format!(
                    "The format is invalid: {}. The input \"STRING\" {whole} does not match the format.",
                    pattern.text()
                );
                Err(failed(
                    &session,
                    "INVALID_FORMAT.MISMATCH_INPUT",
                    &message,
                    "42601",
                ))
            }
            None => Ok(Value::Null),
        }
    }))
}

/// A number, as a decimal, and its pattern.
pub(super) fn char_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let takes = Takes::Exactly(&[Type::Numeric, Type::String]);
    takes.coerce("to_char", arguments, session)?;
    let number = &mut arguments[0];
    let (precision, scale) = match number.data_type {
        DataType::Byte => (3, 0),
        DataType::Short => (5, 0),
        DataType::Integer => (10, 0),
        DataType::Long => (20, 0),
        DataType::Float => (14, 7),
        DataType::Double => (30, 15),
        _ => return Ok(()),
    };
    number.cast_in_place(&DataType::Decimal { precision, scale }, session)
}

/// `to_char(number, pattern)`.
pub(super) fn to_char(call: &CallInfo<'_>) -> Result<Prepared, Mismatch> {
    let pattern = pattern(call.arguments, call.session)?;
    Ok(Prepared::new(move |values| match (&values[0], &pattern) {
        (Value::Decimal(number), Some(pattern)) => string(pattern.write(*number)),
        _ => Ok(Value::Null),
    }))
}

/// In Spark 4 `to_char` of a date or a time is `date_format`, and of bytes the text in an encoding.
pub(super) fn char_of_other(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    if session.spark < SparkVersion::V4 || arguments.len() != 2 {
        return Ok(None);
    }
    let format = match arguments[1].constant(session) {
        Some(Value::String(format)) => format.to_lowercase(),
        _ => return Ok(None),
    };
    let (name, text) = match arguments[0].data_type {
        DataType::Date | DataType::Timestamp => ("date_format", "date_format({0}, {1})"),
        DataType::Binary => match format.as_str() {
            "base64" => ("base64", "base64({0})"),
            "hex" => ("hex", "hex({0})"),
            "utf-8" => ("decode", "decode({0}, {1})"),
            _ => {
                return Err(Mismatch::new(
                    "INVALID_PARAMETER_VALUE.BINARY_FORMAT",
                    format!(
                        "The value of parameter(s) `format` in `to_char` is invalid: expects one of binary formats \
                         'base64', 'hex', 'utf-8', but got '{format}'."
                    ),
                ));
            }
        },
        _ => return Ok(None),
    };
    let mut arguments = std::mem::take(arguments);
    if matches!(name, "base64" | "hex") {
        arguments.truncate(1);
    }
    let function = functions::find(name).expect("the function is in the table");
    Ok(Some(Replaced {
        typed: function.typed(arguments, session)?,
        text: Some(text.to_owned()),
    }))
}
