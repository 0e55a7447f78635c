//! The rows of a line.

use std::collections::BTreeSet;

use engine::{DataType, Records, Row, StructField, Text, Time, Value};
use engine_sql::{AnalysisError, CsvOptions, CsvParser, JsonOptions, JsonParser, Session};

use crate::physical::{Each, Flow, hand_out};

/// The form of the lines of a source, by which each is made into rows.
#[derive(Clone, Debug)]
pub(crate) enum RowFormat {
    /// A line is the column `value`.
    Text,
    /// A line is the column `value`, beside the time at which it has come.
    TimedText,
    /// A line has values between separators.
    Csv(Box<CsvLines>),
    /// A line is an object, or an array of objects.
    Json(Box<JsonLines>),
}

/// Lines of CSV (`org.apache.spark.sql.execution.datasources.csv.CSVFileFormat`).
#[derive(Clone, Debug)]
pub(crate) struct CsvLines {
    parser: CsvParser,
    /// The first line of a file names its columns.
    has_header: bool,
    options: CsvOptions,
}

/// Lines of JSON (`org.apache.spark.sql.execution.datasources.json.JsonFileFormat`).
#[derive(Clone, Debug)]
pub(crate) struct JsonLines {
    columns: Vec<StructField>,
    /// For each of them, whether it is read.
    is_read: Vec<bool>,
    options: JsonOptions,
    session: Session,
    /// A reader of the columns that are read.
    object: JsonParser,
    /// A reader of arrays of them.
    array: JsonParser,
}

impl CsvLines {
    /// Lines of these columns. `options` are those of [`CsvOptions`].
    ///
    /// # Errors
    ///
    /// An option that is not known, or a type that no value of a line has.
    pub(crate) fn new<'a>(
        columns: Vec<StructField>,
        has_header: bool,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        session: &Session,
    ) -> Result<CsvLines, AnalysisError> {
        let options = CsvOptions::new(options, session)?;
        Ok(CsvLines {
            parser: CsvParser::new(columns, options.clone(), session)?,
            has_header,
            options,
        })
    }
}

impl JsonLines {
    /// Lines of these columns. `options` are those of [`JsonOptions`].
    ///
    /// # Errors
    ///
    /// An option that is not known, or a type that JSON has not.
    pub(crate) fn new<'a>(
        columns: Vec<StructField>,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        session: &Session,
    ) -> Result<JsonLines, AnalysisError> {
        let options = JsonOptions::new(options, session)?;
        let is_read = vec![true; columns.len()];
        JsonLines::of(columns, is_read, options, session.clone())
    }

    fn of(
        columns: Vec<StructField>,
        is_read: Vec<bool>,
        options: JsonOptions,
        session: Session,
    ) -> Result<JsonLines, AnalysisError> {
        let read = columns.iter().zip(&is_read);
        let read = read.filter(|(_, is_read)| **is_read);
        let read: Vec<StructField> = read.map(|(column, _)| column.clone()).collect();
        let objects = DataType::array(DataType::Struct(read.clone()));
        Ok(JsonLines {
            array: JsonParser::new(objects, options.clone(), &session)?,
            object: JsonParser::of_rows(read, options.clone(), &session)?,
            columns,
            is_read,
            options,
            session,
        })
    }

    /// A row of all columns, of the values of those that are read.
    fn row(&self, values: impl IntoIterator<Item = Value>) -> Row {
        let mut values = values.into_iter();
        let value = |is_read: &bool| is_read.then(|| values.next()).flatten();
        let row = self.is_read.iter().map(value);
        row.map(|value| value.unwrap_or(Value::Null)).collect()
    }

    fn read(&self, line: &Text, each: &mut Each<'_>) -> Flow {
        if line.trim_start().starts_with('[')
            && let Some(Value::Array(objects)) = self.array.value(line)?
        {
            let rows = objects.iter().filter_map(|object| match object {
                Value::Struct(fields) => Some(self.row(fields.values().cloned())),
                _ => None,
            });
            return hand_out(rows, each);
        }
        let row = self.object.row(line)?;
        hand_out(row.map(|row| self.row(row)), each)
    }
}

impl RowFormat {
    /// The lines of a file that are rows.
    pub(crate) fn lines_of_file(&self, file: Records) -> Records {
        let RowFormat::Csv(csv) = self else {
            return file;
        };
        let lines = file.iter().filter(|line| csv.options.has_values(line));
        lines.skip(csv.has_header.into()).cloned().collect()
    }

    /// The same form, of which only these columns are read. Others are `NULL`, and no line is malformed for them.
    ///
    /// # Errors
    ///
    /// None: a part of the columns has the types of all.
    pub(crate) fn reading(&self, columns: &BTreeSet<usize>) -> Result<RowFormat, AnalysisError> {
        Ok(match self {
            RowFormat::Text | RowFormat::TimedText => self.clone(),
            RowFormat::Csv(csv) => RowFormat::Csv(Box::new(CsvLines {
                parser: csv.parser.clone().reading(columns),
                ..CsvLines::clone(csv)
            })),
            RowFormat::Json(json) => {
                let json = JsonLines::clone(json);
                let is_read = (0..json.columns.len()).map(|index| columns.contains(&index));
                let is_read = is_read.collect();
                let json = JsonLines::of(json.columns, is_read, json.options, json.session)?;
                RowFormat::Json(json.into())
            }
        })
    }

    /// Hands the rows of a line to `each`, until it breaks.
    ///
    /// # Errors
    ///
    /// A line that does not have the form, where the mode is `FAILFAST`.
    pub(crate) fn read(&self, time: Time, line: &Text, each: &mut Each<'_>) -> Flow {
        match self {
            RowFormat::Text => each(&[Value::String(line.clone())]),
            RowFormat::TimedText => each(&[Value::String(line.clone()), timestamp(time)]),
            RowFormat::Csv(csv) => hand_out(csv.parser.row(line)?, each),
            RowFormat::Json(json) => json.read(line, each),
        }
    }
}

/// A time as a `TIMESTAMP`.
pub(crate) fn timestamp(time: Time) -> Value {
    Value::Timestamp(time.as_millis().saturating_mul(1_000))
}
