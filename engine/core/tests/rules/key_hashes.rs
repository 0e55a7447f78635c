//! Keys that are equal have one hash, whatever their type and the language of the program.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};

use engine::{Decimal, Double, Float, Key, Profile, PythonKey, Struct, Text, Value};
use proptest::prelude::*;
use proptest::sample::select;

const PROFILES: [Profile; 3] = [Profile::Pyspark, Profile::Cookbook, Profile::Jvm];

/// All hashes of a key: the one of Rust's maps, those that place it, those as a part of a tuple, and its size.
fn hashes<K: Key>(key: &K) -> impl PartialEq + Debug {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let placed = PROFILES.map(|profile| {
        let hash = key.spark_hash(profile);
        let in_pair = (key.clone(), 1).spark_hash(profile);
        (hash, key.scala_hash(hash as i32), in_pair)
    });
    (hasher.finish(), placed, key.heap_bytes())
}

fn check<K: Key>(one: &K, other: &K) -> Result<(), TestCaseError> {
    if one == other {
        prop_assert_eq!(hashes(one), hashes(other), "{:?} and {:?}", one, other);
    }
    Ok(())
}

const FLOATS: [f64; 9] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    f64::NAN,
    -f64::NAN,
    f64::INFINITY,
    9_223_372_036_854_775_808.0,
];

/// Numbers of few values and many types, texts and times.
fn leaf() -> impl Strategy<Value = Value> {
    let decimal = |(unscaled, precision, scale)| {
        let decimal = Decimal::new(unscaled, precision, scale);
        Value::Decimal(decimal.expect("so few digits fit"))
    };
    let decimals = (
        select(vec![0, 1, -1, 10, 100, -100]),
        select(vec![5, 20]),
        0..3_u8,
    );
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        (-1..=1_i8).prop_map(Value::Byte),
        (-1..=1_i16).prop_map(Value::Short),
        (-1..=1_i32).prop_map(Value::Integer),
        select(vec![-1, 0, 1, i64::MIN, i64::MAX]).prop_map(Value::Long),
        select(FLOATS.to_vec()).prop_map(|number| Value::Float((number as f32).into())),
        select(FLOATS.to_vec()).prop_map(|number| Value::Double(number.into())),
        decimals.prop_map(decimal),
        select(vec!["", "a", "1", "a text of more than fifteen bytes"])
            .prop_map(|text| Value::String(text.into())),
        (-1..=1_i32).prop_map(Value::Date),
        (-1..=1_i64).prop_map(Value::Timestamp),
        (-1..=1_i64).prop_map(Value::TimestampNtz),
    ]
}

/// Values that can be hashed in every language: no lists, maps and arrays of bytes.
fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(2, 6, 2, |inner| {
        let some = prop::collection::vec(inner, 0..3);
        prop_oneof![
            some.clone().prop_map(|values| Value::Tuple(values.into())),
            some.prop_map(|values| {
                let fields: Struct = ["a", "b"].into_iter().zip(values).collect();
                Value::Struct(fields)
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn equal_keys_have_one_hash(one in value(), other in value()) {
        check(&one, &other)?;
        check(&Some(one.clone()), &Some(other.clone()))?;
        check(&(1, one.clone()), &(1, other.clone()))?;
        check(&PythonKey(one.clone()), &PythonKey(other.clone()))?;
        check(&(PythonKey(one), "a"), &(PythonKey(other), "a"))?;
    }

    #[test]
    fn equal_keys_of_rust_types_have_one_hash(
        (one, other) in (select(FLOATS.to_vec()), select(FLOATS.to_vec())),
        (text, second) in (select(vec!["", "a", "é"]), select(vec!["", "a", "é"])),
        (number, another) in (-2..2_i8, -2..2_i8),
    ) {
        check(&Double(one), &Double(other))?;
        check(&Float(one as f32), &Float(other as f32))?;
        check(&(Double(one), Some(Float(one as f32))), &(Double(other), Some(Float(other as f32))))?;
        check(&text, &second)?;
        check(&text.to_owned(), &second.to_owned())?;
        check(&Text::from(text), &Text::from(second))?;
        check(&(text.to_owned(), number, 'c'), &(second.to_owned(), another, 'c'))?;
        check(&i64::from(number), &i64::from(another))?;
        check(&i32::from(number), &i32::from(another))?;
    }
}

#[test]
fn decimals_are_equal_as_those_of_java_and_to_python_by_their_numbers() {
    let decimal = |unscaled, precision, scale| {
        let decimal = Decimal::new(unscaled, precision, scale);
        Value::Decimal(decimal.expect("so few digits fit"))
    };
    assert_ne!(decimal(10, 5, 1), decimal(100, 5, 2), "1.0 and 1.00");
    assert_eq!(decimal(10, 5, 1), decimal(10, 20, 1));
    assert!(decimal(10, 5, 1) < decimal(101, 5, 2));
    assert!(decimal(10, 5, 1) > decimal(99, 5, 2));
    assert_eq!(PythonKey(decimal(10, 5, 1)), PythonKey(decimal(100, 5, 2)));
    assert_ne!(PythonKey(decimal(10, 5, 1)), PythonKey(decimal(101, 5, 2)));
}
