//! Values as Python writes them: `repr`, and the `str` that `print` uses.
//!
//! From CPython 3.11 (`unicode_repr` in `Objects/unicodeobject.c`, `float_repr`, `tuplerepr`) and,
//! for what the book shows, CPython 2.7 (`PyUnicode_EncodeUnicodeEscape` behind `repr`).

use std::fmt::{self, Write};

use super::joined;
use super::python_nonprintable::is_nonprintable;
use super::shortest::{plain, scientific};
use super::timestamp_text::timestamp_text;
use crate::value::Value;

/// Which Python writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Python {
    /// Python 2.7: text has a `u` before it and nothing but ASCII in it.
    Two,
    /// Python 3.11: text keeps what is printable.
    Three,
}

impl Python {
    /// What `print(value)` writes on its line: text as it is, all else as its `repr`.
    ///
    /// ```
    /// use engine::Value;
    /// use engine::sink::Python;
    /// assert_eq!(Python::Three.str(&Value::Text("it's".into())), "it's");
    /// ```
    pub fn str(self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.to_string(),
            _ => self.repr(value),
        }
    }

    /// `repr(value)`.
    ///
    /// ```
    /// use engine::sink::Python;
    /// use engine::{Record, Text};
    /// let pair = (Text::from("café"), 5_i64).to_value();
    /// assert_eq!(Python::Three.repr(&pair), "('café', 5)");
    /// assert_eq!(Python::Two.repr(&pair), r"(u'caf\xe9', 5)");
    /// ```
    pub fn repr(self, value: &Value) -> String {
        Repr {
            python: self,
            value,
        }
        .to_string()
    }
}

struct Repr<'a> {
    python: Python,
    value: &'a Value,
}

impl fmt::Display for Repr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Null => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Float(number) => float(*number, f),
            Value::Text(text) => self.python.text(text, f),
            Value::Timestamp(micros) => f.write_str(&timestamp_text(*micros)),
            Value::Tuple(values) => {
                f.write_str("(")?;
                joined(self.python.reprs(values), ", ", f)?;
                f.write_str(tuple_end(values))
            }
            Value::List(values) => {
                f.write_str("[")?;
                joined(self.python.reprs(values), ", ", f)?;
                f.write_str("]")
            }
        }
    }
}

/// A comma tells a tuple of one from a value in parentheses.
fn tuple_end(values: &[Value]) -> &'static str {
    if values.len() == 1 { ",)" } else { ")" }
}

fn float(number: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let size = number.abs();
    if number.is_nan() {
        f.write_str("nan")
    } else if number.is_infinite() {
        f.write_str(if number > 0.0 { "inf" } else { "-inf" })
    } else if size == 0.0 || (1e-4..1e16).contains(&size) {
        f.write_str(&plain(number))
    } else {
        with_signed_exponent(&scientific(number), f)
    }
}

/// Python's exponent has a sign always, and two digits at least.
fn with_signed_exponent(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match text.split_once('e') {
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => write!(f, "{digits}e-{exponent:0>2}"),
            None => write!(f, "{digits}e+{exponent:0>2}"),
        },
        None => f.write_str(text),
    }
}

impl Python {
    fn reprs(self, values: &[Value]) -> impl Iterator<Item = Repr<'_>> {
        values.iter().map(move |value| Repr {
            python: self,
            value,
        })
    }

    fn text(self, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self == Python::Two {
            f.write_char('u')?;
        }
        let quote = if text.contains('\'') && !text.contains('"') {
            '"'
        } else {
            '\''
        };
        f.write_char(quote)?;
        for character in text.chars() {
            self.character(character, quote, f)?;
        }
        f.write_char(quote)
    }

    fn character(self, character: char, quote: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match character {
            '\t' => f.write_str("\\t"),
            '\n' => f.write_str("\\n"),
            '\r' => f.write_str("\\r"),
            '\\' => f.write_str("\\\\"),
            _ if character == quote => write!(f, "\\{quote}"),
            _ if self.escapes(character) => escape(u32::from(character), f),
            _ => f.write_char(character),
        }
    }

    fn escapes(self, character: char) -> bool {
        match self {
            Python::Two => !matches!(character, ' '..='~'),
            Python::Three => is_nonprintable(character),
        }
    }
}

