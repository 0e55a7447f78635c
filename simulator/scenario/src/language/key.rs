//! A typed key: the kind of its value, and the default.

use std::time::Duration;

use super::table::{AnyKey, KeyText, Shape};
use super::written::Written;

/// A kind of value, as the schema and the reference describe it.
pub(crate) trait Described: Sync {
    /// The values of this kind.
    fn shape(&self) -> Shape;
}

/// A kind of value that is read to a Rust value, and written from one.
pub(crate) trait Kind: Sync {
    /// A value of this kind, once it has been read.
    type Value;

    /// The values of this kind.
    fn shape(&self) -> Shape;

    /// Reads a value, or reports its mistake.
    fn read(&self, written: &Written) -> Option<Self::Value>;

    /// The value as TOML.
    fn write(&self, value: &Self::Value) -> String;

    /// The value as TOML, at a stream with this slide: a window says its slide only where it differs.
    fn write_on(&self, value: &Self::Value, _slide: Duration) -> String {
        self.write(value)
    }
}

impl<K: Kind> Described for K {
    fn shape(&self) -> Shape {
        Kind::shape(self)
    }
}

/// A key and the kind of value that it takes.
pub(crate) struct TomlKey<K> {
    pub(crate) text: KeyText,
    pub(crate) kind: K,
}

/// A key that may be left out, with the value that then holds.
pub(crate) struct WithDefault<K: Kind> {
    pub(crate) key: TomlKey<K>,
    pub(crate) default: K::Value,
}

impl<K> TomlKey<K> {
    pub(crate) const fn new(
        name: &'static str,
        kind: K,
        doc: &'static str,
        example: &'static str,
    ) -> TomlKey<K> {
        let text = KeyText {
            name,
            doc,
            example,
            required: false,
            modes: &[],
            needs: None,
        };
        TomlKey { text, kind }
    }

    pub(crate) const fn required(mut self) -> TomlKey<K> {
        self.text.required = true;
        self
    }

    pub(crate) const fn modes(mut self, modes: &'static [&'static str]) -> TomlKey<K> {
        self.text.modes = modes;
        self
    }

    pub(crate) const fn needs(mut self, other: &'static str) -> TomlKey<K> {
        self.text.needs = Some(other);
        self
    }
}

impl<K: Kind> TomlKey<K> {
    pub(crate) const fn or(self, default: K::Value) -> WithDefault<K> {
        WithDefault { key: self, default }
    }
}

impl<K: Described> AnyKey for TomlKey<K> {
    fn text(&self) -> &KeyText {
        &self.text
    }

    fn shape(&self) -> Shape {
        self.kind.shape()
    }
}

impl<K: Kind<Value: Sync>> AnyKey for WithDefault<K> {
    fn text(&self) -> &KeyText {
        &self.key.text
    }

    fn shape(&self) -> Shape {
        Kind::shape(&self.key.kind)
    }

    fn default(&self) -> Option<String> {
        Some(self.key.kind.write(&self.default))
    }
}
