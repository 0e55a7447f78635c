//! The queries that Spark refuses before they start.

use engine::{DataType, OutputMode};

/// Why a query cannot be started (`org.apache.spark.sql.AnalysisException`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// A name that no column of the table has.
    #[error("there is no column `{name}`; the table has {columns}")]
    UnknownColumn {
        /// The name.
        name: String,
        /// The columns there are.
        columns: String,
    },
    /// A name that several columns of the table have.
    #[error("reference `{0}` is ambiguous: more than one column has this name")]
    AmbiguousColumn(String),
    /// A function that does not take what it is given.
    #[error("`{function}` takes {takes}, not {given}")]
    Type {
        /// The function.
        function: &'static str,
        /// The types that it takes.
        takes: &'static str,
        /// The type that it was given.
        given: DataType,
    },
    /// A cast that is not supported.
    #[error("a cast of {from} to {to} is not supported")]
    Cast {
        /// The type of the value.
        from: DataType,
        /// The type that it is cast to.
        to: DataType,
    },
    /// More than one generator in one `select`.
    #[error("only one generator is allowed per select clause")]
    Generators,
    /// A generator inside another expression.
    #[error("a generator is not supported inside another expression")]
    NestedGenerator,
    /// A separator that is a regular expression and does not mean itself.
    #[error("the separator `{0}` is a regular expression; only plain text is understood")]
    Separator(String),
    /// `OM-3`: complete output of a query without aggregation.
    #[error("complete output mode not supported when there are no streaming aggregations")]
    CompleteWithoutAggregation,
    /// `OM-3`: append output of an aggregation whose groups are never final.
    #[error(
        "append output mode not supported when there are streaming aggregations without watermark"
    )]
    AppendWithAggregation,
    /// `OM-3`: a watermark where there is one already.
    #[error("redefining watermark is disallowed")]
    SecondWatermark,
    /// `OM-3`: a key of which two columns have the watermark.
    #[error("more than one event time column is available to group by; at most one may be")]
    EventTimeColumns,
    /// More than one window in one `select` or `group_by`.
    #[error("multiple time windows would result in a cartesian product of rows")]
    Windows,
    /// A window of no length, or of more microseconds than 64 bits hold.
    #[error("a window is at least one microsecond long, and at most 292,000 years")]
    WindowLength,
    /// An aggregation of aggregated rows.
    #[error("a streaming aggregation over a streaming aggregation is not supported")]
    SecondAggregation,
    /// Columns chosen after an aggregation.
    #[error("selecting columns of an aggregation is not supported")]
    SelectAfterAggregation,
    /// A watermark after an aggregation.
    #[error("a watermark on an aggregation is not supported")]
    WatermarkAfterAggregation,
    /// Another step after a deduplication.
    #[error("{0} after a deduplication is not supported")]
    AfterDistinct(&'static str),
    /// A deduplication by some of the columns.
    #[error("a deduplication by some columns is not supported; name all of them: {0}")]
    DistinctBySome(String),
    /// Another output of a query into files than appended rows.
    #[error(
        "data source {format} does not support {mode:?} output mode; append has the rows that will not change any more"
    )]
    FileOutputMode {
        /// The format.
        format: &'static str,
        /// The output mode.
        mode: OutputMode,
    },
    /// A column that a file of CSV has no cell for.
    #[error("the CSV datasource doesn't support the column `{column}` of the type {data_type}")]
    CsvColumn {
        /// The column.
        column: String,
        /// Its type.
        data_type: DataType,
    },
    /// A checkpoint of a query on a source that lives in the memory of a test.
    #[error(
        "a memory source keeps no lines for a query that starts again, and so has no checkpoint; read a folder of \
         files by `text`, or a socket"
    )]
    Checkpoint,
    /// A cluster without cores or a shuffle without partitions.
    #[error("the {0} must be at least 1")]
    Zero(&'static str),
    /// More cores or shuffle partitions than a query is run with.
    #[error("the {what} must be at most {most}, not {given}")]
    TooMany {
        /// The number.
        what: &'static str,
        /// The most that it may be.
        most: usize,
        /// The number that was given.
        given: usize,
    },
}
