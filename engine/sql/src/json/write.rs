//! Values as JSON texts (`org.apache.spark.sql.catalyst.json.JacksonGenerator`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::render::Notation;
use engine::{Failure, Value};

use super::options::JsonOptions;
use super::writer::Writer;

/// The text of a value.
///
/// # Errors
///
/// A point in time that its format cannot write.
pub fn write_json(value: &Value, options: &JsonOptions) -> Result<String, Failure> {
    let mut writer = if options.pretty {
        Writer::pretty()
    } else {
        Writer::default()
    };
    write(value, options, &mut writer)?;
    Ok(writer.into_text())
}

fn write(value: &Value, options: &JsonOptions, writer: &mut Writer) -> Result<(), Failure> {
    match value {
        Value::Null => writer.raw("null"),
        Value::Struct(fields) => {
            writer.open('{');
            for (name, value) in fields.fields() {
                if *value != Value::Null || !options.ignore_null_fields {
                    writer.name(name);
                    write(value, options, writer)?;
                }
            }
            writer.close('}');
        }
        Value::Map(entries) => {
            writer.open('{');
            for (key, value) in entries.iter() {
                writer.name(&key_text(key));
                write(value, options, writer)?;
            }
            writer.close('}');
        }
        Value::Array(values) | Value::Tuple(values) => {
            writer.open('[');
            for value in values {
                write(value, options, writer)?;
            }
            writer.close(']');
        }
        Value::String(text) => writer.string(text),
        Value::Binary(bytes) => writer.string(&STANDARD.encode(bytes)),
        Value::Decimal(decimal) => writer.raw(&decimal.scientific()),
        Value::Float(number) => {
            writer.floating(&Notation::Sql.text(value), number.0.is_finite());
        }
        Value::Double(number) => writer.double(number.0),
        Value::Timestamp(_) | Value::TimestampNtz(_) | Value::Date(_) => {
            writer.string(&options.times.text(value)?.unwrap_or_default());
        }
        Value::YearMonthInterval { .. } | Value::DayTimeInterval { .. } => {
            writer.string(&Notation::Sql.text(value));
        }
        Value::Boolean(_)
        | Value::Byte(_)
        | Value::Short(_)
        | Value::Integer(_)
        | Value::Long(_) => {
            writer.raw(&Notation::Sql.text(value));
        }
    }
    Ok(())
}

/// The text of a key as the JVM has it: a date is a number of days there, a time one of microseconds.
fn key_text(key: &Value) -> String {
    let parts = |values: Vec<String>| format!("[{}]", values.join(","));
    match key {
        Value::Date(days) => days.to_string(),
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => micros.to_string(),
        Value::Decimal(decimal) => decimal.scientific(),
        Value::Null => "null".to_owned(),
        Value::Struct(fields) => parts(fields.values().map(key_text).collect()),
        Value::Array(values) => parts(values.iter().map(key_text).collect()),
        other => Notation::Sql.text(other),
    }
}
