//! Casts to texts (`ToStringBase`).

use engine::Value;

use super::{CastMode, Caster};
use crate::context::Session;
use crate::literal_text::plain_text;

impl Caster<'_> {
    /// The text of a value, which is not `NULL`.
    pub(super) fn to_text(self, value: &Value) -> String {
        let is_plain = self.mode != CastMode::Legacy;
        text_of(value, is_plain, self.session())
    }
}

/// The text of a value as a cast in this session has it.
pub fn string_of(value: &Value, session: &Session) -> String {
    text_of(value, session.ansi, session)
}

/// Decimals have no exponent if `is_plain`. A `NULL` in another value is `null`.
fn text_of(value: &Value, is_plain: bool, session: &Session) -> String {
    let part = |value: &Value| match value {
        Value::Null => "null".to_owned(),
        value => text_of(value, is_plain, session),
    };
    let all = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>().join(", ");
    match value {
        Value::String(text) => text.to_string(),
        Value::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Decimal(decimal) if !is_plain => decimal.scientific(),
        Value::Array(values) => format!("[{}]", all(&mut values.iter().map(part))),
        Value::Struct(fields) => format!("{{{}}}", all(&mut fields.values().map(part))),
        Value::Map(entries) => {
            let mut entries = entries
                .iter()
                .map(|(key, value)| format!("{} -> {}", part(key), part(value)));
            format!("{{{}}}", all(&mut entries))
        }
        value => plain_text(value, session),
    }
}
