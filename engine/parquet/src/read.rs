//! The bytes of a file as rows.

use bytes::Bytes;
use engine::{DataType, MapEntries, Row, SparkVersion, StructField, Value, Values};
use parquet::basic::Type as Physical;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType as Cell;
use parquet::errors::{ParquetError as Malformed, Result as Decoded};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::cells::{Cells, widened};
use crate::error::ParquetError;
use crate::parts::{Kind, Part, Parts};

/// A file that is open.
type Opened = SerializedFileReader<Bytes>;

pub(crate) fn open(file: &[u8]) -> Result<Opened, ParquetError> {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(file))?;
    let groups = reader.metadata().row_groups().iter();
    let mut chunks = groups.flat_map(RowGroupMetaData::columns);
    // The crate takes it for granted.
    if chunks.any(|chunk| !is_within(chunk, file.len())) {
        return Err(damaged("a column of it does not lie in it"));
    }
    Ok(reader)
}

fn is_within(chunk: &ColumnChunkMetaData, length: usize) -> bool {
    let start = chunk
        .dictionary_page_offset()
        .unwrap_or(chunk.data_page_offset());
    let end = start.checked_add(chunk.compressed_size());
    start >= 0 && chunk.compressed_size() >= 0 && end.is_some_and(|end| end <= length as i64)
}

fn damaged(reason: &str) -> ParquetError {
    Malformed::General(reason.to_owned()).into()
}

/// The rows of a file, each with the values of these columns, which are found by their names, whatever the case of these.
/// One that the file does not have is `NULL`.
///
/// # Errors
///
/// The bytes are no file of Parquet, or a column has a type in it that this version of Spark does not read as the one
/// that it is to have.
pub fn read(
    file: &[u8],
    columns: &[StructField],
    spark: SparkVersion,
) -> Result<Vec<Row>, ParquetError> {
    let reader = open(file)?;
    let metadata = reader.metadata().file_metadata();
    let Parts { parts, leaves } = Parts::of(metadata.schema(), columns, spark)?;
    let physical = metadata.schema_descr().columns();
    // Where all columns are missing, another one says how many rows there are.
    let leaves = if leaves.is_empty() && !physical.is_empty() {
        vec![0]
    } else {
        leaves
    };
    let leaves = leaves.into_iter();
    let leaves = leaves.map(|leaf| Leaf::read(&reader, leaf, physical[leaf].physical_type()));
    let leaves = leaves.collect::<Decoded<Vec<_>>>()?;
    let rows = leaves.first().map_or(0, |leaf| leaf.rows);
    if leaves.iter().any(|leaf| leaf.rows != rows) {
        return Err(damaged("its columns have different numbers of rows"));
    }
    let mut assembler = Assembler { leaves };
    let row = |_| parts.iter().map(|part| assembler.value(part)).collect();
    Ok((0..rows).map(row).collect())
}

/// A column without parts: its levels, and the values that are there.
struct Leaf {
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    cells: Cells,
    /// The number of rows.
    rows: usize,
    /// The place of the next levels, and that of the next value.
    next: usize,
    next_cell: usize,
}

impl Leaf {
    fn read(file: &Opened, number: usize, physical: Physical) -> Decoded<Leaf> {
        let mut leaf = Leaf {
            definitions: Vec::new(),
            repetitions: Vec::new(),
            cells: Cells::new(physical),
            rows: 0,
            next: 0,
            next_cell: 0,
        };
        for group in 0..file.num_row_groups() {
            let group = file.get_row_group(group)?;
            leaf.rows += leaf.add(group.get_column_reader(number)?)?;
        }
        Ok(leaf)
    }

