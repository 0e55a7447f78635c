//! Functions of Spark 4 about texts that are not UTF-8, and quotes. A text here is always UTF-8: bytes that are not
//! become U+FFFD when they are cast to a text.

use engine::{Failure, Value};

use crate::function::CallInfo;
use crate::functions::values::{bytes, failed, hexadecimal, string, text};

/// `is_valid_utf8`.
pub(super) fn is_valid(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(Value::Boolean(checked(&values[0]).is_some()))
}

/// `make_valid_utf8`: with U+FFFD in the place of other bytes.
pub(super) fn make_valid(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Binary(bytes) => string(String::from_utf8_lossy(bytes).into_owned()),
        other => Ok(other.clone()),
    }
}

/// `validate_utf8`.
pub(super) fn validate(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    checked(&values[0]).ok_or_else(|| {
        let digits = hexadecimal(bytes(&values[0])).to_uppercase();
        let pairs = digits.as_bytes().chunks(2);
        let pairs: Vec<&str> = pairs
            .filter_map(|pair| std::str::from_utf8(pair).ok())
            .collect();
        let bytes = format!("\\x{}", pairs.join("\\x"));
        let message = format!("Invalid UTF8 byte sequence found in string: {bytes}.");
        failed(call.session, "INVALID_UTF8_STRING", &message, "22029")
    })
}

/// `try_validate_utf8`.
pub(super) fn try_validate(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(checked(&values[0]).unwrap_or(Value::Null))
}

fn checked(value: &Value) -> Option<Value> {
    match value {
        Value::Binary(bytes) => {
            let text = std::str::from_utf8(bytes).ok()?;
            Some(Value::String(text.into()))
        }
        other => Some(other.clone()),
    }
}

/// `quote`: between apostrophes, those within behind a backslash.
pub(super) fn quote(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    string(format!("'{}'", text(&values[0]).replace('\'', "\\'")))
}
