//! Rows as the bytes of a file.

use std::sync::Arc;

use engine::{DataType, Row, SparkVersion, StructField, Value};
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::DataType as Cell;
use parquet::errors::Result as Written;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{SchemaDescriptor, TypePtr};

use crate::cells::Cells;
use crate::error::ParquetError;
use crate::row_metadata::{ROW_METADATA, json_of};
use crate::schema::schema_of;

/// The key under which a file has the version of Spark.
const VERSION: &str = "org.apache.spark.version";

/// The compression of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codec {
    /// Spark's default.
    #[default]
    Snappy,
    /// None.
    Uncompressed,
}

/// The bytes of a file of rows of these columns, in one row group, as this version of Spark writes it
/// (`org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport`).
///
/// ```
/// use engine::{DataType, SparkVersion, StructField, Value};
/// use engine_parquet::{Codec, columns_of, read, write};
///
/// let columns = [StructField::new("id", DataType::Long), StructField::new("tags", DataType::array(DataType::String))];
/// let tags = Value::Array([Value::String("new".into())].into_iter().collect());
/// let rows = vec![vec![Value::Long(1), tags], vec![Value::Long(2), Value::Null]];
/// let file = write(&columns, &rows, Codec::Snappy, SparkVersion::V3_5)?;
/// assert_eq!(columns_of(&file)?, columns);
/// assert_eq!(read(&file, &columns, SparkVersion::V3_5)?, rows);
/// # Ok::<(), engine_parquet::ParquetError>(())
/// ```
///
/// # Errors
///
/// A column has a type that Parquet has not, such as `VOID`.
pub fn write(
    columns: &[StructField],
    rows: &[Row],
    codec: Codec,
    spark: SparkVersion,
) -> Result<Vec<u8>, ParquetError> {
    let schema: TypePtr = schema_of(columns)?.into();
    let leaves = SchemaDescriptor::new(Arc::clone(&schema));
    let leaves = leaves.columns().iter().map(|leaf| Leaf {
        levels: Vec::new(),
        cells: Cells::new(leaf.physical_type()),
    });
    let mut shredder = Shredder {
        leaves: leaves.collect(),
        next: 0,
    };
    for row in rows {
        shredder.next = 0;
        for (column, value) in columns.iter().zip(row) {
            shredder.add(&column.data_type, column.nullable, value, Levels::default());
        }
    }
    let version = match spark {
        SparkVersion::V3_5 => "3.5.9",
        SparkVersion::V4 => "4.3.0",
    };
    let metadata = [
        (ROW_METADATA, json_of(columns)),
        (VERSION, version.to_owned()),
    ];
    let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let properties = WriterProperties::builder()
        .set_compression(match codec {
            Codec::Snappy => Compression::SNAPPY,
            Codec::Uncompressed => Compression::UNCOMPRESSED,
        })
        .set_key_value_metadata(Some(metadata.into()))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into())?;
    if !rows.is_empty() {
        let mut group = writer.next_row_group()?;
        for leaf in &shredder.leaves {
            if let Some(mut column) = group.next_column()? {
                leaf.write(column.untyped())?;
                column.close()?;
            }
        }
        group.close()?;
    }
    Ok(writer.into_inner()?)
}

/// The place of a value in a row: how many of the parts that may be missing are there, in how many lists it is, and in
/// which of these it does not come first. The words are those of the Dremel paper, as Parquet has them.
#[derive(Clone, Copy, Debug, Default)]
struct Levels {
    definition: i16,
    repetition: i16,
    depth: i16,
}

/// A column without parts.
struct Leaf {
    levels: Vec<Levels>,
    cells: Cells,
}

impl Leaf {
    fn write(&self, column: &mut ColumnWriter<'_>) -> Written<()> {
        match (column, &self.cells) {
            (ColumnWriter::BoolColumnWriter(column), Cells::Boolean(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::Int32ColumnWriter(column), Cells::Int32(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::Int64ColumnWriter(column), Cells::Int64(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::Int96ColumnWriter(column), Cells::Int96(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::FloatColumnWriter(column), Cells::Float(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::DoubleColumnWriter(column), Cells::Double(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::ByteArrayColumnWriter(column), Cells::Bytes(cells)) => {
                self.put(column, cells)
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(column), Cells::Fixed(cells)) => {
                self.put(column, cells)
            }
            // Both follow from one schema.
            _ => Ok(()),
        }
    }

    fn put<T: Cell>(
        &self,
        column: &mut parquet::column::writer::ColumnWriterImpl<'_, T>,
        cells: &[T::T],
    ) -> Written<()> {
        let definitions: Vec<i16> = self.levels.iter().map(|it| it.definition).collect();
        let repetitions: Vec<i16> = self.levels.iter().map(|it| it.repetition).collect();
        column
            .write_batch(cells, Some(&definitions), Some(&repetitions))
            .map(drop)
    }
}

/// Takes rows apart into columns.
struct Shredder {
    leaves: Vec<Leaf>,
    /// The leaf that comes next.
    next: usize,
}

impl Shredder {
    fn add(&mut self, data_type: &DataType, nullable: bool, value: &Value, at: Levels) {
        let there = Levels {
            definition: at.definition + i16::from(nullable),
            ..at
        };
        match (data_type, value) {
            (_, Value::Null) => self.add_none(data_type, at),
            (DataType::Struct(fields), Value::Struct(row)) => {
                for (field, value) in fields.iter().zip(row.values()) {
                    self.add(&field.data_type, field.nullable, value, there);
                }
            }
            (DataType::Array { element, nullable }, Value::Array(items)) => {
                self.add_items(data_type, items.iter(), there, |shredder, item, at| {
                    shredder.add(element, *nullable, item, at);
                });
            }
            (
                DataType::Map {
                    key,
                    value,
                    nullable,
                },
                Value::Map(entries),
            ) => {
                self.add_items(data_type, entries.iter(), there, |shredder, entry, at| {
                    shredder.add(key, false, &entry.0, at);
                    shredder.add(value, *nullable, &entry.1, at);
                });
            }
            (_, value) => {
                let leaf = &mut self.leaves[self.next];
                leaf.levels.push(there);
                leaf.cells.push(value);
                self.next += 1;
            }
        }
    }

    /// Adds the items of a list, or that it has none.
    fn add_items<T>(
        &mut self,
        data_type: &DataType,
        items: impl ExactSizeIterator<Item = T>,
        at: Levels,
        mut add: impl FnMut(&mut Shredder, T, Levels),
    ) {
        if items.len() == 0 {
            return self.add_none(data_type, at);
        }
        let first = self.next;
        let depth = at.depth + 1;
        for (number, item) in items.enumerate() {
            self.next = first;
            let repetition = if number == 0 { at.repetition } else { depth };
            let at = Levels {
                definition: at.definition + 1,
                repetition,
                depth,
            };
            add(self, item, at);
        }
    }

    /// Adds that a value is not there, or has no parts.
    fn add_none(&mut self, data_type: &DataType, at: Levels) {
        for _ in 0..leaves_of(data_type) {
            self.leaves[self.next].levels.push(at);
            self.next += 1;
        }
    }
}

/// The number of columns without parts.
fn leaves_of(data_type: &DataType) -> usize {
    match data_type {
        DataType::Struct(fields) => fields.iter().map(|it| leaves_of(&it.data_type)).sum(),
        DataType::Array { element, .. } => leaves_of(element),
        DataType::Map { key, value, .. } => leaves_of(key) + leaves_of(value),
        _ => 1,
    }
}