    /// Adds the values of a row group. Returns the number of its rows.
    fn add(&mut self, column: ColumnReader) -> Decoded<usize> {
        let definitions = &mut self.definitions;
        let repetitions = &mut self.repetitions;
        match (column, &mut self.cells) {
            (ColumnReader::BoolColumnReader(column), Cells::Boolean(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::Int32ColumnReader(column), Cells::Int32(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::Int64ColumnReader(column), Cells::Int64(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::Int96ColumnReader(column), Cells::Int96(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::FloatColumnReader(column), Cells::Float(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::DoubleColumnReader(column), Cells::Double(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::ByteArrayColumnReader(column), Cells::Bytes(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            (ColumnReader::FixedLenByteArrayColumnReader(column), Cells::Fixed(cells)) => {
                take(column, definitions, repetitions, cells)
            }
            // Both follow from one schema.
            _ => Ok(0),
        }
    }

    /// The definition of the next value; of a column in which nothing may be missing, 0.
    fn definition(&self) -> i16 {
        self.definitions.get(self.next).copied().unwrap_or(0)
    }

    fn repetition(&self) -> i16 {
        self.repetitions.get(self.next).copied().unwrap_or(0)
    }

    /// Takes the next value, which is there.
    fn take(&mut self, data_type: &DataType) -> Value {
        let value = self.cells.value(self.next_cell, data_type);
        self.next += 1;
        self.next_cell += 1;
        value
    }

    /// Passes over all that is within a value that stands in this number of lists.
    fn pass(&mut self, depth: i16) {
        self.next += 1;
        while self.repetition() > depth {
            self.next += 1;
        }
    }
}

fn take<T: Cell>(
    mut column: ColumnReaderImpl<T>,
    definitions: &mut Vec<i16>,
    repetitions: &mut Vec<i16>,
    cells: &mut Vec<T::T>,
) -> Decoded<usize> {
    let mut all = 0;
    loop {
        match column
            .read_records(usize::MAX, Some(definitions), Some(repetitions), cells)?
            .0
        {
            0 => return Ok(all),
            rows => all += rows,
        }
    }
}

/// Puts rows together from columns.
struct Assembler {
    leaves: Vec<Leaf>,
}

impl Assembler {
    fn value(&mut self, part: &Part) -> Value {
        let Some(first) = part.leaves.clone().next() else {
            return Value::Null;
        };
        if self.leaves[first].definition() < part.definition {
            self.pass(part);
            return Value::Null;
        }
        match &part.kind {
            Kind::Plain { decoded, wider } => {
                let value = self.leaves[first].take(decoded);
                match wider {
                    Some(wider) => widened(value, wider),
                    None => value,
                }
            }
            Kind::Struct(fields) => {
                let before = self.leaves[first].next;
                let values = fields
                    .iter()
                    .map(|(name, part)| (name.clone(), self.value(part)));
                let row = values.collect();
                if self.leaves[first].next == before {
                    self.leaves[first].pass(part.depth);
                }
                Value::Struct(row)
            }
            Kind::List(element) => {
                let mut items = Vec::new();
                self.each(part, |it| items.push(it.value(element)));
                Values::new(items).map_or(Value::Null, Value::Array)
            }
            Kind::Map { key, value } => {
                let mut entries = Vec::new();
                self.each(part, |it| entries.push((it.value(key), it.value(value))));
                MapEntries::new(entries).map_or(Value::Null, Value::Map)
            }
        }
    }

    /// Calls a function for each item of a list that is there.
    fn each(&mut self, list: &Part, mut take: impl FnMut(&mut Assembler)) {
        let first = list.leaves.start;
        if self.leaves[first].definition() <= list.definition {
            return self.pass(list);
        }
        loop {
            let before = self.leaves[first].next;
            take(self);
            let leaf = &self.leaves[first];
            if leaf.next == before || leaf.repetition() <= list.depth {
                return;
            }
        }
    }

    /// Passes over a value that is not there, or has no items.
    fn pass(&mut self, part: &Part) {
        for leaf in &mut self.leaves[part.leaves.clone()] {
            leaf.next += 1;
        }
    }
}
