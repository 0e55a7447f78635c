//! Errors of files.

use engine::DataType;
use parquet::errors::ParquetError as Malformed;

/// The reason for which a file has no rows, or rows no file.
#[derive(Debug, thiserror::Error)]
pub enum ParquetError {
    /// The bytes are no file of Parquet, or one that is damaged.
    #[error("it is not a Parquet file that can be read ({0})")]
    Malformed(#[from] Malformed),
    /// A column has another type than it is read as
    /// (`org.apache.spark.sql.execution.datasources.SchemaColumnConvertNotSupportedException`).
    #[error(
        "Parquet column cannot be converted: Column: [{column}], Expected: {expected}, Found: {found}."
    )]
    Converted {
        /// The path of the column.
        column: String,
        /// The type that it is read as.
        expected: DataType,
        /// The type that it has in the file.
        found: String,
    },
    /// A column has a type that has no values here.
    #[error("the column {column} has the type {found} of Parquet, which cannot be read")]
    Unknown {
        /// The path of the column.
        column: String,
        /// The type that it has in the file.
        found: String,
    },
    /// A column has a type that Parquet has not.
    #[error("the column {column} has the type {data_type}, which cannot be written")]
    Unwritten {
        /// Its name.
        column: String,
        /// Its type.
        data_type: DataType,
    },
}
