//! The rows of a line.

use std::collections::BTreeSet;

use engine::{DataType, Failure, Records, Row, StructField, Text, Time, Value, bytes_of_record};
use engine_sql::{
    AnalysisError, CsvOptions, CsvParser, JsonOptions, JsonParser, Session, csv_records,
};

use super::file::File;
use crate::parquet::rows_of_file;
use crate::physical::{Each, Flow, hand_out};

/// The form of the lines of a source, by which each is made into rows.
#[derive(Clone, Debug)]
pub(crate) enum RowFormat {
    /// A line is the column `value`.
    Text,
    /// A file is the column `value`.
    WholeText,
    /// A line is the column `value`, beside the time at which it has come.
    TimedText,
    /// A line has values between separators.
    Csv(Box<CsvLines>),
    /// A line is an object, or an array of objects.
    Json(Box<JsonLines>),
    /// A file of Parquet is its bytes; a line, of a timeline, is an object.
    Parquet(Box<JsonLines>),
}

/// The rows of a file.
#[derive(Debug)]
pub(crate) enum FileRows {
    /// Texts that are rows.
    Texts(Records),
    /// The rows themselves, or the reason for which it has none.
    Rows(Result<Vec<Row>, Failure>),
}

impl FileRows {
    /// The number of texts or rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            FileRows::Texts(texts) => texts.len(),
            FileRows::Rows(rows) => rows.as_ref().map_or(0, Vec::len),
        }
    }
}

/// Lines of CSV (`org.apache.spark.sql.execution.datasources.csv.CSVFileFormat`).
#[derive(Clone, Debug)]
pub(crate) struct CsvLines {
    parser: CsvParser,
    /// The first line of a file names its columns.
    has_header: bool,
    /// A line end between quotes is a part of a value.
    is_multi_line: bool,
    options: CsvOptions,
}

/// Lines of JSON (`org.apache.spark.sql.execution.datasources.json.JsonFileFormat`).
#[derive(Clone, Debug)]
pub(crate) struct JsonLines {
    columns: Vec<StructField>,
    /// For each of them, whether it is read.
    is_read: Vec<bool>,
    /// A file is one text.
    is_multi_line: bool,
    options: JsonOptions,
    session: Session,
    /// A reader of the columns that are read.
    parser: JsonParser,
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
            is_multi_line: false,
            options,
        })
    }

    /// The same, where a line end between quotes is a part of a value, or not.
    pub(crate) fn multi_line(self, is_multi_line: bool) -> CsvLines {
        CsvLines {
            is_multi_line,
            ..self
        }
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
        Ok(JsonLines {
            parser: JsonParser::of_rows(columns.clone(), options.clone(), session)?,
            columns,
            is_read,
            is_multi_line: false,
            options,
            session: session.clone(),
        })
    }

    /// The same, where a file is one text, or not.
    pub(crate) fn multi_line(self, is_multi_line: bool) -> JsonLines {
        JsonLines {
            is_multi_line,
            ..self
        }
    }

    /// The same, of which only these columns are read.
    fn reading(self, columns: &BTreeSet<usize>) -> Result<JsonLines, AnalysisError> {
        let is_read = (0..self.columns.len()).map(|index| columns.contains(&index));
        let is_read: Vec<bool> = is_read.collect();
        let read = self.columns.iter().zip(&is_read);
        let read = read.filter(|(_, is_read)| **is_read);
        let read = read.map(|(column, _)| column.clone()).collect();
        Ok(JsonLines {
            parser: JsonParser::of_rows(read, self.options.clone(), &self.session)?,
            is_read,
            ..self
        })
    }

    /// A row of all columns, of the values of those that are read.
    fn row(&self, values: impl IntoIterator<Item = Value>) -> Row {
        let mut values = values.into_iter();
        let value = |is_read: &bool| is_read.then(|| values.next()).flatten();
        let row = self.is_read.iter().map(value);
        row.map(|value| value.unwrap_or(Value::Null)).collect()
    }

    /// The rows of a file of Parquet.
    fn rows_of_bytes(&self, path: &str, bytes: &[u8]) -> Result<Vec<Row>, Failure> {
        let columns = self.columns.iter().zip(&self.is_read);
        let columns = columns.filter(|(_, is_read)| **is_read);
        let columns: Vec<StructField> = columns.map(|(column, _)| column.clone()).collect();
        let rows = rows_of_file(path, bytes, &columns, self.session.spark)?;
        Ok(rows.into_iter().map(|row| self.row(row)).collect())
    }

    fn read(&self, line: &Text, each: &mut Each<'_>) -> Flow {
        let rows = self.parser.rows(line)?.into_iter();
        hand_out(rows.map(|row| self.row(row)), each)
    }
}

