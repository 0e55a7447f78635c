//! Files of Parquet, with the messages that Spark has for them.

use std::sync::Arc;

use engine::{Failure, FailureKind, Row, SparkVersion, StructField, Text};
use engine_parquet::{ParquetError, columns_of, read, write};
use engine_sql::AnalysisError;

pub(crate) use engine_parquet::Codec;

/// The compression of this name, or the default.
///
/// # Errors
///
/// A compression that is not here.
pub(crate) fn codec(name: Option<&str>) -> Result<Codec, AnalysisError> {
    match name.map(str::to_ascii_lowercase).as_deref() {
        None | Some("snappy") => Ok(Codec::Snappy),
        Some("none" | "uncompressed") => Ok(Codec::Uncompressed),
        Some(other) => {
            let message = format!("the Parquet codec `{other}` is not supported here");
            Err(AnalysisError::illegal_argument(message)
                .with_help("use `snappy` or `uncompressed`"))
        }
    }
}

/// The extension of files of this compression.
pub(crate) fn extension(codec: Codec) -> &'static str {
    match codec {
        Codec::Snappy => "snappy.parquet",
        Codec::Uncompressed => "parquet",
    }
}

/// The columns of a file.
///
/// # Errors
///
/// It is no file of Parquet, or one of types that Spark has not.
pub(crate) fn columns_of_file(file: &[u8]) -> Result<Vec<StructField>, AnalysisError> {
    columns_of(file).map_err(|error| {
        let message = format!("Could not read footer: {error}");
        AnalysisError::new("FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER", message)
    })
}

/// The rows of a file at this path, each with the values of these columns.
///
/// # Errors
///
/// It is no file of Parquet, or a column has another type.
pub(crate) fn rows_of_file(
    path: &str,
    file: &[u8],
    columns: &[StructField],
    spark: SparkVersion,
) -> Result<Vec<Row>, Failure> {
    read(file, columns, spark).map_err(|error| {
        let message = match spark {
            SparkVersion::V3_5 => message_3(path, &error),
            SparkVersion::V4 => message_4(path, &error),
        };
        Failure::new(FailureKind::Spark, message)
    })
}

fn message_3(path: &str, error: &ParquetError) -> String {
    match error {
        ParquetError::Converted {
            column,
            expected,
            found,
        } => format!(
            "Parquet column cannot be converted in file file://{path}. Column: [{column}], Expected: {}, Found: {found}.",
            expected.to_string().to_lowercase()
        ),
        error => format!("Encountered error while reading file file://{path}. Details: {error}"),
    }
}

fn message_4(path: &str, error: &ParquetError) -> String {
    match error {
        ParquetError::Converted {
            column,
            expected,
            found,
        } => format!(
            "[FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH] Encountered error while reading file file://{path}. Data \
             type mismatches when reading Parquet column [{column}]. Expected Spark type {}, actual Parquet type {found}. \
             SQLSTATE: KD001",
            expected.to_string().to_lowercase()
        ),
        error => format!(
            "[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file://{path}. {error} SQLSTATE: KD001"
        ),
    }
}

/// The file of some rows.
///
/// # Errors
///
/// A type that Parquet has not, which a sink is refused for before.
pub(crate) fn file_of_rows(
    columns: &[StructField],
    rows: &[Row],
    codec: Codec,
    spark: SparkVersion,
) -> Result<Arc<[u8]>, Failure> {
    let file = write(columns, rows, codec, spark);
    let file =
        file.map_err(|error| Failure::new(FailureKind::Spark, Text::from(error.to_string())))?;
    Ok(file.into())
}
