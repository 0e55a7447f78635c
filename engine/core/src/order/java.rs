//! The hash codes of Java and Scala.
//!
//! From `hashCode` of `java.lang.String`, of the boxed types and others (JDK 17), `scala.runtime.Statics` and
//! `scala.util.hashing.MurmurHash3.productHash` (Scala 2.12, on which Spark 3.5 from `PyPI` runs, and 2.13, on which
//! Spark 4 does).

use super::murmur3::{finish, mix};
use crate::SparkVersion;
use crate::types::{Decimal, Double, Float, Value};

/// `String.hashCode`: 31 times the hash so far plus the next UTF-16 unit, wrapping.
///
/// ```
/// use engine::order::java;
/// assert_eq!(java::hash("blue"), 3_027_034);
/// assert_eq!(java::hash("Aa"), java::hash("BB"));
/// ```
pub fn hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

/// `Tuple2.hashCode` of (partition, key), given the key's `##`: the hash by which the map side of a partitioner
/// keeps its records.
pub fn pair_hash(partition: i32, key_hash: i32, spark: SparkVersion) -> i32 {
    hash_tuple([partition, key_hash].into_iter(), spark)
}

/// `hashCode` of a Scala tuple, given the `##` of its parts. Since Scala 2.13 it begins with that of the name of the
/// class, such as `Tuple2`.
pub(crate) fn hash_tuple(parts: impl ExactSizeIterator<Item = i32>, spark: SparkVersion) -> i32 {
    let seed = 0xcafe_babe;
    let seed = match spark {
        SparkVersion::V3_5 => seed,
        SparkVersion::V4 => mix(seed, hash_name(parts.len()).cast_unsigned()),
    };
    hash_ordered(seed, parts)
}

/// The hash of the name of the class of tuples of this number of parts.
fn hash_name(parts: usize) -> i32 {
    let before = match parts {
        0..10 => HASH_OF_TUPLE,
        _ => hash_name(parts / 10),
    };
    let digit = b'0' + (parts % 10) as u8;
    before.wrapping_mul(31).wrapping_add(digit.into())
}

/// `"Tuple".hashCode()`.
const HASH_OF_TUPLE: i32 = 81_172_392;

/// `MurmurHash3.productHash` and, with another seed, `seqHash`.
fn hash_ordered(seed: u32, parts: impl ExactSizeIterator<Item = i32>) -> i32 {
    let length = parts.len();
    finish(
        parts.fold(seed, |hash, part| mix(hash, part.cast_unsigned())),
        length,
    )
}

/// `value.hashCode()` of the class that Spark has for the type, by which a JVM program's keys are placed; 0 of
/// `null`, as `HashPartitioner` has it.
///
/// A list is a `java.util.List`, a struct a `Row`. There is one zero and one `NaN` among floating-point
/// numbers, as among keys. Times are those of `java.sql`, in UTC, and an interval is its number of months or
/// microseconds.
///
/// ```
/// use engine::order::java;
/// use engine::{Record, SparkVersion};
/// let pair = ("blue", 5).to_value();
/// assert_eq!(java::hash_code(&pair, SparkVersion::V3_5), 1_423_759_716);
/// assert_eq!(java::hash_code(&pair, SparkVersion::V4), 829_824_838);
/// ```
///
/// # Panics
///
/// Panics with Spark's message if the value has an array of bytes, whose hash code in Java is its address.
pub fn hash_code(value: &Value, spark: SparkVersion) -> i32 {
    let hash_part = |part: &Value| any_hash(part, hash_code(part, spark));
    match value {
        Value::Null => 0,
        Value::Boolean(true) => 1_231,
        Value::Boolean(false) => 1_237,
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) => *number,
        Value::Long(number) => hash_long(*number),
        Value::Float(number) => number.bits().cast_signed(),
        Value::Double(number) => hash_long(number.bits().cast_signed()),
        Value::Decimal(decimal) => hash_decimal(*decimal),
        Value::String(text) => hash(text),
        Value::Binary(_) => panic!("HashPartitioner cannot partition array keys."),
        Value::Date(days) => hash_long(i64::from(*days) * MILLIS_PER_DAY),
        Value::Timestamp(micros) | Value::TimestampNtz(micros) => {
            hash_long(micros.div_euclid(MICROS_PER_MILLI))
        }
        Value::YearMonthInterval { months, .. } => *months,
        Value::DayTimeInterval { micros, .. } => hash_long(*micros),
        Value::Tuple(values) => hash_tuple(values.iter().map(hash_part), spark),
        Value::Struct(fields) => {
            hash_ordered(hash("Seq").cast_unsigned(), fields.values().map(hash_part))
        }
        Value::Array(values) => values.iter().fold(1, |hash: i32, value| {
            hash.wrapping_mul(31).wrapping_add(hash_code(value, spark))
        }),
        Value::Map(entries) => entries.iter().fold(0, |hash: i32, (key, value)| {
            hash.wrapping_add(hash_code(key, spark) ^ hash_code(value, spark))
        }),
    }
}

