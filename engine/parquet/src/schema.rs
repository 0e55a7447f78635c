//! The schema of Parquet that columns have (`org.apache.spark.sql.execution.datasources.parquet.SparkToParquetSchemaConverter`).

use std::sync::Arc;

use engine::{DataType, StructField};
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{Type, TypePtr};

use crate::error::ParquetError;

/// The digits of a decimal that 32 bits hold.
const INT_DIGITS: u8 = 9;

/// The digits of a decimal that 64 bits hold.
const LONG_DIGITS: u8 = 18;

/// The schema of a file of these columns.
pub(crate) fn schema_of(columns: &[StructField]) -> Result<Type, ParquetError> {
    let group = Type::group_type_builder("spark_schema").with_fields(fields(columns)?);
    Ok(group.build()?)
}

/// The bytes of a decimal of this number of digits, beyond those of 64 bits.
pub(crate) fn decimal_bytes(precision: u8) -> usize {
    let most = 10_u128.pow(precision.into());
    (1..16)
        .find(|bytes| most <= 1 << (8 * bytes - 1))
        .unwrap_or(16)
}

fn fields(columns: &[StructField]) -> Result<Vec<TypePtr>, ParquetError> {
    let fields = columns.iter();
    let fields = fields.map(|it| field(&it.name, &it.data_type, it.nullable).map(Arc::new));
    fields.collect()
}

fn field(name: &str, data_type: &DataType, nullable: bool) -> Result<Type, ParquetError> {
    let repetition = if nullable {
        Repetition::OPTIONAL
    } else {
        Repetition::REQUIRED
    };
    let group = |logical: Option<LogicalType>, fields: Vec<TypePtr>| {
        let group = Type::group_type_builder(name).with_repetition(repetition);
        group.with_logical_type(logical).with_fields(fields).build()
    };
    Ok(match data_type {
        DataType::Struct(columns) => group(None, fields(columns)?)?,
        DataType::Array { element, nullable } => {
            let element = vec![field("element", element, *nullable)?.into()];
            group(Some(LogicalType::List), vec![repeated("list", element)?])?
        }
        DataType::Map {
            key,
            value,
            nullable,
        } => {
            let key = field("key", key, false)?.into();
            let value = field("value", value, *nullable)?.into();
            group(
                Some(LogicalType::Map),
                vec![repeated("key_value", vec![key, value])?],
            )?
        }
        plain => {
            let kind = kind(plain).ok_or_else(|| ParquetError::Unwritten {
                column: name.to_owned(),
                data_type: plain.clone(),
            })?;
            let built =
                Type::primitive_type_builder(name, kind.physical).with_repetition(repetition);
            let built = built
                .with_logical_type(kind.logical)
                .with_length(kind.length);
            match plain {
                DataType::Decimal { precision, scale } => {
                    let built = built.with_converted_type(ConvertedType::DECIMAL);
                    built
                        .with_precision((*precision).into())
                        .with_scale((*scale).into())
                }
                _ => built,
            }
            .build()?
        }
    })
}

fn repeated(name: &str, fields: Vec<TypePtr>) -> Result<TypePtr, ParquetError> {
    let group = Type::group_type_builder(name).with_repetition(Repetition::REPEATED);
    Ok(group.with_fields(fields).build()?.into())
}

/// The values of a column as Parquet has them.
struct Kind {
    physical: Physical,
    logical: Option<LogicalType>,
    /// The bytes of each, of those that have equally many.
    length: i32,
}

fn kind(data_type: &DataType) -> Option<Kind> {
    let logical = match data_type {
        DataType::Byte => Some(LogicalType::integer(8, true)),
        DataType::Short => Some(LogicalType::integer(16, true)),
        DataType::String => Some(LogicalType::String),
        DataType::Date => Some(LogicalType::Date),
        DataType::TimestampNtz => Some(LogicalType::timestamp(false, TimeUnit::MICROS)),
        DataType::Decimal { precision, scale } => {
            Some(LogicalType::decimal((*scale).into(), (*precision).into()))
        }
        _ => None,
    };
    let mut length = -1;
    let physical = match data_type {
        DataType::Boolean => Physical::BOOLEAN,
        DataType::Byte
        | DataType::Short
        | DataType::Integer
        | DataType::Date
        | DataType::YearMonthInterval(_) => Physical::INT32,
        DataType::Long | DataType::TimestampNtz | DataType::DayTimeInterval(_) => Physical::INT64,
        // Spark's default of `spark.sql.parquet.outputTimestampType`.
        DataType::Timestamp => Physical::INT96,
        DataType::Float => Physical::FLOAT,
        DataType::Double => Physical::DOUBLE,
        DataType::String | DataType::Binary => Physical::BYTE_ARRAY,
        DataType::Decimal { precision, .. } => match *precision {
            few if few <= INT_DIGITS => Physical::INT32,
            some if some <= LONG_DIGITS => Physical::INT64,
            more => {
                length = decimal_bytes(more) as i32;
                Physical::FIXED_LEN_BYTE_ARRAY
            }
        },
        DataType::Null | DataType::Struct(_) | DataType::Array { .. } | DataType::Map { .. } => {
            return None;
        }
    };
    Some(Kind {
        physical,
        logical,
        length,
    })
}
