//! `save_as_text_files`: results that are kept.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{KeyCount, Kind, TableOf, TomlKey, toml_table};
use crate::spark::{Snippet, java_text, python_text};

/// Folders of text, one a batch: `prefix-<milliseconds>`, and `.suffix` behind it if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFolders {
    /// The path before the time.
    pub prefix: String,
    /// The extension behind it.
    pub suffix: Option<String>,
}

pub(super) static SAVE_AS_TEXT_FILES: StepRow<TextFolders> = StepRow {
    key: TomlKey::new(
        "save_as_text_files",
        Kind::Table(TableOf {
            table: &TEXT_FOLDERS,
            read: |table| {
                Some(TextFolders {
                    prefix: table.get(&PREFIX)?,
                    suffix: table.get(&SUFFIX),
                })
            },
            write: |folders, items| {
                items.set(&PREFIX, &folders.prefix);
                if let Some(suffix) = &folders.suffix {
                    items.set(&SUFFIX, suffix);
                }
            },
        }),
        "Saves each batch as a folder of text, a file a partition, and passes the stream on. Its lines are printed below `Saved: …`, and after each life of a driver with faults the files that are there.",
        r#"save_as_text_files = { prefix = "counts" }"#,
    ),
    signature: |_| Signature {
        variable: None,
        ..Signature::new(&Element::ALL, None, "")
    },
    code: |folders, _| {
        let TextFolders { prefix, suffix } = folders;
        let suffix = suffix.as_deref().unwrap_or_default();
        Snippet::new(
            format!(
                "saveAsTextFiles({}, {})",
                python_text(prefix),
                python_text(suffix)
            ),
            format!(
                "dstream().saveAsTextFiles({}, {})",
                java_text(prefix),
                java_text(suffix)
            ),
        )
        .into()
    },
    // A drawn scenario is compared by what it prints.
    weight: 0,
    draw: |_, _| TextFolders {
        prefix: "out".to_owned(),
        suffix: None,
    },
};

toml_table! {
    TEXT_FOLDERS = "save_as_text_files", "in `save_as_text_files`", KeyCount::Any;
    "The names of folders of text: `prefix-<milliseconds>.suffix`."

    "The path before the time of the batch."
    PREFIX: TomlKey<String> = ("prefix", Kind::TEXT, r#"prefix = "counts""#).required();

    "The extension behind it, without its point; without it there is none."
    SUFFIX: TomlKey<String> = ("suffix", Kind::TEXT, r#"suffix = "txt""#);
}
