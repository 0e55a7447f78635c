//! The reference of the language as Markdown, made from its keys.

use std::fmt::Write;

use crate::duration;
use crate::keys::TOP;
use crate::language::{AnyKey, DURATION_MAX, KeyCount, Shape, TomlTable};

/// The spellings of values that are texts with a unit.
const QUANTITIES: &str = r#"
## Durations, sizes and times

A duration is a number and a unit, or several of them: `"250ms"`, `"1.5s"`, `"2m"`, `"1h"`, `"1d"`, `"1m 30s"`; or as
Spark has them, `"10 minutes"`, `"1 hour 30 seconds"`. It comes to a whole number of milliseconds. Upper and lower case
are alike. A month or a year has no fixed length, and is refused.

A number of bytes is a whole number and a unit, with nothing between them: `B`; `kB`, `MB`, `GB` and `TB`, powers of 1000;
or `KiB`, `MiB`, `GiB` and `TiB`, powers of 1024.

A date and time has an offset from UTC, and needs no quotes: `2018-06-21T23:00:29Z`, or `2018-06-22T01:00:29.250+02:00`.
"#;

/// Every table of the language with its keys: the values that each takes, its default and its meaning.
///
/// ```
/// let reference = scenario::reference();
/// assert!(reference.contains("| `interval` | a duration from 1ms to 8760h | `\"1s\"` |"));
/// ```
pub fn reference() -> String {
    let mut text = format!("# The scenario file\n{QUANTITIES}");
    for table in TOP.with_children() {
        write_table(&mut text, table).expect("writing to a string does not fail");
    }
    text
}

fn write_table(text: &mut String, table: &TomlTable) -> std::fmt::Result {
    writeln!(text, "\n## `{}`\n\n{}", table.name, table.doc)?;
    if table.key_count == KeyCount::One {
        writeln!(text, "Such a table has exactly one of these keys.")?;
    }
    writeln!(
        text,
        "\n| key | takes | default | meaning |\n|---|---|---|---|"
    )?;
    for key in table.keys {
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            key.name(),
            takes(key.shape()),
            default(*key),
            meaning(*key)
        )?;
    }
    for key in table.keys {
        write_words(text, *key)?;
    }
    Ok(())
}

fn write_words(text: &mut String, key: &dyn AnyKey) -> std::fmt::Result {
    let words = key.shape().words();
    if words.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n`{}`:\n", key.name())?;
    for (word, doc) in words {
        writeln!(text, "- `\"{word}\"`: {doc}")?;
    }
    Ok(())
}

fn takes(shape: Shape) -> String {
    match shape {
        Shape::Integer(i64::MIN, i64::MAX) => "an integer".to_owned(),
        Shape::Integer(least, most) => format!("an integer from {least} to {most}"),
        Shape::Number(least, most) => format!("a number from {least} to {most}"),
        Shape::Span(least, DURATION_MAX) if least.is_zero() => "a duration".to_owned(),
        Shape::Span(least, DURATION_MAX) => format!("a duration from {}", duration::print(least)),
        Shape::Work => "a duration, also in `us`".to_owned(),
        Shape::Span(least, most) => {
            format!(
                "a duration from {} to {}",
                duration::print(least),
                duration::print(most)
            )
        }
        Shape::Table(table) => format!("a table, see `{}`", table.name),
        Shape::Tables(table) => format!("an array of tables, see `{}`", table.name),
        Shape::WordOr(_, table) => format!("a word, or a table, see `{}`", table.name),
        other => other.noun().to_owned(),
    }
}

fn default(key: &dyn AnyKey) -> String {
    match key.default_json() {
        Some(default) => match default.as_f64() {
            // A number is written without the decimals that it has not.
            Some(number) => format!("`{number}`"),
            None => format!("`{default}`"),
        },
        None if key.text().required => "required".to_owned(),
        None => "–".to_owned(),
    }
}

fn meaning(key: &dyn AnyKey) -> String {
    let text = key.text();
    match text.modes {
        [] => text.doc.to_owned(),
        modes => format!(
            "{} Mode: {}.",
            text.doc,
            crate::quote::list(modes.iter().copied())
        ),
    }
}
