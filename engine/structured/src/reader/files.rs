//! The options of files in a folder (`org.apache.spark.sql.execution.streaming.FileStreamOptions`).

use std::time::Duration;

use engine::{DataType, StructField};
use engine_sql::{AnalysisError, Session};

use super::options::{Options, invalid};
use crate::source::{CsvLines, FileSettings, JsonLines, RowFormat};

/// The files that the options describe, as lines of this format and rows of these columns.
pub(super) fn settings(
    format: &str,
    columns: Vec<StructField>,
    options: &mut Options,
    session: &Session,
) -> Result<FileSettings, AnalysisError> {
    let folder = options.take("path");
    let folder =
        folder.ok_or_else(|| AnalysisError::illegal_argument("'path' is not specified."))?;
    let most_together = options.positive("maxFilesPerTrigger")?;
    let latest_first = options.flag("latestFirst")?;
    let max_age = options.time("maxFileAge", Duration::from_millis(1))?;
    options.only("cleanSource", "off")?;
    options.only("fileNameOnly", "false")?;
    options.only("recursiveFileLookup", "false")?;
    let corrupt_column = options.value_of("columnNameOfCorruptRecord");
    let corrupt_column = corrupt_column.unwrap_or("_corrupt_record");
    let corrupt_column = columns.iter().position(|it| it.name == corrupt_column);
    Ok(FileSettings {
        corrupt_column: corrupt_column.filter(|_| format == "csv" || format == "json"),
        folder: folder.into(),
        format: row_format(format, columns, options, session)?.into(),
        most_together,
        latest_first,
        max_age: max_age.unwrap_or(FileSettings::MAX_AGE),
    })
}

/// The form of lines that the options describe.
fn row_format(
    format: &str,
    columns: Vec<StructField>,
    options: &mut Options,
    session: &Session,
) -> Result<RowFormat, AnalysisError> {
    if format == "parquet" || format == "orc" {
        return Ok(RowFormat::Json(
            JsonLines::new(columns, [], session)?.into(),
        ));
    }
    options.only("encoding", "UTF-8")?;
    options.only("charset", "UTF-8")?;
    if let Some(separator) = options.take("lineSep").filter(|it| it != "\n") {
        return Err(invalid(
            "lineSep",
            &separator,
            "is the end of a line here: leave it out",
        ));
    }
    if format == "text" {
        options.only("wholetext", "false")?;
        return match columns.as_slice() {
            [column] if column.data_type == DataType::String => Ok(RowFormat::Text),
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
        };
    }
    options.only("multiLine", "false")?;
    if format == "json" {
        let rest = options.rest();
        let lines = JsonLines::new(columns, as_texts(&rest), session)?;
        return Ok(RowFormat::Json(lines.into()));
    }
    let has_header = options.flag("header")?;
    // Names of columns are those of the schema, whatever the header says.
    options.only("enforceSchema", "true")?;
    options.only("inferSchema", "false")?;
    let rest = options.rest();
    let lines = CsvLines::new(columns, has_header, as_texts(&rest), session)?;
    Ok(RowFormat::Csv(lines.into()))
}

fn as_texts(options: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    options
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}
