//! Parts of texts: by place, and by what stands between them.

use engine::{Failure, Value};

use crate::failures::ansi_advice;
use crate::function::CallInfo;
use crate::functions::values::{binary, failed, integer, string, text};

/// `substring(text, from, length)`, also of bytes. Places count from 1, and back from the end if they are negative; 0 is
/// the first, too (`UTF8String.substringSQL`).
pub(super) fn substring(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let from = integer(&values[1]);
    let length = values.get(2).map_or(i32::MAX, integer);
    match &values[0] {
        Value::Binary(bytes) => {
            let (start, end) = part(from, length, bytes.len());
            binary(&bytes[start..end])
        }
        other => string(characters(text(other), from, length)),
    }
}

/// `left(text, length)`, also of bytes.
pub(super) fn left(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    substring(
        &[values[0].clone(), Value::Integer(1), values[1].clone()],
        call,
    )
}

/// `right(text, length)`.
pub(super) fn right(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    match integer(&values[1]) {
        ..=0 => string(""),
        length => string(characters(
            text(&values[0]),
            length.saturating_neg(),
            length,
        )),
    }
}

fn characters(text: &str, from: i32, length: i32) -> &str {
    let (start, end) = part(from, length, text.chars().count());
    let at = |index| {
        text.char_indices()
            .nth(index)
            .map_or(text.len(), |(at, _)| at)
    };
    &text[at(start)..at(end)]
}

/// The range of a part of `count` elements. A part that begins before the first one is as much shorter.
fn part(from: i32, length: i32, count: usize) -> (usize, usize) {
    let count = count as i64;
    let start = match i64::from(from) {
        from @ 1.. => from - 1,
        0 => 0,
        from => count + from,
    };
    let end = match start + i64::from(length) {
        // Java's `int` is full there.
        end if end > i64::from(i32::MAX) => i64::from(i32::MAX),
        end => end.max(i64::from(i32::MIN)),
    };
    let within = |place: i64| place.clamp(0, count) as usize;
    (within(start), within(end).max(within(start)))
}

/// `split_part(text, delimiter, number)`: the parts count from 1, and back from the last if the number is negative.
pub(super) fn split_part(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let whole = text(&values[0]).as_str();
    let delimiter = text(&values[1]).as_str();
    let parts: Vec<&str> = if delimiter.is_empty() {
        vec![whole]
    } else {
        whole.split(delimiter).collect()
    };
    let number = integer(&values[2]);
    let distance = number.unsigned_abs() as usize;
    let index = match number {
        0 => {
            return Err(failed(
                call.session,
                "INVALID_INDEX_OF_ZERO",
                "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).",
                "22003",
            ));
        }
        1.. => Some(distance - 1),
        _ => parts.len().checked_sub(distance),
    };
    string(
        index
            .and_then(|index| parts.get(index))
            .copied()
            .unwrap_or(""),
    )
}

/// `substring_index(text, delimiter, count)`: all before the delimiter of this number, or after the one of this number
/// from the end. Delimiters may overlap, from either side (`UTF8String.subStringIndex`).
pub(super) fn substring_index(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let whole = text(&values[0]).as_str();
    let delimiter = text(&values[1]).as_str();
    let count = integer(&values[2]);
    if delimiter.is_empty() || count == 0 {
        return string("");
    }
    let bytes = whole.as_bytes();
    let is_delimiter = |at: &usize| bytes[*at..].starts_with(delimiter.as_bytes());
    let nth = count.unsigned_abs() as usize - 1;
    string(if count > 0 {
        let found = (0..bytes.len()).filter(is_delimiter).nth(nth);
        found.map_or(whole, |at| &whole[..at])
    } else {
        let found = (0..bytes.len()).rev().filter(is_delimiter).nth(nth);
        found.map_or(whole, |at| &whole[at + delimiter.len()..])
    })
}

/// `elt(number, a, b, ..)`: the value of this number.
pub(super) fn elt(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    let (Value::Integer(number), values) = (&values[0], &values[1..]) else {
        return Ok(Value::Null);
    };
    let index = usize::try_from(*number)
        .ok()
        .and_then(|it| it.checked_sub(1));
    match index.and_then(|index| values.get(index)) {
        Some(value) => Ok(value.clone()),
        None if call.session.ansi => {
            let message = format!(
                "The index {number} is out of bounds. The array has {} elements. Use the SQL function `get()` to tolerate \
                 accessing element at invalid index and return NULL instead.{}",
                values.len(),
                ansi_advice(call.session)
            );
            Err(failed(
                call.session,
                "INVALID_ARRAY_INDEX",
                &message,
                "22003",
            ))
        }
        None => Ok(Value::Null),
    }
}
