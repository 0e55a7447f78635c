//! The parts that a file has of the columns that are read.

use std::ops::Range;

use engine::{DataType, SparkVersion, StructField, Text};
use parquet::basic::{Repetition, Type as Physical};
use parquet::schema::types::Type;

use crate::error::ParquetError;
use crate::file_columns::{Nested, found, plain};

/// The columns that are read, and the leaves of the file that they are put together from.
pub(crate) struct Parts {
    pub(crate) parts: Vec<Part>,
    /// The leaves by their numbers in the file.
    pub(crate) leaves: Vec<usize>,
}

/// A column, or a part of one.
pub(crate) struct Part {
    pub(crate) kind: Kind,
    /// The definition from which on it is there.
    pub(crate) definition: i16,
    /// The number of lists that it is in.
    pub(crate) depth: i16,
    /// Its leaves, of which the first says whether it is there; none of a part that the file does not have.
    pub(crate) leaves: Range<usize>,
}

/// The kind of a part.
pub(crate) enum Kind {
    /// Values that are decoded as one type, and may be those of a wider one.
    Plain {
        decoded: DataType,
        wider: Option<DataType>,
    },
    Struct(Vec<(Text, Part)>),
    List(Box<Part>),
    Map {
        key: Box<Part>,
        value: Box<Part>,
    },
}

impl Parts {
    pub(crate) fn of(
        schema: &Type,
        columns: &[StructField],
        spark: SparkVersion,
    ) -> Result<Parts, ParquetError> {
        let mut finder = Finder {
            spark,
            leaves: Vec::new(),
            path: Vec::new(),
        };
        let root = Place {
            definition: 0,
            depth: 0,
            leaf: 0,
        };
        let parts = finder.fields(schema, columns, root)?;
        let parts = parts.into_iter().map(|(_, part)| part).collect();
        let leaves = finder.leaves;
        Ok(Parts { parts, leaves })
    }
}

/// A place in the schema of a file.
#[derive(Clone, Copy)]
struct Place {
    definition: i16,
    depth: i16,
    /// The number of the first leaf.
    leaf: usize,
}

impl Place {
    /// The place within a field.
    fn within(self, field: &Type) -> Place {
        let (optional, repeated) = match field.get_basic_info().repetition() {
            Repetition::REQUIRED => (0, 0),
            Repetition::OPTIONAL => (1, 0),
            Repetition::REPEATED => (1, 1),
        };
        Place {
            definition: self.definition + optional,
            depth: self.depth + repeated,
            leaf: self.leaf,
        }
    }
}

/// Finds columns in the schema of a file.
struct Finder {
    spark: SparkVersion,
    leaves: Vec<usize>,
    path: Vec<String>,
}

impl Finder {
    fn fields(
        &mut self,
        group: &Type,
        columns: &[StructField],
        at: Place,
    ) -> Result<Vec<(Text, Part)>, ParquetError> {
        let fields = columns.iter().map(|column| {
            let mut leaf = at.leaf;
            for field in group.get_fields() {
                if field.name().eq_ignore_ascii_case(&column.name) {
                    let part = self.field(field, &column.data_type, Place { leaf, ..at })?;
                    return Ok((column.name.clone(), part));
                }
                leaf += leaves_of(field);
            }
            Ok((column.name.clone(), self.missing()))
        });
        fields.collect()
    }

    /// A part that the file does not have.
    fn missing(&self) -> Part {
        Part {
            kind: Kind::Struct(Vec::new()),
            definition: 0,
            depth: 0,
            leaves: self.leaves.len()..self.leaves.len(),
        }
    }

    fn field(
        &mut self,
        field: &Type,
        data_type: &DataType,
        before: Place,
    ) -> Result<Part, ParquetError> {
        self.path.push(field.name().to_owned());
        let at = before.within(field);
        let first = self.leaves.len();
        let is_list = field.get_basic_info().repetition() == Repetition::REPEATED;
        let kind = match data_type {
            DataType::Array { element, .. } if is_list => {
                Kind::List(self.part(field, element, at)?.into())
            }
            _ if is_list => return Err(self.converted(field, data_type)),
            data_type => self.kind(field, data_type, at)?,
        };
        self.path.pop();
        let definition = if is_list {
            before.definition
        } else {
            at.definition
        };
        Ok(Part {
            kind,
            definition,
            depth: before.depth,
            leaves: first..self.leaves.len(),
        })
    }