/// Scala's `value.##`, the hash of a part of a tuple, given its hash code: numbers that are equal have the same,
/// whatever their types (`scala.runtime.Statics.anyHash`).
pub(crate) fn any_hash(value: &Value, hash_code: i32) -> i32 {
    match value {
        Value::Long(number) => any_hash_long(*number),
        Value::Float(number) => any_hash_float(*number),
        Value::Double(number) => any_hash_double(*number),
        _ => hash_code,
    }
}

/// `Long.hashCode`.
pub(crate) fn hash_long(number: i64) -> i32 {
    (number ^ number >> 32) as i32
}

/// `Statics.longHash`.
pub(crate) fn any_hash_long(number: i64) -> i32 {
    i32::try_from(number).unwrap_or_else(|_| hash_long(number))
}

/// `Statics.doubleHash`.
#[expect(clippy::float_cmp, reason = "a conversion is exact or it is not")]
fn any_hash_double(number: Double) -> i32 {
    let whole = number.0 as i64;
    let narrow = number.0 as f32;
    if whole as f64 == number.0 {
        any_hash_long(whole)
    } else if f64::from(narrow) == number.0 {
        Float(narrow).bits().cast_signed()
    } else {
        hash_long(number.bits().cast_signed())
    }
}

/// `Statics.floatHash`.
#[expect(clippy::float_cmp, reason = "a conversion is exact or it is not")]
fn any_hash_float(number: Float) -> i32 {
    let whole = number.0 as i64;
    if whole as f32 == number.0 {
        any_hash_long(whole)
    } else {
        number.bits().cast_signed()
    }
}

/// `java.math.BigDecimal.hashCode`.
fn hash_decimal(decimal: Decimal) -> i32 {
    let unscaled = decimal.unscaled();
    let words = unscaled.unsigned_abs().to_be_bytes();
    let (words, _) = words.as_chunks::<4>();
    let hash = words.iter().fold(0_i32, |hash, word| {
        hash.wrapping_mul(31)
            .wrapping_add(i32::from_be_bytes(*word))
    });
    hash.wrapping_mul(unscaled.signum() as i32)
        .wrapping_mul(31)
        .wrapping_add(decimal.scale().into())
}

const MICROS_PER_MILLI: i64 = 1_000;

