//! A typed key: the kind of its value, and the default.

use std::time::Duration;

use super::kinds::{Kind, KindValue};
use super::table::{AnyKey, KeyText, Shape};

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
}

impl<T: KindValue> AnyKey for WithDefault<T> {
    fn text(&self) -> &KeyText {
        self.key.text()
    }

    fn shape(&self) -> Shape {
        self.key.shape()
    }

    fn default(&self) -> Option<String> {
        Some(self.key.kind.write(&self.default, Duration::ZERO))
    }
}
