//! A TOML value read by the kind of its key: its type, its bounds, its words.

use std::fmt::Display;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use super::fields::Fields;
use crate::diagnostic::{Code, Draft};
use crate::mistakes::Sink;
use crate::quote::{list, quote};
use crate::suggest::nearest;
use crate::words::{Key, Kind, Words};
use crate::{duration, size};

type Value<'a> = Spanned<DeValue<'a>>;

pub(super) fn text<'a>(sink: &Sink, key: &Key, value: &'a Value) -> Option<&'a str> {
    let noun = match key.kind {
        Kind::Texts => "texts",
        _ => "text",
    };
    let text = value.get_ref().as_str();
    text.or_else(|| wrong_type(sink, key, value, noun))
}

pub(super) fn array<'a>(sink: &Sink, key: &Key, value: &'a Value<'a>) -> Option<&'a DeArray<'a>> {
    value
        .get_ref()
        .as_array()
        .or_else(|| wrong_type(sink, key, value, key.kind.noun()))
}

pub(super) fn flag(sink: &Sink, key: &Key, value: &Value) -> Option<bool> {
    value
        .get_ref()
        .as_bool()
        .or_else(|| wrong_type(sink, key, value, key.kind.noun()))
}

/// The value of a key whose presence says it all.
pub(super) fn is_true(sink: &Sink, key: &Key, value: &Value) -> Option<()> {
    match value.get_ref() {
        DeValue::Boolean(true) => Some(()),
        _ => wrong_type(sink, key, value, key.kind.noun()),
    }
}

pub(super) fn integer(sink: &Sink, key: &Key, value: &Value) -> Option<i64> {
    let Some(written) = value.get_ref().as_integer() else {
        return wrong_type_of(sink, (key, subject(key)), value, "an integer");
    };
    let (least, most) = match key.kind {
        Kind::Integer(least, most) | Kind::Counts(least, most) => (least, most),
        _ => (i64::MIN, i64::MAX),
    };
    let integer = i64::from_str_radix(written.as_str(), written.radix()).ok();
    integer
        .filter(|it| (least..=most).contains(it))
        .or_else(|| out_of_range(sink, key, value, [written, &grouped(least), &grouped(most)]))
}

pub(super) fn number(sink: &Sink, key: &Key, value: &Value) -> Option<f64> {
    let (written, number) = match value.get_ref() {
        DeValue::Integer(it) => (it.to_string(), it.as_str().parse::<f64>().ok()),
        DeValue::Float(it) => (it.to_string(), it.as_str().parse::<f64>().ok()),
        _ => return wrong_type(sink, key, value, "a number"),
    };
    let Kind::Number(least, most) = key.kind else {
        return number;
    };
    number.filter(|it| (least..=most).contains(it)).or_else(|| {
        out_of_range(
            sink,
            key,
            value,
            [&written, &least.to_string(), &most.to_string()],
        )
    })
}

pub(super) fn duration(sink: &Sink, key: &Key, value: &Value) -> Option<Duration> {
    let Some(text) = value.get_ref().as_str() else {
        return wrong_type(sink, key, value, "a duration in quotes");
    };
    let duration = match duration::parse(text) {
        Ok(duration) => duration,
        Err(error) => {
            let message = format!("{} is not a duration", quote(text));
            sink.push(
                Draft::new(Code::BadDuration, value.span(), message)
                    .label(error.to_string())
                    .help("durations are written as \"250ms\", \"1.5s\", \"2m\" or \"1h\""),
            );
            return None;
        }
    };
    let Kind::Span(least, most) = key.kind else {
        return Some(duration);
    };
    Some(duration)
        .filter(|it| (least..=most).contains(it))
        .or_else(|| {
            out_of_range(
                sink,
                key,
                value,
                [&text, &duration::print(least), &duration::print(most)],
            )
        })
}

pub(super) fn size(sink: &Sink, key: &Key, value: &Value) -> Option<u64> {
    let Some(text) = value.get_ref().as_str() else {
        return wrong_type(sink, key, value, "a number of bytes in quotes");
    };
    match size::parse(text) {
        Ok(0) => out_of_range(sink, key, value, [&text, &"1B", &size::print(u64::MAX)]),
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let message = format!("{} is not a number of bytes", quote(text));
            let draft = Draft::new(Code::BadSize, value.span(), message).label(error.to_string());
            sink.push(draft.help("sizes are written as \"64kB\", \"512MB\" or \"2GiB\""));
            None
        }
    }
}

