//! Rows for a place outside of the simulator, of which there is a record alone.

use std::sync::Arc;

use crate::{Row, StructField, Text};

/// Rows that a program has written to a place which is not here, such as a topic of Kafka or a table of a database.
///
/// Nothing is written there: tests and reports have this record. The values of options that name a secret are left out,
/// as in Spark's own log (`spark.redaction.regex`).
///
/// ```
/// use engine::TableWrite;
/// let options = [("topic", "words"), ("kafka.sasl.password", "x")];
/// let write = TableWrite::new("kafka", "append").with_options(options.map(|(name, value)| (name.into(), value.into())));
/// assert_eq!(write.title(), "kafka, append, kafka.sasl.password=*********(redacted), topic=words");
/// assert!(write.rows.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct TableWrite {
    /// The data source, as `format` names it.
    pub format: Text,
    /// The output mode of a query, or else the save mode, in lower case.
    pub mode: Text,
    /// The options, in the order of their names.
    pub options: Vec<(Text, Text)>,
    /// The columns.
    pub columns: Arc<[StructField]>,
    /// All rows, partition by partition.
    pub rows: Vec<Row>,
}

/// The value of an option that names a secret.
const REDACTED: &str = "*********(redacted)";

impl TableWrite {
    /// No rows, no columns and no options.
    pub fn new(format: impl Into<Text>, mode: impl Into<Text>) -> TableWrite {
        TableWrite {
            format: format.into(),
            mode: mode.into(),
            options: Vec::new(),
            columns: Arc::default(),
            rows: Vec::new(),
        }
    }

    /// The same, with these options.
    pub fn with_options(mut self, options: impl IntoIterator<Item = (Text, Text)>) -> TableWrite {
        let redacted = options.into_iter().map(|(name, value)| {
            let is_secret = names_secret(&name);
            (name, if is_secret { REDACTED.into() } else { value })
        });
        self.options = redacted.collect();
        self.options.sort();
        self
    }

    /// The same, with these columns and rows.
    pub fn with_rows(self, columns: Arc<[StructField]>, rows: Vec<Row>) -> TableWrite {
        TableWrite {
            columns,
            rows,
            ..self
        }
    }

    /// The format, the mode and the options, in one line.
    pub fn title(&self) -> String {
        let options = self.options.iter();
        let options = options.map(|(name, value)| format!(", {name}={value}"));
        format!(
            "{}, {}{}",
            self.format,
            self.mode,
            options.collect::<String>()
        )
    }
}

/// True of what `(?i)secret|password|token|access[.]?key` finds.
fn names_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = ["secret", "password", "token", "accesskey", "access.key"];
    words.into_iter().any(|word| name.contains(word))
}
