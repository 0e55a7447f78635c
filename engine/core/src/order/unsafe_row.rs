//! The bytes of a key row, and their hash: where a key sits in a state store.
//!
//! From `org.apache.spark.sql.catalyst.expressions.UnsafeRow` (Spark 3.5.9), whose `hashCode` is
//! Murmur3 with seed 42 over the bytes of the row: a word of null bits, then one word a column,
//! then the contents of the columns of variable length, each padded with zeros to whole words. A
//! word has eight bytes, little end first; a column of variable length has its offset and length.

use super::murmur3::{SEED, finish, mix};
use crate::types::{DataType, StructField, Value};

/// The hash of a key row of these columns, with their types.
///
/// A struct, such as a window, is a row within the row, and a missing value is a null bit and a word of zeros. Its type
/// says whether a missing value has more room than that, as a `DECIMAL` of more than 18 digits has, and how wide the
/// elements of an array are that are all missing. Without types, of which there may be fewer than columns, there is no
/// such room, and elements take a word.
///
/// ```
/// use engine::order::unsafe_row;
/// use engine::{DataType, Value};
/// let blue = Value::String("blue".into());
/// assert_eq!(unsafe_row::hash_row(&[blue], &[DataType::String]), 975_113_595);
/// ```
pub fn hash_row(values: &[Value], types: &[DataType]) -> i32 {
    let mut words = RowWords(RowHash::default());
    words.row(fields(values.iter(), Types::Columns(types)), Within::Row);
    words.0.finish()
}

/// The bytes of a key row of these columns, by which RocksDB orders keys; their types as [`hash_row`] takes them.
///
/// ```
/// use engine::order::unsafe_row;
/// use engine::{DataType, Value};
/// let bytes = unsafe_row::row_bytes(&[Value::Long(258)], &[DataType::Long]);
/// assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0]);
/// ```
pub fn row_bytes(values: &[Value], types: &[DataType]) -> Vec<u8> {
    let mut words = RowWords(Vec::new());
    words.row(fields(values.iter(), Types::Columns(types)), Within::Row);
    words.0
}

/// The bytes by which keys are ordered that are rows of one column, which is a row of these. The types of missing
/// values are not known.
pub fn nested_row_bytes(values: &[Value]) -> Vec<u8> {
    let row = row_bytes(values, &[]);
    // Null bits and offset are those of all of them: the length stands before the row, little end first.
    let mut bytes = (row.len() as u32).to_le_bytes().to_vec();
    bytes.extend(row);
    bytes
}

/// The hash of an array of these elements, laid out as a row is (`UnsafeArrayData.hashCode`). If all are missing, their
/// type is not known.
pub fn hash_array(values: &[Value]) -> i32 {
    let mut words = RowWords(RowHash::default());
    words.array(values, None);
    words.0.finish()
}

/// The bytes of a word, the unit that rows are made of.
const WORD: usize = 8;

/// The most digits of a decimal that fits into a word.
const WORD_DIGITS: u8 = 18;

/// The room that a row has for a decimal that does not fit into a word, also if it is missing (`UnsafeRowWriter.write`).
const WIDE_DECIMAL: usize = 16;

/// The container that values are laid out in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Row,
    /// After a word with the number of elements, from which offsets count, too.
    Array,
}

/// Takes the words of a row, one after the other.
trait Words {
    fn word(&mut self, word: i64);
}

impl Words for Vec<u8> {
    fn word(&mut self, word: i64) {
        self.extend(word.to_le_bytes());
    }
}

/// The hash of a row so far.
struct RowHash {
    hash: u32,
    bytes: usize,
}

impl Default for RowHash {
    fn default() -> RowHash {
        RowHash {
            hash: SEED.cast_unsigned(),
            bytes: 0,
        }
    }
}

impl RowHash {
    fn finish(self) -> i32 {
        finish(self.hash, self.bytes)
    }
}

impl Words for RowHash {
    fn word(&mut self, word: i64) {
        self.hash = mix(self.hash, word as u32);
        self.hash = mix(self.hash, (word >> 32) as u32);
        self.bytes += WORD;
    }
}

/// Lays values out, word by word.
struct RowWords<W>(W);

