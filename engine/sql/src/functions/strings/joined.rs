//! Texts and arrays that are put together, repeated and turned round.

use engine::{DataType, Failure, Text, Value, Values};

use crate::context::Session;
use crate::function::{CallInfo, Mismatch, Takes, Type};
use crate::functions::values::{bytes, check_text_length, integer, string, text};
use crate::resolve::common_type;
use crate::typed::Typed;

/// The arguments of `concat`: arrays of one type, or binaries; a text among others makes all of them texts
/// (`ConcatCoercion`, `FunctionArgumentConversion`).
pub(super) fn concat_types(arguments: &mut Vec<Typed>, session: &Session) -> Result<(), Mismatch> {
    let is_array = |it: &Typed| matches!(it.data_type, DataType::Array { .. });
    if arguments.iter().all(|it| it.data_type == DataType::Binary) {
        return Ok(());
    }
    if arguments.iter().all(is_array) {
        let types = arguments.iter().map(|it| &it.data_type);
        if let Some(common) = common_type(types, session) {
            return cast_all(arguments, &common, session);
        }
    } else if !arguments.iter().any(is_array) {
        let texts = Takes::Repeated {
            first: &[],
            rest: Type::String,
            least: 0,
        };
        return texts.coerce("concat", arguments, session);
    }
    let types = arguments.iter().map(|it| {
        if is_array(it) {
            format!("\"{}\"", it.data_type)
        } else {
            "\"STRING\"".to_owned()
        }
    });
    Err(Mismatch::new(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        format!(
            "Input to `concat` should all be the same type, but it's ({}).",
            types.collect::<Vec<_>>().join(" or ")
        ),
    ))
}

fn cast_all(arguments: &mut [Typed], to: &DataType, session: &Session) -> Result<(), Mismatch> {
    arguments
        .iter_mut()
        .try_for_each(|argument| argument.cast_in_place(to, session))
}

/// The type of `concat`: a text if it has no arguments.
pub(super) fn concat_type(arguments: &[Typed], _: &Session) -> Result<DataType, Mismatch> {
    let Some(first) = arguments.first() else {
        return Ok(DataType::String);
    };
    let nullable = arguments
        .iter()
        .any(|argument| matches!(argument.data_type, DataType::Array { nullable: true, .. }));
    Ok(match first.data_type.clone() {
        DataType::Array { element, .. } => DataType::Array { element, nullable },
        other => other,
    })
}

/// `concat(a, b, ..)` of texts, binaries or arrays.
pub(super) fn concat(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match call.result {
        DataType::Array { .. } => {
            let arrays = values.iter().filter_map(|value| match value {
                Value::Array(items) => Some(&items[..]),
                _ => None,
            });
            Value::Array(arrays.flatten().cloned().collect())
        }
        DataType::Binary => {
            let joined: Vec<u8> = values.iter().flat_map(bytes).copied().collect();
            Value::Binary(joined.into())
        }
        _ => {
            let joined: String = values.iter().map(|value| text(value).as_str()).collect();
            Value::String(joined.into())
        }
    })
}

/// The arguments of `concat_ws`: texts and arrays of texts, behind a separator.
pub(super) fn concat_ws_types(
    arguments: &mut Vec<Typed>,
    session: &Session,
) -> Result<(), Mismatch> {
    if arguments.is_empty() {
        return Err(Mismatch::new(
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
            "The `concat_ws` requires > 0 parameters but the actual number is 0.",
        ));
    }
    for (index, argument) in arguments.iter_mut().enumerate() {
        let to = match (&argument.data_type, index) {
            (DataType::Array { element, nullable }, 1..) if **element != DataType::String => {
                DataType::Array {
                    element: Box::new(DataType::String),
                    nullable: *nullable,
                }
            }
            (DataType::Array { .. }, 1..) => continue,
            _ => DataType::String,
        };
        argument.cast_in_place(&to, session)?;
    }
    Ok(())
}

/// `concat_ws(separator, a, b, ..)`: all that are not `NULL`, elements of arrays among them.
pub(super) fn concat_ws(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Value::String(separator), parts) = (&values[0], &values[1..]) else {
        return Ok(Value::Null);
    };
    let mut joined: Vec<&str> = Vec::new();
    for part in parts {
        match part {
            Value::String(text) => joined.push(text),
            Value::Array(items) => {
                joined.extend(
                    items
                        .iter()
                        .filter(|it| **it != Value::Null)
                        .map(|it| text(it).as_str()),
                );
            }
            _ => {}
        }
    }
    string(joined.join(separator))
}

/// `repeat(text, times)`.
pub(super) fn repeat(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    repeated(text(&values[0]), integer(&values[1]))
}

/// `space(count)`.
pub(super) fn space(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    repeated(" ", integer(&values[0]))
}

fn repeated(repeated: &str, times: i32) -> Result<Value, Failure> {
    let times = usize::try_from(times).unwrap_or(0);
    check_text_length(repeated.len().saturating_mul(times))?;
    string(repeated.repeat(times))
}

/// `reverse(text)`, also of an array, and of a binary in Spark 4.
pub(super) fn reverse(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(match &values[0] {
        Value::Array(items) => Value::Array(items.iter().rev().cloned().collect::<Values>()),
        Value::Binary(bytes) => Value::Binary(bytes.iter().rev().copied().collect()),
        other => Value::String(Text::from(text(other).chars().rev().collect::<String>())),
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{session, value};

    #[test]
    fn a_text_that_no_test_has_memory_for_is_refused() {
        for sql in [
            "repeat('x', 2147483647)",
            "space(1000000000)",
            "lpad('x', 2000000000, 'y')",
            "format_number(1.5, 2147483647)",
        ] {
            let refusal = value(sql, &session(false, "UTC")).expect_err("it is too long");
            assert!(
                refusal.contains("bytes is not made here"),
                "{sql}: {refusal}"
            );
        }
    }
}
