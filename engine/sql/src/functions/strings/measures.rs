//! Numbers of a text: its length, its distance from another one, its check digit.

use engine::{Failure, Value};

use crate::function::CallInfo;
use crate::functions::values::{bytes, count, integer, string, text};

/// The number of characters of a text, or of bytes of a binary.
pub(super) fn length(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match &values[0] {
        Value::Binary(bytes) => count(bytes.len()),
        other => count(text(other).chars().count()),
    }
}

/// `octet_length`: the number of bytes.
pub(super) fn octet_length(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    count(bytes(&values[0]).len())
}

/// `bit_length`: eight times the number of bytes.
pub(super) fn bit_length(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    count(bytes(&values[0]).len() * 8)
}

/// `ascii`: the code of the first character; 0 of no text.
pub(super) fn ascii(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let first = text(&values[0]).chars().next();
    count(first.map_or(0, |first| u32::from(first) as usize))
}

/// `levenshtein(one, other)`; with a threshold -1 of texts that are farther from each other.
pub(super) fn levenshtein(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let distance = strsim::levenshtein(text(&values[0]), text(&values[1]));
    match values.get(2).map(integer) {
        Some(threshold) if i64::from(threshold) < distance as i64 => Ok(Value::Integer(-1)),
        _ => count(distance),
    }
}

/// The class of each letter in `soundex`, from A. `7` is a letter between two of one class that does not part them.
const SOUNDS: &[u8; 26] = b"01230127022455012623017202";

/// `soundex`: a letter and three digits; a text that does not begin with a Latin letter stays (`UTF8String.soundex`).
pub(super) fn soundex(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let whole = text(&values[0]);
    let class = |byte: u8| {
        let index = byte.to_ascii_uppercase().wrapping_sub(b'A');
        SOUNDS.get(usize::from(index)).copied()
    };
    let Some(first) = whole.bytes().next().filter(u8::is_ascii_alphabetic) else {
        return string(whole.clone());
    };
    let mut code = String::from(char::from(first.to_ascii_uppercase()));
    let mut last = class(first);
    for byte in whole.bytes().skip(1) {
        let class = class(byte);
        match class {
            Some(b'7') => {}
            Some(digit @ b'1'..=b'6') if last != class => {
                code.push(char::from(digit));
                last = class;
                if code.len() == 4 {
                    break;
                }
            }
            Some(_) => last = class,
            None => last = Some(b'0'),
        }
    }
    string(format!("{code:0<4}"))
}

/// `luhn_check`: the last digit fits the others; false of a text that is not made of digits alone.
pub(super) fn luhn_check(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let digits = text(&values[0]).as_str();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let from_last = digits
        .bytes()
        .rev()
        .map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum: u64 = from_last
        .enumerate()
        .map(|(index, digit)| match index % 2 {
            1 if digit > 4 => digit * 2 - 9,
            1 => digit * 2,
            _ => digit,
        })
        .map(u64::from)
        .sum();
    Ok(Value::Boolean(is_number && sum.is_multiple_of(10)))
}