impl<W: Words> RowWords<W> {
    /// The null bits, the words and the contents of some values.
    fn row<'a>(&mut self, fields: impl Fields<'a>, within: Within) {
        self.null_bits(&fields);
        let head = if within == Within::Array { WORD } else { 0 };
        let mut offset = head + fixed_size(fields.len());
        for field in fields.clone() {
            self.word(match layout(field) {
                FieldLayout::Fixed { word, .. } => word,
                FieldLayout::Variable { length } => (offset << 32 | length) as i64,
            });
            offset += room(field, within);
        }
        for field in fields {
            self.contents(field, within);
        }
    }

    /// An array: as a row, but elements of less than a word lie side by side.
    fn array(&mut self, values: &[Value], of: Option<&DataType>) {
        self.word(values.len() as i64);
        let fields = elements(values, of);
        let size = element_size(values, of);
        if size == WORD {
            return self.row(fields, Within::Array);
        }
        self.null_bits(&fields);
        for values in values.chunks(WORD / size) {
            let words = elements(values, of).map(|field| match layout(field) {
                FieldLayout::Fixed { word, .. } => word,
                FieldLayout::Variable { .. } => 0,
            });
            self.word(words.rev().fold(0, |all, word| all << (size * 8) | word));
        }
    }

    /// The part of a value beside its word.
    fn contents(&mut self, field: Field<'_>, within: Within) {
        match (field.value, field.of) {
            (Value::String(text), _) => self.padded(text.as_bytes()),
            (Value::Binary(bytes), _) => self.padded(bytes),
            (Value::Null, _) => self.padded(&[0; WIDE_DECIMAL][..room(field, within)]),
            (Value::Decimal(decimal), _) if decimal.unscaled_long().is_none() => {
                let mut bytes = decimal.unscaled_bytes();
                bytes.resize(room(field, within), 0);
                self.padded(&bytes);
            }
            (Value::Tuple(values), _) => {
                self.row(fields(values.iter(), Types::Unknown), Within::Row);
            }
            (Value::Struct(values), of) => {
                self.row(fields(values.values(), Types::of_fields(of)), Within::Row);
            }
            (Value::Array(values), of) => self.array(values, element_type(of)),
            (Value::Map(entries), of) => {
                let (keys, values) = columns(entries);
                let [key, value] = entry_types(of);
                self.word(array_length(&keys, key) as i64);
                self.array(&keys, key);
                self.array(&values, value);
            }
            _ => {}
        }
    }

    fn word(&mut self, word: i64) {
        self.0.word(word);
    }

    /// A bit for each missing value, in words.
    fn null_bits<'a>(&mut self, fields: &impl Fields<'a>) {
        for word in 0..fields.len().div_ceil(64) {
            let nulls = fields.clone().skip(word * 64).take(64);
            let bits = nulls
                .zip(0..)
                .map(|(field, bit)| u64::from(*field.value == Value::Null) << bit);
            self.word(bits.sum::<u64>().cast_signed());
        }
    }

    fn padded(&mut self, bytes: &[u8]) {
        for bytes in bytes.chunks(WORD) {
            let mut word = [0; WORD];
            word[..bytes.len()].copy_from_slice(bytes);
            self.word(i64::from_le_bytes(word));
        }
    }
}

/// A value, and its type if that is known.
#[derive(Clone, Copy)]
struct Field<'a> {
    value: &'a Value,
    of: Option<&'a DataType>,
}

/// The fields of a row.
trait Fields<'a>: ExactSizeIterator<Item = Field<'a>> + Clone {}

impl<'a, F: ExactSizeIterator<Item = Field<'a>> + Clone> Fields<'a> for F {}

/// The types of values that lie side by side.
#[derive(Clone, Copy)]
enum Types<'a> {
    Unknown,
    Columns(&'a [DataType]),
    Fields(&'a [StructField]),
}

impl<'a> Types<'a> {
    fn of_fields(of: Option<&'a DataType>) -> Types<'a> {
        match of {
            Some(DataType::Struct(fields)) => Types::Fields(fields),
            _ => Types::Unknown,
        }
    }

    fn get(self, index: usize) -> Option<&'a DataType> {
        match self {
            Types::Unknown => None,
            Types::Columns(types) => types.get(index),
            Types::Fields(fields) => fields.get(index).map(|field| &field.data_type),
        }
    }
}

fn fields<'a>(
    values: impl ExactSizeIterator<Item = &'a Value> + Clone,
    types: Types<'a>,
) -> impl Fields<'a> {
    let values = values.enumerate();
    values.map(move |(index, value)| Field {
        value,
        of: types.get(index),
    })
}

/// The elements of an array, which has no more room for a missing one than for any other.
fn elements<'a>(
    values: &'a [Value],
    of: Option<&'a DataType>,
) -> impl Fields<'a> + DoubleEndedIterator {
    values.iter().map(move |value| Field {
        value,
        of: of.filter(|_| *value != Value::Null),
    })
}

fn element_type(of: Option<&DataType>) -> Option<&DataType> {
    match of {
        Some(DataType::Array { element, .. }) => Some(element),
        _ => None,
    }
}

/// The types of keys and values.
fn entry_types(of: Option<&DataType>) -> [Option<&DataType>; 2] {
    match of {
        Some(DataType::Map { key, value, .. }) => [Some(key), Some(value)],
        _ => [None, None],
    }
}

