//! A TOML table read by the words of the language: its keys are checked once, its values as they are asked for.

use std::borrow::Borrow;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value;
use crate::diagnostic::{Code, Draft};
use crate::mistakes::Sink;
use crate::quote::{list, quote};
use crate::suggest::nearest;
use crate::words::{self, Form, Key, Table, Words};

/// A table of the document and what the language says about it.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) sink: &'a Sink,
    words: &'static Table,
    /// Without one, no key is present.
    table: Option<&'a DeTable<'a>>,
    start: usize,
    end: usize,
}

impl<'a> Fields<'a> {
    /// Reads `table`, reporting its unknown keys and the ones it lacks.
    pub(super) fn new(
        sink: &'a Sink,
        words: &'static Table,
        table: &'a DeTable<'a>,
        span: Range<usize>,
    ) -> Fields<'a> {
        let (start, end) = (span.start, span.end);
        let fields = Fields {
            sink,
            words,
            table: Some(table),
            start,
            end,
        };
        fields.report_unknown(table);
        match words.form {
            Form::Fields => fields.report_missing(),
            Form::Choice => fields.report_choice(),
        }
        fields
    }

    /// Where the table is, or its header.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether nothing is written in the table, were it with mistakes.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_none_or(DeTable::is_empty)
    }

    /// The keys that are present, in the order of the language.
    pub(super) fn present(&self) -> impl Iterator<Item = (&'static Key, Range<usize>)> {
        let keys = self.words.keys.iter();
        keys.filter_map(|key| Some((*key, self.key_span(key)?)))
    }

    /// Where the key is, if it is there.
    pub(super) fn key_span(&self, key: &Key) -> Option<Range<usize>> {
        self.table?
            .get_key_value(key.name)
            .map(|(key, _)| key.span())
    }

    /// The value as TOML has it, if it is there.
    pub(super) fn value(&self, key: &Key) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table?.get(key.name)
    }

    /// Whether an unknown key may be a misspelling of this one, so that it is not missing.
    pub(super) fn is_meant(&self, key: &Key) -> bool {
        let names = || self.words.keys.iter().map(|key| key.name);
        let written = self.table.into_iter().flat_map(DeTable::keys);
        written
            .map(|name| -> &str { name.borrow() })
            .filter(|name| !names().any(|known| known == *name))
            .any(|name| nearest(name, names()) == Some(key.name))
    }

    /// Whether the key, or a misspelling of it, is there.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.value(key).is_some() || self.is_meant(key)
    }

    /// Reports a mistake in the value of a key.
    pub(super) fn push(&self, draft: Draft) {
        self.sink.push(draft);
    }

    pub(super) fn text(&self, key: &'static Key) -> Option<String> {
        value::text(self.sink, key, self.value(key)?).map(str::to_owned)
    }

    pub(super) fn texts(&self, key: &'static Key) -> Option<Vec<String>> {
        let items = value::array(self.sink, key, self.value(key)?)?.iter();
        Some(
            items
                .filter_map(|item| value::text(self.sink, key, item).map(str::to_owned))
                .collect(),
        )
    }

    pub(super) fn flag(&self, key: &'static Key) -> Option<bool> {
        value::flag(self.sink, key, self.value(key)?)
    }

    /// A key whose presence says it all.
    pub(super) fn is_true(&self, key: &'static Key) -> Option<()> {
        value::is_true(self.sink, key, self.value(key)?)
    }

    pub(super) fn integer(&self, key: &'static Key) -> Option<i64> {
        value::integer(self.sink, key, self.value(key)?)
    }

    /// An integer that is zero or more by the bounds of its key.
    pub(super) fn size(&self, key: &'static Key) -> usize {
        let size = self.integer(key).unwrap_or_else(|| key.default_integer());
        usize::try_from(size).unwrap_or_default()
    }

    pub(super) fn number(&self, key: &'static Key) -> Option<f64> {
        value::number(self.sink, key, self.value(key)?)
    }

    pub(super) fn duration(&self, key: &'static Key) -> Option<Spanned<Duration>> {
        let value = self.value(key)?;
        let duration = value::duration(self.sink, key, value)?;
        Some(Spanned::new(value.span(), duration))
    }

    pub(super) fn bytes(&self, key: &'static Key) -> Option<u64> {
        value::size(self.sink, key, self.value(key)?)
    }

    pub(super) fn word<T: Copy + PartialEq>(
        &self,
        key: &'static Key,
        words: &Words<T>,
    ) -> Option<T> {
        value::word(self.sink, key, self.value(key)?, words)
    }

    /// The meaning of a word, or of the default of its key.
    pub(super) fn word_or_default<T: Copy + PartialEq>(
        &self,
        key: &'static Key,
        words: &Words<T>,
    ) -> T {
        self.word(key, words).unwrap_or_else(|| {
            let default = words.meaning(key.default_text());
            default.expect("defaults are words of their keys, as the tests of `words` hold")
        })
    }

    /// The table that is the value of a key.
    pub(super) fn table(&self, key: &'static Key) -> Option<Fields<'a>> {
        value::table(self.sink, key, self.value(key)?)
    }

    /// The table that is the value of a key, or one in which no key is present.
    pub(super) fn section(&self, key: &'static Key) -> Fields<'a> {
        let nothing = Fields {
            table: None,
            ..*self
        };
        self.table(key).unwrap_or(nothing)
    }

    /// The tables that are the value of a key.
    pub(super) fn tables(&self, key: &'static Key) -> Vec<Fields<'a>> {
        let items = self
            .value(key)
            .and_then(|value| value::array(self.sink, key, value));
        let items = items.into_iter().flat_map(|items| items.iter());
        items
            .filter_map(|item| value::table(self.sink, key, item))
            .collect()
    }

    /// Reports keys that mean nothing without another, of those to which `applies`.
    pub(super) fn report_needs(&self, applies: impl Fn(&Key) -> bool) {
        for (key, span) in self.present().filter(|(key, _)| applies(key)) {
            let Some(needed) = key.needs else { continue };
            let needed = self.words.keys.iter().find(|key| key.name == needed);
            if let Some(needed) = needed.filter(|needed| !self.has(needed)) {
                let message = format!("`{}` means nothing without `{}`", key.name, needed.name);
                let draft = Draft::new(Code::Needs, span, message);
                let draft = draft.label(format!("needs `{}`", needed.name));
                self.push(draft.help(format!("for example\n{}", needed.example)));
            }
        }
    }

    fn report_unknown(&self, table: &DeTable) {
        let known = |key: &str| self.words.keys.iter().any(|it| it.name == key);
        for key in table.keys() {
            let name: &str = key.borrow();
            if !known(name) {
                self.sink.push(
                    Draft::new(
                        Code::UnknownKey,
                        key.span(),
                        format!("unknown key {} {}", quote(name), self.words.place),
                    )
                    .label("not a key of this table")
                    .help(self.help_for_unknown(name)),
                );
            }
        }
    }

    fn help_for_unknown(&self, name: &str) -> String {
        if self.sink.is_full() {
            return String::new();
        }
        let names = || self.words.keys.iter().map(|key| key.name);
        let allowed = format!("allowed: {}", list(names()));
        if words::TOP.keys.iter().any(|key| key.name == name) {
            format!("`{name}` stands at the top level, above the first `[table]`; {allowed}")
        } else if let Some(nearest) = nearest(name, names()) {
            format!("did you mean `{nearest}`? {allowed}")
        } else {
            allowed
        }
    }

    fn report_missing(&self) {
        for key in self.words.keys {
            if key.required && !self.has(key) {
                let message = format!("missing key `{}` {}", key.name, self.words.place);
                self.sink.push(
                    Draft::new(Code::MissingKey, self.span(), message)
                        .label(format!("needs `{}`", key.name))
                        .help(format!("for example\n{}", key.example)),
                );
            }
        }
    }

    fn report_choice(&self) {
        let mut present: Vec<_> = self.present().collect();
        present.sort_by_key(|(_, span)| span.start);
        let draft = match present.as_slice() {
            [] if self.table.is_none_or(DeTable::is_empty) => {
                let message = format!("no key {}", self.words.place);
                let names = list(self.words.keys.iter().map(|key| key.name));
                Draft::new(Code::OneKey, self.span(), message)
                    .label("empty")
                    .help(format!("it has one of {names}"))
            }
            [(first, first_span), (second, span), ..] => {
                let message = format!("more than one key {}", self.words.place);
                Draft::new(Code::OneKey, span.clone(), message)
                    .label(format!("`{}` is one too many", second.name))
                    .also(
                        first_span.clone(),
                        format!("there is `{}` already", first.name),
                    )
                    .help("such a table has one key: write a table for each")
            }
            _ => return,
        };
        self.sink.push(draft);
    }
}
