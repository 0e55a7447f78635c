//! Keys, and the hashes by which Spark places them.

use std::fmt::Debug;
use std::hash::Hash;

use crate::Data;
use crate::Text;
use crate::order::{java, python, python2};

/// Whose row order a program has: it follows from the language that drives Spark.
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

/// In which order the keys of one partition come out of a partitioner or a state.
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

/// What records can be grouped by.
///
/// A type of one's own needs `Eq`, `Hash`, the hash by which Spark would place it, and `Debug`, for the
/// message of a function that panics on it:
///
/// ```
/// use engine::{Key, RowOrder};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// struct User(i64);
///
/// impl Key for User {
///     fn spark_hash(&self, order: RowOrder) -> i64 {
///         self.0.spark_hash(order)
///     }
/// }
/// ```
pub trait Key: Data + Eq + Hash + Debug {
    /// Python's `portable_hash` or Java's `hashCode`.
    fn spark_hash(&self, order: RowOrder) -> i64;

    /// How many bytes this key keeps outside of itself, which the
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

impl Key for i64 {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python | RowOrder::Python2 => python_integer_hash(*self, order),
            // `java.lang.Long.hashCode`
            RowOrder::Jvm => i64::from((*self ^ (self.cast_unsigned() >> 32).cast_signed()) as i32),
        }
    }
}

impl Key for i32 {
    fn spark_hash(&self, order: RowOrder) -> i64 {
        match order {
            RowOrder::Python | RowOrder::Python2 => python_integer_hash(i64::from(*self), order),
            RowOrder::Jvm => i64::from(*self),
        }
    }
}

fn text_hash(text: &str, order: RowOrder) -> i64 {
    match order {
        RowOrder::Python => python::hash(text),
        RowOrder::Python2 => python2::hash(text),
        RowOrder::Jvm => i64::from(java::hash(text)),
    }
}

/// `hash(int)`: Python 3 reduces modulo the Mersenne prime 2^61 - 1, Python 2 does not; -1 marks an
/// error in C, so it becomes -2.
fn python_integer_hash(integer: i64, order: RowOrder) -> i64 {
    let hash = if order == RowOrder::Python2 {
        integer
    } else {
        integer % ((1 << 61) - 1)
    };
    if hash == -1 { -2 } else { hash }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_hash_as_in_python_and_java() {
        assert_eq!((-1_i64).spark_hash(RowOrder::Python), -2);
        assert_eq!(((1_i64 << 61) - 1).spark_hash(RowOrder::Python), 0);
        assert_eq!(i64::MIN.spark_hash(RowOrder::Python), -4);
        assert_eq!((1_i64 << 32).spark_hash(RowOrder::Jvm), 1);
        assert_eq!((-1_i64).spark_hash(RowOrder::Jvm), 0);
        assert_eq!((-1_i32).spark_hash(RowOrder::Jvm), -1);
    }
}
