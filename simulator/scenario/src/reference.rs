//! The reference of the language as Markdown, made from its words.

use std::fmt::Write;

use crate::duration;
use crate::words::{DURATION_MAX, Form, Key, Kind, Literal, TOP, Table};

/// Every table of the language with its keys: what each takes, its default, and what it means.
///
/// ```
/// let reference = scenario::reference();
/// assert!(reference.contains("| `interval` | a duration from 1ms to 8760h | `\"1s\"` |"));
/// ```
pub fn reference() -> String {
    let mut text = String::from("# The scenario file\n");
    for table in TOP.with_children() {
        write_table(&mut text, table).expect("writing to a string does not fail");
    }
    text
}

fn write_table(text: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(text, "\n## `{}`\n\n{}", table.name, table.doc)?;
    if table.form == Form::Choice {
        writeln!(text, "Such a table has exactly one of these keys.")?;
    }
    writeln!(
        text,
        "\n| key | takes | default | meaning |\n|---|---|---|---|"
    )?;
    for key in table.keys {
        let (takes, default) = (takes(key.kind), default(key));
        writeln!(
            text,
            "| `{}` | {takes} | {default} | {} |",
            key.name,
            meaning(key)
        )?;
    }
    for key in table.keys {
        write_words(text, key)?;
    }
    Ok(())
}

fn write_words(text: &mut String, key: &Key) -> std::fmt::Result {
    let words = key.kind.words();
    if words.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n`{}`:\n", key.name)?;
    for (word, doc) in words {
        writeln!(text, "- `\"{word}\"`: {doc}")?;
    }
    Ok(())
}

fn takes(kind: Kind) -> String {
    match kind {
        Kind::Integer(i64::MIN, i64::MAX) => "an integer".to_owned(),
        Kind::Integer(least, most) => format!("an integer from {least} to {most}"),
        Kind::Number(least, most) => format!("a number from {least} to {most}"),
        Kind::Span(least, DURATION_MAX) if least.is_zero() => "a duration".to_owned(),
        Kind::Span(least, DURATION_MAX) => format!("a duration from {}", duration::print(least)),
        Kind::Span(least, most) => {
            format!(
                "a duration from {} to {}",
                duration::print(least),
                duration::print(most)
            )
        }
        Kind::Table(table) => format!("a table, see `{}`", table.name),
        Kind::Tables(table) => format!("an array of tables, see `{}`", table.name),
        Kind::WordOr(_, table) => format!("a word, or a table, see `{}`", table.name),
        other => other.noun().to_owned(),
    }
}

fn default(key: &Key) -> String {
    match key.default {
        None if key.required => "required".to_owned(),
        None => "–".to_owned(),
        Some(Literal::Text(text)) => format!("`\"{text}\"`"),
        Some(Literal::Integer(integer)) => format!("`{integer}`"),
        Some(Literal::Number(number)) => format!("`{number}`"),
        Some(Literal::Flag(flag)) => format!("`{flag}`"),
    }
}

fn meaning(key: &Key) -> String {
    match key.modes {
        [] => key.doc.to_owned(),
        modes => format!(
            "{} Mode: {}.",
            key.doc,
            crate::quote::list(modes.iter().copied())
        ),
    }
}
