//! The text of a literal in SQL (`org.apache.spark.sql.catalyst.expressions.Literal.sql`).

use engine::Value;
use engine::render::{Notation, Renderer};

use crate::context::Session;
use crate::zone::local_micros;

/// The text of a value as SQL has it: `1L`, `'it\'s'`, `DATE '2024-02-29'`, `INTERVAL '1' DAY`.
pub(crate) fn sql_value(value: &Value, session: &Session) -> String {
    let text = plain_text(value, session);
    match value {
        Value::String(text) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
        }
        Value::Byte(_) => text + "Y",
        Value::Short(_) => text + "S",
        Value::Long(_) => text + "L",
        Value::Decimal(_) => text + "BD",
        Value::Double(number) if number.0.is_finite() => text + "D",
        Value::Date(_) => format!("DATE '{text}'"),
        Value::Timestamp(_) => format!("TIMESTAMP '{text}'"),
        Value::TimestampNtz(_) => format!("TIMESTAMP_NTZ '{text}'"),
        Value::Binary(bytes) => {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("X'{}'", digits.concat())
        }
        _ => text,
    }
}

/// The text of a value in a cell of a table, in the zone of the session.
pub(crate) fn plain_text(value: &Value, session: &Session) -> String {
    let local = |micros| local_micros(&session.zone, micros);
    Renderer::new(Notation::Sql, &local).text(value)
}