const MILLIS_PER_DAY: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors;
    use crate::types::{Record, Struct};

    #[test]
    fn texts_hash_as_in_java() {
        vectors::check("java_string", |text| i64::from(hash(text)));
    }

    /// Compares with the `hashCode` and the `##` that a JVM gave, of either version.
    #[track_caller]
    fn check_codes(value: &impl Record, code: i32, any: i32) {
        let value = value.to_value();
        check(&value, code);
        assert_eq!(any_hash(&value, code), any, "{value:?}.##");
    }

    /// Compares with the `hashCode` that a JVM gave, of either version.
    #[track_caller]
    fn check(value: &Value, code: i32) {
        for spark in [SparkVersion::V3_5, SparkVersion::V4] {
            assert_eq!(hash_code(value, spark), code, "{value:?}.hashCode()");
        }
    }

    #[test]
    fn integers_hash_as_in_java_and_in_tuples_as_in_scala() {
        check_codes(&None::<i64>, 0, 0);
        check_codes(&true, 1_231, 1_231);
        check_codes(&false, 1_237, 1_237);
        check_codes(&-1_i8, -1, -1);
        check_codes(&-1_i32, -1, -1);
        check_codes(&-1_i64, 0, -1);
        check_codes(&(1_i64 << 32), 1, 1);
        check_codes(&i64::MIN, i32::MIN, i32::MIN);
        check_codes(&i64::MAX, i32::MIN, i32::MIN);
    }

    #[test]
    fn floating_point_numbers_hash_in_tuples_as_the_numbers_that_they_equal() {
        check_codes(&1.5_f32, 1_069_547_520, 1_069_547_520);
        check_codes(&1_f32, 1_065_353_216, 1);
        check_codes(&1e10_f32, 1_343_554_297, 1_410_065_410);
        check_codes(&f32::NAN, 2_143_289_344, 2_143_289_344);
        check_codes(&1.5, 1_073_217_536, 1_069_547_520);
        check_codes(&1.0, 1_072_693_248, 1);
        check_codes(&1e10, 1_644_339_295, 1_410_065_410);
        check_codes(&0.1, -1_507_852_285, -1_507_852_285);
        check_codes(&f64::NAN, 2_146_959_360, 2_146_959_360);
        check_codes(&f64::INFINITY, 2_146_435_072, 2_139_095_040);
        check_codes(&1e300, -164_130_400, -164_130_400);
        check_codes(&16_777_217.5, 1_500_512_256, 1_500_512_256);
        check_codes(&-0.0, 0, 0);
    }

    #[test]
    fn tuples_hash_as_in_scala_2_12_and_2_13() {
        let check = |value: &dyn Record, codes: [i32; 2]| {
            let of = |spark| hash_code(&value.to_value(), spark);
            assert_eq!([SparkVersion::V3_5, SparkVersion::V4].map(of), codes);
        };
        check(&("a",), [-1_168_522_918, -1_133_508_222]);
        check(&("blue", 5), [1_423_759_716, 829_824_838]);
        check(&("blue", -5_i64), [-1_559_842_542, -1_164_191_639]);
        check(&(None::<i64>, true), [1_096_947_604, -1_541_418_814]);
        check(&(1, 2_i64, 3.0), [-951_605_798, 2_016_703_621]);
        check(&(1.5, 1.5_f32, "x"), [-1_563_673_845, 1_986_313_014]);
        check(&(("a", 1), "b"), [742_144_168, -1_103_706_863]);
        check(&("a", "b", "c", "d"), [1_942_075_390, 44_444]);
        let numbers = |last: i32| Value::Tuple((1..=last).map(Value::Integer).collect());
        check(&numbers(10), [1_200_750_504, -433_483_803]);
        check(&numbers(22), [61_776_009, 317_678_394]);
    }

    #[test]
    fn collections_and_rows_hash_as_their_elements() {
        let list = Value::Array(vec![1.to_value(), Value::Null, (-1_i64).to_value()].into());
        check(&list, 30_752);
        let map = Value::Map([("a".to_value(), 1.to_value())].into());
        check(&map, 96);
        let fields = [
            ("word", "blue".to_value()),
            ("count", 5_i64.to_value()),
            ("x", Value::Null),
        ];
        check(&Value::Struct(Struct::from_iter(fields)), -55_980_747);
    }

    #[test]
    fn decimals_and_times_hash_as_in_java() {
        let check_decimal = |unscaled, scale, code| {
            let decimal = Decimal::new(unscaled, 38, scale).expect("so few digits fit");
            check(&Value::Decimal(decimal), code);
        };
        check_decimal(110, 2, 3_412);
        check_decimal(-110, 2, -3_408);
        check_decimal(0, 2, 2);
        check_decimal(
            -12_345_678_901_234_567_890_123_456_789_012,
            2,
            1_747_325_897,
        );
        check(&Value::Date(17_703), 530_842_980);
        check(&Value::Timestamp(1_529_622_030_250_000), 613_672_654);
        check(&Value::Timestamp(-1_000), 0);
    }

    #[test]
    #[should_panic(expected = "HashPartitioner cannot partition array keys.")]
    fn arrays_of_bytes_have_no_hash() {
        hash_code(&Value::Binary([1].into()), SparkVersion::V3_5);
    }

    #[test]
    fn pairs_hash_as_in_scala_2_12_and_2_13() {
        let check = |name, spark| {
            vectors::check(name, |text| i64::from(pair_hash(3, hash(text), spark)));
        };
        check("scala_pair_with_3", SparkVersion::V3_5);
        check("scala_2_13_pair_with_3", SparkVersion::V4);
    }
}
