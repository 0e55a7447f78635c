//! `filter`: the elements of which a predicate holds.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{Items, KeyCount, Kind, TableOf, TableReader, TomlKey, keywords, toml_table};
use crate::spark::{Snippet, call, java_text, python_text};

/// Predicates for `filter`.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// `"not_empty"`: the text, or the pair's key, is not empty.
    NotEmpty,
    /// `{ equals = "…" }`: the text, or the pair's key, is this.
    Equals(String),
    /// `{ contains = "…" }`: the text, or the pair's key, contains this.
    Contains(String),
    /// `{ starts_with = "…" }`: the text, or the pair's key, starts with this.
    StartsWith(String),
    /// `{ at_least = n }`: the integer, or the pair's value, is n or more.
    AtLeast(i64),
}

pub(super) static FILTER: StepRow<Predicate> = StepRow {
    key: TomlKey::new(
        "filter",
        Kind::WordOr(
            &FILTERS,
            TableOf {
                table: &PREDICATE,
                read: read_predicate,
                write: write_predicate,
            },
        ),
        "Keeps the elements of which this holds.",
        r#"filter = { starts_with = "b" }"#,
    ),
    signature: |predicate| {
        let takes = match predicate {
            Predicate::AtLeast(_) => &[Element::Integer, Element::Pair],
            _ => &[Element::Text, Element::Pair],
        };
        Signature::new(takes, None, "kept")
    },
    code: |predicate, operand| call("filter", &[predicate.code(operand.element)]),
    weight: 1,
    draw: |from, _| match from.below(5) {
        0 => Predicate::NotEmpty,
        1 => Predicate::Equals(from.text()),
        2 => Predicate::Contains(from.text()),
        3 => Predicate::StartsWith(from.text()),
        _ => Predicate::AtLeast(from.integer()),
    },
};

fn read_predicate(table: &TableReader) -> Option<Predicate> {
    let equals = table.get(&EQUALS).map(Predicate::Equals);
    equals
        .or_else(|| table.get(&CONTAINS).map(Predicate::Contains))
        .or_else(|| table.get(&STARTS_WITH).map(Predicate::StartsWith))
        .or_else(|| table.get(&AT_LEAST).map(Predicate::AtLeast))
}

fn write_predicate(predicate: &Predicate, items: &mut Items) {
    match predicate {
        // The one that is a word.
        Predicate::NotEmpty => {}
        Predicate::Equals(other) => items.set(&EQUALS, other),
        Predicate::Contains(part) => items.set(&CONTAINS, part),
        Predicate::StartsWith(start) => items.set(&STARTS_WITH, start),
        Predicate::AtLeast(least) => items.set(&AT_LEAST, least),
    }
}

impl Predicate {
    fn code(&self, element: Element) -> Snippet {
        let parameter = match element {
            Element::Text => "text",
            Element::Integer => "number",
            Element::Pair | Element::Group => "pair",
        };
        let is_pair = parameter == "pair";
        let part = |of_pair: &'static str| if is_pair { of_pair } else { parameter };
        let key = Snippet::new(part("pair[0]"), part("pair._1()"));
        let value = Snippet::new(part("pair[1]"), part("pair._2()"));
        let condition = match self {
            Predicate::NotEmpty => Snippet::new(
                format!("{} != \"\"", key.python),
                format!("!{}.isEmpty()", key.java),
            ),
            Predicate::Equals(other) => Snippet::new(
                format!("{} == {}", key.python, python_text(other)),
                format!("{}.equals({})", key.java, java_text(other)),
            ),
            Predicate::Contains(part) => Snippet::new(
                format!("{} in {}", python_text(part), key.python),
                format!("{}.contains({})", key.java, java_text(part)),
            ),
            Predicate::StartsWith(start) => Snippet::new(
                format!("{}.startswith({})", key.python, python_text(start)),
                format!("{}.startsWith({})", key.java, java_text(start)),
            ),
            Predicate::AtLeast(least) => Snippet::new(
                format!("{} >= {least}", value.python),
                format!("{} >= {least}L", value.java),
            ),
        };
        Snippet::new(
            format!("lambda {parameter}: {}", condition.python),
            format!("{parameter} -> {}", condition.java),
        )
    }
}

keywords! {
    FILTERS of Predicate;

    Predicate::NotEmpty = "not_empty", "The text, or the pair's text, is not empty.";
}

toml_table! {
    PREDICATE = "filter", "in `filter`", KeyCount::One;
    "A predicate that takes a text or a number."

    "The text, or the pair's text, is this."
    EQUALS: TomlKey<String> = ("equals", Kind::TEXT, r#"equals = "blue""#);

    "The text, or the pair's text, contains this."
    CONTAINS: TomlKey<String> = ("contains", Kind::TEXT, r#"contains = "lu""#);

    "The text, or the pair's text, starts with this."
    STARTS_WITH: TomlKey<String> = ("starts_with", Kind::TEXT, r#"starts_with = "b""#);

    "The integer, or the pair's integer, is this or more."
    AT_LEAST: TomlKey<i64> = ("at_least", Kind::integer(i64::MIN, i64::MAX), "at_least = 2");
}
