//! Tables and keys of the language, as the schema and the reference describe them.

use std::time::Duration;

use serde_json::Value;

use super::written::Written;

/// A table of the language: the keys that may be in it.
pub(crate) struct TomlTable {
    /// One word for the schema and the reference.
    pub(crate) name: &'static str,
    /// Completes "unknown key …": "in `[clock]`".
    pub(crate) place: &'static str,
    /// The purpose of the table, one line.
    pub(crate) doc: &'static str,
    /// The number of its keys that are present.
    pub(crate) key_count: KeyCount,
    /// Its keys, in the order in which they are written and shown.
    pub(crate) keys: &'static [&'static dyn AnyKey],
}

/// The number of keys of a table that are present.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCount {
    /// Any number.
    Any,
    /// Exactly one: the table is a choice.
    One,
}

/// The text of a key, whatever kind of value it takes.
pub(crate) struct KeyText {
    /// As it is written.
    pub(crate) name: &'static str,
    /// The meaning, one line.
    pub(crate) doc: &'static str,
    /// TOML that is right, with the key.
    pub(crate) example: &'static str,
    /// True if it must be present.
    pub(crate) required: bool,
    /// The modes of a pipeline it belongs to; every one, and `steps` too, if empty.
    pub(crate) modes: &'static [&'static str],
    /// Another key without which it means nothing.
    pub(crate) needs: Option<&'static str>,
}

/// A key of a table.
pub(crate) trait AnyKey: Sync {
    /// The name, the meaning, and when it may be present.
    fn text(&self) -> &KeyText;

    /// The values that it takes.
    fn shape(&self) -> Shape;

    /// The value that holds if it is absent, as TOML.
    fn default(&self) -> Option<String> {
        None
    }

    /// Reports the mistakes of a value, if it is not a table, which is read by its own keys.
    fn check(&self, _: &Written) {}

    /// A value as the printer writes it, at a stream with this slide; `None` of a table, which is read by its own keys,
    /// and of a mistake, which is reported.
    fn canonical(&self, _: &Written, _slide: Duration) -> Option<String> {
        None
    }

    /// As it is written.
    fn name(&self) -> &'static str {
        self.text().name
    }

    /// The value that holds if it is absent. A date and time, which JSON has not, is a text.
    fn default_json(&self) -> Option<Value> {
        let default = self.default()?;
        Some(serde_json::from_str(&default).unwrap_or(Value::from(default)))
    }
}

/// The words that a key takes, without their meanings.
pub(crate) trait WordList: Sync {
    /// Each word with its doc.
    fn list(&self) -> Vec<(&'static str, &'static str)>;
}

/// A type of values that keys take.
pub(crate) trait KindValue: Clone + PartialEq + Sync + 'static {}

impl<T: Clone + PartialEq + Sync + 'static> KindValue for T {}

/// The values that a key takes.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Any text.
    Text,
    /// The name of a pipeline.
    Name,
    /// The name of a table in SQL.
    TableName,
    /// The name of a time zone.
    Zone,
    /// `true` or `false`.
    Flag,
    /// `true`: the presence of the key is all its meaning.
    True,
    /// A whole number in these bounds.
    Integer(i64, i64),
    /// A number in these bounds.
    Number(f64, f64),
    /// A duration in these bounds.
    Span(Duration, Duration),
    /// A jump of a clock, forward or back.
    Jump,
    /// The time of some work, to the microsecond.
    Work,
    /// A number of bytes, one at least.
    Size,
    /// A date, a time and an offset.
    Instant,
    /// The name of a file of a query's checkpoint.
    QueryFile,
    /// The name of a process of the cluster.
    Process,
    /// The word `source`, or the name of a process of the cluster.
    SourceOrProcess,
    /// One of these words.
    Word(&'static dyn WordList),
    /// One of these words, or a table.
    WordOr(&'static dyn WordList, &'static TomlTable),
    /// An array of texts.
    Texts,
    /// A table of words and the number of times each comes, in these bounds.
    Counts(i64, i64),
    /// A table of names, each with a text, a number, `true` or `false`.
    Options,
    /// A table of words and integers, or an array of such pairs.
    Totals,
    /// The rows of a table: arrays of values, and tables of columns.
    Rows,
    /// A table.
    Table(&'static TomlTable),
    /// An array of tables.
    Tables(&'static TomlTable),
}

impl TomlTable {
    /// This table and every table below it, each once, parents first.
    pub(crate) fn with_children(&'static self) -> Vec<&'static TomlTable> {
        let mut found = vec![self];
        let mut next = 0;
        while let Some(table) = found.get(next).copied() {
            for child in table.keys.iter().filter_map(|key| key.shape().table()) {
                if !found.iter().any(|known| std::ptr::eq(*known, child)) {
                    found.push(child);
                }
            }
            next += 1;
        }
        found
    }

    /// The first table below this one that has a key of this name.
    pub(crate) fn table_with(&'static self, key: &str) -> Option<&'static TomlTable> {
        let mut tables = self.with_children().into_iter();
        tables.find(|table| table.names().any(|name| name == key))
    }

    /// The first key below this table that may be this word.
    pub(crate) fn key_with(&'static self, word: &str) -> Option<&'static dyn AnyKey> {
        let tables = self.with_children().into_iter();
        let mut keys = tables.flat_map(|table| table.keys.iter());
        keys.find(|key| key.shape().words().iter().any(|(it, _)| *it == word))
            .copied()
    }

    /// The names of its keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name())
    }
}

impl Shape {
    /// The table a value of this shape is, holds, or may be.
    pub(crate) fn table(self) -> Option<&'static TomlTable> {
        match self {
            Shape::Table(table) | Shape::Tables(table) | Shape::WordOr(_, table) => Some(table),
            _ => None,
        }
    }

    /// The words a value of this shape may be, each with its meaning.
    pub(crate) fn words(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Shape::Word(words) | Shape::WordOr(words, _) => words.list(),
            _ => Vec::new(),
        }
    }

    /// The noun for a value of this shape: completes "takes …".
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Shape::Text | Shape::Name | Shape::TableName => "text",
            Shape::Zone => "the name of a time zone",
            Shape::Flag => "true or false",
            Shape::True => "true",
            Shape::Integer(..) => "an integer",
            Shape::Number(..) => "a number",
            Shape::Span(..) | Shape::Work => "a duration",
            Shape::Jump => "a jump of a clock",
            Shape::Size => "a number of bytes",
            Shape::Instant => "a date and time",
            Shape::QueryFile => "a file of a query's checkpoint",
            Shape::Process => "a process of the cluster",
            Shape::SourceOrProcess => "the source, or a process of the cluster",
            Shape::Word(_) => "a word",
            Shape::WordOr(..) => "a word or a table",
            Shape::Texts => "an array of texts",
            Shape::Counts(..) => "a table of words and integers",
            Shape::Options => "a table of options",
            Shape::Totals => "a table, or an array of pairs, of words and integers",
            Shape::Rows => "an array of rows",
            Shape::Table(_) => "a table",
            Shape::Tables(_) => "an array of tables",
        }
    }
}
