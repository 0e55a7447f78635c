//! A value as a key of a Python program.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::order::Python;
use crate::types::{Record, Value};
use crate::{Key, Profile};

/// A value that is equal to another where Python's `==` says so: `1`, `1.0` and `True` are one key, and so are a
/// tuple and a `Row` of the same items.
///
/// A [`Value`] alone is equal to values of its own type, as in SQL and among boxed objects of the JVM, whose
/// columns and keys have one type. A Python program may mix types; the key that came first is the one that is
/// kept and printed, as in a `dict`. Decimals are equal to decimals alone, whatever their scales.
///
/// On the JVM, which has no such keys, a key is placed where the one of all its equals would be.
///
/// ```
/// use engine::{PythonKey, Record};
/// let key = |value: &dyn Record| PythonKey(value.to_value());
/// assert_eq!(key(&(1, "a")), key(&(1.0, "a")));
/// assert_eq!(key(&true), key(&1_i64));
/// assert_ne!(key(&1), key(&"1"));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PythonKey(pub Value);

impl PartialEq for PythonKey {
    fn eq(&self, other: &PythonKey) -> bool {
        canonical(&self.0) == canonical(&other.0)
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
        if profile.is_jvm() {
            canonical(&self.0).spark_hash(profile)
        } else {
            self.0.spark_hash(profile)
        }
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

/// The one of all values that are equal in Python: a whole number is a `Long`, another one a `Double`, a decimal has no
/// zeros at its end, and a `Row` is a tuple.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Boolean(truth) => Value::Long((*truth).into()),
        Value::Byte(number) => Value::Long((*number).into()),
        Value::Short(number) => Value::Long((*number).into()),
        Value::Integer(number) => Value::Long((*number).into()),
        Value::Float(number) => canonical_float(number.0.into()),
        Value::Double(number) => canonical_float(number.0),
        Value::Decimal(number) => Value::Decimal(number.without_trailing_zeros()),
        Value::Tuple(values) => Value::Tuple(values.iter().map(canonical).collect()),
        Value::Struct(fields) => Value::Tuple(fields.values().map(canonical).collect()),
        _ => value.clone(),
    }
}

fn canonical_float(number: f64) -> Value {
    const LONG_MAX: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() == 0.0 && (-LONG_MAX..LONG_MAX).contains(&number) {
        return Value::Long(number as i64);
    }
    Value::Double(number.into())
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
