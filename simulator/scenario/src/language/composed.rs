//! Kinds of values that are made of several keys, or that are a word or a table.

use std::time::Duration;

use toml::de::DeValue;

use super::key::Kind;
use super::keywords::Keywords;
use super::reader::TableReader;
use super::table::{Shape, TomlTable};
use super::toml::{Items, text};
use super::written::Written;

/// A table that is one value.
pub(crate) struct TableOf<T> {
    pub(crate) table: &'static TomlTable,
    /// Reads the value, or reports its mistakes.
    pub(crate) read: fn(&TableReader) -> Option<T>,
    /// Adds the keys of the value.
    pub(crate) write: fn(&T, &mut Items),
}

/// One of these words, or a table that is one value.
pub(crate) struct WordOr<T: 'static> {
    pub(crate) words: &'static Keywords<T>,
    pub(crate) table: TableOf<T>,
}

impl<T> Kind for TableOf<T> {
    type Value = T;

    fn shape(&self) -> Shape {
        Shape::Table(self.table)
    }

    fn read(&self, written: &Written) -> Option<T> {
        (self.read)(&TableReader::open(written, self.table)?)
    }

    fn write(&self, value: &T) -> String {
        self.write_on(value, Duration::ZERO)
    }

    fn write_on(&self, value: &T, slide: Duration) -> String {
        let mut items = Items::on_slide(slide);
        (self.write)(value, &mut items);
        items.inline()
    }
}

impl<T: Clone + PartialEq + Sync> Kind for WordOr<T> {
    type Value = T;

    fn shape(&self) -> Shape {
        Shape::WordOr(self.words, self.table.table)
    }

    fn read(&self, written: &Written) -> Option<T> {
        match written.value.get_ref() {
            DeValue::Table(_) => self.table.read(written),
            _ => self.words.read(written),
        }
    }

    fn write(&self, value: &T) -> String {
        match self.words.word(value) {
            Some(word) => text(word),
            None => self.table.write(value),
        }
    }
}