impl RowFormat {
    /// The rows of a file.
    pub(crate) fn rows_of_file(&self, file: &File) -> FileRows {
        if let RowFormat::Parquet(columns) = self
            && let Some(bytes) = file.lines.first().and_then(|it| bytes_of_record(it))
        {
            return FileRows::Rows(columns.rows_of_bytes(&file.status.path, &bytes));
        }
        FileRows::Texts(self.texts_of_file(file))
    }

    fn texts_of_file(&self, file: &File) -> Records {
        match self {
            RowFormat::WholeText => [file.text().into()].into(),
            RowFormat::Json(json) if json.is_multi_line => [file.text().into()].into(),
            RowFormat::Text | RowFormat::TimedText | RowFormat::Json(_) | RowFormat::Parquet(_) => {
                file.lines.clone()
            }
            RowFormat::Csv(csv) => {
                let texts = if csv.is_multi_line {
                    let text = file.text();
                    let records = csv_records(&text, &csv.options).into_iter();
                    records.map(Text::from).collect()
                } else {
                    file.lines.clone()
                };
                let texts = texts.iter().filter(|text| csv.options.has_values(text));
                texts.skip(csv.has_header.into()).cloned().collect()
            }
        }
    }

    /// The same form, of which only these columns are read. Others are `NULL`, and no line is malformed for them.
    ///
    /// # Errors
    ///
    /// None: a part of the columns has the types of all.
    pub(crate) fn reading(&self, columns: &BTreeSet<usize>) -> Result<RowFormat, AnalysisError> {
        Ok(match self {
            RowFormat::Text | RowFormat::WholeText | RowFormat::TimedText => self.clone(),
            RowFormat::Csv(csv) => RowFormat::Csv(Box::new(CsvLines {
                parser: csv.parser.clone().reading(columns),
                ..CsvLines::clone(csv)
            })),
            RowFormat::Json(json) => {
                RowFormat::Json(JsonLines::clone(json).reading(columns)?.into())
            }
            RowFormat::Parquet(json) => {
                RowFormat::Parquet(JsonLines::clone(json).reading(columns)?.into())
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
            RowFormat::Text | RowFormat::WholeText => each(&[Value::String(line.clone())]),
            RowFormat::TimedText => each(&[Value::String(line.clone()), timestamp(time)]),
            RowFormat::Csv(csv) => hand_out(csv.parser.row(line)?, each),
            RowFormat::Json(json) | RowFormat::Parquet(json) => json.read(line, each),
        }
    }
}

/// A time as a `TIMESTAMP`.
pub(crate) fn timestamp(time: Time) -> Value {
    Value::Timestamp(time.as_millis().saturating_mul(1_000))
}

/// The column of text: `value`, or the one that is given.
///
/// # Errors
///
/// More than one column, or one of another type.
pub(crate) fn text_columns(
    columns: Option<Vec<StructField>>,
) -> Result<Vec<StructField>, AnalysisError> {
    let Some(columns) = columns else {
        return Ok(vec![StructField::new("value", DataType::String)]);
    };
    match columns.as_slice() {
        [column] if column.data_type == DataType::String => Ok(columns),
        [column] => Err(AnalysisError::new(
            "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
            format!(
                "The Text datasource doesn't support the column `{}` of the type \"{}\".",
                column.name, column.data_type
            ),
        )),
        several => Err(AnalysisError::unclassified(format!(
            "Text data source supports only a single column, and you have {} columns.",
            several.len()
        ))),
    }
}
