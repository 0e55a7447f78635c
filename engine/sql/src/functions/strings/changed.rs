//! Texts some of whose characters are changed: `replace`, `translate`, `overlay`, `mask`.

use engine::{Failure, Value};

use crate::function::{CallInfo, Mismatch};
use crate::functions::values::{binary, integer, string, text};
use crate::typed::Typed;

/// `replace(text, searched, replacement)`.
pub(super) fn replace(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let whole = text(&values[0]);
    let searched = text(&values[1]);
    if searched.is_empty() {
        return string(whole.clone());
    }
    let replacement = values.get(2).map_or("", |it| text(it));
    string(whole.replace(searched.as_str(), replacement))
}

/// `translate(text, from, to)`: each character of `from` becomes the one of `to` in the same place, or is left out.
/// A character that is there twice counts where it is first.
pub(super) fn translate(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let from = text(&values[1]);
    let to = text(&values[2]);
    let translated = text(&values[0]).chars().filter_map(|character| {
        match from.chars().position(|it| it == character) {
            Some(index) => to.chars().nth(index).filter(|it| *it != '\0'),
            None => Some(character),
        }
    });
    string(translated.collect::<String>())
}

/// `overlay(text, replacement, from, length)`, also of bytes; the length is that of the replacement if it is negative.
pub(super) fn overlay(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let from = integer(&values[2]);
    let length = values.get(3).map_or(-1, integer);
    match (&values[0], &values[1]) {
        (Value::Binary(whole), Value::Binary(replacement)) => {
            binary(&laid_over(whole, replacement, from, length))
        }
        (whole, replacement) => {
            let whole: Vec<char> = text(whole).chars().collect();
            let replacement: Vec<char> = text(replacement).chars().collect();
            string(
                laid_over(&whole, &replacement, from, length)
                    .into_iter()
                    .collect::<String>(),
            )
        }
    }
}

fn laid_over<T: Copy>(whole: &[T], replacement: &[T], from: i32, length: i32) -> Vec<T> {
    let length = usize::try_from(length).unwrap_or(replacement.len()) as i64;
    let within = |place: i64| place.clamp(0, whole.len() as i64) as usize;
    let before = &whole[..within(i64::from(from) - 1)];
    let after = match i64::from(from) + length {
        // `substring(0)` and places before the first are the whole.
        rest @ 1.. => &whole[within(rest - 1)..],
        0 => whole,
        back => &whole[within(whole.len() as i64 + back)..],
    };
    [before, replacement, after].concat()
}

/// Refuses characters of `mask` that are texts of another length.
pub(super) fn check_mask(arguments: &[Typed]) -> Result<(), Mismatch> {
    let names = ["upperChar", "lowerChar", "digitChar", "otherChar"];
    for (argument, name) in arguments.iter().skip(1).zip(names) {
        match argument.as_literal() {
            Some(Value::String(text)) if text.chars().count() != 1 => {
                return Err(Mismatch::new(
                    "DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE",
                    format!("Length of {name} should be 1."),
                ));
            }
            _ if !argument.is_foldable() => {
                return Err(Mismatch::new(
                    "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                    format!("the input {name} should be a foldable \"STRING\" expression."),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// `mask(text, upper, lower, digit, other)`: `NULL` keeps the characters of a class.
pub(super) fn mask(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let Value::String(masked) = &values[0] else {
        return Ok(Value::Null);
    };
    let by = |index: usize, default: Option<char>| match values.get(index) {
        None => default,
        Some(Value::String(text)) => text.chars().next(),
        Some(_) => None,
    };
    let upper = by(1, Some('X'));
    let lower = by(2, Some('x'));
    let digit = by(3, Some('n'));
    let other = by(4, None);
    let masked = masked.chars().map(|character| {
        let by = match character {
            _ if character.is_uppercase() => upper,
            _ if character.is_lowercase() => lower,
            _ if character.is_ascii_digit() => digit,
            _ => other,
        };
        by.unwrap_or(character)
    });
    string(masked.collect::<String>())
}
