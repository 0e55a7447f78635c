//! The columns of a file (`org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter`).

use engine::{DataType, StructField};
use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::FileReader;
use parquet::schema::types::Type;

use crate::error::ParquetError;
use crate::read::open;
use crate::row_metadata::{ROW_METADATA, columns_of_json};

/// The columns of a file: those that Spark has noted down in it, or those of its Parquet schema.
///
/// # Errors
///
/// The bytes are no file of Parquet, or a column has a type that Spark has not.
pub fn columns_of(file: &[u8]) -> Result<Vec<StructField>, ParquetError> {
    let reader = open(file)?;
    let metadata = reader.metadata();
    if let Some(columns) = noted(metadata).as_deref().and_then(columns_of_json) {
        return Ok(columns);
    }
    let schema = metadata.file_metadata().schema();
    schema.get_fields().iter().map(|it| column(it)).collect()
}

fn noted(metadata: &ParquetMetaData) -> Option<String> {
    let mut notes = metadata.file_metadata().key_value_metadata()?.iter();
    notes.find(|it| it.key == ROW_METADATA)?.value.clone()
}

fn column(field: &Type) -> Result<StructField, ParquetError> {
    let repetition = field.get_basic_info().repetition();
    let data_type = type_of(field)?;
    Ok(match repetition {
        Repetition::REPEATED => StructField {
            nullable: false,
            ..StructField::new(
                field.name(),
                DataType::Array {
                    element: data_type.into(),
                    nullable: false,
                },
            )
        },
        _ => StructField {
            nullable: repetition == Repetition::OPTIONAL,
            ..StructField::new(field.name(), data_type)
        },
    })
}

fn type_of(field: &Type) -> Result<DataType, ParquetError> {
    let unknown = || ParquetError::Unknown {
        column: field.name().to_owned(),
        found: found(field),
    };
    if field.is_primitive() {
        return plain(field).ok_or_else(unknown);
    }
    Ok(match Nested::of(field) {
        Nested::Struct => DataType::Struct(
            field
                .get_fields()
                .iter()
                .map(|it| column(it))
                .collect::<Result<_, _>>()?,
        ),
        Nested::List(element) => DataType::Array {
            element: type_of(element)?.into(),
            nullable: element.is_optional(),
        },
        Nested::Map { key, value } => DataType::Map {
            key: type_of(key)?.into(),
            value: type_of(value)?.into(),
            nullable: value.is_optional(),
        },
    })
}

/// A column with parts.
pub(crate) enum Nested<'a> {
    Struct,
    List(&'a Type),
    Map { key: &'a Type, value: &'a Type },
}

impl Nested<'_> {
    pub(crate) fn of(group: &Type) -> Nested<'_> {
        let info = group.get_basic_info();
        let entries = match group.get_fields() {
            [only] if only.get_basic_info().repetition() == Repetition::REPEATED => only,
            _ => return Nested::Struct,
        };
        match info.converted_type() {
            ConvertedType::LIST => Nested::List(element_of(group.name(), entries)),
            ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE if !entries.is_primitive() => {
                match entries.get_fields() {
                    [key, value] => Nested::Map { key, value },
                    _ => Nested::Struct,
                }
            }
            _ => Nested::Struct,
        }
    }
}

/// The element of a list: the only part of what is repeated, or in files of old writers that itself.
fn element_of<'a>(list: &str, repeated: &'a Type) -> &'a Type {
    let is_old = || repeated.name() == "array" || repeated.name() == format!("{list}_tuple");
    if repeated.is_primitive() || is_old() {
        return repeated;
    }
    match repeated.get_fields() {
        [element] => element,
        _ => repeated,
    }
}

/// The type of a column without parts.
pub(crate) fn plain(field: &Type) -> Option<DataType> {
    let info = field.get_basic_info();
    let logical = info.logical_type_ref();
    let converted = info.converted_type();
    let decimal = || {
        let precision = u8::try_from(field.get_precision()).ok()?;
        let scale = u8::try_from(field.get_scale()).ok()?;
        let is_type = (1..=38).contains(&precision) && scale <= precision;
        is_type.then_some(DataType::Decimal { precision, scale })
    };
    if converted == ConvertedType::DECIMAL || matches!(logical, Some(LogicalType::Decimal(_))) {
        return decimal();
    }
    Some(match field.get_physical_type() {
        Physical::BOOLEAN => DataType::Boolean,
        Physical::INT32 => match converted {
            ConvertedType::INT_8 => DataType::Byte,
            ConvertedType::INT_16 | ConvertedType::UINT_8 => DataType::Short,
            ConvertedType::NONE | ConvertedType::INT_32 | ConvertedType::UINT_16 => {
                DataType::Integer
            }
            ConvertedType::UINT_32 => DataType::Long,
            ConvertedType::DATE => DataType::Date,
            _ => return None,
        },
        Physical::INT64 => match (logical, converted) {
            (Some(LogicalType::Timestamp(it)), _) if it.unit == TimeUnit::NANOS => return None,
            (Some(LogicalType::Timestamp(it)), _) if !it.is_adjusted_to_u_t_c => {
                DataType::TimestampNtz
            }
            (_, ConvertedType::NONE | ConvertedType::INT_64) => DataType::Long,
            (_, ConvertedType::TIMESTAMP_MICROS | ConvertedType::TIMESTAMP_MILLIS) => {
                DataType::Timestamp
            }
            _ => return None,
        },
        Physical::INT96 => DataType::Timestamp,
        Physical::FLOAT => DataType::Float,
        Physical::DOUBLE => DataType::Double,
        Physical::BYTE_ARRAY => match converted {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => DataType::String,
            ConvertedType::NONE | ConvertedType::BSON => DataType::Binary,
            _ => return None,
        },
        Physical::FIXED_LEN_BYTE_ARRAY if converted == ConvertedType::NONE => DataType::Binary,
        Physical::FIXED_LEN_BYTE_ARRAY => return None,
    })
}

/// The type of a column in its file, as errors of Spark call it.
pub(crate) fn found(field: &Type) -> String {
    if !field.is_primitive() {
        return "group".to_owned();
    }
    match field.get_physical_type() {
        Physical::BYTE_ARRAY => "BINARY".to_owned(),
        other => other.to_string(),
    }
}
