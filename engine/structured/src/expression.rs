//! Expressions over the values of a row: the resolution of their names, and their values.

use std::time::Duration;

use engine::{DataType, Failure, FailureKind, Row, SparkVersion, Struct, StructField, Text, Value};

use crate::error::AnalysisError;
use crate::plan::{Column, Expression};
use crate::schema::{Field, Schema, Takes, expect};
use crate::{ansi, cast};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// An expression whose columns are known by their index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ResolvedExpression {
    Column(usize),
    Split(Box<ResolvedExpression>, Text),
    Length(Box<ResolvedExpression>),
    Explode(Box<ResolvedExpression>),
    GetItem(Box<ResolvedExpression>, usize),
    CastToLong(Box<ResolvedExpression>),
    TimestampSeconds(Box<ResolvedExpression>),
    /// A window, and its length in microseconds.
    Window(Box<ResolvedExpression>, i64),
}

impl ResolvedExpression {
    /// Returns true if it makes as many rows as an array has elements.
    pub(crate) fn is_generator(&self) -> bool {
        matches!(self, ResolvedExpression::Explode(_))
    }

    pub(crate) fn is_window(&self) -> bool {
        matches!(self, ResolvedExpression::Window(..))
    }

    /// The value of the expression in this row; the array itself, if a generator makes rows of it.
    ///
    /// # Errors
    ///
    /// An overflow where Spark throws an `ArithmeticException`, and what Spark 4 refuses to give a value.
    pub(crate) fn value(&self, row: &Row, spark: SparkVersion) -> Result<Value, Failure> {
        let of = |operand: &ResolvedExpression| operand.value(row, spark);
        match self {
            ResolvedExpression::Column(index) => Ok(row[*index].clone()),
            ResolvedExpression::Split(text, separator) => Ok(split(&of(text)?, separator)),
            ResolvedExpression::Length(text) => Ok(length(&of(text)?)),
            ResolvedExpression::Explode(array) => of(array),
            ResolvedExpression::GetItem(array, index) => element(of(array)?, *index, spark),
            ResolvedExpression::CastToLong(value) => cast::to_long(of(value)?, spark),
            ResolvedExpression::TimestampSeconds(seconds) => timestamp(&of(seconds)?),
            ResolvedExpression::Window(time, length) => window(&of(time)?, *length, spark),
        }
    }
}

fn split(text: &Value, separator: &str) -> Value {
    let Value::String(text) = text else {
        return Value::Null;
    };
    let pieces = text.clone().split(separator);
    Value::Array(pieces.map(Value::String).collect())
}

fn length(text: &Value) -> Value {
    match text {
        // A text has less than 2^31 characters, as an array of the JVM has.
        Value::String(text) => {
            Value::Integer(i32::try_from(text.chars().count()).unwrap_or(i32::MAX))
        }
        _ => Value::Null,
    }
}

fn element(array: Value, index: usize, spark: SparkVersion) -> Result<Value, Failure> {
    match array {
        Value::Array(items) if index < items.len() => Ok(items.into_vec().swap_remove(index)),
        Value::Array(items) if spark.is_ansi() => {
            Err(ansi::invalid_array_index(index, items.len()))
        }
        _ => Ok(Value::Null),
    }
}

/// Fails where Java's `Math.multiplyExact` throws.
fn timestamp(seconds: &Value) -> Result<Value, Failure> {
    let Value::Long(seconds) = seconds else {
        return Ok(Value::Null);
    };
    let micros = seconds.checked_mul(MICROS_PER_SECOND);
    let overflow = || {
        let failure = Failure::new(FailureKind::Overflow, "long overflow");
        failure.in_operator("timestamp_seconds")
    };
    micros.map(Value::Timestamp).ok_or_else(overflow)
}

/// The window that begins at the last multiple of the length (`TimeWindowing`). A bound beyond 64 bits wraps around,
/// and fails in Spark 4.
fn window(time: &Value, length: i64, spark: SparkVersion) -> Result<Value, Failure> {
    let Value::Timestamp(time) = time else {
        return Ok(Value::Null);
    };
    let past = time.rem_euclid(length);
    let start = time.wrapping_sub(past);
    let end = start.wrapping_add(length);
    if spark.is_ansi() && start > *time {
        return Err(ansi::arithmetic_overflow("try_subtract"));
    }
    if spark.is_ansi() && end < start {
        return Err(ansi::arithmetic_overflow("try_add"));
    }
    let fields = [("start", start), ("end", end)];
    let fields = fields.map(|(name, micros)| (name, Value::Timestamp(micros)));
    Ok(Value::Struct(Struct::from_iter(fields)))
}

