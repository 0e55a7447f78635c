//! The types of Spark SQL (`org.apache.spark.sql.types.DataType`).

use std::borrow::Cow;
use std::fmt;

use super::interval::IntervalUnits;
use super::text::Text;

/// The type of a column, a field, an element or an expression.
///
/// Displays as Spark writes types in SQL:
///
/// ```
/// use engine::{DataType, StructField};
/// let tags = DataType::array(DataType::String);
/// let event = DataType::Struct(vec![
///     StructField::new("id", DataType::Integer),
///     StructField::new("tags", tags),
/// ]);
/// assert_eq!(event.to_string(), "STRUCT<id: INT, tags: ARRAY<STRING>>");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DataType {
    /// `VOID`, the type of a bare `NULL`.
    Null,
    /// `BOOLEAN`.
    Boolean,
    /// `TINYINT`, 8 bits.
    Byte,
    /// `SMALLINT`, 16 bits.
    Short,
    /// `INT`, 32 bits.
    Integer,
    /// `BIGINT`, 64 bits.
    Long,
    /// `FLOAT`, 32 bits.
    Float,
    /// `DOUBLE`, 64 bits.
    Double,
    /// `DECIMAL(precision,scale)`.
    Decimal {
        /// Digits at most, up to 38.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// `STRING`.
    String,
    /// `BINARY`.
    Binary,
    /// `DATE`.
    Date,
    /// `TIMESTAMP`, a point in time.
    Timestamp,
    /// `TIMESTAMP_NTZ`, a time on a clock of no zone.
    TimestampNtz,
    /// `INTERVAL YEAR TO MONTH`, or a part of these units.
    YearMonthInterval(IntervalUnits),
    /// `INTERVAL DAY TO SECOND`, or a part of these units.
    DayTimeInterval(IntervalUnits),
    /// `STRUCT<name: type, ..>`.
    Struct(Vec<StructField>),
    /// `ARRAY<type>`.
    Array {
        /// The type of an element.
        element: Box<DataType>,
        /// An element may be `NULL`.
        nullable: bool,
    },
    /// `MAP<type, type>`.
    Map {
        /// The type of a key, which is never `NULL`.
        key: Box<DataType>,
        /// The type of a value.
        value: Box<DataType>,
        /// A value may be `NULL`.
        nullable: bool,
    },
}

impl DataType {
    /// An array of this type, whose elements may be `NULL`.
    pub fn array(element: DataType) -> DataType {
        DataType::Array {
            element: Box::new(element),
            nullable: true,
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataType::Null => f.write_str("VOID"),
            DataType::Boolean => f.write_str("BOOLEAN"),
            DataType::Byte => f.write_str("TINYINT"),
            DataType::Short => f.write_str("SMALLINT"),
            DataType::Integer => f.write_str("INT"),
            DataType::Long => f.write_str("BIGINT"),
            DataType::Float => f.write_str("FLOAT"),
            DataType::Double => f.write_str("DOUBLE"),
            DataType::Decimal { precision, scale } => write!(f, "DECIMAL({precision},{scale})"),
            DataType::String => f.write_str("STRING"),
            DataType::Binary => f.write_str("BINARY"),
            DataType::Date => f.write_str("DATE"),
            DataType::Timestamp => f.write_str("TIMESTAMP"),
            DataType::TimestampNtz => f.write_str("TIMESTAMP_NTZ"),
            DataType::YearMonthInterval(units) | DataType::DayTimeInterval(units) => {
                write!(f, "INTERVAL {units}")
            }
            DataType::Struct(fields) => write_struct(fields, f),
            DataType::Array { element, .. } => write!(f, "ARRAY<{element}>"),
            DataType::Map { key, value, .. } => write!(f, "MAP<{key}, {value}>"),
        }
    }
}

fn write_struct(fields: &[StructField], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("STRUCT<")?;
    for (index, field) in fields.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(f, "{separator}{field}")?;
    }
    f.write_str(">")
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructField {
    /// The name.
    pub name: Text,
    /// The type.
    pub data_type: DataType,
    /// The field may be `NULL`.
    pub nullable: bool,
}

impl StructField {
    /// A field that may be `NULL`.
    pub fn new(name: impl Into<Text>, data_type: DataType) -> StructField {
        StructField {
            name: name.into(),
            data_type,
            nullable: true,
        }
    }
}

/// `name: type`, followed by `NOT NULL` if it is so; a name that is no identifier is quoted.
impl fmt::Display for StructField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not_null = if self.nullable { "" } else { " NOT NULL" };
        write!(f, "{}: {}{not_null}", quoted(&self.name), self.data_type)
    }
}

/// A name as SQL has it: in backticks unless it is made of letters, digits and `_`, and not of digits alone.
fn quoted(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.bytes().all(is_plain) && name.bytes().any(|byte| !byte.is_ascii_digit()) {
        return name.into();
    }
    format!("`{}`", name.replace('`', "``")).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::IntervalUnit;

    #[track_caller]
    fn check(data_type: &DataType, expected: &str) {
        assert_eq!(data_type.to_string(), expected);
    }

    #[test]
    fn types_have_the_names_of_spark_sql() {
        check(&DataType::Null, "VOID");
        check(&DataType::Byte, "TINYINT");
        check(&DataType::Long, "BIGINT");
        let money = DataType::Decimal {
            precision: 10,
            scale: 2,
        };
        check(&money, "DECIMAL(10,2)");
        check(&DataType::TimestampNtz, "TIMESTAMP_NTZ");
        let hours = IntervalUnits::new(IntervalUnit::Hour, IntervalUnit::Hour);
        check(&DataType::DayTimeInterval(hours), "INTERVAL HOUR");
        let months = DataType::YearMonthInterval(IntervalUnits::YEAR_TO_MONTH);
        check(&months, "INTERVAL YEAR TO MONTH");
    }

    #[test]
    fn types_nest_and_odd_names_are_quoted() {
        let map = DataType::Map {
            key: Box::new(DataType::String),
            value: Box::new(DataType::array(DataType::Double)),
            nullable: true,
        };
        let fields = vec![
            StructField::new("b c", map),
            StructField::new("3", DataType::Integer),
            StructField {
                nullable: false,
                ..StructField::new("a`", DataType::Date)
            },
        ];
        check(
            &DataType::Struct(fields),
            "STRUCT<`b c`: MAP<STRING, ARRAY<DOUBLE>>, `3`: INT, `a```: DATE NOT NULL>",
        );
    }
}
