//! The hash codes of the objects that Spark has for values inside of a query.

#![expect(clippy::float_cmp, reason = "numbers that are equal have one hash")]

use engine::order::{murmur3, unsafe_row};
use engine::{Decimal, Value};

/// `value.hashCode()`.
pub(super) fn hash_code(value: &Value) -> i32 {
    match value {
        Value::Null => 0,
        Value::Boolean(true) => 1231,
        Value::Boolean(false) => 1237,
        Value::Byte(number) => (*number).into(),
        Value::Short(number) => (*number).into(),
        Value::Integer(number) | Value::Date(number) => *number,
        Value::YearMonthInterval { months, .. } => *months,
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            of_long(*number)
        }
        Value::DayTimeInterval { micros, .. } => of_long(*micros),
        Value::Float(number) => float_bits(number.0),
        Value::Double(number) => of_long(double_bits(number.0)),
        Value::Decimal(decimal) => of_decimal(*decimal),
        Value::String(text) => murmur3::hash_bytes(text.as_bytes(), 42),
        Value::Binary(bytes) => {
            let bytes = bytes.iter().map(|byte| Value::Byte(byte.cast_signed()));
            unsafe_row::hash_array(&bytes.collect::<Vec<_>>())
        }
        Value::Struct(fields) => {
            unsafe_row::hash_row(&fields.values().cloned().collect::<Vec<_>>(), &[])
        }
        Value::Array(values) | Value::Tuple(values) => unsafe_row::hash_array(values),
        map @ Value::Map(_) => unsafe_row::hash_row(std::slice::from_ref(map), &[]),
    }
}

/// `Long.hashCode`.
fn of_long(number: i64) -> i32 {
    (number ^ (number >> 32)) as i32
}

/// Scala's `##` of a `Long`: numbers that are equal have one hash.
pub(super) fn any_of_long(number: i64) -> i32 {
    i32::try_from(number).unwrap_or_else(|_| of_long(number))
}

/// Scala's `##` of a `Double`.
fn any_of_double(number: f64) -> i32 {
    match number as i32 {
        whole if f64::from(whole) == number => whole,
        _ if (number as i64) as f64 == number => of_long(number as i64),
        _ if f64::from(number as f32) == number => float_bits(number as f32),
        _ => of_long(double_bits(number)),
    }
}

/// `BigDecimal.hashCode` of Scala: that of a whole number or of a `Double`, if it is equal to one.
fn of_decimal(decimal: Decimal) -> i32 {
    let mut unscaled = decimal.unscaled();
    let mut scale = i32::from(decimal.scale());
    while scale > 0 && unscaled % 10 == 0 {
        unscaled /= 10;
        scale -= 1;
    }
    if scale == 0 {
        return i64::try_from(unscaled).map_or_else(|_| of_big_integer(unscaled), any_of_long);
    }
    let text = decimal.to_string();
    let text = text.trim_end_matches('0');
    match text.parse::<f64>() {
        Ok(double) if double.to_string() == text => any_of_double(double),
        _ => mix_last(of_big_integer(unscaled), scale),
    }
}

/// `BigInteger.hashCode`.
fn of_big_integer(number: i128) -> i32 {
    let bytes = number.unsigned_abs().to_be_bytes();
    let (words, _) = bytes.as_chunks::<4>();
    let hash = words.iter().fold(0_u32, |hash, word| {
        hash.wrapping_mul(31)
            .wrapping_add(u32::from_be_bytes(*word))
    });
    hash.cast_signed().wrapping_mul(number.signum() as i32)
}

/// `MurmurHash3.mixLast`.
fn mix_last(hash: i32, data: i32) -> i32 {
    let mixed = data.cast_unsigned().wrapping_mul(0xcc9e_2d51);
    hash ^ mixed
        .rotate_left(15)
        .wrapping_mul(0x1b87_3593)
        .cast_signed()
}

/// `Double.doubleToLongBits`: there is one `NaN`.
fn double_bits(number: f64) -> i64 {
    let bits = if number.is_nan() {
        f64::NAN.to_bits()
    } else {
        number.to_bits()
    };
    bits.cast_signed()
}

/// `Float.floatToIntBits`.
fn float_bits(number: f32) -> i32 {
    let bits = if number.is_nan() {
        f32::NAN.to_bits()
    } else {
        number.to_bits()
    };
    bits.cast_signed()
}
