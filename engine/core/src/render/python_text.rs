//! Texts, bytes and numbers as Python writes them: `repr`.
//!
//! From CPython 3.11 (`unicode_repr` in `Objects/unicodeobject.c`, `bytes_repr`, `float_repr`) and,
//! for what the book shows, CPython 2.7 (`PyUnicode_EncodeUnicodeEscape` behind `repr`).

use std::fmt::{self, Write};

use super::python_nonprintable::is_nonprintable;
use super::shortest::{plain, scientific};

/// `repr(float)`.
pub(super) fn float(number: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

/// `repr(str)` of Python 3, which keeps what is printable.
pub(super) fn text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_escaped = |character| is_not_ascii(character) && is_nonprintable(character);
    quoted(text.chars(), is_escaped, f)
}

/// `repr(unicode)` of Python 2, which keeps ASCII.
pub(super) fn text_2(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('u')?;
    quoted(text.chars(), is_not_ascii, f)
}

/// `repr(bytes)` of Python 3.
pub(super) fn bytes(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('b')?;
    bytes_2(bytes, f)
}

/// `repr(str)` of Python 2.
pub(super) fn bytes_2(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    quoted(bytes.iter().copied().map(char::from), is_not_ascii, f)
}

fn is_not_ascii(character: char) -> bool {
    !matches!(character, ' '..='~')
}

fn quoted(
    characters: impl Iterator<Item = char> + Clone,
    is_escaped: fn(char) -> bool,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut all = characters.clone();
    let has_single = all.any(|character| character == '\'');
    let has_double = characters.clone().any(|character| character == '"');
    let quote = if has_single && !has_double { '"' } else { '\'' };
    f.write_char(quote)?;
    for character in characters {
        match character {
            '\t' => f.write_str("\\t")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\\' => f.write_str("\\\\")?,
            _ if character == quote => write!(f, "\\{quote}")?,
            _ if is_escaped(character) => escape(u32::from(character), f)?,
            _ => f.write_char(character)?,
        }
    }
    f.write_char(quote)
}

fn escape(code_point: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match code_point {
        0..0x100 => write!(f, "\\x{code_point:02x}"),
        0x100..0x1_0000 => write!(f, "\\u{code_point:04x}"),
        _ => write!(f, "\\U{code_point:08x}"),
    }
}
