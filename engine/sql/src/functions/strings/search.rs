//! The places of a text in another one.

use engine::{Failure, Value};

use crate::function::CallInfo;
use crate::functions::values::{bytes, count, text};

/// `instr(text, part)`: the first place of the part, from 1; 0 if it is not there.
pub(super) fn instr(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    count(place(text(&values[0]), text(&values[1]), 1))
}

/// `locate(part, text, from)`. No place to search from is nowhere.
pub(super) fn locate(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let from = match values.get(2) {
        None => 1,
        Some(Value::Integer(from)) => *from,
        Some(_) => return count(0),
    };
    let (Value::String(part), Value::String(text)) = (&values[0], &values[1]) else {
        return Ok(Value::Null);
    };
    match usize::try_from(from) {
        Ok(from @ 1..) => count(place(text, part, from)),
        _ => count(0),
    }
}

/// The first place at or behind `from`, both from 1. An empty part is at the first place of all (`UTF8String.indexOf`).
fn place(text: &str, part: &str, from: usize) -> usize {
    if part.is_empty() {
        return 1;
    }
    let start = text.char_indices().nth(from - 1).map(|(start, _)| start);
    let found = start.and_then(|start| text[start..].find(part).map(|at| start + at));
    found.map_or(0, |at| text[..at].chars().count() + 1)
}

/// `contains(text, part)`, also of bytes.
pub(super) fn contains(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let whole = bytes(&values[0]);
    let part = bytes(&values[1]);
    let is_there = part.is_empty() || whole.windows(part.len()).any(|window| window == part);
    Ok(Value::Boolean(is_there))
}

/// `startswith(text, part)`, also of bytes.
pub(super) fn startswith(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(Value::Boolean(
        bytes(&values[0]).starts_with(bytes(&values[1])),
    ))
}

/// `endswith(text, part)`, also of bytes.
pub(super) fn endswith(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(Value::Boolean(
        bytes(&values[0]).ends_with(bytes(&values[1])),
    ))
}

/// `find_in_set(text, list)`: the place of a text in a list with commas between; 0 of a text with a comma.
pub(super) fn find_in_set(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let searched = text(&values[0]).as_str();
    let list = text(&values[1]).as_str();
    if searched.contains(',') {
        return count(0);
    }
    let found = list.split(',').position(|item| item == searched);
    count(found.map_or(0, |index| index + 1))
}
