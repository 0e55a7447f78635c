//! A value as a key of a Python program.

use std::hash::{Hash, Hasher};

use crate::order::Python;
use crate::types::{Double, Record, Value};
use crate::{Key, Profile};

/// A value that is equal to another where Python's `==` says so: `1`, `1.0` and `True` are one key, and so are a
/// tuple and a `Row` of the same items.
///
/// A [`Value`] alone is equal to values of its own type, as in SQL and among boxed objects of the JVM, whose
/// columns and keys have one type. A Python program may mix types; the key that came first is the one that is
/// kept and printed, as in a `dict`. Decimals are equal to decimals alone.
///
/// ```
/// use engine::{PythonKey, Record};
/// let key = |value: &dyn Record| PythonKey(value.to_value());
/// assert_eq!(key(&(1, "a")), key(&(1.0, "a")));
/// assert_eq!(key(&true), key(&1_i64));
/// assert_ne!(key(&1), key(&"1"));
/// ```
#[derive(Clone, Debug)]
pub struct PythonKey(pub Value);

impl PartialEq for PythonKey {
    fn eq(&self, other: &PythonKey) -> bool {
        is_equal(&self.0, &other.0)
    }
}

impl Eq for PythonKey {}

/// Python's own hash, which values that are equal share.
impl Hash for PythonKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Python::Three.hash(&self.0).hash(state);
    }
}

impl Key for PythonKey {
    fn spark_hash(&self, profile: Profile) -> i64 {
        self.0.spark_hash(profile)
    }

    fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

impl Record for PythonKey {
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

fn is_equal(one: &Value, other: &Value) -> bool {
    match (Number::of(one), Number::of(other)) {
        (Some(one), Some(other)) => one == other,
        _ => match (items(one), items(other)) {
            (Some(one), Some(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| is_equal(one, other))
            }
            _ => one == other,
        },
    }
}

/// The items of a tuple, which a `Row` is in Python.
fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Tuple(values) => Some(values.iter().collect()),
        Value::Struct(fields) => Some(fields.values().collect()),
        _ => None,
    }
}

/// A number as Python compares it, exactly.
#[derive(PartialEq)]
enum Number {
    Integer(i64),
    /// With a fraction, beyond 64 bits, or none.
    Double(Double),
}

impl Number {
    fn of(value: &Value) -> Option<Number> {
        Some(match value {
            Value::Boolean(truth) => Number::Integer((*truth).into()),
            Value::Byte(number) => Number::Integer((*number).into()),
            Value::Short(number) => Number::Integer((*number).into()),
            Value::Integer(number) => Number::Integer((*number).into()),
            Value::Long(number) => Number::Integer(*number),
            Value::Float(number) => Number::of_float(number.0.into()),
            Value::Double(number) => Number::of_float(number.0),
            _ => return None,
        })
    }

    fn of_float(number: f64) -> Number {
        const LONG_MAX: f64 = 9_223_372_036_854_775_808.0;
        if number.fract() == 0.0 && (-LONG_MAX..LONG_MAX).contains(&number) {
            return Number::Integer(number as i64);
        }
        Number::Double(number.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::Struct;

    fn key(value: impl Record) -> PythonKey {
        PythonKey(value.to_value())
    }

    #[test]
    fn numbers_are_compared_exactly() {
        assert_eq!(key(1_i8), key(1.0_f32));
        assert_eq!(key(-0.0), key(false));
        assert_eq!(key(f64::NAN), key(f64::NAN));
        assert_ne!(key((1_i64 << 53) + 1), key(2_f64.powi(53)));
        assert_ne!(key(i64::MAX), key(2_f64.powi(63)));
        assert_eq!(key(i64::MIN), key(-(2_f64.powi(63))));
    }

    #[test]
    fn a_row_is_a_tuple_and_a_text_is_no_number() {
        let row = Struct::from_iter([("a", 1.to_value()), ("b", "x".to_value())]);
        assert_eq!(key(Value::Struct(row)), key((true, "x")));
        assert_ne!(key((1, 2)), key((1, 2, 3)));
        assert_ne!(key("1"), key(1));
        assert_ne!(key(None::<i64>), key(0));
    }

    proptest! {
        #[test]
        fn equal_keys_have_one_hash(half in -6..6_i32, other in -3..3_i64) {
            let one = key((f64::from(half) / 2.0, "a"));
            let two = key((other, "a"));
            prop_assert_eq!(one == two, i64::from(half) == 2 * other);
            if one == two {
                prop_assert_eq!(one.spark_hash(Profile::Pyspark), two.spark_hash(Profile::Pyspark));
            }
        }
    }
}