    /// The part that is all of a field, at this place within it.
    fn part(
        &mut self,
        field: &Type,
        data_type: &DataType,
        at: Place,
    ) -> Result<Part, ParquetError> {
        let first = self.leaves.len();
        let kind = self.kind(field, data_type, at)?;
        Ok(Part {
            kind,
            definition: at.definition,
            depth: at.depth,
            leaves: first..self.leaves.len(),
        })
    }

    fn kind(
        &mut self,
        field: &Type,
        data_type: &DataType,
        at: Place,
    ) -> Result<Kind, ParquetError> {
        if field.is_primitive() {
            let kind = plain_kind(field, data_type, self.spark);
            self.leaves.push(at.leaf);
            return kind.ok_or_else(|| self.converted(field, data_type));
        }
        match (Nested::of(field), data_type) {
            (Nested::Struct, DataType::Struct(columns)) => {
                let first = self.leaves.len();
                let fields = self.fields(field, columns, at)?;
                // Spark 4 reads another leaf to see whether a struct without any of its fields is there.
                if self.leaves.len() == first && self.spark == SparkVersion::V4 {
                    self.leaves.push(at.leaf);
                }
                Ok(Kind::Struct(fields))
            }
            (Nested::List(element), DataType::Array { element: item, .. }) => {
                let entries = &field.get_fields()[0];
                self.path.push(entries.name().to_owned());
                let within = at.within(entries);
                let part = if std::ptr::eq(element, entries.as_ref()) {
                    self.part(element, item, within)?
                } else {
                    self.field(element, item, within)?
                };
                self.path.pop();
                Ok(Kind::List(part.into()))
            }
            (
                Nested::Map { key, value },
                DataType::Map {
                    key: key_type,
                    value: value_type,
                    ..
                },
            ) => {
                let entries = &field.get_fields()[0];
                self.path.push(entries.name().to_owned());
                let within = at.within(entries);
                let of_value = Place {
                    leaf: within.leaf + leaves_of(key),
                    ..within
                };
                let key = self.field(key, key_type, within)?.into();
                let value = self.field(value, value_type, of_value)?.into();
                self.path.pop();
                Ok(Kind::Map { key, value })
            }
            _ => Err(self.converted(field, data_type)),
        }
    }

    fn converted(&self, field: &Type, data_type: &DataType) -> ParquetError {
        ParquetError::Converted {
            column: self.path.join(", "),
            expected: data_type.clone(),
            found: found(field),
        }
    }
}

/// The number of columns without parts in a field.
fn leaves_of(field: &Type) -> usize {
    if field.is_primitive() {
        return 1;
    }
    field.get_fields().iter().map(|it| leaves_of(it)).sum()
}

/// The values of a column as this type; `None` if they cannot be read as it
/// (`org.apache.spark.sql.execution.datasources.parquet.ParquetVectorUpdaterFactory`).
fn plain_kind(field: &Type, data_type: &DataType, spark: SparkVersion) -> Option<Kind> {
    let own = plain(field)?;
    if own == *data_type || is_decoded_as(field.get_physical_type(), &own, data_type) {
        let decoded = data_type.clone();
        return Some(Kind::Plain {
            decoded,
            wider: None,
        });
    }
    let widens = spark == SparkVersion::V4 && widens(&own, data_type);
    widens.then(|| Kind::Plain {
        decoded: own,
        wider: Some(data_type.clone()),
    })
}

/// True if values that have a type of their own are decoded as another one.
fn is_decoded_as(physical: Physical, own: &DataType, data_type: &DataType) -> bool {
    match (physical, data_type) {
        (Physical::INT32, DataType::Byte | DataType::Short | DataType::Integer) => is_small(own),
        (Physical::INT32, DataType::YearMonthInterval(_)) => *own == DataType::Integer,
        (Physical::INT64, DataType::DayTimeInterval(_)) => *own == DataType::Long,
        (Physical::INT64, DataType::Timestamp) => *own == DataType::TimestampNtz,
        (Physical::BYTE_ARRAY, DataType::String | DataType::Binary) => {
            matches!(own, DataType::String | DataType::Binary)
        }
        _ => false,
    }
}

fn is_small(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Byte | DataType::Short | DataType::Integer
    )
}

/// True if each value of a type is one of the other. Spark 4 reads it as such.
fn widens(from: &DataType, to: &DataType) -> bool {
    match (from, to) {
        (from, DataType::Long) => is_small(from),
        (from, DataType::Double) => is_small(from) || *from == DataType::Float,
        (DataType::Timestamp | DataType::Date, DataType::TimestampNtz) => true,
        (
            DataType::Decimal { precision, scale },
            DataType::Decimal {
                precision: wider,
                scale: finer,
            },
        ) => scale <= finer && precision - scale <= wider - finer,
        _ => false,
    }
}
