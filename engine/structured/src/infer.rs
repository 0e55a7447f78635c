//! The columns of files that no schema names.

use engine::{FileStatus, Records, StructField, Text};
use engine_sql::{AnalysisError, CsvOptions, csv_names, infer_csv};

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
