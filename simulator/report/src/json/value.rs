//! Values of rows as JSON.

use engine::Value;
use engine::render::{Notation, timestamp_text};
use serde_json::{Value as JsonValue, json};

pub(super) fn array<'a>(values: impl IntoIterator<Item = &'a Value>) -> JsonValue {
    values.into_iter().map(json_value).collect()
}

/// Numbers are numbers, rows arrays, a map is an array of pairs, and all else a text.
fn json_value(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Boolean(truth) => json!(truth),
        Value::Byte(number) => json!(number),
        Value::Short(number) => json!(number),
        Value::Integer(number) => json!(number),
        Value::Long(number) => json!(number),
        Value::Float(number) => json_number(number.0.into()),
        Value::Double(number) => json_number(number.0),
        Value::String(text) => json!(text.as_str()),
        Value::Timestamp(micros) => json!(timestamp_text(*micros).replace(' ', "T") + "Z"),
        Value::TimestampNtz(micros) => json!(timestamp_text(*micros).replace(' ', "T")),
        Value::Decimal(_)
        | Value::Binary(_)
        | Value::Date(_)
        | Value::YearMonthInterval { .. }
        | Value::DayTimeInterval { .. } => json!(Notation::Sql.text(value)),
        Value::Tuple(values) | Value::Array(values) => array(values),
        Value::Struct(fields) => array(fields.values()),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| array([key, value]))
            .collect(),
    }
}

/// JSON has no word for some numbers.
fn json_number(number: f64) -> JsonValue {
    match number {
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        _ if number.is_nan() => json!("NaN"),
        _ => json!(number),
    }
}
