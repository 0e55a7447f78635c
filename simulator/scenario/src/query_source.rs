//! The tables that a query in SQL reads: streams of lines, and rows that do not change.

use std::borrow::Cow;
use std::time::Duration;

use crate::keys::{LineFormat, ParseMode};
use crate::{Program, Scenario, Source, Structured};

/// A stream that queries in SQL read as a table (`[[source]]`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuerySource {
    /// Its name in SQL, and in entries of the timeline.
    pub name: String,
    /// The lines that it makes of the text. Default: memory.
    pub kind: Source,
    /// The most files that a micro-batch reads, of a source that has files. Default: all there are.
    pub max_files_per_trigger: Option<usize>,
    /// The form of its lines. Default: text.
    pub format: LineFormat,
    /// The columns of a line that is not text, as in Spark: `ts TIMESTAMP, n INT`.
    pub schema: Option<String>,
    /// The fate of a line that does not have this form. Default: permissive.
    pub mode: ParseMode,
    /// The place at which a query on a topic begins. Default: the latest offset.
    pub starting_offsets: Option<String>,
    /// The most messages that a micro-batch reads, of a topic. Default: all there are.
    pub max_offsets_per_trigger: Option<usize>,
    /// The options of its reader by their names, of a topic and of numbers. Default: none.
    pub options: Vec<(String, String)>,
    /// The column of event time. Default: no watermark.
    pub watermark: Option<SourceWatermark>,
    /// The columns by which rows that have come before are dropped. Default: none is dropped.
    pub drop_duplicates: Option<DropDuplicates>,
}

impl QuerySource {
    /// A source of lines as text.
    pub fn text(name: &str, kind: Source) -> QuerySource {
        QuerySource {
            name: name.to_owned(),
            kind,
            max_files_per_trigger: None,
            format: LineFormat::Text,
            schema: None,
            mode: ParseMode::Permissive,
            starting_offsets: None,
            max_offsets_per_trigger: None,
            options: Vec::new(),
            watermark: None,
            drop_duplicates: None,
        }
    }
}

/// The lateness of rows (`withWatermark`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceWatermark {
    /// The column of event time.
    pub column: String,
    /// The delay after the latest time in it.
    pub delay: Duration,
}

/// Rows that are dropped because they have come before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DropDuplicates {
    /// The columns that are compared. Default: all.
    pub columns: Option<Vec<String>>,
    /// True if a row is known only until the watermark has passed it (`dropDuplicatesWithinWatermark`). Default: false.
    pub within_watermark: bool,
}

/// A table that does not change (`[[table]]`).
#[derive(Clone, Debug, PartialEq)]
pub struct StaticTable {
    /// Its name in SQL.
    pub name: String,
    /// Its columns, as in Spark: `user STRING, level INT`.
    pub schema: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows, each with a cell for each column; one that is not there is `NULL`.
    pub rows: Vec<Vec<Option<Cell>>>,
}

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text, or a date or time.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// True or false.
    Flag(bool),
}

impl Cell {
    /// The text that is cast to the type of the column.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Integer(integer) => Cow::Owned(integer.to_string()),
            Cell::Number(number) if number.is_nan() => Cow::Borrowed("NaN"),
            Cell::Number(number) if number.is_infinite() => Cow::Borrowed(match number {
                0.0.. => "Infinity",
                _ => "-Infinity",
            }),
            Cell::Number(number) => Cow::Owned(format!("{number:?}")),
            Cell::Flag(flag) => Cow::Owned(flag.to_string()),
        }
    }
}

impl Scenario {
    /// The streams that a query in SQL reads: those of the scenario, or else `lines(value)`.
    pub fn query_sources(&self, query: &Structured) -> Vec<QuerySource> {
        if !self.sources.is_empty() {
            return self.sources.clone();
        }
        let lines = QuerySource::text(Self::LINES, query.source);
        vec![QuerySource {
            max_files_per_trigger: query.max_files_per_trigger,
            ..lines
        }]
    }

    /// The names of the streams that a pipeline in words reads, which entries of the timeline may give.
    pub fn streams_of<'a>(&'a self, program: &'a Program) -> Vec<&'a str> {
        match program {
            Program::Structured(query) if query.sql.is_some() && !self.sources.is_empty() => {
                let sources = self.sources.iter();
                let sources = sources.filter(|source| source.format.has_lines());
                sources.map(|source| &*source.name).collect()
            }
            _ => vec![Self::LINES],
        }
    }
}
