//! The hash of a key row: where a key sits in a state store's map.
//!
//! From `org.apache.spark.sql.catalyst.expressions.UnsafeRow` (Spark 3.5.9), whose `hashCode` is
//! Murmur3 with seed 42 over the bytes of the row: a word of null bits, then one word a column,
//! then the contents of the columns of variable length, each padded with zeros to whole words. A
//! word has eight bytes, little end first; a column of variable length has its offset and length.

use super::murmur3::{SEED, finish, mix};

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

/// The hash of the key row of `GROUP BY window, word`, where the window is a struct of its start
/// and end in microseconds since the epoch: a row within the row.
pub fn window_hash(start_micros: i64, end_micros: i64, word: &str) -> i32 {
    RowHash::default()
        .word(0)
        .offset_and_length(24, 24)
        .offset_and_length(48, word.len())
        .word(0)
        .word(start_micros)
        .word(end_micros)
        .padded(word)
        .finish()
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
    fn word(self, word: i64) -> RowHash {
        let low = mix(self.hash, word as u32);
        RowHash {
            hash: mix(low, (word >> 32) as u32),
            bytes: self.bytes + 8,
        }
    }

    fn offset_and_length(self, offset: i64, length: usize) -> RowHash {
        self.word((offset << 32) | length as i64)
    }

    fn padded(self, text: &str) -> RowHash {
        text.as_bytes().chunks(8).fold(self, |row, bytes| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            row.word(i64::from_le_bytes(word))
        })
    }

    fn finish(self) -> i32 {
        finish(self.hash, self.bytes)
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
    fn a_window_lies_in_the_key_row_as_a_row_of_its_own() {
        let (start, end) = (1_529_622_000_000_000, 1_529_622_010_000_000);
        assert_eq!(window_hash(start, end, "a"), -1_652_047_078);
    }
}
