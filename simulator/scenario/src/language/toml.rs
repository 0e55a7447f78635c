//! Texts, arrays and tables as TOML.

use std::time::Duration;

use super::table::AnyKey;
use crate::quote::is_unsafe;

/// Keys with their values as TOML, in the order in which they are written.
#[derive(Default)]
pub(crate) struct Items {
    items: Vec<(&'static str, String)>,
    /// The slide of the stream that windows among the values are put on.
    slide: Duration,
}

impl Items {
    /// No keys yet, on a stream with this slide.
    pub(crate) fn on_slide(slide: Duration) -> Items {
        Items {
            items: Vec::new(),
            slide,
        }
    }

    /// The slide of the stream that windows among the values are put on.
    pub(crate) fn slide(&self) -> Duration {
        self.slide
    }

    /// Adds a key with its value, which is TOML already.
    pub(crate) fn set_toml(&mut self, key: &dyn AnyKey, toml: String) {
        self.items.push((key.name(), toml));
    }

    /// Adds a key by its name, with its value, which is TOML already.
    pub(crate) fn set_text(&mut self, key: &'static str, toml: String) {
        self.items.push((key, toml));
    }

    /// One key a line.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        for (key, value) in &self.items {
            lines.extend([&self::key(key), " = ", value, "\n"]);
        }
        lines
    }

    /// An inline table.
    pub(crate) fn inline(&self) -> String {
        let items: Vec<String> = self
            .items
            .iter()
            .map(|(key, value)| format!("{} = {value}", self::key(key)))
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
pub(crate) fn long_text(long: &str) -> String {
    if !long.contains('\n') {
        return text(long);
    }
    let lines: Vec<String> = long.split('\n').map(text).collect();
    let lines: Vec<&str> = lines.iter().map(|line| &line[1..line.len() - 1]).collect();
    format!("\"\"\"\n{}\"\"\"", lines.join("\n"))
}

/// An array of texts, on one line.
pub(crate) fn array<T: AsRef<str>>(texts: &[T]) -> String {
    let texts: Vec<String> = texts.iter().map(|it| text(it.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

/// A key: bare if it can be.
pub(crate) fn key(key: &str) -> String {
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
