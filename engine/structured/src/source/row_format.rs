//! The rows of a line.

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
    /// The start of a line that is none.
    comment: Option<char>,
}

/// Lines of JSON (`org.apache.spark.sql.execution.datasources.json.JsonFileFormat`).
#[derive(Clone, Debug)]
pub(crate) struct JsonLines {
    object: JsonParser,
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
        let comment = options.comment();
        Ok(CsvLines {
            parser: CsvParser::new(columns, options, session)?,
            has_header,
            comment,
        })
    }

    /// True if a line has values: it is not blank and no comment (`CSVExprUtils.filterCommentAndEmpty`).
    fn has_values(&self, line: &str) -> bool {
        let is_comment = self
            .comment
            .is_some_and(|comment| line.starts_with(comment));
        !is_comment && line.chars().any(|it| it > ' ')
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
        let objects = DataType::array(DataType::Struct(columns.clone()));
        Ok(JsonLines {
            array: JsonParser::new(objects, options.clone(), session)?,
            object: JsonParser::of_rows(columns, options, session)?,
        })
    }

    fn read(&self, line: &Text, each: &mut Each<'_>) -> Flow {
        if line.trim_start().starts_with('[')
            && let Some(Value::Array(objects)) = self.array.value(line)?
        {
            let rows = objects.iter().filter_map(|object| match object {
                Value::Struct(fields) => Some(fields.values().cloned().collect::<Row>()),
                _ => None,
            });
            return hand_out(rows, each);
        }
        hand_out(self.object.row(line)?, each)
    }
}

impl RowFormat {
    /// The lines of a file that are rows.
    pub(crate) fn lines_of_file(&self, file: Records) -> Records {
        let RowFormat::Csv(csv) = self else {
            return file;
        };
        let lines = file.iter().filter(|line| csv.has_values(line));
        lines.skip(csv.has_header.into()).cloned().collect()
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
