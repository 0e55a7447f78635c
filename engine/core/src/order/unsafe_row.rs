//! The hash of a key row: where a key sits in a state store's map.
//!
//! From `org.apache.spark.sql.catalyst.expressions.UnsafeRow` (Spark 3.5.9), whose `hashCode` is
//! Murmur3 with seed 42 over the bytes of the row: a word of null bits, then one word a column,
//! then the contents of the columns of variable length, each padded with zeros to whole words. A
//! word has eight bytes, little end first; a column of variable length has its offset and length.

use super::murmur3::{SEED, double_bits, finish, mix};
use crate::value::Value;

/// The hash of the key row of `GROUP BY word`.
///
/// ```
/// use engine::order::unsafe_row;
/// assert_eq!(unsafe_row::hash("blue"), 975_113_595);
/// ```
pub fn hash(word: &str) -> i32 {
    RowHash::default()
        .word(0)
        .offset_and_length(16, word.len())
        .padded(word)
        .finish()
}

/// The hash of a key row of these columns.
///
/// A struct, such as a window, is a row within the row, and a missing value is a null bit and a
/// word of zeros.
///
/// ```
/// use engine::Value;
/// use engine::order::unsafe_row;
/// assert_eq!(unsafe_row::hash_row(&[Value::Text("blue".into())]), 975_113_595);
/// ```
pub fn hash_row(values: &[Value]) -> i32 {
    RowHash::default().row(values, 0).finish()
}

/// The bytes of a word, the unit that rows are made of.
const WORD: usize = 8;

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
    /// A row, after a head of so many bytes that offsets count from, too.
    fn row(mut self, values: &[Value], head: usize) -> RowHash {
        for nulls in values.chunks(64) {
            self = self.word(null_bits(nulls));
        }
        let mut offset = head + fixed_size(values.len());
        for value in values {
            self = match value {
                Value::Null => self.word(0),
                Value::Bool(truth) => self.word(i64::from(*truth)),
                Value::Int(number) | Value::Timestamp(number) => self.word(*number),
                Value::Float(number) => self.word(double_bits(*number)),
                Value::Text(_) | Value::Tuple(_) | Value::List(_) => {
                    self.offset_and_length(offset as i64, length(value))
                }
            };
            offset += length(value).next_multiple_of(WORD);
        }
        values.iter().fold(self, |row, value| match value {
            Value::Text(text) => row.padded(text),
            Value::Tuple(values) => row.row(values, 0),
            Value::List(values) => row.word(values.len() as i64).row(values, WORD),
            _ => row,
        })
    }

    fn word(self, word: i64) -> RowHash {
        let low = mix(self.hash, word as u32);
        RowHash {
            hash: mix(low, (word >> 32) as u32),
            bytes: self.bytes + WORD,
        }
    }

    fn offset_and_length(self, offset: i64, length: usize) -> RowHash {
        self.word((offset << 32) | length as i64)
    }

    fn padded(self, text: &str) -> RowHash {
        text.as_bytes().chunks(WORD).fold(self, |row, bytes| {
            let mut word = [0; WORD];
            word[..bytes.len()].copy_from_slice(bytes);
            row.word(i64::from_le_bytes(word))
        })
    }

    fn finish(self) -> i32 {
        finish(self.hash, self.bytes)
    }
}

/// A bit for each missing value of up to 64.
fn null_bits(values: &[Value]) -> i64 {
    let nulls = values
        .iter()
        .map(|value| u64::from(matches!(value, Value::Null)));
    let bits = nulls.zip(0..).map(|(null, bit)| null << bit);
    bits.sum::<u64>().cast_signed()
}

/// The bytes of a row of so many columns, without what is of variable length.
fn fixed_size(columns: usize) -> usize {
    (columns.div_ceil(64) + columns) * WORD
}

/// The bytes of a column's contents of variable length, without the padding.
fn length(value: &Value) -> usize {
    let row = |values: &[Value]| {
        let contents = values
            .iter()
            .map(|value| length(value).next_multiple_of(WORD));
        fixed_size(values.len()) + contents.sum::<usize>()
    };
    match value {
        Value::Text(text) => text.len(),
        Value::Tuple(values) => row(values),
        Value::List(values) => WORD + row(values),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors::check;

    #[test]
    fn key_rows_hash_as_in_a_state_store() {
        check("unsafe_row", |text| i64::from(hash(text)));
    }

    #[test]
    fn a_row_of_one_word_hashes_as_the_word() {
        check("unsafe_row", |text| {
            i64::from(hash_row(&[Value::Text(text.into())]))
        });
    }

    #[test]
    fn a_window_lies_in_the_key_row_as_a_row_of_its_own() {
        let window = [1_529_622_000_000_000, 1_529_622_010_000_000].map(Value::Timestamp);
        let key = [Value::Tuple(window.to_vec()), Value::Text("a".into())];
        assert_eq!(hash_row(&key), -1_652_047_078);
    }

    #[test]
    fn a_missing_value_is_a_bit_and_a_word_of_zeros() {
        let row = RowHash::default().word(2).word(5).word(0);
        assert_eq!(hash_row(&[Value::Int(5), Value::Null]), row.finish());
    }
}
