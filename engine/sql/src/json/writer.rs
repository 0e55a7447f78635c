//! Pieces of JSON text, with commas between them (`com.fasterxml.jackson.core.JsonGenerator`).

use std::fmt::Write;

use engine::render::Notation;
use engine::{Double, Value};

use super::reader::{Malformed, Reader, Token};

/// A text that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    /// Each object and array around the place: its bracket, and the number of its parts.
    levels: Vec<(char, usize)>,
    is_behind_name: bool,
    is_pretty: bool,
}

impl Writer {
    /// One that puts each field on a line of its own.
    pub(super) fn pretty() -> Writer {
        Writer {
            is_pretty: true,
            ..Writer::default()
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// A text that is a value already.
    pub(super) fn raw(&mut self, value: &str) {
        self.separate();
        self.text.push_str(value);
    }

    pub(super) fn string(&mut self, text: &str) {
        self.separate();
        self.quoted(text);
    }

    /// A number as Java writes it; those that are none are texts.
    pub(super) fn double(&mut self, number: f64) {
        let text = Notation::Sql.text(&Value::Double(Double(number)));
        self.floating(&text, number.is_finite());
    }

    pub(super) fn floating(&mut self, text: &str, is_finite: bool) {
        if is_finite {
            self.raw(text);
        } else {
            self.string(text);
        }
    }

    pub(super) fn name(&mut self, name: &str) {
        self.separate();
        self.quoted(name);
        self.text.push_str(if self.is_pretty { " : " } else { ":" });
        self.is_behind_name = true;
    }

    /// `{` or `[`.
    pub(super) fn open(&mut self, bracket: char) {
        self.separate();
        self.text.push(bracket);
        self.levels.push((bracket, 0));
    }

    /// `}` or `]`.
    pub(super) fn close(&mut self, bracket: char) {
        let parts = self.levels.pop().map_or(0, |(_, parts)| parts);
        if self.is_pretty {
            if bracket == '}' && parts > 0 {
                self.new_line();
            } else {
                self.text.push(' ');
            }
        }
        self.text.push(bracket);
    }

    /// The value that begins with this token, as it is read.
    pub(super) fn copy(&mut self, token: Token, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        let outer = self.levels.len();
        let mut next = token;
        loop {
            match &next {
                Token::StartObject => self.open('{'),
                Token::StartArray => self.open('['),
                Token::EndObject => self.close('}'),
                Token::EndArray => self.close(']'),
                Token::Name(name) => self.name(name),
                Token::String(text) => self.string(text),
                Token::Integer(number) => self.raw(number),
                Token::Float(number) => self.double(number.parse().unwrap_or(f64::NAN)),
                Token::NonNumeric(number) => self.double(*number),
                Token::Boolean(truth) => self.raw(if *truth { "true" } else { "false" }),
                Token::Null => self.raw("null"),
            }
            if self.levels.len() <= outer {
                return Ok(());
            }
            next = reader.token()?;
        }
    }

    fn separate(&mut self) {
        if std::mem::take(&mut self.is_behind_name) {
            return;
        }
        let Some((bracket, parts)) = self.levels.last_mut() else {
            return;
        };
        let is_in_object = *bracket == '{';
        *parts += 1;
        if *parts > 1 {
            self.text.push(',');
        }
        // An object puts each field on a line of its own, an array its elements on one.
        if self.is_pretty {
            if is_in_object {
                self.new_line();
            } else {
                self.text.push(' ');
            }
        }
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(self.levels.len()));
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\u{8}' => self.text.push_str("\\b"),
                '\t' => self.text.push_str("\\t"),
                '\n' => self.text.push_str("\\n"),
                '\u{c}' => self.text.push_str("\\f"),
                '\r' => self.text.push_str("\\r"),
                // Writing to a text does not fail.
                ..' ' => {
                    let _ = write!(self.text, "\\u{:04X}", u32::from(character));
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}
