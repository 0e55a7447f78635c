//! Murmur3, 32 bits: the hash of Spark SQL, of its table rows and of its in-memory tables.
//!
//! From `org.apache.spark.unsafe.hash.Murmur3_x86_32` (Spark 3.5.9) and, for [`rehash`], Guava's
//! `Hashing.murmur3_32().hashInt`. Both are Austin Appleby's public-domain `MurmurHash3_x86_32`,
//! except that Spark's [`hash_bytes`] mixes each left-over byte as a whole round of its own.

use crate::types::Value;

/// The seed of Spark SQL's hash partitioning and of the hash of a table row.
pub const SEED: i32 = 42;

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
/// value leaves the hash as it is, and a struct or an array is hashed as its fields or elements are, one after
/// the other (`org.apache.spark.sql.catalyst.expressions.HashExpression`).
///
/// ```
/// use engine::Value;
/// use engine::order::murmur3;
/// let word = Value::String("blue".into());
/// assert_eq!(murmur3::hash_row(&[Value::Null, word]), -195_194_232);
/// assert_eq!(murmur3::hash_row(&[Value::Integer(1)]), -559_580_957);
/// assert_eq!(murmur3::hash_row(&[Value::Long(1)]), -1_712_319_331);
/// ```
pub fn hash_row(values: &[Value]) -> i32 {
    hash_values(values, SEED)
}

fn hash_values<'a>(values: impl IntoIterator<Item = &'a Value>, seed: i32) -> i32 {
    values.into_iter().fold(seed, hash_value)
}

fn hash_value(seed: i32, value: &Value) -> i32 {
    match value {
        Value::Null => seed,
        Value::Boolean(truth) => hash_int((*truth).into(), seed),
        Value::Byte(number) => hash_int((*number).into(), seed),
        Value::Short(number) => hash_int((*number).into(), seed),
        Value::Integer(number) | Value::Date(number) => hash_int(*number, seed),
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            hash_long(*number, seed)
        }
        Value::Float(number) => hash_int(number.bits().cast_signed(), seed),
        Value::Double(number) => hash_long(number.bits().cast_signed(), seed),
        Value::Decimal(decimal) => match decimal.unscaled_long() {
            Some(unscaled) => hash_long(unscaled, seed),
            None => hash_bytes(&decimal.unscaled_bytes(), seed),
        },
        Value::String(text) => hash_bytes(text.as_bytes(), seed),
        Value::Binary(bytes) => hash_bytes(bytes, seed),
        Value::YearMonthInterval { months, .. } => hash_int(*months, seed),
        Value::DayTimeInterval { micros, .. } => hash_long(*micros, seed),
        Value::Tuple(values) | Value::Array(values) => hash_values(values, seed),
        Value::Struct(fields) => hash_values(fields.values(), seed),
        Value::Map(entries) => entries.iter().fold(seed, |seed, (key, value)| {
            hash_value(hash_value(seed, key), value)
        }),
    }
}

/// The place of a hash code in Spark's own open tables, before it is cut to their size
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
    use crate::types::{Decimal, IntervalUnits, Record, Struct};
    use proptest::prelude::*;

    #[test]
    fn texts_hash_as_in_spark_sql() {
        check("spark_sql", |text| hash_row(&[text.to_value()]).into());
    }

    #[test]
    fn hash_codes_rehash_as_in_append_only_map() {
        check("append_only_map_rehash", |text| {
            i64::from(rehash(crate::order::java::hash(text)))
        });
    }

    /// Compares with what `SELECT hash(value)` gave.
    #[track_caller]
    fn check_value(value: &impl Record, expected: i32) {
        let value = value.to_value();
        assert_eq!(
            hash_row(std::slice::from_ref(&value)),
            expected,
            "{value:?}"
        );
    }

    #[test]
    fn values_hash_by_their_type_as_in_spark_sql() {
        check_value(&Value::Null, 42);
        check_value(&true, -559_580_957);
        check_value(&1_i8, -559_580_957);
        check_value(&-1_i16, -1_604_776_387);
        check_value(&-1_i32, -1_604_776_387);
        check_value(&-1_i64, -939_490_007);
        check_value(&1.5_f32, -221_251_528);
        check_value(&f32::NAN, -349_261_430);
        check_value(&1.5, 1_290_763_749);
        check_value(&-0.0, -1_670_924_195);
        check_value(&f64::NAN, -1_281_358_385);
        check_value(&Value::Binary([0xff, 1].into()), 228_768_983);
        check_value(&Value::Date(19_782), 653_915_859);
        check_value(&Value::Timestamp(1_704_103_200_500_000), -1_769_502_771);
        check_value(&Value::TimestampNtz(1_704_103_200_500_000), -1_769_502_771);
        let (months, units) = (14, IntervalUnits::YEAR_TO_MONTH);
        check_value(&Value::YearMonthInterval { months, units }, 335_551_368);
        let (micros, units) = (93_784_500_000, IntervalUnits::DAY_TO_SECOND);
        check_value(&Value::DayTimeInterval { micros, units }, 1_326_975_016);
    }

    #[test]
    fn a_decimal_hashes_as_a_long_or_as_bytes_by_its_precision() {
        let check = |unscaled, precision, expected| {
            let decimal = Decimal::new(unscaled, precision, 0).expect("so few digits fit");
            check_value(&decimal, expected);
        };
        check(110, 3, 588_972_421);
        check(-110, 10, -882_844_931);
        check(110, 20, -1_920_628_345);
        check(-1, 38, 1_398_487_324);
        check(12_345_678_901_234_567_890, 38, -493_604_283);
        check(-128, 20, 775_851_899);
        check(255, 20, 1_246_198_977);
        check(0, 20, -783_713_497);
    }

    #[test]
    fn a_row_hashes_column_by_column_and_field_by_field() {
        check_value(&(1, "a", None::<i32>), -936_062_819);
        check_value(&vec![Some(1), None, Some(3)], 1_066_699_649);
        check_value(&vec![Some(1_i64), None, Some(3)], 1_603_798_612);
        let fields = Struct::from_iter([("a", vec!["x"].to_value())]);
        check_value(&Value::Struct(fields), -80_340_190);
        let row = [1.to_value(), "a".to_value(), 2_i64.to_value()];
        assert_eq!(hash_row(&row), -947_240_264);
    }

    proptest! {
        #[test]
        fn an_integer_hashes_as_its_little_endian_bytes(int: i32, long: i64, seed: i32) {
            prop_assert_eq!(hash_int(int, seed), hash_bytes(&int.to_le_bytes(), seed));
            prop_assert_eq!(hash_long(long, seed), hash_bytes(&long.to_le_bytes(), seed));
        }
    }
}
