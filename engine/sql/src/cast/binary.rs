//! Casts to bytes.

use engine::Value;

/// The bytes of a text in UTF-8, or of a whole number, big end first.
pub(super) fn to_binary(value: Value) -> Value {
    Value::Binary(match value {
        Value::String(text) => text.as_bytes().into(),
        Value::Byte(number) => number.to_be_bytes().as_slice().into(),
        Value::Short(number) => number.to_be_bytes().as_slice().into(),
        Value::Integer(number) => number.to_be_bytes().as_slice().into(),
        Value::Long(number) => number.to_be_bytes().as_slice().into(),
        _ => return Value::Null,
    })
}
