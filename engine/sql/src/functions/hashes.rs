//! Hashes and digests (`hash.scala`).

use engine::order::murmur3;
use engine::{DataType, Failure, Value};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use xxhash_rust::xxh64::xxh64;

use crate::context::Session;
use crate::function::{CallInfo, Evaluate, Function, Gives, Mismatch, Nulls, Takes, Type};
use crate::functions::values::{bytes, hexadecimal, integer, string};
use crate::typed::Typed;

/// The seed of all hashes of values.
const SEED: u64 = 42;

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new(
        "hash",
        Takes::By(|arguments, session| check_values("hash", arguments, session)),
        Gives::Type(DataType::Integer),
        Evaluate::Eager(|values, _| Ok(Value::Integer(murmur3::hash_row(values)))),
    )
    .nulls(Nulls::Never),
    Function::new(
        "xxhash64",
        Takes::By(|arguments, session| check_values("xxhash64", arguments, session)),
        Gives::Type(DataType::Long),
        Evaluate::Eager(xxhash64),
    )
    .nulls(Nulls::Never),
    digest("md5", |values, _| {
        string(hexadecimal(&Md5::digest(bytes(&values[0]))))
    }),
    digest("sha1", |values, _| {
        string(hexadecimal(&Sha1::digest(bytes(&values[0]))))
    })
    .aliases(&["sha"]),
    Function::new(
        "sha2",
        Takes::Exactly(&[Type::Binary, Type::Integer]),
        Gives::Type(DataType::String),
        Evaluate::Strict(sha2),
    )
    .nulls(Nulls::Always),
    Function::new(
        "crc32",
        Takes::Exactly(&[Type::Binary]),
        Gives::Type(DataType::Long),
        Evaluate::Strict(|values, _| Ok(Value::Long(crc32fast::hash(bytes(&values[0])).into()))),
    ),
];

const fn digest(
    name: &'static str,
    evaluate: fn(&[Value], &CallInfo<'_>) -> Result<Value, Failure>,
) -> Function {
    Function::new(
        name,
        Takes::Exactly(&[Type::Binary]),
        Gives::Type(DataType::String),
        Evaluate::Strict(evaluate),
    )
}

/// Any values but maps, whose order says nothing.
fn check_values(function: &str, arguments: &mut Vec<Typed>, _: &Session) -> Result<(), Mismatch> {
    if arguments.is_empty() {
        return Err(Mismatch::new(
            "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
            format!("The `{function}` requires > 0 parameters but the actual number is 0."),
        ));
    }
    if arguments
        .iter()
        .any(|argument| has_map(&argument.data_type))
    {
        return Err(Mismatch::new(
            "DATATYPE_MISMATCH.HASH_MAP_TYPE",
            format!(
                "Input to the function `{function}` cannot contain elements of the \"MAP\" type. In Spark, same maps may \
                 have different hashcode, thus hash expressions are prohibited on \"MAP\" elements. To restore previous \
                 behavior set \"spark.sql.legacy.allowHashOnMapType\" to \"true\"."
            ),
        ));
    }
    Ok(())
}

fn has_map(data_type: &DataType) -> bool {
    match data_type {
        DataType::Map { .. } => true,
        DataType::Array { element, .. } => has_map(element),
        DataType::Struct(fields) => fields.iter().any(|field| has_map(&field.data_type)),
        _ => false,
    }
}

/// `xxhash64(a, b, ..)`: the hash of each value is the seed of the next one's.
fn xxhash64(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    Ok(Value::Long(
        values.iter().fold(SEED, hash_value).cast_signed(),
    ))
}

fn hash_value(seed: u64, value: &Value) -> u64 {
    let of_int = |number: i32| xxh64(&number.to_le_bytes(), seed);
    let of_long = |number: i64| xxh64(&number.to_le_bytes(), seed);
    match value {
        Value::Null => seed,
        Value::Boolean(truth) => of_int((*truth).into()),
        Value::Byte(number) => of_int((*number).into()),
        Value::Short(number) => of_int((*number).into()),
        Value::Integer(number) | Value::Date(number) => of_int(*number),
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            of_long(*number)
        }
        Value::Float(number) => of_int(number.bits().cast_signed()),
        Value::Double(number) => of_long(number.bits().cast_signed()),
        Value::Decimal(decimal) => match decimal.unscaled_long() {
            Some(unscaled) => of_long(unscaled),
            None => xxh64(&decimal.unscaled_bytes(), seed),
        },
        Value::String(text) => xxh64(text.as_bytes(), seed),
        Value::Binary(bytes) => xxh64(bytes, seed),
        Value::YearMonthInterval { months, .. } => of_int(*months),
        Value::DayTimeInterval { micros, .. } => of_long(*micros),
        Value::Tuple(values) | Value::Array(values) => values.iter().fold(seed, hash_value),
        Value::Struct(fields) => fields.values().fold(seed, hash_value),
        Value::Map(entries) => entries.iter().fold(seed, |seed, (key, value)| {
            hash_value(hash_value(seed, key), value)
        }),
    }
}

/// `sha2(bytes, bits)`: `NULL` of a length that there is not.
fn sha2(values: &[Value], _: &CallInfo<'_>) -> Result<Value, Failure> {
    let bytes = bytes(&values[0]);
    match integer(&values[1]) {
        224 => string(hexadecimal(&Sha224::digest(bytes))),
        0 | 256 => string(hexadecimal(&Sha256::digest(bytes))),
        384 => string(hexadecimal(&Sha384::digest(bytes))),
        512 => string(hexadecimal(&Sha512::digest(bytes))),
        _ => Ok(Value::Null),
    }
}