/// Resolves the columns of one `select` or `group_by`; returns them with the schema of their table.
pub(crate) fn resolve_columns(
    columns: &[Column],
    schema: &Schema,
) -> Result<(Vec<ResolvedExpression>, Schema), AnalysisError> {
    let mut expressions = Vec::new();
    let mut fields = Vec::new();
    for column in columns {
        let (expression, field) = resolve(&column.expression, schema)?;
        expressions.push(expression);
        fields.push(Field {
            name: column.name(),
            ..field
        });
    }
    let mut windows: Vec<&ResolvedExpression> =
        expressions.iter().filter(|it| it.is_window()).collect();
    windows.dedup();
    if windows.len() > 1 {
        return Err(AnalysisError::Windows);
    }
    Ok((expressions, Schema(fields)))
}

/// Resolves an expression; the name of the field means nothing.
fn resolve(
    expression: &Expression,
    schema: &Schema,
) -> Result<(ResolvedExpression, Field), AnalysisError> {
    if let Expression::Column(name) = expression {
        let (index, field) = schema.find(name)?;
        return Ok((ResolvedExpression::Column(index), field.clone()));
    }
    let (expression, data_type) = match expression {
        Expression::Column(_) => unreachable!("columns were resolved above"),
        Expression::Split(text, separator) => {
            let text = argument(text, schema, "split", &STRING)?;
            if separator.is_empty() || separator.contains(|c| "\\^$.|?*+()[]{}".contains(c)) {
                return Err(AnalysisError::Separator(separator.to_string()));
            }
            let split = ResolvedExpression::Split(text, separator.clone());
            let pieces = DataType::Array {
                element: Box::new(DataType::String),
                nullable: false,
            };
            (split, pieces)
        }
        Expression::Length(text) => {
            let text = argument(text, schema, "length", &STRING)?;
            (ResolvedExpression::Length(text), DataType::Integer)
        }
        Expression::Explode(array) => {
            let (array, element) = array_argument(array, schema, "explode")?;
            (ResolvedExpression::Explode(array), element)
        }
        Expression::GetItem(array, index) => {
            let (array, element) = array_argument(array, schema, "get_item")?;
            (ResolvedExpression::GetItem(array, *index), element)
        }
        Expression::Cast(value, to) => resolve_cast(value, to, schema)?,
        Expression::TimestampSeconds(seconds) => {
            let seconds = argument(seconds, schema, "timestamp_seconds", &LONG)?;
            let timestamp = ResolvedExpression::TimestampSeconds(seconds);
            (timestamp, DataType::Timestamp)
        }
        Expression::Window(time, length) => return resolve_window(time, *length, schema),
    };
    Ok((expression, Field::new("", data_type)))
}

fn resolve_cast(
    value: &Expression,
    to: &DataType,
    schema: &Schema,
) -> Result<(ResolvedExpression, DataType), AnalysisError> {
    let (value, from) = operand(value, schema)?;
    match (&from, to) {
        (DataType::String | DataType::Long | DataType::Timestamp, DataType::Long) => {
            Ok((ResolvedExpression::CastToLong(value), DataType::Long))
        }
        _ => Err(AnalysisError::Cast {
            from,
            to: to.clone(),
        }),
    }
}

/// A window over the column with the watermark has it, too; one over an expression has not.
fn resolve_window(
    time: &Expression,
    length: Duration,
    schema: &Schema,
) -> Result<(ResolvedExpression, Field), AnalysisError> {
    let micros = i64::try_from(length.as_micros()).ok();
    let micros = micros
        .filter(|micros| *micros > 0)
        .ok_or(AnalysisError::WindowLength)?;
    let is_event_time = match time {
        Expression::Column(name) => schema.find(name)?.1.is_event_time,
        _ => false,
    };
    let time = argument(time, schema, "window", &TIMESTAMP)?;
    let fields = ["start", "end"].map(|name| StructField::new(name, DataType::Timestamp));
    let field = Field {
        is_event_time,
        ..Field::new("", DataType::Struct(fields.to_vec()))
    };
    Ok((ResolvedExpression::Window(time, micros), field))
}

const STRING: Takes = Takes("STRING", |it| *it == DataType::String);
const LONG: Takes = Takes("BIGINT", |it| *it == DataType::Long);
pub(crate) const TIMESTAMP: Takes = Takes("TIMESTAMP", |it| *it == DataType::Timestamp);

