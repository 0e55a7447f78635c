//! There are no files of Parquet.

use std::convert::Infallible;
use std::sync::Arc;

use engine::{Failure, FailureKind, Row, SparkVersion, StructField};
use engine_sql::AnalysisError;

/// The compression of files that are not there.
pub(crate) type Codec = Infallible;

const MESSAGE: &str = "files of Parquet need the feature `parquet`, which this build does not have";

pub(crate) fn codec(_: Option<&str>) -> Result<Codec, AnalysisError> {
    Err(AnalysisError::unclassified(MESSAGE))
}

pub(crate) fn extension(codec: Codec) -> &'static str {
    match codec {}
}

pub(crate) fn columns_of_file(_: &[u8]) -> Result<Vec<StructField>, AnalysisError> {
    Err(AnalysisError::unclassified(MESSAGE))
}

pub(crate) fn rows_of_file(
    _: &str,
    _: &[u8],
    _: &[StructField],
    _: SparkVersion,
) -> Result<Vec<Row>, Failure> {
    Err(Failure::new(FailureKind::Spark, MESSAGE))
}

pub(crate) fn file_of_rows(
    _: &[StructField],
    _: &[Row],
    codec: Codec,
    _: SparkVersion,
) -> Result<Arc<[u8]>, Failure> {
    match codec {}
}
