//! The hash of a key in the tables of this engine, on which nothing depends that shows.

use std::hash::{BuildHasher, Hasher};

use engine::Value;
use engine_sql::columns::{Column, ColumnValues, Operand, WholeKind};
use foldhash::fast::FixedState;

/// The hash of a key of no columns.
const SEED: u64 = 42;

/// The hash of a key.
pub(crate) fn key_hash(key: &[Value]) -> u64 {
    key.iter().fold(SEED, with_value)
}

/// Puts the hashes of the keys of some rows into `hashes`, which is empty.
pub(crate) fn key_hashes(keys: &[Operand<'_>], rows: &[u32], hashes: &mut Vec<u64>) {
    hashes.resize(rows.len(), SEED);
    for key in keys {
        match key {
            Operand::Constant(value) => {
                for hash in hashes.iter_mut() {
                    *hash = with_value(*hash, value);
                }
            }
            Operand::Column(column) => with_column(column, rows, hashes),
        }
    }
}

/// Adds the values of a column to the hashes of these rows.
fn with_column(column: &Column, rows: &[u32], hashes: &mut [u64]) {
    let rows = rows.iter().map(|row| *row as usize).zip(hashes);
    match column.values() {
        ColumnValues::Texts(texts) if !column.has_nulls() => {
            for (row, hash) in rows {
                *hash = with_text(*hash, &texts[row]);
            }
        }
        ColumnValues::Whole(_, numbers) if !column.has_nulls() => {
            for (row, hash) in rows {
                *hash = with_number(*hash, numbers[row]);
            }
        }
        _ => {
            for (row, hash) in rows {
                *hash = with_value(*hash, &column.value(row));
            }
        }
    }
}

/// A hash and a value more.
fn with_value(hash: u64, value: &Value) -> u64 {
    match value {
        Value::String(text) => with_text(hash, text),
        value => match WholeKind::of(value) {
            Some((_, number)) => with_number(hash, number),
            None => FixedState::with_seed(hash).hash_one(value),
        },
    }
}

fn with_text(hash: u64, text: &str) -> u64 {
    let mut hasher = FixedState::with_seed(hash).build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn with_number(hash: u64, number: i64) -> u64 {
    let mut hasher = FixedState::with_seed(hash).build_hasher();
    hasher.write_i64(number);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_hash_in_a_row_and_in_columns() {
        let text = |text: &str| Value::String(text.into());
        let keys = [
            [text("blue"), Value::Long(1), Value::Double(0.5.into())],
            [Value::Null, Value::Null, Value::Null],
            [text(""), Value::Long(-1), Value::Double(2.0.into())],
        ];
        for count in 0..=keys.len() {
            let keys = &keys[..count];
            let columns: Vec<Column> = (0..3)
                .map(|index| keys.iter().map(|key| &key[index]).collect())
                .collect();
            let operands: Vec<Operand<'_>> = columns.iter().map(Operand::Column).collect();
            let rows: Vec<u32> = (0..count as u32).collect();
            let mut hashes = Vec::new();
            key_hashes(&operands, &rows, &mut hashes);
            let expected: Vec<u64> = keys.iter().map(|key| key_hash(key)).collect();
            assert_eq!(hashes, expected);
        }
    }
}
