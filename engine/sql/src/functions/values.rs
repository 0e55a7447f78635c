//! The values of arguments, after a function's types were checked, and the failures of functions.

use std::fmt::Write;

use engine::{Failure, FailureKind, Text, Value};

use crate::context::Session;
use crate::failures::failure;

/// A text.
pub(super) fn text(value: &Value) -> &Text {
    match value {
        Value::String(text) => text,
        other => unreachable!("the argument was cast to a STRING, not {other:?}"),
    }
}

/// A whole number of 32 bits.
pub(super) fn integer(value: &Value) -> i32 {
    match value {
        Value::Integer(number) => *number,
        other => unreachable!("the argument was cast to an INT, not {other:?}"),
    }
}

/// The bytes of a binary, or of a text in UTF-8.
pub(super) fn bytes(value: &Value) -> &[u8] {
    match value {
        Value::Binary(bytes) => bytes,
        Value::String(text) => text.as_bytes(),
        other => unreachable!("the argument was cast to a BINARY, not {other:?}"),
    }
}

/// The value of a text.
pub(super) fn string(text: impl Into<Text>) -> Result<Value, Failure> {
    Ok(Value::String(text.into()))
}

/// The most bytes of a text that a function makes of a number: more than any test has memory for.
const TEXT_MAX: usize = 1 << 27;

/// Refuses a text of this many bytes if it is too long.
pub(super) fn check_text_length(length: usize) -> Result<(), Failure> {
    if length <= TEXT_MAX {
        return Ok(());
    }
    Err(thrown(format!(
        "a text of {length} bytes is not made here: {TEXT_MAX} is the most"
    )))
}

/// The value of some bytes.
pub(super) fn binary(bytes: &[u8]) -> Result<Value, Failure> {
    Ok(Value::Binary(bytes.into()))
}

/// Bytes in hexadecimal digits, with small letters.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a text does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// A count as an `INT`. No text or array of the JVM has more than 2^31 elements.
pub(super) fn count(count: usize) -> Result<Value, Failure> {
    Ok(Value::Integer(i32::try_from(count).unwrap_or(i32::MAX)))
}

/// A failure of an expression: Spark's error class, its message and its SQLSTATE.
pub(super) fn failed(session: &Session, condition: &str, message: &str, state: &str) -> Failure {
    failure(FailureKind::Spark, condition, message, state, session)
}

/// A failure without an error class.
pub(super) fn thrown(message: impl Into<Text>) -> Failure {
    Failure::new(FailureKind::Spark, message)
}
