//! The hash of a value (`org.apache.spark.sql.catalyst.expressions.XxHash64Function`).

use engine::Value;
use xxhash_rust::xxh64::xxh64;

/// The hash of a value, given that of what comes before it; of `NULL` that is all.
pub(super) fn hash(value: &Value, seed: u64) -> u64 {
    let of_int = |number: i32| xxh64(&number.to_le_bytes(), seed);
    let of_long = |number: i64| xxh64(&number.to_le_bytes(), seed);
    let all =
        |values: &mut dyn Iterator<Item = &Value>| values.fold(seed, |seed, it| hash(it, seed));
    match value {
        Value::Null => seed,
        Value::Boolean(truth) => of_int((*truth).into()),
        Value::Byte(number) => of_int((*number).into()),
        Value::Short(number) => of_int((*number).into()),
        Value::Integer(number) | Value::Date(number) => of_int(*number),
        Value::YearMonthInterval { months, .. } => of_int(*months),
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            of_long(*number)
        }
        Value::DayTimeInterval { micros, .. } => of_long(*micros),
        // There is one zero and one `NaN`.
        Value::Float(number) if number.0.is_nan() => of_int(f32::NAN.to_bits().cast_signed()),
        Value::Float(number) => of_int((number.0 + 0.0).to_bits().cast_signed()),
        Value::Double(number) if number.0.is_nan() => of_long(f64::NAN.to_bits().cast_signed()),
        Value::Double(number) => of_long((number.0 + 0.0).to_bits().cast_signed()),
        Value::Decimal(decimal) if decimal.precision() <= 18 => of_long(decimal.unscaled() as i64),
        Value::Decimal(decimal) => {
            let bytes = decimal.unscaled().to_be_bytes();
            let spare = bytes
                .windows(2)
                .take_while(|pair| pair[0] == (pair[1].cast_signed() >> 7).cast_unsigned());
            xxh64(&bytes[spare.count()..], seed)
        }
        Value::String(text) => xxh64(text.as_bytes(), seed),
        Value::Binary(bytes) => xxh64(bytes, seed),
        Value::Tuple(values) | Value::Array(values) => all(&mut values.iter()),
        Value::Struct(fields) => all(&mut fields.values()),
        Value::Map(entries) => all(&mut entries.iter().flat_map(|(key, value)| [key, value])),
    }
}
