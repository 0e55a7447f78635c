//! The columns of files that no schema names.

use engine::{FileStatus, Records, StructField, Text, bytes_of_record};
use engine_sql::{AnalysisError, CsvOptions, as_nullable, csv_names, infer_csv};

use crate::parquet::columns_of_file;

/// The columns of files of CSV: their names from the first line, or from their places, and types in which all values fit if
/// `infers`, or else texts. Lines that are the first one again are headers, too.
pub(crate) fn csv_columns<'a>(
    files: impl Iterator<Item = &'a Records>,
    header: bool,
    infers: bool,
    options: &CsvOptions,
) -> Vec<StructField> {
    let lines = files.flat_map(|file| file.iter());
    let mut lines = lines.filter(|line| options.has_values(line));
    let Some(first) = lines.next() else {
        return Vec::new();
    };
    let names = csv_names(first, header, options);
    let rest = (!header).then_some(first).into_iter();
    let rest = rest.chain(lines.filter(|line| !header || *line != first));
    infer_csv(names, rest.map(Text::as_str).filter(|_| infers), options)
}

/// The columns of files of Parquet, which are those of the first one; `None` if that is text.
///
/// # Errors
///
/// It cannot be read.
pub(crate) fn columns_of_files<'a>(
    files: impl IntoIterator<Item = &'a Records>,
) -> Result<Option<Vec<StructField>>, AnalysisError> {
    let mut files = files.into_iter().filter_map(|file| file.first());
    let Some(bytes) = files.next().and_then(|it| bytes_of_record(it)) else {
        return Ok(None);
    };
    let columns = columns_of_file(&bytes)?.into_iter();
    let columns = columns.map(|it| StructField::new(it.name, as_nullable(it.data_type)));
    Ok(Some(columns.collect()))
}

/// Files that the schema of a stream follows from (`spark.sql.streaming.schemaInference`).
#[derive(Clone, Debug)]
pub(crate) struct Sample(Vec<Records>);

impl Sample {
    pub(crate) fn new(files: &[Records]) -> Sample {
        let files = files
            .iter()
            .map(|file| FileStatus::lines(file).into_owned());
        Sample(files.collect())
    }

    /// The files, of which there are some.
    ///
    /// # Errors
    ///
    /// `UNABLE_TO_INFER_SCHEMA` if there is none.
    pub(crate) fn files(&self, format: &str) -> Result<&[Records], AnalysisError> {
        if self.0.is_empty() {
            return Err(AnalysisError::new(
                "UNABLE_TO_INFER_SCHEMA",
                format!("Unable to infer schema for {format}. It must be specified manually."),
            ));
        }
        Ok(&self.0)
    }
}