/// An expression that a function is given, of a type that it takes.
fn argument(
    expression: &Expression,
    schema: &Schema,
    function: &'static str,
    takes: &Takes,
) -> Result<Box<ResolvedExpression>, AnalysisError> {
    let (expression, data_type) = operand(expression, schema)?;
    expect(function, takes, &data_type)?;
    Ok(expression)
}

/// An array that a function is given, and the type of its elements.
fn array_argument(
    expression: &Expression,
    schema: &Schema,
    function: &'static str,
) -> Result<(Box<ResolvedExpression>, DataType), AnalysisError> {
    match operand(expression, schema)? {
        (array, DataType::Array { element, .. }) => Ok((array, *element)),
        (_, given) => Err(AnalysisError::Type {
            function,
            takes: "ARRAY",
            given,
        }),
    }
}

/// An expression within another, one value for each row, and its type.
fn operand(
    expression: &Expression,
    schema: &Schema,
) -> Result<(Box<ResolvedExpression>, DataType), AnalysisError> {
    if matches!(expression, Expression::Explode(_)) {
        return Err(AnalysisError::NestedGenerator);
    }
    let (expression, field) = resolve(expression, schema)?;
    Ok((Box::new(expression), field.data_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window of five seconds that a time in microseconds lies in.
    #[track_caller]
    fn check_window(time: i64, start: i64) {
        let end = start + 5 * MICROS_PER_SECOND;
        let expected = [
            ("start", Value::Timestamp(start)),
            ("end", Value::Timestamp(end)),
        ];
        for spark in VERSIONS {
            let found = window(&Value::Timestamp(time), 5 * MICROS_PER_SECOND, spark);
            assert_eq!(
                found,
                Ok(Value::Struct(Struct::from_iter(expected.clone())))
            );
        }
    }

    const VERSIONS: [SparkVersion; 2] = [SparkVersion::V3_5, SparkVersion::V4];

    #[test]
    fn a_window_has_its_start_and_not_its_end() {
        check_window(0, 0);
        check_window(4_999_999, 0);
        check_window(5_000_000, 5_000_000);
        check_window(-1, -5_000_000);
        check_window(-5_000_000, -5_000_000);
    }

    #[test]
    fn no_time_no_window() {
        for spark in VERSIONS {
            assert_eq!(window(&Value::Null, 1, spark), Ok(Value::Null));
        }
        assert_eq!(timestamp(&Value::Null), Ok(Value::Null));
    }

    #[test]
    fn mb_7_a_window_beyond_64_bits_fails_in_spark_4() {
        let check = |time: i64, instead: &str| {
            let time = Value::Timestamp(time);
            let wrapped = window(&time, MICROS_PER_SECOND, SparkVersion::V3_5);
            assert!(wrapped.is_ok(), "{wrapped:?}");
            let failure = window(&time, MICROS_PER_SECOND, SparkVersion::V4);
            assert_eq!(failure, Err(ansi::arithmetic_overflow(instead)));
        };
        check(i64::MIN, "try_subtract");
        check(i64::MAX, "try_add");
    }

    #[test]
    fn mb_7_an_element_that_is_not_there_is_null_and_fails_in_spark_4() {
        let item = |text: Value, index, spark| {
            let text_column = Box::new(ResolvedExpression::Column(0));
            let pieces = ResolvedExpression::Split(text_column, " ".into());
            ResolvedExpression::GetItem(Box::new(pieces), index).value(&vec![text], spark)
        };
        let text = Value::String("a b".into());
        for spark in VERSIONS {
            assert_eq!(item(text.clone(), 1, spark), Ok(Value::String("b".into())));
            assert_eq!(item(Value::Null, 1, spark), Ok(Value::Null));
        }
        assert_eq!(item(text.clone(), 2, SparkVersion::V3_5), Ok(Value::Null));
        let failure = item(text, 2, SparkVersion::V4).expect_err("there are two elements");
        assert_eq!(failure.kind(), FailureKind::Spark);
        assert_eq!(
            failure.to_string(),
            "[INVALID_ARRAY_INDEX] The index 2 is out of bounds. The array has 2 elements. Use the SQL function \
             `get()` to tolerate accessing element at invalid index and return NULL instead. SQLSTATE: 22003"
        );
    }

    #[test]
    fn mb_7_a_time_beyond_64_bits_fails_the_batch() {
        let failure = timestamp(&Value::Long(i64::MAX)).expect_err("it has no microseconds");
        assert_eq!(failure.kind(), FailureKind::Overflow);
        assert_eq!(failure.to_string(), "timestamp_seconds: long overflow");
    }
}
