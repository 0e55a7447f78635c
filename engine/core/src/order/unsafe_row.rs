//! The bytes of a key row, and their hash: where a key sits in a state store.
//!
//! From `org.apache.spark.sql.catalyst.expressions.UnsafeRow` (Spark 3.5.9), whose `hashCode` is
//! Murmur3 with seed 42 over the bytes of the row: a word of null bits, then one word a column,
//! then the contents of the columns of variable length, each padded with zeros to whole words. A
//! word has eight bytes, little end first; a column of variable length has its offset and length.

use super::murmur3::{SEED, finish, mix};
use crate::types::Value;

/// The hash of a key row of these columns.
///
/// A struct, such as a window, is a row within the row, and a missing value is a null bit and a
/// word of zeros. Values do not say of which type a missing one would be, so of two kinds of keys the hash is not
/// Spark's: of a missing `DECIMAL` of more than 18 digits, which has room in the row, and of an array that has only
/// missing elements of less than a word.
///
/// ```
/// use engine::Value;
/// use engine::order::unsafe_row;
/// assert_eq!(unsafe_row::hash_row(&[Value::String("blue".into())]), 975_113_595);
/// ```
pub fn hash_row(values: &[Value]) -> i32 {
    let mut words = RowWords(RowHash::default());
    words.row(values.iter(), Within::Row);
    words.0.finish()
}

/// The bytes of a key row of these columns, by which RocksDB orders keys.
///
/// Of the missing values that [`hash_row`] names the bytes are not Spark's.
///
/// ```
/// use engine::Value;
/// use engine::order::unsafe_row;
/// let bytes = unsafe_row::row_bytes(&[Value::Long(258)]);
/// assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0]);
/// ```
pub fn row_bytes(values: &[Value]) -> Vec<u8> {
    let mut words = RowWords(Vec::new());
    words.row(values.iter(), Within::Row);
    words.0
}

/// The bytes by which keys are ordered that are rows of one column, which is a row of these.
pub fn nested_row_bytes(values: &[Value]) -> Vec<u8> {
    let row = row_bytes(values);
    // Null bits and offset are those of all of them: the length stands before the row, little end first.
    let mut bytes = (row.len() as u32).to_le_bytes().to_vec();
    bytes.extend(row);
    bytes
}

/// The hash of an array of these elements, laid out as a row is (`UnsafeArrayData.hashCode`).
pub fn hash_array(values: &[Value]) -> i32 {
    let mut words = RowWords(RowHash::default());
    words.array(values);
    words.0.finish()
}

/// The bytes of a word, the unit that rows are made of.
const WORD: usize = 8;

/// The room that a row has for a decimal that does not fit into a word.
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
    fn row<'a>(&mut self, values: impl Values<'a>, within: Within) {
        self.null_bits(&values);
        let head = if within == Within::Array { WORD } else { 0 };
        let mut offset = head + fixed_size(values.len());
        for value in values.clone() {
            self.word(match layout(value) {
                FieldLayout::Fixed { word, .. } => word,
                FieldLayout::Variable { length } => (offset << 32 | length) as i64,
            });
            offset += room(value, within);
        }
        for value in values {
            self.contents(value, within);
        }
    }

    /// An array: as a row, but elements of less than a word lie side by side.
    fn array(&mut self, values: &[Value]) {
        self.word(values.len() as i64);
        let size = element_size(values);
        if size == WORD {
            return self.row(values.iter(), Within::Array);
        }
        self.null_bits(&values.iter());
        for values in values.chunks(WORD / size) {
            let words = values.iter().map(|value| match layout(value) {
                FieldLayout::Fixed { word, .. } => word,
                FieldLayout::Variable { .. } => 0,
            });
            self.word(words.rev().fold(0, |all, word| all << (size * 8) | word));
        }
    }

    /// The part of a value beside its word.
    fn contents(&mut self, value: &Value, within: Within) {
        match value {
            Value::String(text) => self.padded(text.as_bytes()),
            Value::Binary(bytes) => self.padded(bytes),
            Value::Decimal(decimal) if decimal.unscaled_long().is_none() => {
                let mut bytes = decimal.unscaled_bytes();
                bytes.resize(room(value, within), 0);
                self.padded(&bytes);
            }
            Value::Tuple(values) => self.row(values.iter(), Within::Row),
            Value::Struct(fields) => self.row(fields.values(), Within::Row),
            Value::Array(values) => self.array(values),
            Value::Map(entries) => {
                let (keys, values) = columns(entries);
                self.word(array_length(&keys) as i64);
                self.array(&keys);
                self.array(&values);
            }
            _ => {}
        }
    }

    fn word(&mut self, word: i64) {
        self.0.word(word);
    }

    /// A bit for each missing value, in words.
    fn null_bits<'a>(&mut self, values: &impl Values<'a>) {
        for word in 0..values.len().div_ceil(64) {
            let nulls = values.clone().skip(word * 64).take(64);
            let bits = nulls
                .zip(0..)
                .map(|(value, bit)| u64::from(*value == Value::Null) << bit);
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

/// The values of a row.
trait Values<'a>: ExactSizeIterator<Item = &'a Value> + Clone {}

impl<'a, V: ExactSizeIterator<Item = &'a Value> + Clone> Values<'a> for V {}

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

fn layout(value: &Value) -> FieldLayout {
    let fixed = |word, size| FieldLayout::Fixed { word, size };
    match value {
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
            length: row_length(values.iter()),
        },
        Value::Struct(fields) => FieldLayout::Variable {
            length: row_length(fields.values()),
        },
        Value::Array(values) => FieldLayout::Variable {
            length: array_length(values),
        },
        Value::Map(entries) => {
            let (keys, values) = columns(entries);
            let length = WORD + array_length(&keys) + array_length(&values);
            FieldLayout::Variable { length }
        }
    }
}

/// The bytes that a value's contents take beside its word.
fn room(value: &Value, within: Within) -> usize {
    match (layout(value), value, within) {
        (FieldLayout::Fixed { .. }, ..) => 0,
        (_, Value::Decimal(_), Within::Row) => WIDE_DECIMAL,
        (FieldLayout::Variable { length }, ..) => length.next_multiple_of(WORD),
    }
}

/// The bytes of a row of `columns` columns, without the contents of variable length.
fn fixed_size(columns: usize) -> usize {
    (columns.div_ceil(64) + columns) * WORD
}

fn row_length<'a>(values: impl Values<'a>) -> usize {
    fixed_size(values.len()) + values.map(|value| room(value, Within::Row)).sum::<usize>()
}