/// A value's part of a row.
enum FieldLayout {
    /// All of it is in its word, in the low bytes, and the others are zero.
    Fixed {
        word: i64,
        /// The bytes that an array has for it.
        size: usize,
    },
    /// Its word has the offset and the length of its contents.
    Variable { length: usize },
}

fn layout(field: Field<'_>) -> FieldLayout {
    let fixed = |word, size| FieldLayout::Fixed { word, size };
    match field.value {
        Value::Null if is_wide_decimal(field.of) => FieldLayout::Variable { length: 0 },
        Value::Null => fixed(0, WORD),
        Value::Boolean(truth) => fixed((*truth).into(), 1),
        // A negative number is not extended by its sign.
        Value::Byte(number) => fixed(number.cast_unsigned().into(), 1),
        Value::Short(number) => fixed(number.cast_unsigned().into(), 2),
        Value::Integer(number)
        | Value::Date(number)
        | Value::YearMonthInterval { months: number, .. } => {
            fixed(number.cast_unsigned().into(), 4)
        }
        Value::Float(number) => fixed(number.bits().into(), 4),
        Value::Long(number)
        | Value::Timestamp(number)
        | Value::TimestampNtz(number)
        | Value::DayTimeInterval { micros: number, .. } => fixed(*number, WORD),
        Value::Double(number) => fixed(number.bits().cast_signed(), WORD),
        Value::Decimal(decimal) => match decimal.unscaled_long() {
            Some(unscaled) => fixed(unscaled, WORD),
            None => FieldLayout::Variable {
                length: decimal.unscaled_bytes().len(),
            },
        },
        Value::String(text) => FieldLayout::Variable { length: text.len() },
        Value::Binary(bytes) => FieldLayout::Variable {
            length: bytes.len(),
        },
        Value::Tuple(values) => FieldLayout::Variable {
            length: row_length(fields(values.iter(), Types::Unknown)),
        },
        Value::Struct(values) => FieldLayout::Variable {
            length: row_length(fields(values.values(), Types::of_fields(field.of))),
        },
        Value::Array(values) => FieldLayout::Variable {
            length: array_length(values, element_type(field.of)),
        },
        Value::Map(entries) => {
            let (keys, values) = columns(entries);
            let [key, value] = entry_types(field.of);
            let length = WORD + array_length(&keys, key) + array_length(&values, value);
            FieldLayout::Variable { length }
        }
    }
}

fn is_wide_decimal(of: Option<&DataType>) -> bool {
    matches!(of, Some(DataType::Decimal { precision, .. }) if *precision > WORD_DIGITS)
}

/// The bytes that a value's contents take beside its word.
fn room(field: Field<'_>, within: Within) -> usize {
    match (layout(field), field.value, within) {
        (FieldLayout::Fixed { .. }, ..) => 0,
        (_, Value::Decimal(_) | Value::Null, Within::Row) => WIDE_DECIMAL,
        (FieldLayout::Variable { length }, ..) => length.next_multiple_of(WORD),
    }
}

/// The bytes of a row of `columns` columns, without the contents of variable length.
fn fixed_size(columns: usize) -> usize {
    (columns.div_ceil(64) + columns) * WORD
}

fn row_length<'a>(fields: impl Fields<'a>) -> usize {
    fixed_size(fields.len()) + fields.map(|field| room(field, Within::Row)).sum::<usize>()
}

fn array_length(values: &[Value], of: Option<&DataType>) -> usize {
    let words = (values.len() * element_size(values, of)).next_multiple_of(WORD);
    let nulls = values.len().div_ceil(64) * WORD;
    let contents = elements(values, of).map(|field| room(field, Within::Array));
    WORD + nulls + words + contents.sum::<usize>()
}

/// The bytes that an array has for each of its elements.
fn element_size(values: &[Value], of: Option<&DataType>) -> usize {
    if let Some(of) = of {
        return type_size(of);
    }
    let present = elements(values, of).find(|field| *field.value != Value::Null);
    match present.map(layout) {
        Some(FieldLayout::Fixed { size, .. }) => size,
        _ => WORD,
    }
}

/// The bytes that an array has for an element of a type (`UnsafeArrayData.calculateSizeOfUnderlyingByteArray`).
fn type_size(of: &DataType) -> usize {
    match of {
        DataType::Boolean | DataType::Byte => 1,
        DataType::Short => 2,
        DataType::Integer | DataType::Date | DataType::Float | DataType::YearMonthInterval(_) => 4,
        _ => WORD,
    }
}

fn columns(entries: &[(Value, Value)]) -> (Vec<Value>, Vec<Value>) {
    entries.iter().cloned().unzip()
}

#[cfg(test)]
mod tests;
