//! The lines of rows in files: JSON and CSV.

use std::fmt::Write as _;

use engine::render::Notation;
use engine::{Row, Text, Value};

/// A format of files, as `DataStreamWriter.format` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    /// A JSON object a row, without the fields that are `NULL`.
    Json,
    /// Cells behind each other, without a header.
    Csv,
}

impl FileFormat {
    /// The name of the format, and the extension of its files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FileFormat::Json => "json",
            FileFormat::Csv => "csv",
        }
    }

    /// The line of a row; points in time in UTC.
    pub(crate) fn line(self, columns: &[Text], row: &Row) -> Text {
        match self {
            FileFormat::Json => {
                let mut line = String::new();
                write_object(columns.iter().zip(row), &mut line);
                line.into()
            }
            FileFormat::Csv => {
                let cells: Vec<String> = row.iter().map(cell).collect();
                cells.join(",").into()
            }
        }
    }
}

fn write_object<'a>(fields: impl Iterator<Item = (&'a Text, &'a Value)>, line: &mut String) {
    line.push('{');
    let mut separator = "";
    for (name, value) in fields.filter(|(_, value)| **value != Value::Null) {
        line.push_str(separator);
        write_text(name, line);
        line.push(':');
        write_json(value, line);
        separator = ",";
    }
    line.push('}');
}

fn write_json(value: &Value, line: &mut String) {
    match value {
        Value::Null => line.push_str("null"),
        Value::Boolean(_)
        | Value::Byte(_)
        | Value::Short(_)
        | Value::Integer(_)
        | Value::Long(_)
        | Value::Decimal(_) => line.push_str(&Notation::Sql.text(value)),
        Value::Struct(fields) => {
            let fields = fields.fields().iter();
            write_object(fields.map(|(name, value)| (name, value)), line);
        }
        Value::Array(values) => {
            line.push('[');
            for (index, value) in values.iter().enumerate() {
                line.push_str(if index > 0 { "," } else { "" });
                write_json(value, line);
            }
            line.push(']');
        }
        _ => write_text(&alone(value), line),
    }
}

/// A text in quotes, with the escapes of Jackson.
fn write_text(text: &str, line: &mut String) {
    line.push('"');
    for character in text.chars() {
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\u{8}' => line.push_str("\\b"),
            '\u{c}' => line.push_str("\\f"),
            '\0'..='\x1f' => {
                write!(line, "\\u{:04X}", u32::from(character)).ok();
            }
            _ => line.push(character),
        }
    }
    line.push('"');
}

/// A cell of CSV (`org.apache.spark.sql.catalyst.csv.UnivocityGenerator`): nothing for `NULL`, without white space around
/// it, in quotes if it has a comma, a quote or a line end, begins with `#`, or is empty.
fn cell(value: &Value) -> String {
    if *value == Value::Null {
        return String::new();
    }
    let text = alone(value);
    let text = text.trim_matches(|character| character <= ' ');
    let needs_quotes =
        text.is_empty() || text.starts_with('#') || text.contains([',', '"', '\n', '\r']);
    if !needs_quotes {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// The text of a value outside of a list: of a point in time as `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`.
fn alone(value: &Value) -> String {
    let text = Notation::Sql.text(value);
    let Value::Timestamp(micros) = value else {
        return text;
    };
    let seconds = text.split('.').next().unwrap_or_default();
    let millis = micros.div_euclid(1_000).rem_euclid(1_000);
    format!("{}.{millis:03}Z", seconds.replace(' ', "T"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(format: FileFormat, row: &[Value], expected: &str) {
        let names = ["a", "b", "c"].map(Text::from);
        assert_eq!(format.line(&names[..row.len()], &row.to_vec()), expected);
    }

    fn text(text: &str) -> Value {
        Value::String(text.into())
    }

    fn window() -> Value {
        let fields = [("start", -1_000), ("end", 1_529_622_030_000_500)];
        let fields = fields.map(|(name, micros)| (name, Value::Timestamp(micros)));
        Value::Struct(fields.into_iter().collect())
    }

    #[test]
    fn a_row_of_json_is_an_object_without_nulls() {
        let row = [text("gr\"een\\x\u{1}\té"), Value::Null, Value::Long(-2)];
        check(
            FileFormat::Json,
            &row,
            r#"{"a":"gr\"een\\x\u0001\té","c":-2}"#,
        );
        let expected =
            r#"{"a":{"start":"1969-12-31T23:59:59.999Z","end":"2018-06-21T23:00:30.000Z"}}"#;
        check(FileFormat::Json, &[window()], expected);
        let list = Value::Array([text("x"), Value::Null].into_iter().collect());
        check(FileFormat::Json, &[list], r#"{"a":["x",null]}"#);
    }

    #[test]
    fn a_row_of_csv_has_quotes_where_they_are_needed() {
        let row = [text("x,y"), Value::Null, Value::Long(3)];
        check(FileFormat::Csv, &row, r#""x,y",,3"#);
        let row = [text(""), text("\u{1}\té "), text(r#"q\"r"#)];
        check(FileFormat::Csv, &row, r#""",é,"q\\\"r""#);
        let row = [text(r"\"), text("#c"), text("tab\there")];
        check(FileFormat::Csv, &row, "\\,\"#c\",tab\there");
    }
}
