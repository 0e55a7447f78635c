//! Texts that are cut or filled at their ends: `trim` and `lpad` with their relatives.

use engine::{Failure, Value};

use crate::function::CallInfo;
use crate::functions::values::{binary, bytes, check_text_length, integer, string, text};

/// The ends of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Both,
    Left,
    Right,
}

/// `trim(text)`, `trim(characters, text)`.
pub(super) fn trim(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    trim_ends(values, Ends::Both)
}

/// `ltrim`, with arguments as `trim` has them.
pub(super) fn ltrim(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    trim_ends(values, Ends::Left)
}

/// `rtrim`, with arguments as `trim` has them.
pub(super) fn rtrim(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    trim_ends(values, Ends::Right)
}

/// `btrim(text)`, `btrim(text, characters)`: `trim` with its arguments the other way round.
pub(super) fn btrim(values: &[Value], call: &CallInfo<'_>) -> Result<Value, Failure> {
    match values {
        [text, characters] => trim(&[characters.clone(), text.clone()], call),
        _ => trim(values, call),
    }
}

/// Only blanks are trimmed where no characters are named: no tab and no line end.
fn trim_ends(values: &[Value], ends: Ends) -> Result<Value, Failure> {
    let (characters, trimmed) = match values {
        [characters, trimmed] => (text(characters).as_str(), text(trimmed).as_str()),
        _ => (" ", text(&values[0]).as_str()),
    };
    let is_trimmed = |character: char| characters.contains(character);
    string(match ends {
        Ends::Both => trimmed.trim_matches(is_trimmed),
        Ends::Left => trimmed.trim_start_matches(is_trimmed),
        Ends::Right => trimmed.trim_end_matches(is_trimmed),
    })
}

/// `lpad(text, length, filling)`, also of bytes.
pub(super) fn lpad(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    pad(values, Ends::Left)
}

/// `rpad(text, length, filling)`, also of bytes.
pub(super) fn rpad(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    pad(values, Ends::Right)
}

fn pad(values: &[Value], end: Ends) -> Result<Value, Failure> {
    let length = usize::try_from(integer(&values[1])).unwrap_or(0);
    check_text_length(length)?;
    if let Value::Binary(padded) = &values[0] {
        let filling = values.get(2).map_or(&[0][..], bytes);
        return binary(&filled(padded, length, filling, end));
    }
    let padded: Vec<char> = text(&values[0]).chars().collect();
    let filling = values.get(2).map_or(" ", |filling| text(filling));
    let filling: Vec<char> = filling.chars().collect();
    let filled = filled(&padded, length, &filling, end);
    string(filled.into_iter().collect::<String>())
}

/// The parts at this length: cut, or filled up. Without a filling they stay shorter.
fn filled<T: Copy>(parts: &[T], length: usize, filling: &[T], end: Ends) -> Vec<T> {
    let kept = &parts[..parts.len().min(length)];
    let filling = filling.iter().cycle().take(length - kept.len()).copied();
    match end {
        Ends::Left => filling.chain(kept.iter().copied()).collect(),
        Ends::Both | Ends::Right => kept.iter().copied().chain(filling).collect(),
    }
}
