//! Functions on columns (`org.apache.spark.sql.functions`).

use std::time::Duration;

use crate::plan::{Column, Expression};

/// The column of this name.
pub fn col(name: &str) -> Column {
    Column::of(Expression::Column(name.into()))
}

/// The pieces of a text between separators, empty ones too, as an array.
///
/// In Spark the separator is a regular expression; here it must be one that means itself, or the
/// query is refused.
pub fn split(text: Column, separator: &str) -> Column {
    Column::of(Expression::Split(
        Box::new(text.expression),
        separator.into(),
    ))
}

/// The number of characters of a text, as an `INT`.
///
/// ```
/// use engine_structured::SparkSession;
/// use engine_structured::functions::{col, length};
/// let lines = SparkSession::local(2, "lengths").read_stream().memory("lines");
/// let lengths = lines.group_by(length(col("value")).alias("length")).count();
/// # let _ = lengths;
/// ```
pub fn length(text: Column) -> Column {
    Column::of(Expression::Length(Box::new(text.expression)))
}

/// A row for each element of an array.
pub fn explode(array: Column) -> Column {
    Column::of(Expression::Explode(Box::new(array.expression)))
}

/// The time that is this number of seconds after the epoch.
///
/// A number of seconds whose microseconds are too many for 64 bits fails the micro-batch (`MB-7`).
pub fn timestamp_seconds(seconds: Column) -> Column {
    Column::of(Expression::TimestampSeconds(Box::new(seconds.expression)))
}

/// The tumbling window that a time lies in: a struct of its start, which is in it, and its end,
/// which is not. Windows are aligned to the epoch and called `window`.
///
/// A row without a time is left out (`WM-9`). A length of zero is refused when the query starts.
///
/// ```
/// use std::time::Duration;
/// use engine::DataType;
/// use engine_structured::functions::{col, split, timestamp_seconds, window};
/// use engine_structured::{OutputMode, SparkSession};
///
/// let spark = SparkSession::local(2, "WindowedWordCount");
/// let lines = spark.read_stream().memory("lines");
///
/// // A line is the second of an event and a word
/// let fields = lines.select([split(col("value"), " ").alias("f")]);
/// let seconds = col("f").get_item(0).cast(DataType::Long);
/// let events = fields.select([
///     timestamp_seconds(seconds).alias("time"),
///     col("f").get_item(1).alias("word"),
/// ]);
///
/// // Words in windows of ten seconds, each printed when nothing late can change it any more
/// let counts = events
///     .with_watermark("time", Duration::from_secs(5))
///     .group_by([window(col("time"), Duration::from_secs(10)), col("word")])
///     .count();
/// let query = counts.write_stream().output_mode(OutputMode::Append).console()?;
/// # let _ = query;
/// # Ok::<(), engine_structured::AnalysisError>(())
/// ```
pub fn window(time: Column, length: Duration) -> Column {
    Column::of(Expression::Window(Box::new(time.expression), length))
}
