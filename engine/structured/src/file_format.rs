//! Rows in files: lines of JSON, CSV and text, and Parquet.

use engine::{DataType, Failure, FileContent, Records, Row, Struct, StructField, Text, Value};
use engine_sql::{AnalysisError, CsvOptions, JsonOptions, Session, write_csv, write_json};

use crate::parquet::{Codec, codec, extension, file_of_rows};

/// The name of the format whose files are no text.
const PARQUET: &str = "parquet";

/// A format of files with its options, as `DataStreamWriter.format` names it.
#[derive(Clone, Debug)]
pub(crate) enum FileFormat {
    /// A JSON object a row.
    Json(JsonOptions),
    /// Cells behind each other.
    Csv {
        /// The options of the cells.
        options: CsvOptions,
        /// The first line of a file has the names of the columns.
        header: bool,
    },
    /// A text a row, of one column.
    Text,
    /// Columns of values.
    Parquet(Codec),
}

impl FileFormat {
    /// The format of this name; `None` if it is none of these.
    ///
    /// # Errors
    ///
    /// An option that it does not have.
    pub(crate) fn of(
        name: &str,
        options: &[(Text, Text)],
        session: &Session,
    ) -> Result<Option<FileFormat>, AnalysisError> {
        let mut header = false;
        let mut compression = None;
        let mut rest = Vec::new();
        for (option, value) in options {
            match option.to_ascii_lowercase().as_str() {
                "header" => header = value.eq_ignore_ascii_case("true"),
                "compression" if name == PARQUET => compression = Some(value.as_str()),
                "compression" | "codec" if value.eq_ignore_ascii_case("none") => {}
                _ => rest.push((option.as_str(), value.as_str())),
            }
        }
        let refused = |title: &str| {
            let Some((option, value)) = rest.first() else {
                return Ok(());
            };
            let message = format!(
                "the {title} option `{option}` = '{value}' is not supported here: leave it out"
            );
            Err(AnalysisError::unclassified(message))
        };
        Ok(Some(match name {
            "json" => FileFormat::Json(JsonOptions::new(rest, session)?),
            "csv" => FileFormat::Csv {
                options: CsvOptions::new(rest, session)?,
                header,
            },
            "text" => {
                refused("text")?;
                FileFormat::Text
            }
            PARQUET if cfg!(feature = "parquet") => {
                let codec = codec(compression)?;
                refused("Parquet")?;
                FileFormat::Parquet(codec)
            }
            _ => return Ok(None),
        }))
    }

