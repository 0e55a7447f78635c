//! Java's hash of a string, and Scala's of a pair that holds one.
//!
//! From `java.lang.String.hashCode` (JDK 17) and `scala.runtime.ScalaRunTime._hashCode` by way of
//! `scala.util.hashing.MurmurHash3.productHash` (Scala 2.12; 2.13 hashes tuples otherwise).

use super::murmur3::{finish, mix};

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

/// `Tuple2.hashCode` of (partition, key), given the key's own hash code: the hash by which the map
/// side of a partitioner keeps its records.
pub fn pair_hash(partition: i32, key_hash: i32) -> i32 {
    let seed = 0xcafe_babe;
    finish(
        mix(
            mix(seed, partition.cast_unsigned()),
            key_hash.cast_unsigned(),
        ),
        2,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors::check;

    #[test]
    fn texts_hash_as_in_java() {
        check("java_string", |text| i64::from(hash(text)));
    }

    #[test]
    fn pairs_hash_as_in_scala_2_12() {
        check("scala_pair_with_3", |text| {
            i64::from(pair_hash(3, hash(text)))
        });
    }
}
