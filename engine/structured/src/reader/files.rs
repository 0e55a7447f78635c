//! The options of files in a folder (`org.apache.spark.sql.execution.streaming.FileStreamOptions`).

use std::time::Duration;

use engine::StructField;
use engine_sql::{AnalysisError, CsvOptions, JsonOptions, Session, infer_json};

use super::no_schema;
use super::options::{Options, invalid};
use crate::infer::{Sample, columns_of_files, csv_columns};
use crate::source::{CsvLines, FileSettings, Glob, JsonLines, Listing, RowFormat, text_columns};

/// The columns that a reader was given.
pub(super) struct GivenColumns {
    /// Those of a schema.
    pub(super) schema: Option<Vec<StructField>>,
    /// Files that they follow from, where a schema may be left out.
    pub(super) sample: Option<Sample>,
}

/// Files that options describe.
pub(super) struct DescribedFiles {
    pub(super) settings: FileSettings,
    pub(super) columns: Vec<StructField>,
}

/// The files that the options describe, as lines of this format and rows of these columns.
pub(super) fn described(
    format: &str,
    given: GivenColumns,
    options: &mut Options,
    session: &Session,
) -> Result<DescribedFiles, AnalysisError> {
    let folder = options.take("path");
    let folder =
        folder.ok_or_else(|| AnalysisError::illegal_argument("'path' is not specified."))?;
    let most_together = options.positive("maxFilesPerTrigger")?;
    let latest_first = options.flag("latestFirst")?;
    let max_age = options.time("maxFileAge", Duration::from_millis(1))?;
    options.only("cleanSource", "off")?;
    let by_name = options.flag("fileNameOnly")?;
    let is_recursive = options.flag("recursiveFileLookup")?;
    let glob = options.take("pathGlobFilter");
    let corrupt_column = options.value_of("columnNameOfCorruptRecord");
    let corrupt_column = corrupt_column.unwrap_or("_corrupt_record").to_owned();
    let Rows { form, columns } = rows(format, given, options, session)?;
    let corrupt_column = columns.iter().position(|it| *it.name == *corrupt_column);
    let settings = FileSettings {
        corrupt_column: corrupt_column.filter(|_| format == "csv" || format == "json"),
        folder: folder.into(),
        format: form.into(),
        width: columns.len(),
        has_metadata: false,
        listing: Listing {
            glob: glob.as_deref().map(Glob::new),
            is_recursive,
        },
        by_name,
        most_together,
        latest_first,
        max_age: max_age.unwrap_or(FileSettings::MAX_AGE),
    };
    Ok(DescribedFiles { settings, columns })
}

/// The form of lines, and the columns of their rows.
struct Rows {
    form: RowFormat,
    columns: Vec<StructField>,
}

fn rows(
    format: &str,
    given: GivenColumns,
    options: &mut Options,
    session: &Session,
) -> Result<Rows, AnalysisError> {
    if format == "orc" {
        return json("ORC", given, false, &[], session);
    }
    if format == "parquet" {
        return parquet(given, options, session);
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
        let form = if options.flag("wholetext")? {
            RowFormat::WholeText
        } else {
            RowFormat::Text
        };
        let columns = text_columns(given.schema)?;
        return Ok(Rows { form, columns });
    }
    let is_multi_line = options.flag("multiLine")?;
    if format == "json" {
        let rest = options.rest();
        return json("JSON", given, is_multi_line, &rest, session);
    }
    let has_header = options.flag("header")?;
    // Names of columns are those of the schema, whatever the header says.
    options.only("enforceSchema", "true")?;
    let infers = options.flag("inferSchema")?;
    let rest = options.rest();
    let columns = match (given.schema, given.sample) {
        (Some(columns), _) => columns,
        (None, None) => return Err(no_schema()),
        (None, Some(sample)) => {
            let files = sample.files("CSV")?.iter();
            let options = CsvOptions::new(as_texts(&rest), session)?;
            csv_columns(files, has_header, infers, &options)
        }
    };
    let lines = CsvLines::new(columns.clone(), has_header, as_texts(&rest), session)?;
    let form = RowFormat::Csv(lines.multi_line(is_multi_line).into());
    Ok(Rows { form, columns })
}

/// Files of Parquet, or lines of JSON in their place.
fn parquet(
    given: GivenColumns,
    options: &mut Options,
    session: &Session,
) -> Result<Rows, AnalysisError> {
    options.only("mergeSchema", "false")?;
    options.only("datetimeRebaseMode", "CORRECTED")?;
    options.only("int96RebaseMode", "CORRECTED")?;
    let given = match &given.sample {
        Some(sample) if given.schema.is_none() => GivenColumns {
            schema: columns_of_files(sample.files("Parquet")?)?,
            ..given
        },
        _ => given,
    };
    let Rows { form, columns } = json("Parquet", given, false, &[], session)?;
    let form = match form {
        RowFormat::Json(json) => RowFormat::Parquet(json),
        other => other,
    };
    Ok(Rows { form, columns })
}

/// Lines of JSON, or with `is_multi_line` files. `title` is the format as Spark calls it.
fn json(
    title: &str,
    given: GivenColumns,
    is_multi_line: bool,
    options: &[(String, String)],
    session: &Session,
) -> Result<Rows, AnalysisError> {
    let columns = match (given.schema, given.sample) {
        (Some(columns), _) => columns,
        (None, None) => return Err(no_schema()),
        (None, Some(sample)) => {
            let texts = sample.files(title)?.iter().map(|file| {
                let lines: Vec<&str> = file.iter().map(engine::Text::as_str).collect();
                if is_multi_line {
                    vec![lines.join("\n")]
                } else {
                    lines.into_iter().map(str::to_owned).collect()
                }
            });
            let texts: Vec<String> = texts.flatten().collect();
            let options = JsonOptions::new(as_texts(options), session)?;
            let inferred = infer_json(texts.iter().map(String::as_str), &options, session);
            inferred.map_err(|failure| AnalysisError::unclassified(failure.message().as_str()))?
        }
    };
    let lines = JsonLines::new(columns.clone(), as_texts(options), session)?;
    let form = RowFormat::Json(lines.multi_line(is_multi_line).into());
    Ok(Rows { form, columns })
}

fn as_texts(options: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    options
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}
