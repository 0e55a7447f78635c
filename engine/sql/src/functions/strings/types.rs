//! The types of arguments that depend on each other: texts, or binaries where all are.

use engine::{DataType, SparkVersion, Value};

use crate::context::Session;
use crate::function::{Mismatch, Replaced, Takes, Type};
use crate::functions;
use crate::typed::Typed;

fn are_binary(arguments: &[Typed]) -> bool {
    arguments.iter().all(|it| it.data_type == DataType::Binary)
}

/// Two texts or two binaries.
pub(super) fn two(
    name: &'static str,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    let takes = if are_binary(arguments) {
        &[Type::Binary, Type::Binary]
    } else {
        &[Type::String, Type::String]
    };
    Takes::Exactly(takes).coerce(name, arguments, session)
}

/// A text and a filling, or a binary and one, with a length between.
pub(super) fn padded(
    name: &'static str,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    let is_binary = match &arguments[..] {
        [padded, _] => padded.data_type == DataType::Binary,
        [padded, _, filling] => {
            padded.data_type == DataType::Binary && filling.data_type == DataType::Binary
        }
        _ => false,
    };
    let parameters: &[Type] = if is_binary {
        &[Type::Binary, Type::Integer, Type::Binary]
    } else {
        &[Type::String, Type::Integer, Type::String]
    };
    let required = 2;
    Takes::Optional {
        required,
        parameters,
    }
    .coerce(name, arguments, session)
}

/// A number and values: all texts unless all are binaries (`EltCoercion`).
pub(super) fn elt(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let rest = match arguments.get(1..) {
        Some(values) if are_binary(values) => Type::Binary,
        _ => Type::String,
    };
    Takes::Repeated {
        first: &[Type::Integer],
        rest,
        least: 2,
    }
    .coerce("elt", arguments, session)
}

/// An array or a text; in Spark 4 also a binary.
pub(super) fn reversed(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let takes = match &arguments[..] {
        [one] if matches!(one.data_type, DataType::Array { .. }) => &[Type::Array],
        [one] if one.data_type == DataType::Binary && session.spark >= SparkVersion::V4 => {
            &[Type::Binary]
        }
        _ => &[Type::String],
    };
    Takes::Exactly(takes).coerce("reverse", arguments, session)
}

/// The arguments of `mask`.
pub(super) fn mask(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    if let Some(masked) = arguments.first()
        && !matches!(masked.data_type, DataType::String | DataType::Null)
    {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            format!(
                "`mask`: parameter 1 requires the \"STRING\" type, and it has the type \"{}\".",
                masked.data_type
            ),
        ));
    }
    Takes::Optional {
        required: 1,
        parameters: &[Type::String; 5],
    }
    .coerce("mask", arguments, session)?;
    super::changed::check_mask(arguments)
}

/// Bytes that are padded without a filling get zeros.
pub(super) fn padded_by_zeros(
    name: &'static str,
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<Option<Replaced>, Mismatch> {
    if arguments.len() != 2 || arguments[0].data_type != DataType::Binary {
        return Ok(None);
    }
    arguments.push(Typed::literal(Value::Binary([0].into()), DataType::Binary));
    let function = functions::find(name).expect("the function is in the table");
    Ok(Some(Replaced {
        typed: function.typed_call(std::mem::take(arguments), session)?,
        text: Some(format!("{name}({{0}}, {{1}}, X'00')")),
    }))
}
