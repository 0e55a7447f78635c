//! An answer: the rows of a query with their columns, or an error.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use engine::render::{Notation, Renderer};
use engine::{DataType, Failure, Inline, SparkVersion, Time, Value};
use engine_sql::{AnalysisError, Session};
use engine_structured::{CollectError, SparkSession};
use jiff::Timestamp;

/// The time of `current_timestamp` in milliseconds: 2024-01-01 00:00:00 UTC.
const NOW_MS: i64 = 1_704_067_200_000;

/// The answer to a query.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Rows; a cell that is `NULL` has no text.
    Rows {
        columns: Vec<Column>,
        rows: Vec<Vec<Option<String>>>,
    },
    /// A panic of this engine.
    Panic,
    /// An error of this class, if it has one.
    Error {
        stage: Stage,
        class: Option<String>,
        message: String,
    },
}

/// The step that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Before the query runs.
    Analysis,
    /// While it runs.
    Run,
}

/// A column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) data_type: String,
    pub(crate) nullable: bool,
}

/// The answer of this engine.
pub(crate) fn of(sql: &str, session: &Session) -> Answer {
    // One panic must not hide the answers to other queries.
    let caught = panic::catch_unwind(AssertUnwindSafe(|| answer(sql, session)));
    caught.map_or(Answer::Panic, |answer| answer.unwrap_or_else(|error| error))
}

fn answer(sql: &str, session: &Session) -> Result<Answer, Answer> {
    let spark = SparkSession::local(1, "vectors").with_shuffle_partitions(1);
    let table = spark
        .with_settings(session.clone())
        .sql(&format!("SELECT {sql}"));
    let schema = table.schema().map_err(|error| refused(&error))?;
    let rows = table.collect(Time::from_millis(NOW_MS), &Inline);
    let rows = rows.map_err(|error| match error {
        CollectError::Analysis(error) => refused(&error),
        CollectError::Failure(failure) => failed(&failure),
    })?;
    let columns = schema.fields().iter().map(|field| Column {
        name: field.name.to_string(),
        data_type: type_text(&field.data_type, session.spark),
        nullable: field.nullable,
    });
    let cells = |row: &engine::Row| row.iter().map(|value| cell(value, session)).collect();
    Ok(Answer::Rows {
        columns: columns.collect(),
        rows: rows.iter().map(cells).collect(),
    })
}

/// The text of a type (`DataType.sql`), in which Spark 3.5 does not say which fields are never `NULL`.
fn type_text(data_type: &DataType, spark: SparkVersion) -> String {
    let text = data_type.to_string();
    match spark {
        SparkVersion::V3_5 => text.replace(" NOT NULL", ""),
        SparkVersion::V4 => text,
    }
}

fn refused(error: &AnalysisError) -> Answer {
    Answer::Error {
        stage: Stage::Analysis,
        class: error.condition().map(str::to_owned),
        message: error.message().to_string(),
    }
}

/// The text of a value in a table.
fn cell(value: &Value, session: &Session) -> Option<String> {
    let local = |micros: i64| {
        let time = Timestamp::from_microsecond(micros).unwrap_or_default();
        let offset = session.zone.to_offset(time).seconds();
        micros + i64::from(offset) * 1_000_000
    };
    (*value != Value::Null).then(|| Renderer::new(Notation::Sql, &local).text(value))
}

/// The error of a failure, whose class stands in brackets before its message.
fn failed(failure: &Failure) -> Answer {
    let message = failure.message().to_string();
    let (class, message) = match message.strip_prefix('[').and_then(|it| it.split_once("] ")) {
        Some((class, rest)) => (Some(class.to_owned()), rest.to_owned()),
        None => (None, message),
    };
    Answer::Error {
        stage: Stage::Run,
        class,
        message,
    }
}

impl Answer {
    /// The difference to what this engine answered, if there is one.
    pub(crate) fn difference(&self, got: &Answer) -> Option<String> {
        match (self, got) {
            (_, Answer::Panic) | (Answer::Panic, _) => Some("a panic".to_owned()),
            (
                Answer::Rows { columns, rows },
                Answer::Rows {
                    columns: got,
                    rows: got_rows,
                },
            ) => different_columns(columns, got).or_else(|| {
                let differ = rows != got_rows;
                differ.then(|| different_rows(rows, got_rows))
            }),
            (
                Answer::Error { stage, class, .. },
                Answer::Error {
                    stage: got_stage,
                    class: got,
                    ..
                },
            ) => {
                // Names of no meaning, of errors that Spark has not named yet.
                let is_named = |class: &&String| !class.starts_with("_LEGACY_ERROR_TEMP");
                let class = class.as_ref().filter(is_named);
                let is_same = class.is_none() || class == got.as_ref();
                (stage != got_stage || !is_same)
                    .then(|| format!("{} instead of {}", name(got.as_ref()), name(class)))
            }
            (Answer::Rows { .. }, Answer::Error { class, message, .. }) => Some(match class {
                Some(class) => format!("refused with {class}: {message}"),
                None => format!("refused: {message}"),
            }),
            (Answer::Error { class, .. }, Answer::Rows { .. }) => {
                Some(format!("not refused with {}", name(class.as_ref())))
            }
        }
    }
}

fn name(class: Option<&String>) -> &str {
    class.map_or("an error of no class", String::as_str)
}

fn different_columns(expected: &[Column], got: &[Column]) -> Option<String> {
    if expected.len() != got.len() {
        return Some(format!(
            "{} columns instead of {}",
            got.len(),
            expected.len()
        ));
    }
    let mut pairs = expected.iter().zip(got);
    let (expected, got) = pairs.find(|(expected, got)| expected != got)?;
    Some(if expected.data_type != got.data_type {
        format!("type {} instead of {}", got.data_type, expected.data_type)
    } else if expected.name != got.name {
        format!("name {} instead of {}", got.name, expected.name)
    } else {
        let word = |nullable| if nullable { "nullable" } else { "not nullable" };
        format!("{} is {}", expected.name, word(got.nullable))
    })
}

fn different_rows(expected: &[Vec<Option<String>>], got: &[Vec<Option<String>>]) -> String {
    let cells = expected.iter().flatten().zip(got.iter().flatten());
    let shown = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "NULL".to_owned());
    match cells.into_iter().find(|(expected, got)| expected != got) {
        Some((expected, got)) => format!("value {} instead of {}", shown(got), shown(expected)),
        None => format!("{} rows instead of {}", got.len(), expected.len()),
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Panic => f.write_str("a panic"),
            Answer::Error {
                stage,
                class,
                message,
            } => write!(f, "{stage:?} [{}] {message}", name(class.as_ref())),
            Answer::Rows { columns, rows } => {
                for column in columns {
                    let null = if column.nullable { "" } else { " NOT NULL" };
                    write!(f, "{}: {}{null}, ", column.name, column.data_type)?;
                }
                write!(f, "{rows:?}")
            }
        }
    }
}