pub(super) fn word<T: Copy + PartialEq>(
    sink: &Sink,
    key: &Key,
    value: &Value,
    words: &Words<T>,
) -> Option<T> {
    let Some(word) = value.get_ref().as_str() else {
        return wrong_type(sink, key, value, key.kind.noun());
    };
    words.meaning(word).or_else(|| {
        let message = format!("`{}` cannot be {}", key.name, quote(word));
        let draft = Draft::new(Code::UnknownWord, value.span(), message).label("unknown word");
        sink.push(draft.help(help_for_word(key, Some(word))));
        None
    })
}

pub(super) fn table<'a>(
    sink: &'a Sink,
    key: &'static Key,
    value: &'a Value<'a>,
) -> Option<Fields<'a>> {
    let words = key.kind.table()?;
    match value.get_ref() {
        DeValue::Table(table) => Some(Fields::new(sink, words, table, value.span())),
        _ if matches!(key.kind, Kind::Tables(_)) => wrong_type(sink, key, value, "tables"),
        _ => wrong_type(sink, key, value, "a table"),
    }
}

/// The keys and values of a table in the order written.
pub(super) fn in_order<'a>(
    table: &'a DeTable<'a>,
) -> Vec<(&'a Spanned<DeString<'a>>, &'a Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Reports a value of another type than `expected`.
pub(super) fn wrong_type<T>(sink: &Sink, key: &Key, value: &Value, expected: &str) -> Option<T> {
    wrong_type_of(sink, (key, format!("`{}`", key.name)), value, expected)
}

fn wrong_type_of<T>(
    sink: &Sink,
    (key, subject): (&Key, String),
    value: &Value,
    expected: &str,
) -> Option<T> {
    let found = found(value.get_ref());
    let message = format!("{subject} takes {expected}, not {found}");
    sink.push(
        Draft::new(Code::WrongType, value.span(), message)
            .label(found)
            .help(help_for_type(key, value.get_ref())),
    );
    None
}

fn help_for_type(key: &Key, value: &DeValue) -> String {
    match (key.kind, value) {
        (Kind::Tables(_), DeValue::Table(_)) => {
            format!(
                "`{}` is an array: write `[[{}]]`, in double brackets",
                key.name, key.name
            )
        }
        (Kind::Span(..), DeValue::Integer(it)) => {
            format!("a duration has a unit: \"{it}s\" for seconds, \"{it}ms\" for milliseconds")
        }
        (Kind::Word(_) | Kind::WordOr(..), _) => help_for_word(key, None),
        _ => format!("for example\n{}", key.example),
    }
}

fn help_for_word(key: &Key, word: Option<&str>) -> String {
    let words = key.kind.words();
    let names = || words.iter().map(|(name, _)| *name);
    let mut help = match word.and_then(|word| nearest(word, names())) {
        Some(nearest) => format!("did you mean `{nearest}`? allowed: {}", list(names())),
        None => format!("allowed: {}", list(names())),
    };
    if let Some(table) = key.kind.table() {
        let examples = table
            .keys
            .iter()
            .map(|key| format!("`{{ {} }}`", key.example));
        help.push_str(", or a table such as ");
        help.push_str(&examples.collect::<Vec<_>>().join(", "));
    }
    help
}

fn out_of_range<T>(
    sink: &Sink,
    key: &Key,
    value: &Value,
    [written, least, most]: [&dyn Display; 3],
) -> Option<T> {
    let message = format!("{} cannot be {}", subject(key), quote(&written.to_string()));
    sink.push(
        Draft::new(Code::OutOfRange, value.span(), message)
            .label("out of range")
            .help(format!("from {least} to {most}")),
    );
    None
}

/// What a plain value of the key is called.
fn subject(key: &Key) -> String {
    match key.kind {
        Kind::Counts(..) => format!("a count in `{}`", key.name),
        Kind::Totals => format!("a total in `{}`", key.name),
        _ => format!("`{}`", key.name),
    }
}

fn found(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(true) => "true",
        DeValue::Boolean(false) => "false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// An integer as TOML may write it, with `_` between the groups of a long one.
fn grouped(integer: i64) -> String {
    let digits = integer.unsigned_abs().to_string();
    let is_group_start =
        |index: usize| digits.len() > 4 && index > 0 && (digits.len() - index).is_multiple_of(3);
    let grouped = digits.char_indices().flat_map(|(index, digit)| {
        is_group_start(index)
            .then_some('_')
            .into_iter()
            .chain([digit])
    });
    let sign = if integer < 0 { "-" } else { "" };
    sign.chars().chain(grouped).collect()
}
