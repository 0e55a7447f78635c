//! `filter`: the elements of which a predicate holds.

use std::time::Duration;

use toml::de::DeValue;

use super::draw::Draw;
use super::row::{Argument, Keeps, Row};
use super::{Element, Step};
use crate::language::{
    Described, Integer, KeyCount, Keywords, Kind, Shape, TableReader, Text, TomlKey, TomlTable,
    Written, one,
};
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

pub(super) static FILTER: Row<PredicateKind> = Row {
    key: TomlKey::new(
        "filter",
        PredicateKind,
        "Keeps the elements of which this holds.",
        r#"filter = { starts_with = "b" }"#,
    ),
    step: Step::Filter,
    takes: |predicate| match predicate {
        Predicate::AtLeast(_) => &[Element::Integer, Element::Pair],
        _ => &[Element::Text, Element::Pair],
    },
    gives: |_, given| given,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("kept"),
    code: |predicate, operand| call("filter", &[predicate.code(operand.element)]),
    weight: 1,
};

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

/// The argument of `filter`: a word or a table.
#[derive(Debug)]
pub(super) struct PredicateKind;

/// The predicates without an operand. They are only one, so its meaning is the unit.
static FILTERS: Keywords<()> = Keywords(&[(
    "not_empty",
    (),
    "The text, or the pair's text, is not empty.",
)]);

static PREDICATE: TomlTable = TomlTable {
    name: "filter",
    place: "in `filter`",
    doc: "A predicate that takes a text or a number.",
    key_count: KeyCount::One,
    keys: &[&EQUALS, &CONTAINS, &STARTS_WITH, &AT_LEAST],
};

static EQUALS: TomlKey<Text> = TomlKey::new(
    "equals",
    Text,
    "The text, or the pair's text, is this.",
    r#"equals = "blue""#,
);

static CONTAINS: TomlKey<Text> = TomlKey::new(
    "contains",
    Text,
    "The text, or the pair's text, contains this.",
    r#"contains = "lu""#,
);

static STARTS_WITH: TomlKey<Text> = TomlKey::new(
    "starts_with",
    Text,
    "The text, or the pair's text, starts with this.",
    r#"starts_with = "b""#,
);

static AT_LEAST: TomlKey<Integer<i64>> = TomlKey::new(
    "at_least",
    Integer(i64::MIN, i64::MAX),
    "The integer, or the pair's integer, is this or more.",
    "at_least = 2",
);

impl Described for PredicateKind {
    fn shape(&self) -> Shape {
        Shape::WordOr(&FILTERS, &PREDICATE)
    }
}

impl Kind for PredicateKind {
    type Value = Predicate;

    fn read(&self, written: &Written) -> Option<Predicate> {
        let DeValue::Table(_) = written.value.get_ref() else {
            return (&FILTERS).read(written).map(|()| Predicate::NotEmpty);
        };
        let table = TableReader::open(written, &PREDICATE)?;
        let equals = table.get(&EQUALS).map(Predicate::Equals);
        equals
            .or_else(|| table.get(&CONTAINS).map(Predicate::Contains))
            .or_else(|| table.get(&STARTS_WITH).map(Predicate::StartsWith))
            .or_else(|| table.get(&AT_LEAST).map(Predicate::AtLeast))
    }

    fn write(&self, value: &Predicate) -> String {
        match value {
            Predicate::NotEmpty => (&FILTERS).write(&()),
            Predicate::Equals(other) => one(&EQUALS, other),
            Predicate::Contains(part) => one(&CONTAINS, part),
            Predicate::StartsWith(start) => one(&STARTS_WITH, start),
            Predicate::AtLeast(least) => one(&AT_LEAST, least),
        }
    }
}

impl Argument for PredicateKind {
    fn draw(&self, from: &mut dyn Draw, _: Duration) -> Predicate {
        match from.below(5) {
            0 => Predicate::NotEmpty,
            1 => Predicate::Equals(from.text()),
            2 => Predicate::Contains(from.text()),
            3 => Predicate::StartsWith(from.text()),
            _ => Predicate::AtLeast(from.integer()),
        }
    }
}
