//! A value of any type of Spark SQL, of Python or of the JVM.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::float::{Double, Float};
use super::interval::IntervalUnits;
use super::text::Text;
use super::values::{MapEntries, Struct, Values};

/// A value of any type, as it is grouped by, printed and stored.
///
/// Values are equal if they have the same type and are equal by Spark SQL's rules: `NaN` is itself, `-0.0`
/// is `0.0`, and a `BIGINT` is no `INT`, nor is a `DECIMAL` one of another scale. Their order is that of
/// `ORDER BY`, `NULL` first; values of several types are in the order of the types below. Python takes `1`, `1.0`
/// and `True` for one key: see [`PythonKey`](crate::PythonKey).
///
/// A value has at most 128 levels, one in the other: [`Values`] and [`MapEntries`] refuse more.
///
/// ```
/// use engine::Value;
/// assert_ne!(Value::Integer(1), Value::Long(1));
/// assert_eq!(Value::Double((-0.0).into()), Value::Double(0.0.into()));
/// assert!(Value::Null < Value::Long(i64::MIN));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// No value: SQL's `NULL`, Java's `null`, Python's `None`.
    Null,
    /// A `BOOLEAN`.
    Boolean(bool),
    /// A `TINYINT`.
    Byte(i8),
    /// A `SMALLINT`.
    Short(i16),
    /// An `INT`.
    Integer(i32),
    /// A `BIGINT`; in Python any integer.
    Long(i64),
    /// A `FLOAT`.
    Float(Float),
    /// A `DOUBLE`; in Python any `float`.
    Double(Double),
    /// A `DECIMAL`.
    Decimal(Decimal),
    /// A `DATE`, in days since the epoch.
    Date(i32),
    /// A `TIMESTAMP`, a point in time in microseconds since the epoch.
    Timestamp(i64),
    /// A `TIMESTAMP_NTZ`, a time on a clock of no zone, in microseconds since that clock's 1970.
    TimestampNtz(i64),
    /// An interval of months.
    YearMonthInterval {
        /// The number of months.
        months: i32,
        /// The units it is written in.
        units: IntervalUnits,
    },
    /// An interval of microseconds.
    DayTimeInterval {
        /// The number of microseconds.
        micros: i64,
        /// The units it is written in.
        units: IntervalUnits,
    },
    /// A `STRING`.
    String(Text),
    /// A `BINARY`; `bytes` in Python.
    Binary(Arc<[u8]>),
    /// A Python tuple or a Scala product: `('blue', 5)`, `(blue,5)`.
    Tuple(Values),
    /// A `STRUCT`, Spark's `Row`.
    Struct(Struct),
    /// An `ARRAY`; a list in Python and Java.
    Array(Values),
    /// A `MAP`, entries in the order of insertion; a `dict` in Python.
    Map(MapEntries),
}

/// A row of a table: one value a column.
pub type Row = Vec<Value>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_32_bytes_as_the_memory_of_a_cluster_counts_it() {
        assert_eq!(size_of::<Value>(), 32);
    }

    #[test]
    fn values_of_one_type_are_ordered_as_spark_sorts_them() {
        let text = |text: &str| Value::String(text.into());
        let array =
            |values: &[i32]| Value::Array(values.iter().copied().map(Value::Integer).collect());
        let double = |number: f64| Value::Double(number.into());
        let ordered = [
            vec![
                Value::Null,
                text(""),
                text("Z"),
                text("a"),
                text("é"),
                text("😀"),
            ],
            vec![
                Value::Null,
                array(&[]),
                array(&[1]),
                array(&[1, 0]),
                array(&[2]),
            ],
            vec![
                double(f64::NEG_INFINITY),
                double(-0.0),
                double(f64::INFINITY),
                double(f64::NAN),
            ],
        ];
        for values in ordered {
            assert!(values.is_sorted_by(|one, next| one < next), "{values:?}");
        }
    }

    #[test]
    fn a_struct_is_no_tuple_and_has_names() {
        let one = |name| Value::Struct(Struct::from_iter([(name, Value::Long(1))]));
        assert_eq!(one("a"), one("a"));
        assert_ne!(one("a"), one("b"));
        assert_ne!(one("a"), Value::Tuple(vec![Value::Long(1)].into()));
        assert_ne!(
            Value::Array(Values::default()),
            Value::Tuple(Values::default())
        );
    }
}
