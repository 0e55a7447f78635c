//! Typed keys: a key with the kind of its value and its default, and tables that are read and written by them.

use std::time::Duration;

use toml::Spanned;

use super::kinds::Kind;
use super::reader::TableReader;
use super::table::{AnyKey, KeyText, KindValue, Shape};
use super::toml::Items;
use super::written::Written;

/// A key and the kind of value that it takes.
pub(crate) struct KeyOf<K> {
    pub(crate) text: KeyText,
    pub(crate) kind: K,
}

/// A key whose value is read to a `T`.
pub(crate) type TomlKey<T> = KeyOf<Kind<T>>;

/// A key whose value is a table, or several, that are read by their own keys.
pub(crate) type TableKey = KeyOf<Shape>;

/// A key that may be left out, with the value that then holds.
pub(crate) struct WithDefault<T: 'static> {
    pub(crate) key: TomlKey<T>,
    pub(crate) default: T,
}

/// Declares a table of the language and its keys, in the order in which they are written and shown: each with
/// its meaning, then its name, the kind of its value and an example, and when it may be present.
macro_rules! toml_table {
    (
        $vis:vis $table:ident = $name:literal, $place:literal, $key_count:expr;
        $table_doc:tt
        $($doc:tt $key:ident: $type:ty = ($key_name:expr, $kind:expr, $example:expr)
            $(.$when:ident($($value:expr)?))*;)+
    ) => {
        $vis static $table: $crate::language::TomlTable = $crate::language::TomlTable {
            name: $name,
            place: $place,
            doc: $table_doc,
            key_count: $key_count,
            keys: &[$(&$key),+],
        };

        $($vis static $key: $type =
            $crate::language::KeyOf::new($key_name, $kind, $doc, $example)
                $(.$when($($value)?))*;)+
    };
}

pub(crate) use toml_table;

impl<K> KeyOf<K> {
    pub(crate) const fn new(
        name: &'static str,
        kind: K,
        doc: &'static str,
        example: &'static str,
    ) -> KeyOf<K> {
        let text = KeyText {
            name,
            doc,
            example,
            required: false,
            modes: &[],
            needs: None,
        };
        KeyOf { text, kind }
    }

    pub(crate) const fn required(mut self) -> KeyOf<K> {
        self.text.required = true;
        self
    }

    pub(crate) const fn modes(mut self, modes: &'static [&'static str]) -> KeyOf<K> {
        self.text.modes = modes;
        self
    }

    pub(crate) const fn needs(mut self, other: &'static str) -> KeyOf<K> {
        self.text.needs = Some(other);
        self
    }
}

impl<T> TomlKey<T> {
    pub(crate) const fn or(self, default: T) -> WithDefault<T> {
        WithDefault { key: self, default }
    }
}

impl<'a> TableReader<'a> {
    /// The value of a key, if it is there and right.
    pub(crate) fn get<T: KindValue>(&self, key: &'static TomlKey<T>) -> Option<T> {
        key.kind.read(&self.written(key)?)
    }

    /// The value of a key with the span of it.
    pub(crate) fn spanned<T: KindValue>(&self, key: &'static TomlKey<T>) -> Option<Spanned<T>> {
        let span = self.written(key)?.value.span();
        self.get(key).map(|value| Spanned::new(span, value))
    }

    /// The value of a key, or its default.
    pub(crate) fn get_or_default<T: KindValue>(&self, key: &'static WithDefault<T>) -> T {
        self.get(&key.key).unwrap_or_else(|| key.default.clone())
    }

    /// The value of a key, or its default; nothing where there is a mistaken value.
    pub(crate) fn get_unless_mistaken<T: KindValue>(
        &self,
        key: &'static WithDefault<T>,
    ) -> Option<T> {
        match self.key_span(&key.key) {
            Some(_) => self.get(&key.key),
            None => Some(key.default.clone()),
        }
    }

    /// The table that is the value of a key.
    pub(crate) fn table(&self, key: &'static TableKey) -> Option<TableReader<'a>> {
        TableReader::open(&self.written(key)?, key.kind.table()?)
    }

    /// The table that is the value of a key, or one in which no key is present.
    pub(crate) fn section(&self, key: &'static TableKey) -> TableReader<'a> {
        self.table(key).unwrap_or(self.without_keys())
    }

    /// The tables that are the value of a key.
    pub(crate) fn tables(&self, key: &'static TableKey) -> Vec<TableReader<'a>> {
        let items = self.written(key).and_then(|written| written.items());
        let items = items.into_iter().flatten();
        items
            .filter_map(|item| TableReader::open(&item, key.kind.table()?))
            .collect()
    }
}

impl Items {
    /// Adds a key with its value.
    pub(crate) fn set<T: KindValue>(&mut self, key: &TomlKey<T>, value: &T) {
        self.set_toml(key, key.kind.write(value, self.slide()));
    }

    /// Adds a key with its value, if there is one.
    pub(crate) fn set_some<T: KindValue>(&mut self, key: &TomlKey<T>, value: Option<&T>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Adds a key with its value, if the value is not the default.
    pub(crate) fn set_unless_default<T: KindValue>(&mut self, key: &WithDefault<T>, value: &T) {
        if *value != key.default {
            self.set(&key.key, value);
        }
    }
}

impl AnyKey for TableKey {
    fn text(&self) -> &KeyText {
        &self.text
    }

    fn shape(&self) -> Shape {
        self.kind
    }
}

impl<T: KindValue> AnyKey for TomlKey<T> {
    fn text(&self) -> &KeyText {
        &self.text
    }

    fn shape(&self) -> Shape {
        self.kind.shape()
    }

    fn check(&self, written: &Written) {
        self.kind.read(written);
    }

    fn canonical(&self, written: &Written, slide: Duration) -> Option<String> {
        Some(self.kind.write(&self.kind.read(written)?, slide))
    }
}

impl<T: KindValue> AnyKey for WithDefault<T> {
    fn text(&self) -> &KeyText {
        self.key.text()
    }

    fn shape(&self) -> Shape {
        self.key.shape()
    }

    fn check(&self, written: &Written) {
        self.key.check(written);
    }

    fn canonical(&self, written: &Written, slide: Duration) -> Option<String> {
        self.key.canonical(written, slide)
    }

    fn default(&self) -> Option<String> {
        Some(self.key.kind.write(&self.default, Duration::ZERO))
    }
}