    /// The extension of its files.
    pub(crate) fn extension(&self) -> &'static str {
        match self {
            FileFormat::Json(_) => "json",
            FileFormat::Csv { .. } => "csv",
            FileFormat::Text => "txt",
            FileFormat::Parquet(codec) => extension(*codec),
        }
    }

    /// The name by which Spark's errors call it.
    pub(crate) fn title(&self) -> &'static str {
        match self {
            FileFormat::Json(_) => "JSON",
            FileFormat::Csv { .. } => "CSV",
            FileFormat::Text => "Text",
            FileFormat::Parquet(_) => "Parquet",
        }
    }

    /// True if a column of this type can be in it (`FileFormat.supportDataType`).
    pub(crate) fn takes(&self, data_type: &DataType) -> bool {
        match self {
            FileFormat::Json(_) => true,
            FileFormat::Csv { .. } => !matches!(
                data_type,
                DataType::Struct(_) | DataType::Array { .. } | DataType::Map { .. }
            ),
            FileFormat::Text => *data_type == DataType::String,
            FileFormat::Parquet(_) => *data_type != DataType::Null,
        }
    }

    /// The content of a file of rows.
    ///
    /// # Errors
    ///
    /// A value that the format cannot write.
    pub(crate) fn content(
        &self,
        columns: &[StructField],
        rows: &[Row],
        session: &Session,
    ) -> Result<FileContent, Failure> {
        let names: Vec<Text> = columns.iter().map(|column| column.name.clone()).collect();
        let header = self.header(&names, session)?.map(Ok);
        let lines = rows.iter().map(|row| self.line(&names, row, session));
        Ok(FileContent {
            lines: header
                .into_iter()
                .chain(lines)
                .collect::<Result<Records, _>>()?,
            bytes: match self {
                FileFormat::Parquet(codec) => {
                    Some(file_of_rows(columns, rows, *codec, session.spark)?)
                }
                _ => None,
            },
        })
    }

    /// The line before all rows of a file, if it has one.
    fn header(&self, columns: &[Text], session: &Session) -> Result<Option<Text>, Failure> {
        match self {
            FileFormat::Csv { header: true, .. } => {
                let names = columns.iter().cloned().map(Value::String).collect();
                self.line(columns, &names, session).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The line of a row, or the one that shows it.
    fn line(&self, columns: &[Text], row: &Row, session: &Session) -> Result<Text, Failure> {
        Ok(match self {
            FileFormat::Json(options) => json_line(columns, row, options)?,
            FileFormat::Parquet(_) => match JsonOptions::new([], session) {
                Ok(options) => json_line(columns, row, &options)?,
                Err(_) => Text::default(),
            },
            FileFormat::Csv { options, .. } => {
                let line = write_csv(row.iter(), options, session)?;
                line.unwrap_or_default().into()
            }
            FileFormat::Text => match row.first() {
                Some(Value::String(text)) => text.clone(),
                _ => Text::default(),
            },
        })
    }
}

fn json_line(columns: &[Text], row: &Row, options: &JsonOptions) -> Result<Text, Failure> {
    let fields = columns.iter().cloned().zip(row.iter().cloned());
    Ok(write_json(&Value::Struct(fields.collect::<Struct>()), options)?.into())
}

#[cfg(test)]
mod tests {
    use engine::SparkVersion;

    use super::*;

    #[track_caller]
    fn check(format: &str, options: &[(&str, &str)], row: &[Value], expected: &str) {
        let session = Session::new(SparkVersion::V3_5);
        let options = options
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        let options: Vec<(Text, Text)> = options.collect();
        let names = ["a", "b", "c"].map(Text::from);
        let format = FileFormat::of(format, &options, &session);
        let format = format
            .expect("it has these options")
            .expect("it is one of these");
        let header = format.header(&names[..row.len()], &session);
        let line = format.line(&names[..row.len()], &row.to_vec(), &session);
        let header = header
            .expect("names are texts")
            .map(|line| format!("{line}\n"));
        let line = line.expect("the values can be written");
        assert_eq!(format!("{}{line}", header.unwrap_or_default()), expected);
    }

    fn text(text: &str) -> Value {
        Value::String(text.into())
    }

    fn window() -> Value {
        let fields = [("start", -1_000), ("end", 1_529_622_030_000_500)];
        let fields = fields.map(|(name, micros)| (name, Value::Timestamp(micros)));
        Value::Struct(fields.into_iter().collect())
    }

    #[test]
    fn a_row_of_json_is_an_object_without_nulls() {
        let row = [text("gr\"een\té"), Value::Null, Value::Long(-2)];
        check("json", &[], &row, r#"{"a":"gr\"een\té","c":-2}"#);
        check(
            "json",
            &[("ignoreNullFields", "false")],
            &row[1..],
            r#"{"a":null,"b":-2}"#,
        );
        let expected =
            r#"{"a":{"start":"1969-12-31T23:59:59.999Z","end":"2018-06-21T23:00:30.000Z"}}"#;
        check("json", &[], &[window()], expected);
    }

    #[test]
    fn a_row_of_csv_has_quotes_where_they_are_needed() {
        let row = [text("x,y"), Value::Null, Value::Long(3)];
        check("csv", &[], &row, r#""x,y",,3"#);
        check(
            "csv",
            &[("header", "true"), ("sep", ";")],
            &row,
            "a;b;c\nx,y;;3",
        );
        let row = [text(""), text("\u{1}\té "), text(r#"q\"r"#)];
        check("csv", &[], &row, r#""",é,"q\\\"r""#);
    }

    #[test]
    fn a_row_of_text_is_its_only_column() {
        check("text", &[], &[text("a b")], "a b");
        check("text", &[], &[Value::Null], "");
    }
}
