//! Texts, arrays and tables as TOML.

use crate::quote::is_unsafe;
use crate::words::{Key, Kind, Literal, Words};

/// Keys with their values, in the order written.
#[derive(Debug, Default)]
pub(super) struct Items(Vec<(&'static str, String)>);

impl Items {
    /// Adds a key with its value, written as TOML.
    pub(super) fn set(&mut self, key: &Key, value: String) {
        self.0.push((key.name, value));
    }

    /// Adds a key, if its value is not what would hold without it.
    pub(super) fn set_unless_default(&mut self, key: &Key, value: String) {
        let default = key.default.map(|default| match (key.kind, default) {
            (Kind::Instant, Literal::Text(text)) => text.to_owned(),
            (_, Literal::Text(it)) => text(it),
            (_, Literal::Integer(it)) => it.to_string(),
            (_, Literal::Number(it)) => format!("{it:?}"),
            (_, Literal::Flag(it)) => it.to_string(),
        });
        if default.as_ref() != Some(&value) {
            self.set(key, value);
        }
    }

    /// Adds a key with the word that means `meaning`, if it is not what would hold without it.
    pub(super) fn set_word<T: Copy + PartialEq>(
        &mut self,
        key: &Key,
        words: &Words<T>,
        meaning: T,
    ) {
        if let Some(word) = words.word(meaning) {
            self.set_unless_default(key, text(word));
        }
    }

    /// One key a line.
    pub(super) fn lines(&self) -> String {
        self.0
            .iter()
            .flat_map(|(key, value)| [key, " = ", value, "\n"])
            .collect()
    }

    /// An inline table.
    pub(super) fn inline(&self) -> String {
        let items: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        if items.is_empty() {
            return "{}".to_owned();
        }
        format!("{{ {} }}", items.join(", "))
    }
}

/// A basic string: any text, on one line.
pub(crate) fn text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    text.chars().for_each(|c| push_escaped(&mut quoted, c));
    quoted.push('"');
    quoted
}

/// A text that may have several lines, as a multi-line basic string if it has.
pub(super) fn long_text(long: &str) -> String {
    if !long.contains('\n') {
        return text(long);
    }
    let lines: Vec<String> = long.split('\n').map(text).collect();
    let lines: Vec<&str> = lines.iter().map(|line| &line[1..line.len() - 1]).collect();
    format!("\"\"\"\n{}\"\"\"", lines.join("\n"))
}

/// An array of texts, on one line.
pub(super) fn array<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<String> = texts.iter().map(|it| text(it.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

/// A key: bare if it can be.
pub(super) fn key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_bare) {
        key.to_owned()
    } else {
        text(key)
    }
}

/// Characters that TOML forbids or that an editor would not show are written by their numbers.
fn push_escaped(quoted: &mut String, c: char) {
    match c {
        '"' => quoted.push_str("\\\""),
        '\\' => quoted.push_str("\\\\"),
        '\n' => quoted.push_str("\\n"),
        '\t' => quoted.push_str("\\t"),
        '\r' => quoted.push_str("\\r"),
        _ if is_unsafe(c) => quoted.extend(format!("\\u{:04X}", u32::from(c)).chars()),
        _ => quoted.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_line() {
        assert_eq!(text("blue"), r#""blue""#);
        assert_eq!(
            text("a\"b\\c\n\t\r\0\u{7f}"),
            r#""a\"b\\c\n\t\r\u0000\u007F""#
        );
        assert_eq!(text("é 😀 \u{202E}"), "\"é 😀 \\u202E\"");
    }

    #[test]
    fn a_text_of_several_lines_has_them() {
        assert_eq!(long_text("one"), r#""one""#);
        assert_eq!(
            long_text("one\n\"two\"\n"),
            "\"\"\"\none\n\\\"two\\\"\n\"\"\""
        );
    }

    #[test]
    fn keys_are_bare_if_they_can_be() {
        assert_eq!(key("blue-1"), "blue-1");
        assert_eq!(key("a.b"), "\"a.b\"");
        assert_eq!(key(""), "\"\"");
    }
}
