//! Murmur3, 32 bits: the hash of Spark SQL, of its table rows and of its in-memory tables.
//!
//! From `org.apache.spark.unsafe.hash.Murmur3_x86_32` (Spark 3.5.9) and, for [`rehash`], Guava's
//! `Hashing.murmur3_32().hashInt`. Both are Austin Appleby's public-domain `MurmurHash3_x86_32`,
//! except that Spark's [`hash_bytes`] mixes each left-over byte as a whole round of its own.

use crate::value::Value;

/// The seed of Spark SQL's hash partitioning and of the hash of a table row.
pub const SEED: i32 = 42;

/// The hash by which a text column is partitioned: [`hash_bytes`] of its UTF-8 with [`SEED`].
///
/// ```
/// use engine::order::murmur3;
/// assert_eq!(murmur3::hash("blue"), -195_194_232);
/// ```
pub fn hash(text: &str) -> i32 {
    hash_bytes(text.as_bytes(), SEED)
}

/// The hash of an `INT` (`hashInt`).
///
/// A key of several columns is hashed column by column, the hash so far being the next one's seed:
///
/// ```
/// use engine::order::murmur3::{SEED, hash_bytes, hash_int};
/// // SELECT hash('Spark', array(123), 2)
/// let hash = hash_bytes(b"Spark", SEED);
/// assert_eq!(hash_int(2, hash_int(123, hash)), -1_321_691_492);
/// ```
pub fn hash_int(value: i32, seed: i32) -> i32 {
    finish(mix(seed.cast_unsigned(), value.cast_unsigned()), 4)
}

/// The hash of a `BIGINT`, or of a `TIMESTAMP` as microseconds since the epoch (`hashLong`): its
/// low half, then its high half.
pub fn hash_long(value: i64, seed: i32) -> i32 {
    let low = mix(seed.cast_unsigned(), value as u32);
    finish(mix(low, (value >> 32) as u32), 8)
}

/// The hash of any bytes (`hashUnsafeBytes`): words of four bytes, little end first, then every
/// left-over byte, sign-extended, as a word.
pub fn hash_bytes(bytes: &[u8], seed: i32) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let hash = words.iter().fold(seed.cast_unsigned(), |hash, word| {
        mix(hash, u32::from_le_bytes(*word))
    });
    let hash = rest.iter().fold(hash, |hash, byte| {
        mix(hash, i32::from(byte.cast_signed()).cast_unsigned())
    });
    finish(hash, bytes.len())
}

/// The hash by which a row of key columns is partitioned: column by column, from [`SEED`]. A missing
/// value leaves the hash as it is, and a struct is hashed as its fields are, one after the other.
///
/// ```
/// use engine::Value;
/// use engine::order::murmur3;
/// let word = Value::Text("blue".into());
/// assert_eq!(murmur3::hash_row(&[Value::Null, word]), murmur3::hash("blue"));
/// ```
pub fn hash_row(values: &[Value]) -> i32 {
    hash_values(values, SEED)
}

fn hash_values(values: &[Value], seed: i32) -> i32 {
    values.iter().fold(seed, |hash, value| match value {
        Value::Null => hash,
        Value::Bool(truth) => hash_int(i32::from(*truth), hash),
        Value::Int(number) | Value::Timestamp(number) => hash_long(*number, hash),
        Value::Float(number) => hash_long(double_bits(*number), hash),
        Value::Text(text) => hash_bytes(text.as_bytes(), hash),
        Value::Tuple(values) | Value::List(values) => hash_values(values, hash),
    })
}

/// Java's `Double.doubleToLongBits`, of the one zero and the one `NaN` that a key column has.
pub(super) fn double_bits(number: f64) -> i64 {
    if number.is_nan() {
        return 0x7ff8_0000_0000_0000;
    }
    (number + 0.0).to_bits().cast_signed()
}

/// Where a hash code goes in Spark's own open tables, before it is cut to their size
/// (`AppendOnlyMap.rehash`, `OpenHashSet.hashcode`): the hash of the code with seed 0.
pub fn rehash(hash: i32) -> i32 {
    hash_int(hash, 0)
}

/// Mixes one more word into `hash` (Murmur's `mixK1` and `mixH1`, Scala's `MurmurHash3.mix`).
pub(super) fn mix(hash: u32, word: u32) -> u32 {
    let scrambled = word
        .wrapping_mul(0xcc9e_2d51)
        .rotate_left(15)
        .wrapping_mul(0x1b87_3593);
    (hash ^ scrambled)
        .rotate_left(13)
        .wrapping_mul(5)
        .wrapping_add(0xe654_6b64)
}

/// Closes a hash over `length` bytes (Murmur's `fmix`, Scala's `finalizeHash`).
pub(super) fn finish(hash: u32, length: usize) -> i32 {
    let hash = hash ^ length as u32;
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    (hash ^ (hash >> 16)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors::check;
    use proptest::prelude::*;

    #[test]
    fn texts_hash_as_in_spark_sql() {
        check("spark_sql", |text| i64::from(hash(text)));
    }

    #[test]
    fn hash_codes_rehash_as_in_append_only_map() {
        check("append_only_map_rehash", |text| {
            i64::from(rehash(crate::order::java::hash(text)))
        });
    }

    #[test]
    fn numbers_hash_as_in_spark_sql() {
        assert_eq!(hash_int(1, SEED), -559_580_957);
        assert_eq!(hash_long(1, SEED), -1_712_319_331);
    }

    #[test]
    fn a_row_hashes_column_by_column() {
        let [start, end] = [1_529_622_000_000_000, 1_529_622_010_000_000];
        let window = Value::Tuple(vec![Value::Timestamp(start), Value::Timestamp(end)]);
        let chain = hash_bytes(b"a", hash_long(end, hash_long(start, SEED)));
        assert_eq!(hash_row(&[window, Value::Text("a".into())]), chain);
        assert_eq!(
            hash_row(&[Value::Float(-0.0)]),
            hash_row(&[Value::Float(0.0)])
        );
    }

    proptest! {
        #[test]
        fn an_integer_hashes_as_its_little_endian_bytes(int: i32, long: i64, seed: i32) {
            prop_assert_eq!(hash_int(int, seed), hash_bytes(&int.to_le_bytes(), seed));
            prop_assert_eq!(hash_long(long, seed), hash_bytes(&long.to_le_bytes(), seed));
        }
    }
}
