//! Types as their JSON text, which `pyspark.sql.types` reads.

use std::fmt::Write;

use engine::{DataType, StructField};
use engine_sql as sql;
use engine_sql::Schema;
use pyo3::prelude::*;

use super::error::refused;

/// The JSON of the type of a text: of one type, `int`, or of the columns of a table, `a INT, b STRING`.
#[pyfunction]
pub(crate) fn parse_type(text: &str) -> PyResult<String> {
    let data_type = sql::parse_type(text)
        .or_else(|error| {
            sql::parse_schema(text)
                .map(DataType::Struct)
                .map_err(|_| error)
        })
        .map_err(|error| refused(&error))?;
    Ok(json(&data_type))
}

/// The JSON of the columns of a table.
pub(super) fn schema_json(schema: &Schema) -> String {
    json(&DataType::Struct(schema.to_struct()))
}

/// The JSON of a type.
pub(super) fn json(data_type: &DataType) -> String {
    let mut text = String::new();
    write_json(data_type, &mut text);
    text
}

fn write_json(data_type: &DataType, out: &mut String) {
    match data_type {
        DataType::Struct(fields) => {
            out.push_str(r#"{"type":"struct","fields":["#);
            for (index, field) in fields.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_field(field, out);
            }
            out.push_str("]}");
        }
        DataType::Array { element, nullable } => {
            out.push_str(r#"{"type":"array","elementType":"#);
            write_json(element, out);
            let _ = write!(out, r#","containsNull":{nullable}}}"#);
        }
        DataType::Map {
            key,
            value,
            nullable,
        } => {
            out.push_str(r#"{"type":"map","keyType":"#);
            write_json(key, out);
            out.push_str(r#","valueType":"#);
            write_json(value, out);
            let _ = write!(out, r#","valueContainsNull":{nullable}}}"#);
        }
        simple => {
            let _ = write!(out, "\"{}\"", name(simple));
        }
    }
}

fn write_field(field: &StructField, out: &mut String) {
    out.push_str(r#"{"name":"#);
    write_text(&field.name, out);
    out.push_str(r#","type":"#);
    write_json(&field.data_type, out);
    let _ = write!(out, r#","nullable":{},"metadata":{{}}}}"#, field.nullable);
}

/// A text in quotes.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

fn name(data_type: &DataType) -> String {
    match data_type {
        DataType::Byte => "byte".to_owned(),
        DataType::Short => "short".to_owned(),
        DataType::Integer => "integer".to_owned(),
        DataType::Long => "long".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

/// True if the engine has a function of this name.
#[pyfunction]
pub(crate) fn has_function(name: &str) -> bool {
    sql::functions::find(name).is_some()
        || sql::aggregates::find(name).is_some()
        || sql::generators::find(name).is_some()
}