fn array_length(values: &[Value]) -> usize {
    let elements = (values.len() * element_size(values)).next_multiple_of(WORD);
    let nulls = values.len().div_ceil(64) * WORD;
    let contents = values.iter().map(|value| room(value, Within::Array));
    WORD + nulls + elements + contents.sum::<usize>()
}

/// The bytes that an array has for each of its elements.
fn element_size(values: &[Value]) -> usize {
    let present = values.iter().find(|value| **value != Value::Null);
    match present.map(layout) {
        Some(FieldLayout::Fixed { size, .. }) => size,
        _ => WORD,
    }
}

fn columns(entries: &[(Value, Value)]) -> (Vec<Value>, Vec<Value>) {
    entries.iter().cloned().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors::check;
    use crate::types::{Decimal, IntervalUnits, Record, Struct};

    #[test]
    fn key_rows_hash_as_in_a_state_store() {
        check("unsafe_row", |text| hash_row(&[text.to_value()]).into());
    }

    /// Compares with the `hashCode` of the row that Spark made.
    #[track_caller]
    fn check_row(row: &[&dyn Record], expected: i32) {
        let row: Vec<Value> = row.iter().map(Record::to_value).collect();
        assert_eq!(hash_row(&row), expected, "{row:?}");
    }

    #[test]
    fn numbers_lie_in_the_low_bytes_of_a_word() {
        check_row(&[&true], 1_465_514_398);
        check_row(&[&1_i8], 1_465_514_398);
        check_row(&[&-1_i8], 2_004_758_659);
        check_row(&[&-1_i16], 2_143_727_727);
        check_row(&[&-1_i32], 1_133_687_267);
        check_row(&[&-1_i64], -821_098_432);
        check_row(&[&-1.5_f32], 497_031_901);
        check_row(&[&1.5], 1_860_889_473);
        check_row(&[&f64::NAN], -1_323_214_697);
        check_row(&[&Value::Date(19_782)], -1_849_898_870);
        check_row(&[&Value::Timestamp(1_704_103_200_500_000)], 843_611_325);
        let (months, units) = (14, IntervalUnits::YEAR_TO_MONTH);
        check_row(
            &[&Value::YearMonthInterval { months, units }],
            -1_464_466_521,
        );
        let (micros, units) = (93_784_500_000, IntervalUnits::DAY_TO_SECOND);
        check_row(&[&Value::DayTimeInterval { micros, units }], 619_749_491);
    }

    #[test]
    fn a_wide_decimal_has_room_for_16_bytes() {
        let check = |unscaled, precision, expected| {
            let decimal = Decimal::new(unscaled, precision, 0).expect("so few digits fit");
            check_row(&[&decimal], expected);
        };
        check(-110, 10, -2_139_036_671);
        check(110, 20, 553_035_978);
        check(-1, 38, 907_730_780);
        check(12_345_678_901_234_567_890, 38, 1_279_091_141);
        let wide = Decimal::new(15, 20, 1).expect("two digits fit");
        check_row(&[&vec![wide]], -1_521_490_176);
    }

    #[test]
    fn rows_lie_within_rows() {
        check_row(&[&Value::Binary([0xff, 1].into())], 269_798_144);
        check_row(&[&(1, "a", None::<i32>)], -1_024_190_268);
        check_row(&[&1, &"a", &2_i64], -1_313_713_592);
        check_row(&[&Value::Null, &5_i64, &(None::<i32>,), &"x"], 172_549_020);
        let [start, end] = [1_529_622_000_000_000, 1_529_622_010_000_000].map(Value::Timestamp);
        let window = Struct::from_iter([("start", start), ("end", end)]);
        check_row(&[&Value::Struct(window), &"a"], -1_652_047_078);
    }

    #[test]
    fn elements_of_an_array_lie_side_by_side() {
        check_row(&[&vec![Some(1), None, Some(3)]], -225_699_157);
        check_row(&[&vec![Some(1_i64), None, Some(3)]], -1_588_454_212);
        check_row(&[&vec![Some(true), Some(false), None]], -811_621_660);
        check_row(&[&vec![1_i16, 2, 3, 4, 5]], 892_273_818);
        check_row(&[&vec![0; 0]], -2_074_941_042);
        check_row(&[&"a", &vec![1_i8, 2, -3], &"b"], -442_760_577);
        check_row(&[&vec![Some("a"), None, Some("bcdefghij")]], 1_430_163_271);
        check_row(&[&vec![vec![1], vec![2, 3]]], -425_949_880);
        check_row(&[&vec![(1, Some("ab")), (2, None)]], -868_555_958);
        let fields = Struct::from_iter([("a", vec!["x"].to_value())]);
        check_row(&[&Value::Struct(fields)], 1_203_149_034);
        check_row(
            &[&Value::Map([("a".to_value(), 1.to_value())].into())],
            -1_895_008_832,
        );
    }
}
