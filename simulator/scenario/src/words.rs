//! Every word of the language, once: the parser's checks, the schema and the reference are all read from here.
//!
//! A [`Table`] lists the [`Key`]s that may stand in it, a key says what [`Kind`] of value it takes, and a list
//! of [`Words`] says what each allowed word means. To add a word, add it here; the compiler and the tests of
//! this module then say where its meaning is missing.

mod pipeline;
mod steps;
mod timeline;
mod top;

use std::time::Duration;

pub(crate) use pipeline::*;
pub(crate) use steps::*;
pub(crate) use timeline::*;
pub(crate) use top::*;

/// A table of the language: what may stand in it.
#[derive(Debug)]
pub(crate) struct Table {
    /// One word for the schema and the reference.
    pub(crate) name: &'static str,
    /// Completes "unknown key …": "in `[clock]`".
    pub(crate) place: &'static str,
    /// What the table is for, one line.
    pub(crate) doc: &'static str,
    /// How many of its keys are present.
    pub(crate) form: Form,
    /// Its keys, in the order in which they are written and shown.
    pub(crate) keys: &'static [&'static Key],
}

/// How many keys of a table are present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Any.
    Fields,
    /// Exactly one: the table is a choice.
    Choice,
}

/// A key of a table.
#[derive(Debug)]
pub(crate) struct Key {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) kind: Kind,
    /// What it means, one line.
    pub(crate) doc: &'static str,
    /// TOML that is right, with the key.
    pub(crate) example: &'static str,
    /// What holds if it is absent.
    pub(crate) default: Option<Literal>,
    /// Whether it must be present.
    pub(crate) required: bool,
    /// The modes of a pipeline it belongs to; every one, and `steps` too, if empty.
    pub(crate) modes: &'static [&'static str],
    /// Another key without which it means nothing.
    pub(crate) needs: Option<&'static str>,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// The name of a pipeline.
    Name,
    /// The name of a time zone.
    Zone,
    /// `true` or `false`.
    Flag,
    /// `true`: the key alone says it all.
    True,
    /// A whole number in these bounds.
    Integer(i64, i64),
    /// A number in these bounds.
    Number(f64, f64),
    /// A duration, not shorter nor longer than these.
    Span(Duration, Duration),
    /// A number of bytes, one at least.
    Size,
    /// A date, a time and an offset.
    Instant,
    /// One of these words.
    Word(&'static dyn WordList),
    /// One of these words, or a table.
    WordOr(&'static dyn WordList, &'static Table),
    /// An array of texts.
    Texts,
    /// A table of words and how often each comes, in these bounds.
    Counts(i64, i64),
    /// A table of words and integers, or an array of such pairs.
    Totals,
    /// A table.
    Table(&'static Table),
    /// An array of tables.
    Tables(&'static Table),
}

/// A default, as it would be written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Literal {
    /// A text, a word, a duration or an instant.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A flag.
    Flag(bool),
}

/// The words a key may take: each with its meaning and one line about it.
#[derive(Debug)]
pub(crate) struct Words<T: 'static>(pub(crate) &'static [(&'static str, T, &'static str)]);

/// [`Words`] without their meanings.
pub(crate) trait WordList: std::fmt::Debug + Sync {
    /// Each word with its doc.
    fn list(&self) -> Vec<(&'static str, &'static str)>;
}

impl<T: std::fmt::Debug + Sync> WordList for Words<T> {
    fn list(&self) -> Vec<(&'static str, &'static str)> {
        self.0.iter().map(|(word, _, doc)| (*word, *doc)).collect()
    }
}

impl<T: Copy + PartialEq> Words<T> {
    /// What `word` means, if it is one of these.
    pub(crate) fn meaning(&self, word: &str) -> Option<T> {
        let mut all = self.0.iter();
        all.find(|(name, _, _)| *name == word)
            .map(|(_, meaning, _)| *meaning)
    }

    /// The word that means `meaning`, if there is one.
    pub(crate) fn word(&self, meaning: T) -> Option<&'static str> {
        self.0
            .iter()
            .find(|(_, it, _)| *it == meaning)
            .map(|(name, _, _)| *name)
    }
}

impl Table {
    /// This table and every table below it, each once, parents first.
    pub(crate) fn with_children(&'static self) -> Vec<&'static Table> {
        let mut found = vec![self];
        let mut next = 0;
        while let Some(table) = found.get(next).copied() {
            for child in table.keys.iter().filter_map(|key| key.kind.table()) {
                if !found.iter().any(|known| std::ptr::eq(*known, child)) {
                    found.push(child);
                }
            }
            next += 1;
        }
        found
    }
}

impl Key {
    const fn new(name: &'static str, kind: Kind, doc: &'static str, example: &'static str) -> Key {
        Key {
            name,
            kind,
            doc,
            example,
            default: None,
            required: false,
            modes: &[],
            needs: None,
        }
    }

    const fn default(mut self, default: Literal) -> Key {
        self.default = Some(default);
        self
    }

    const fn required(mut self) -> Key {
        self.required = true;
        self
    }

    const fn modes(mut self, modes: &'static [&'static str]) -> Key {
        self.modes = modes;
        self
    }

    const fn needs(mut self, other: &'static str) -> Key {
        self.needs = Some(other);
        self
    }

    /// The default of a key that takes an integer.
    ///
    /// # Panics
    ///
    /// Of a key without one: a mistake in this module, which its tests find.
    pub(crate) fn default_integer(&self) -> i64 {
        match self.default {
            Some(Literal::Integer(default)) => default,
            _ => unreachable!("`{}` has an integer as its default", self.name),
        }
    }

