//! The means to say the language: keys and tables with their kinds, read from TOML and written as TOML.
//!
//! | file | what it is for |
//! |---|---|
//! | `table.rs` | tables and keys as the schema and the reference describe them |
//! | `written.rs` | a value of the document: its type, its bounds, its mistakes |
//! | `reader.rs` | a table of the document: its keys, its mistakes |
//! | `toml.rs` | values as TOML |
//! | `kinds.rs`, `keywords.rs` | the kinds of values |
//! | `key.rs` | typed keys, by which tables are read and written |

mod key;
mod keywords;
mod kinds;
mod reader;
mod table;
mod toml;
mod written;

pub(crate) use key::{KeyOf, TableKey, TomlKey, WithDefault, toml_table};
pub(crate) use keywords::{Keywords, keywords};
pub use kinds::True;
pub(crate) use kinds::{DURATION_MAX, Kind, TableOf};
pub(crate) use reader::TableReader;
pub(crate) use table::{AnyKey, KeyCount, KeyText, Shape, TomlTable, WordList};
pub(crate) use toml::{Items, array, key as toml_key, long_text, text as toml_text};
pub(crate) use written::{Slide, Written, grouped, in_order};
