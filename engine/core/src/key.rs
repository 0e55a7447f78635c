//! Keys, and the hashes by which Spark places them.

use std::fmt::Debug;
use std::hash::Hash;

use crate::Data;
use crate::order::portable_hash::hash_tuple;
use crate::order::{Python, java, python, python2};
use crate::types::{Double, Float, Record, Text, Value};

/// The row order of a program, which follows from the language that drives Spark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum RowOrder {
    /// `PySpark` on Python 3: `portable_hash`, insertion-ordered dictionaries.
    #[default]
    Python,
    /// `PySpark` on Python 2, as in the book: Python 2's string hash, first-seen order.
    Python2,
    /// Java or Scala: `hashCode`, the slots of `AppendOnlyMap`.
    Jvm,
}

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
/// message of a function that panics on it:
///
/// ```
/// use engine::{Key, RowOrder};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct Visit { user: String, page: u32 }
///
/// impl Key for Visit {
///     fn spark_hash(&self, order: RowOrder) -> i64 {
///         (self.user.clone(), self.page).spark_hash(order)
///     }
/// }
/// ```
pub trait Key: Data + Eq + Hash + Debug {
    /// Python's `portable_hash` or Java's `hashCode`.
    fn spark_hash(&self, order: RowOrder) -> i64;

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
    fn spark_hash(&self, order: RowOrder) -> i64 {
        text_hash(self, order)
    }

    fn heap_bytes(&self) -> usize {
        self.heap_bytes()
    }
}

impl Key for String {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        text_hash(self, order)
    }

    fn heap_bytes(&self) -> usize {
        self.len()
    }
}

impl Key for &'static str {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        text_hash(self, order)
    }
}

impl Key for char {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        text_hash(self.encode_utf8(&mut [0; 4]), order)
    }
}

impl Key for bool {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python | RowOrder::Python2 => i64::from(*self),
            RowOrder::Jvm => java::hash_boolean(*self).into(),
        }
    }
}

impl Key for i64 {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python => Python::Three.hash_integer(*self),
            RowOrder::Python2 => Python::Two.hash_integer(*self),
            RowOrder::Jvm => java::hash_long(*self).into(),
        }
    }

    fn scala_hash(&self, _hash_code: i32) -> i32 {
        java::any_hash_long(*self)
    }
}

impl Key for i32 {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python => Python::Three.hash_integer((*self).into()),
            RowOrder::Python2 => Python::Two.hash_integer((*self).into()),
            RowOrder::Jvm => (*self).into(),
        }
    }
}

/// Keys that hash as what they become as a record.
macro_rules! keys_by_value {
    ($($key:ty),*) => {
        $(impl Key for $key {
            fn spark_hash(&self, order: RowOrder) -> i64 {
                self.to_value().spark_hash(order)
            }

            fn scala_hash(&self, hash_code: i32) -> i32 {
                self.to_value().scala_hash(hash_code)
            }
        })*
    };
}

keys_by_value!(u64, usize, u32, u16, u8, i16, i8, Double, Float);

impl Key for Value {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python => Python::Three.hash(self),
            RowOrder::Python2 => Python::Two.hash(self),
            RowOrder::Jvm => java::hash_code(self).into(),
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
    fn spark_hash(&self, order: RowOrder) -> i64 {
        self.as_ref().map_or(0, |key| key.spark_hash(order))
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
            fn spark_hash(&self, order: RowOrder) -> i64 {
                tuple_hash([$(part_hash(&self.$index, order)),*], order)
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

fn part_hash<K: Key>(part: &K, order: RowOrder) -> i64 {
    let hash = part.spark_hash(order);
    match order {
        RowOrder::Python | RowOrder::Python2 => hash,
        RowOrder::Jvm => part.scala_hash(hash as i32).into(),
    }
}

/// The hash of a tuple, given those of its parts.
fn tuple_hash<const N: usize>(parts: [i64; N], order: RowOrder) -> i64 {
    match order {
        RowOrder::Python | RowOrder::Python2 => hash_tuple(parts.into_iter()),
        RowOrder::Jvm => java::hash_product(parts.into_iter().map(|part| part as i32)).into(),
    }
}

fn text_hash(text: &str, order: RowOrder) -> i64 {
    match order {
        RowOrder::Python => python::hash(text),
        RowOrder::Python2 => python2::hash(text),
        RowOrder::Jvm => i64::from(java::hash(text)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORDERS: [RowOrder; 3] = [RowOrder::Python, RowOrder::Python2, RowOrder::Jvm];

    /// A typed key is placed where its value would be.
    #[track_caller]
    fn check<K: Key + Record>(key: &K) {
        let value = key.to_value();
        for order in ORDERS {
            assert_eq!(key.spark_hash(order), value.spark_hash(order), "{key:?}");
            assert_eq!(part_hash(key, order), part_hash(&value, order), "{key:?}");
        }
    }

    #[test]
    fn integers_hash_as_in_python_and_java() {
        assert_eq!((-1_i64).spark_hash(RowOrder::Python), -2);
        assert_eq!(((1_i64 << 61) - 1).spark_hash(RowOrder::Python), 0);
        assert_eq!(i64::MIN.spark_hash(RowOrder::Python), -4);
        assert_eq!((1_i64 << 32).spark_hash(RowOrder::Jvm), 1);
        assert_eq!((-1_i64).spark_hash(RowOrder::Jvm), 0);
        assert_eq!((-1_i32).spark_hash(RowOrder::Jvm), -1);
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