    /// The default of a key that takes a flag.
    ///
    /// # Panics
    ///
    /// Of a key without one: a mistake in this module, which its tests find.
    pub(crate) fn default_flag(&self) -> bool {
        match self.default {
            Some(Literal::Flag(default)) => default,
            _ => unreachable!("`{}` has a flag as its default", self.name),
        }
    }

    /// The default of a key that takes a number.
    ///
    /// # Panics
    ///
    /// Of a key without one: a mistake in this module, which its tests find.
    pub(crate) fn default_number(&self) -> f64 {
        match self.default {
            Some(Literal::Number(default)) => default,
            _ => unreachable!("`{}` has a number as its default", self.name),
        }
    }

    /// The default of a key that takes a text, a word, a duration or an instant, as it is written.
    ///
    /// # Panics
    ///
    /// Of a key without one: a mistake in this module, which its tests find.
    pub(crate) fn default_text(&self) -> &'static str {
        match self.default {
            Some(Literal::Text(default)) => default,
            _ => unreachable!("`{}` has a text as its default", self.name),
        }
    }
}

impl Kind {
    /// The table a value of this kind is, holds, or may be.
    pub(crate) fn table(self) -> Option<&'static Table> {
        match self {
            Kind::Table(table) | Kind::Tables(table) | Kind::WordOr(_, table) => Some(table),
            _ => None,
        }
    }

    /// The words a value of this kind may be.
    pub(crate) fn words(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Kind::Word(words) | Kind::WordOr(words, _) => words.list(),
            _ => Vec::new(),
        }
    }

    /// What a value of this kind is called: completes "takes …".
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Kind::Text | Kind::Name => "text",
            Kind::Zone => "the name of a time zone",
            Kind::Flag => "true or false",
            Kind::True => "true",
            Kind::Integer(..) => "an integer",
            Kind::Number(..) => "a number",
            Kind::Span(..) => "a duration",
            Kind::Size => "a number of bytes",
            Kind::Instant => "a date and time",
            Kind::Word(_) => "a word",
            Kind::WordOr(..) => "a word or a table",
            Kind::Texts => "an array of texts",
            Kind::Counts(..) => "a table of words and integers",
            Kind::Totals => "a table, or an array of pairs, of words and integers",
            Kind::Table(_) => "a table",
            Kind::Tables(_) => "an array of tables",
        }
    }
}

/// No duration is longer than this: what fits a signed number of milliseconds.
pub(crate) const DURATION_MAX: Duration = Duration::from_millis(i64::MAX as u64);

/// The longest batch interval: 365 days.
pub(crate) const INTERVAL_MAX: Duration = Duration::from_hours(365 * 24);

/// The shortest duration that is not zero.
pub(crate) const MILLISECOND: Duration = Duration::from_millis(1);

/// A duration at or after the start.
const OFFSET: Kind = Kind::Span(Duration::ZERO, DURATION_MAX);

/// A duration that lasts.
const LENGTH: Kind = Kind::Span(MILLISECOND, DURATION_MAX);

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> impl Iterator<Item = (&'static Table, &'static Key)> {
        let tables = TOP.with_children().into_iter();
        tables.flat_map(|table| table.keys.iter().map(move |key| (table, *key)))
    }

    #[test]
    fn every_key_is_documented() {
        for (table, key) in keys() {
            let name = format!("{}.{}", table.name, key.name);
            assert!(key.doc.ends_with('.'), "{name}: a doc is a sentence");
            assert!(
                key.example.contains(key.name),
                "{name}: the example shows the key"
            );
            for (word, doc) in key.kind.words() {
                assert!(doc.ends_with('.'), "{name} = {word}: a doc is a sentence");
            }
        }
        for table in TOP.with_children() {
            assert!(
                table.doc.ends_with('.'),
                "{}: a doc is a sentence",
                table.name
            );
        }
    }

    #[test]
    fn names_are_distinct() {
        for table in TOP.with_children() {
            let mut names: Vec<_> = table.keys.iter().map(|key| key.name).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}", table.name);
        }
    }

    #[test]
    fn keys_are_needed_by_keys_and_belong_to_modes_that_exist() {
        for (table, key) in keys() {
            if let Some(other) = key.needs {
                assert!(table.keys.iter().any(|it| it.name == other), "{}", key.name);
            }
            for mode in key.modes {
                assert!(MODES.meaning(mode).is_some(), "{}: {mode}", key.name);
            }
        }
    }

    #[test]
    fn every_default_is_of_its_key_s_kind() {
        for (table, key) in keys() {
            let Some(default) = key.default else { continue };
            let fits = match (key.kind, default) {
                (Kind::Text | Kind::Zone | Kind::Instant, Literal::Text(_))
                | (Kind::Flag, Literal::Flag(_)) => true,
                (Kind::Integer(least, most), Literal::Integer(it)) => (least..=most).contains(&it),
                (Kind::Number(least, most), Literal::Number(it)) => (least..=most).contains(&it),
                (Kind::Span(..), Literal::Text(it)) => crate::duration::parse(it).is_ok(),
                (Kind::Word(_) | Kind::WordOr(..), Literal::Text(it)) => {
                    key.kind.words().iter().any(|(word, _)| *word == it)
                }
                _ => false,
            };
            assert!(fits, "{}.{} = {default:?}", table.name, key.name);
        }
    }
}
