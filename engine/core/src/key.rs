//! Keys, and the hashes by which Spark places them.

use std::fmt::Debug;
use std::hash::Hash;

use crate::order::portable_hash::hash_tuple;
use crate::order::{Python, java};
use crate::types::{Double, Float, Record, Text, Value};
use crate::{Data, Profile};

/// The order of the keys of one partition in a partitioner or a state.
///
/// Either way the partition of a key follows from its hash, and partitions come one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum KeyOrder {
    /// As Spark's tables hand them out in local mode: on the JVM in the order of hash slots, which
    /// takes a table for every partition whose rows are read.
    #[default]
    Spark,
    /// As they came, the key that was seen first first. No table is worked out.
    Arrival,
}

/// A type that records can be grouped by.
///
/// Keys that are equal have the same hash. Floating-point numbers are no keys, as one of them is not equal to
/// itself; a [`Double`] is.
///
/// A user's own type needs `Eq`, `Hash`, the hash by which Spark would place it, and `Debug`, for the
/// message of a function that panics on it. A tuple of its fields has that of a `namedtuple` of Python, and in Spark 3.5
/// that of a case class of Scala; in Spark 4 a case class has another, which begins with its name:
///
/// ```
/// use engine::{Key, Profile};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct Visit { user: String, page: u32 }
///
/// impl Key for Visit {
///     fn spark_hash(&self, profile: Profile) -> i64 {
///         (self.user.clone(), self.page).spark_hash(profile)
///     }
/// }
/// ```
pub trait Key: Data + Eq + Hash + Debug {
    /// Python's `portable_hash` or Java's `hashCode`.
    fn spark_hash(&self, profile: Profile) -> i64;

    /// Scala's `##`, the hash of the key as a part of a tuple on the JVM, where `hash_code` is its own. Default:
    /// the same. It is another one of some numbers: those that are equal have one `##`, whatever their types.
    fn scala_hash(&self, hash_code: i32) -> i32 {
        hash_code
    }

    /// The bytes that this key keeps outside of itself, which the
    /// [memory of a cluster](crate::SparkContext::with_memory) counts; those of a part, if the key is made
    /// of parts. Equal keys have as many. Default: none, as of a number.
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl Key for Text {
    fn spark_hash(&self, profile: Profile) -> i64 {
        text_hash(self, profile)
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }
}

impl Key for String {
    fn spark_hash(&self, profile: Profile) -> i64 {
        text_hash(self, profile)
    }

    fn heap_bytes(&self) -> usize {
        self.len()
    }
}

impl Key for &'static str {
    fn spark_hash(&self, profile: Profile) -> i64 {
        text_hash(self, profile)
    }
}

impl Key for char {
    fn spark_hash(&self, profile: Profile) -> i64 {
        text_hash(self.encode_utf8(&mut [0; 4]), profile)
    }
}

impl Key for i64 {
    fn spark_hash(&self, profile: Profile) -> i64 {
        match python(profile) {
            Some(python) => python.hash_integer(*self),
            None => java::hash_long(*self).into(),
        }
    }

    fn scala_hash(&self, _hash_code: i32) -> i32 {
        java::any_hash_long(*self)
    }
}

impl Key for i32 {
    fn spark_hash(&self, profile: Profile) -> i64 {
        match python(profile) {
            Some(python) => python.hash_integer((*self).into()),
            None => (*self).into(),
        }
    }
}

/// Keys that hash as what they become as a record.
macro_rules! keys_by_value {
    ($($key:ty),*) => {
        $(impl Key for $key {
            fn spark_hash(&self, profile: Profile) -> i64 {
                self.to_value().spark_hash(profile)
            }

            fn scala_hash(&self, hash_code: i32) -> i32 {
                self.to_value().scala_hash(hash_code)
            }
        })*
    };
}

keys_by_value!(bool, u64, usize, u32, u16, u8, i16, i8, Double, Float);

impl Key for Value {
    fn spark_hash(&self, profile: Profile) -> i64 {
        match python(profile) {
            Some(python) => python.hash(self),
            None => java::hash_code(self, profile.spark()).into(),
        }
    }

    fn scala_hash(&self, hash_code: i32) -> i32 {
        java::any_hash(self, hash_code)
    }

    /// Of a value with parts, the parts as the memory of a cluster counts them: 32 bytes each, and what they
    /// keep themselves.
    fn heap_bytes(&self) -> usize {
        let of = |value: &Value| size_of::<Value>() + value.heap_bytes();
        match self {
            Value::String(text) => text.heap_bytes(),
            Value::Binary(bytes) => bytes.len(),
            Value::Tuple(values) | Value::Array(values) => values.iter().map(of).sum(),
            Value::Struct(fields) => fields.values().map(of).sum(),
            Value::Map(entries) => entries.iter().map(|(key, value)| of(key) + of(value)).sum(),
            Value::Null
            | Value::Boolean(_)
            | Value::Byte(_)
            | Value::Short(_)
            | Value::Integer(_)
            | Value::Long(_)
            | Value::Float(_)
            | Value::Double(_)
            | Value::Decimal(_)
            | Value::Date(_)
            | Value::Timestamp(_)
            | Value::TimestampNtz(_)
            | Value::YearMonthInterval { .. }
            | Value::DayTimeInterval { .. } => 0,
        }
    }
}

