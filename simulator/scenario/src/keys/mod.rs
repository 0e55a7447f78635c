//! Every key of the language but those of steps, once: the parser's checks, the schema and the reference
//! are all read from here.
//!
//! A [`TomlTable`](crate::language::TomlTable) lists the keys that may be in it, a key says what kind of
//! value it takes, and a list of keywords says what each allowed word means.

mod changes;
mod clock_jump;
mod conf;
mod cost;
mod fault;
mod invariant;
mod metrics;
mod pipeline;
mod process;
mod query_source;
mod settings;
mod source_fault;
mod static_table;
mod timeline;
mod top;

pub(crate) use changes::CHANGES;
pub use clock_jump::ClockJump;
pub(crate) use conf::CONF_TABLE;
pub use conf::{StateStore, WatermarkPolicy};
pub(crate) use cost::*;
pub use fault::{
    CorruptFile, CrashPoint, Damage, DeletedFiles, Disk, FailingPart, FilePoint, LostBytes,
    Permuted,
};
pub(crate) use invariant::*;
pub(crate) use pipeline::*;
pub use pipeline::{NamedSink, QuerySink, Source, WordQuery};
pub(crate) use process::Paused;
pub use process::{Process, Remote};
pub(crate) use query_source::*;
pub use query_source::{LineFormat, ParseMode};
pub(crate) use settings::*;
pub use settings::{Receivers, profile_words, spark_words};
pub use source_fault::{
    Disconnect, Disorder, Disturbance, RECEIVER_RESTART_DELAY, Reach, SourceFault,
};
pub(crate) use source_fault::{Disturbed, Dropped, Sender};
pub(crate) use static_table::*;
pub(crate) use timeline::*;
pub(crate) use top::*;

#[cfg(test)]
use crate::language::{AnyKey, TomlTable};

/// Every key, with its table.
#[cfg(test)]
pub(crate) fn all_keys() -> impl Iterator<Item = (&'static TomlTable, &'static dyn AnyKey)> {
    let tables = TOP.with_children().into_iter();
    tables.flat_map(|table| table.keys.iter().map(move |key| (table, *key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_documented() {
        for (table, key) in all_keys() {
            let name = format!("{}.{}", table.name, key.name());
            let text = key.text();
            assert!(text.doc.ends_with('.'), "{name}: a doc is a sentence");
            assert!(
                text.example.contains(text.name),
                "{name}: the example shows the key"
            );
            for (word, doc) in key.shape().words() {
                assert!(doc.ends_with('.'), "{name} = {word}: a doc is a sentence");
            }
        }
        for table in TOP.with_children() {
            let name = table.name;
            assert!(table.doc.ends_with('.'), "{name}: a doc is a sentence");
        }
    }

    #[test]
    fn names_are_distinct() {
        for table in TOP.with_children() {
            let mut names: Vec<_> = table.names().collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}", table.name);
        }
    }

    #[test]
    fn keys_are_needed_by_keys_and_belong_to_modes_that_exist() {
        for (table, key) in all_keys() {
            let text = key.text();
            if let Some(other) = text.needs {
                assert!(table.names().any(|name| name == other), "{}", text.name);
            }
            for mode in text.modes {
                assert!(MODES.meaning(mode).is_some(), "{}: {mode}", text.name);
            }
        }
    }
}
