//! A table of the document: its keys are checked once, its values as they are asked for.

use std::borrow::Borrow;
use std::ops::Range;

use toml::de::DeTable;

use super::key::TableKey;
use super::table::{AnyKey, KeyCount, KeyText, TomlTable};
use super::written::{ReadContext, Slide, Written};
use crate::Code;
use crate::diagnostics::Diagnostics;
use crate::elsewhere::answer;
use crate::mistake::Mistake;
use crate::quote::{list, quote};
use crate::suggest::nearest;

/// A table of the document, read by the keys of its table of the language.
#[derive(Clone, Copy)]
pub(crate) struct TableReader<'a> {
    described: &'static TomlTable,
    /// Without one, no key is present.
    table: Option<&'a DeTable<'a>>,
    start: usize,
    end: usize,
    context: ReadContext<'a>,
}

impl<'a> TableReader<'a> {
    /// The whole document, of which unknown keys are reported, and missing ones but for those that are `optional` here.
    pub(crate) fn root(
        diagnostics: &'a Diagnostics,
        described: &'static TomlTable,
        table: &'a DeTable<'a>,
        optional: &[&dyn AnyKey],
    ) -> TableReader<'a> {
        let reader = TableReader::part(diagnostics, described, table);
        reader.check(optional);
        reader
    }

    /// A part of the document, of which neither unknown keys nor missing ones are reported.
    pub(crate) fn part(
        diagnostics: &'a Diagnostics,
        described: &'static TomlTable,
        table: &'a DeTable<'a>,
    ) -> TableReader<'a> {
        TableReader {
            described,
            table: Some(table),
            start: 0,
            end: 0,
            context: ReadContext {
                diagnostics,
                top: described,
                slide: Slide {
                    duration: None,
                    name: "the batch interval",
                },
            },
        }
    }

    /// The table that is a value, of which unknown keys and missing ones are reported.
    pub(crate) fn open(
        written: &Written<'a>,
        described: &'static TomlTable,
    ) -> Option<TableReader<'a>> {
        let span = written.value.span();
        let reader = TableReader {
            described,
            table: Some(written.table()?),
            start: span.start,
            end: span.end,
            context: written.context,
        };
        reader.check(&[]);
        Some(reader)
    }

    /// Another table in the place of this one, of which nothing is reported yet.
    pub(crate) fn replaced<'b>(
        &self,
        described: &'static TomlTable,
        table: &'b DeTable<'b>,
    ) -> TableReader<'b>
    where
        'a: 'b,
    {
        TableReader {
            described,
            table: Some(table),
            ..*self
        }
    }

    /// A copy of the table as it is written.
    pub(crate) fn copied(&self) -> DeTable<'a> {
        self.table.cloned().unwrap_or_default()
    }

    /// The same table, for windows on a stream with this slide.
    pub(crate) fn with_slide(self, slide: Slide) -> TableReader<'a> {
        let context = ReadContext {
            slide,
            ..self.context
        };
        TableReader { context, ..self }
    }

    /// The same table, but that no key is present in it.
    pub(super) fn without_keys(self) -> TableReader<'a> {
        TableReader {
            table: None,
            ..self
        }
    }

    /// The slide of the stream that windows in the table are put on.
    pub(crate) fn slide(&self) -> Slide {
        self.context.slide
    }

    /// The span of the table, or of its header.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// True if no key is written in the table, not even a mistaken one.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_none_or(DeTable::is_empty)
    }

    /// The keys that are present, in the order of the language.
    pub(crate) fn present(&self) -> impl Iterator<Item = (&'static dyn AnyKey, Range<usize>)> {
        let keys = self.described.keys.iter();
        keys.filter_map(|key| Some((*key, self.key_span(*key)?)))
    }

    /// The value of the second of these keys in each of the tables that are the value of `tables` and have both,
    /// without a word about mistakes.
    pub(crate) fn entries_with(
        &self,
        tables: &'static TableKey,
        keys: [&'static dyn AnyKey; 2],
    ) -> impl Iterator<Item = Written<'a>> + use<'a> {
        let tables = self.written(tables);
        let array = tables.and_then(|it| it.value.get_ref().as_array());
        let context = self.context;
        let tables = array.into_iter().flatten();
        let tables = tables.filter_map(|table| table.get_ref().as_table());
        tables.filter_map(move |table| {
            let [other, key] = keys;
            table.get(other.name())?;
            Some(Written {
                key,
                value: table.get(key.name())?,
                context,
            })
        })
    }

    /// The span of the key, if it is there.
    pub(crate) fn key_span(&self, key: &dyn AnyKey) -> Option<Range<usize>> {
        let (key, _) = self.table?.get_key_value(key.name())?;
        Some(key.span())
    }

    /// The value of a key as it is written, if it is there.
    pub(crate) fn written(&self, key: &'static dyn AnyKey) -> Option<Written<'a>> {
        Some(Written {
            key,
            value: self.table?.get(key.name())?,
            context: self.context,
        })
    }

    /// True if an unknown key may be a misspelling of this one, so that it is not missing.
    pub(crate) fn is_meant(&self, key: &dyn AnyKey) -> bool {
        let names = || self.described.names();
        let written = self.table.into_iter().flat_map(DeTable::keys);
        written
            .map(|name| -> &str { name.borrow() })
            .filter(|name| !names().any(|known| known == *name))
            .any(|name| nearest(name, names()) == Some(key.name()))
    }

    /// True if the key, or a misspelling of it, is there.
    pub(crate) fn has(&self, key: &dyn AnyKey) -> bool {
        self.key_span(key).is_some() || self.is_meant(key)
    }

    /// The number of mistakes so far.
    pub(crate) fn mistakes(&self) -> usize {
        self.context.diagnostics.len()
    }

    /// Reports a mistake in the value of a key.
    pub(crate) fn push(&self, mistake: Mistake) {
        self.context.diagnostics.push(mistake);
    }

    /// Reports keys that mean nothing without another, of those to which `applies`.
    pub(crate) fn report_needs(&self, applies: impl Fn(&KeyText) -> bool) {
        for (key, span) in self.present().filter(|(key, _)| applies(key.text())) {
            let Some(needed) = key.text().needs else {
                continue;
            };
            let mut keys = self.described.keys.iter();
            let needed = keys.find(|key| key.name() == needed);
            if let Some(needed) = needed.filter(|needed| !self.has(**needed)) {
                let message = format!("`{}` means nothing without `{}`", key.name(), needed.name());
                let mistake = Code::Needs.at(span, message);
                let mistake = mistake.label(format!("needs `{}`", needed.name()));
                self.push(mistake.help(format!("for example\n{}", needed.text().example)));
            }
        }
    }

    fn check(&self, optional: &[&dyn AnyKey]) {
        self.report_unknown();
        match self.described.key_count {
            KeyCount::Any => self.report_missing(optional),
            KeyCount::One => self.report_choice(),
        }
    }

    fn report_unknown(&self) {
        for key in self.table.into_iter().flat_map(DeTable::keys) {
            let name: &str = key.borrow();
            if !self.described.names().any(|known| known == name) {
                let message = format!("unknown key {} {}", quote(name), self.described.place);
                let mistake = Code::UnknownKey.at(key.span(), message);
                let mistake = mistake.label("not a key of this table");
                self.push(mistake.help(self.help_for_unknown(name)));
            }
        }
    }

    fn help_for_unknown(&self, name: &str) -> String {
        // A help that is thrown away is not worked out: there may be many thousand of them.
        if self.context.diagnostics.is_full() {
            return String::new();
        }
        let names = || self.described.names();
        let allowed = format!("allowed: {}", list(names()));
        if let Some(answer) = answer(name, self.described.name) {
            format!("{answer}; {allowed}")
        } else if self.context.top.names().any(|known| known == name) {
            format!("`{name}` stands at the top level, above the first `[table]`; {allowed}")
        } else if let Some(table) = self.context.top.table_with(name) {
            format!("`{name}` stands {}; {allowed}", table.place)
        } else if let Some(nearest) = nearest(name, names()) {
            format!("did you mean `{nearest}`? {allowed}")
        } else {
            allowed
        }
    }

    fn report_missing(&self, optional: &[&dyn AnyKey]) {
        let is_optional = |name| optional.iter().any(|key| key.name() == name);
        let keys = self.described.keys.iter();
        let required = keys.filter(|key| key.text().required && !is_optional(key.name()));
        for key in required.filter(|key| !self.has(**key)) {
            let message = format!("missing key `{}` {}", key.name(), self.described.place);
            let mistake = Code::MissingKey.at(self.span(), message);
            let mistake = mistake.label(format!("needs `{}`", key.name()));
            self.push(mistake.help(format!("for example\n{}", key.text().example)));
        }
    }

    fn report_choice(&self) {
        let mut present: Vec<_> = self.present().collect();
        present.sort_by_key(|(_, span)| span.start);
        let mistake = match present.as_slice() {
            [] if self.is_empty() => {
                let message = format!("no key {}", self.described.place);
                let help = format!("it has one of {}", list(self.described.names()));
                let mistake = Code::OneKey.at(self.span(), message);
                mistake.label("empty").help(help)
            }
            [(first, first_span), (second, span), ..] => {
                let message = format!("more than one key {}", self.described.place);
                let also = format!("there is `{}` already", first.name());
                let mistake = Code::OneKey.at(span.clone(), message);
                mistake
                    .label(format!("`{}` is one too many", second.name()))
                    .also(first_span.clone(), also)
                    .help("such a table has one key: write a table for each")
            }
            _ => return,
        };
        self.push(mistake);
    }
}