fn escape(code_point: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match code_point {
        0..0x100 => write!(f, "\\x{code_point:02x}"),
        0x100..0x1_0000 => write!(f, "\\u{code_point:04x}"),
        _ => write!(f, "\\U{code_point:08x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(python: Python, value: &Value, expected: &str) {
        assert_eq!(python.repr(value), expected);
    }

    #[track_caller]
    fn check_text(text: &str, three: &str, two: &str) {
        check(Python::Three, &Value::Text(text.into()), three);
        check(Python::Two, &Value::Text(text.into()), two);
    }

    #[track_caller]
    fn check_float(number: f64, expected: &str) {
        check(Python::Three, &Value::Float(number), expected);
    }

    #[test]
    fn a_text_is_quoted_by_what_is_in_it() {
        check_text("", "''", "u''");
        check_text("it's", r#""it's""#, r#"u"it's""#);
        check_text(r#"say"hi""#, r#"'say"hi"'"#, r#"u'say"hi"'"#);
        check_text(r#"both'""#, r#"'both\'"'"#, r#"u'both\'"'"#);
        check_text(r"b\s", r"'b\\s'", r"u'b\\s'");
    }

    #[test]
    fn control_characters_are_escaped() {
        check_text("a\tb\nc\rd", r"'a\tb\nc\rd'", r"u'a\tb\nc\rd'");
        check_text("\u{7}\u{1b}\u{7f}", r"'\x07\x1b\x7f'", r"u'\x07\x1b\x7f'");
    }

    #[test]
    fn python_3_keeps_what_is_printable() {
        check_text("caf\u{e9} \u{a0}", r"'café \xa0'", r"u'caf\xe9 \xa0'");
        check_text("你\u{200b}", r"'你\u200b'", r"u'\u4f60\u200b'");
        check_text("😀\u{e0001}", r"'😀\U000e0001'", r"u'\U0001f600\U000e0001'");
    }

    #[test]
    fn constants_are_capitalised() {
        check(Python::Three, &Value::Null, "None");
        check(Python::Three, &Value::Bool(true), "True");
        check(Python::Two, &Value::Bool(false), "False");
        check(Python::Two, &Value::Int(i64::MIN), "-9223372036854775808");
    }

    #[test]
    fn sequences_nest() {
        let one = Value::Tuple(vec![Value::Int(1)]);
        let list = Value::List(vec![one.clone(), Value::Text("a".into())]);
        check(Python::Three, &one, "(1,)");
        check(Python::Three, &Value::Tuple(Vec::new()), "()");
        check(
            Python::Three,
            &Value::Tuple(vec![list, Value::Null]),
            "([(1,), 'a'], None)",
        );
        check(Python::Three, &Value::List(Vec::new()), "[]");
    }

    #[test]
    fn floats_are_as_short_as_they_read_back() {
        check_float(0.0, "0.0");
        check_float(-0.0, "-0.0");
        check_float(0.1 + 0.2, "0.30000000000000004");
        check_float(1e-4, "0.0001");
        check_float(1.5e-5, "1.5e-05");
        check_float(123_456_789_012_345.0, "123456789012345.0");
        check_float(9_999_999_999_999_998.0, "9999999999999998.0");
        check_float(1e16, "1e+16");
        check_float(-1.25e300, "-1.25e+300");
        check_float(5e-324, "5e-324");
    }

    #[test]
    fn floats_that_are_no_numbers_have_names() {
        check_float(f64::NAN, "nan");
        check_float(f64::INFINITY, "inf");
        check_float(f64::NEG_INFINITY, "-inf");
    }
}