/// `None` is Python's `None` and Java's `null`, and a key that is there is the key itself. The JVM's tables
/// hand `null` out before all other keys of a partition, which is not imitated.
impl<K: Key> Key for Option<K> {
    fn spark_hash(&self, profile: Profile) -> i64 {
        self.as_ref().map_or(0, |key| key.spark_hash(profile))
    }

    fn scala_hash(&self, hash_code: i32) -> i32 {
        self.as_ref().map_or(0, |key| key.scala_hash(hash_code))
    }

    fn heap_bytes(&self) -> usize {
        self.as_ref().map_or(0, Key::heap_bytes)
    }
}

macro_rules! tuple_keys {
    ($(($($part:ident $index:tt),*))*) => {
        $(impl<$($part: Key),*> Key for ($($part,)*) {
            fn spark_hash(&self, profile: Profile) -> i64 {
                tuple_hash([$(part_hash(&self.$index, profile)),*], profile)
            }

            fn heap_bytes(&self) -> usize {
                [$(self.$index.heap_bytes()),*].iter().sum()
            }
        })*
    };
}

tuple_keys! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

fn part_hash<K: Key>(part: &K, profile: Profile) -> i64 {
    let hash = part.spark_hash(profile);
    match python(profile) {
        Some(_) => hash,
        None => part.scala_hash(hash as i32).into(),
    }
}

/// The hash of a tuple, given those of its parts.
fn tuple_hash<const N: usize>(parts: [i64; N], profile: Profile) -> i64 {
    let parts = parts.into_iter();
    match python(profile) {
        Some(_) => hash_tuple(parts),
        None => java::hash_tuple(parts.map(|part| part as i32), profile.spark()).into(),
    }
}

fn text_hash(text: &str, profile: Profile) -> i64 {
    match python(profile) {
        Some(python) => python.hash_text(text),
        None => java::hash(text).into(),
    }
}

/// The Python that hashes the keys of a program; none on the JVM.
#[inline]
fn python(profile: Profile) -> Option<Python> {
    match profile {
        Profile::Pyspark | Profile::Pyspark4 => Some(Python::Three),
        Profile::Cookbook => Some(Python::Two),
        Profile::Jvm | Profile::Jvm4 => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A typed key is placed where its value would be.
    #[track_caller]
    fn check<K: Key + Record>(key: &K) {
        let value = key.to_value();
        let profiles = [
            Profile::Pyspark,
            Profile::Cookbook,
            Profile::Jvm,
            Profile::Jvm4,
        ];
        for profile in profiles {
            assert_eq!(
                key.spark_hash(profile),
                value.spark_hash(profile),
                "{key:?}"
            );
            assert_eq!(
                part_hash(key, profile),
                part_hash(&value, profile),
                "{key:?}"
            );
        }
    }

    #[test]
    fn integers_hash_as_in_python_and_java() {
        assert_eq!((-1_i64).spark_hash(Profile::Pyspark), -2);
        assert_eq!(((1_i64 << 61) - 1).spark_hash(Profile::Pyspark), 0);
        assert_eq!(i64::MIN.spark_hash(Profile::Pyspark), -4);
        assert_eq!((1_i64 << 32).spark_hash(Profile::Jvm), 1);
        assert_eq!((-1_i64).spark_hash(Profile::Jvm), 0);
        assert_eq!((-1_i32).spark_hash(Profile::Jvm), -1);
    }

    #[test]
    fn a_tuple_keeps_what_its_parts_keep() {
        let long = "a text of more than fifteen bytes";
        let key = (Some(Text::from(long)), 1_i64, long.to_owned());
        assert_eq!(key.heap_bytes(), (33 + 16) + 33);
        assert_eq!(Some(Text::from("short")).to_value().heap_bytes(), 0);
        assert_eq!((1, "a").to_value().heap_bytes(), 2 * 32);
    }

    proptest! {
        #[test]
        fn typed_keys_hash_as_their_values(
            (long, int, float, truth) in any::<(i64, i32, f64, bool)>(),
            (unsigned, letter, missing) in any::<(u64, char, Option<i64>)>(),
            text in "[aé😀]{0,20}",
        ) {
            check(&long);
            check(&int);
            check(&truth);
            check(&unsigned);
            check(&letter);
            check(&missing);
            check(&Double(float));
            check(&Float(float as f32));
            check(&Text::from(text.as_str()));
            check(&(int, long));
            check(&(text.clone(), Double(float), missing));
            check(&((text, long), Some(truth), letter, Float(1.0)));
        }
    }
}
