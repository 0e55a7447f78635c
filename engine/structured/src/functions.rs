//! Functions on columns (`org.apache.spark.sql.functions`).
//!
//! Those that are not here are called by their name in SQL, by [`call`].

use std::time::Duration;

use engine_sql::Expression;

use crate::column::Column;
pub use crate::udf::udf;

/// The column of this name, or the field of one: `a.b`.
pub fn col(name: &str) -> Column {
    name.into()
}

/// A value: `true`, `1`, `1_i64` or `1.5`; a text by [`text`].
pub fn lit(value: impl Into<Column>) -> Column {
    value.into()
}

/// A text.
pub fn text(value: &str) -> Column {
    Column(Expression::from(value))
}

/// The function of this name in SQL, or the aggregate function.
///
/// ```
/// use engine_structured::functions::{call, col};
/// let upper = call("upper", [col("word")]);
/// # let _ = upper;
/// ```
pub fn call(function: &str, arguments: impl IntoIterator<Item = Column>) -> Column {
    let arguments = arguments.into_iter().map(|argument| argument.0);
    Column(Expression::call(function.to_lowercase(), arguments))
}

/// The pieces of a text between separators, empty ones too, as an array. The separator is a regular expression of Java.
pub fn split(text: Column, separator: &str) -> Column {
    Column(Expression::call(
        "split",
        [text.0, Expression::from(separator), Expression::from(-1)],
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
    call("length", [text])
}

/// A row for each element of an array.
pub fn explode(array: Column) -> Column {
    call("explode", [array])
}

/// The time that is this number of seconds after the epoch.
///
/// A number of seconds whose microseconds are too many for 64 bits fails the micro-batch (`MB-7`).
pub fn timestamp_seconds(seconds: Column) -> Column {
    call("timestamp_seconds", [seconds])
}

/// The number of rows.
pub fn count_all() -> Column {
    Column(Expression::call("count", [Expression::from(1)]))
}

macro_rules! aggregates {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub fn $name(column: Column) -> Column {
            call(stringify!($name), [column])
        }
    )*};
}

aggregates! {
    /// The number of rows in which the column is not `NULL`.
    count,
    /// The sum.
    sum,
    /// The average.
    avg,
    /// The least value.
    min,
    /// The greatest value.
    max,
    /// The values as an array.
    collect_list,
    /// The different values as an array.
    collect_set,
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
    windows(time, &[length])
}

/// The windows of this length that a time lies in, of which one begins after each `slide`.
pub fn sliding_window(time: Column, length: Duration, slide: Duration) -> Column {
    windows(time, &[length, slide])
}

fn windows(time: Column, durations: &[Duration]) -> Column {
    // A length of more microseconds than 64 bits hold is refused as one of none.
    let micros = |it: &Duration| Expression::from(i64::try_from(it.as_micros()).unwrap_or(0));
    let durations = durations.iter().map(micros);
    let arguments = std::iter::once(time.0).chain(durations);
    Column(Expression::call("window", arguments).alias("window"))
}
