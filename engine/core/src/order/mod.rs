//! The order of rows in Spark: its hash functions, partitioners and table layouts.
//!
//! Spark promises no order, but a program's order is fixed by what its tables do, and a console
//! shows it. The rules here give the order of Spark 3.5.9 and 4.3.0 in local mode, on a JDK 17 and with
//! CPython 3.11, as long as nothing spills to disk (`OUT-4`). They are asked only for what is
//! printed; no rule of what a batch computes depends on them.
//!
//! | program | partition of a key | order within a partition |
//! |---|---|---|
//! | DStream, Python | [`Python::Three`], of words [`python`] | first seen: an insertion-ordered map does it |
//! | DStream, Python 2 | [`Python::Two`], of words [`python2`] | first seen |
//! | DStream, JVM | [`java`] | [`append_only_map`], after [`reduce_by_key`] where that combines |
//! | structured, update | [`murmur3`] | first seen, after [`fast_map`] in each input partition |
//! | structured, complete | [`murmur3`] | [`concurrent_hash_map`], by the hash of [`unsafe_row`] |
//!
//! Of an RDD on the JVM [`hash_map`] is the order of `subtractByKey`, and in both languages [`xor_shift_random`] says
//! where `repartition` begins, and [`JavaRandom`] which partitions `coalesce` puts together. Rows are handed out partition by partition, 0 first.

pub mod append_only_map;
pub mod concurrent_hash_map;
pub mod fast_map;
pub mod hash_map;
pub mod java;
mod java_random;
pub mod murmur3;
pub(crate) mod portable_hash;
pub mod python;
pub mod python2;
pub mod reduce_by_key;
pub mod unsafe_row;
pub mod xor_shift_random;

#[cfg(test)]
mod vectors;

pub use append_only_map::AppendOnlyLayout;
pub use concurrent_hash_map::ConcurrentHashMapLayout;
pub use java_random::JavaRandom;
pub use portable_hash::Python;

/// The one of `partitions` partitions that a key of this hash belongs to: the remainder, never
/// negative (`HashPartitioner` of the JVM and of Python, `pmod` in Spark SQL).
///
/// ```
/// use engine::order::partition;
/// assert_eq!(partition(-1, 4), 3);
/// ```
///
/// # Panics
///
/// If `partitions` is zero.
pub fn partition(hash: i64, partitions: usize) -> usize {
    assert!(
        partitions > 0,
        "keys are partitioned into at least one partition"
    );
    if partitions.is_power_of_two() {
        // The same, without the division, which every word would wait for.
        return hash as usize & (partitions - 1);
    }
    hash.rem_euclid(partitions as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Record;

    /// The partitions of blue, green, gohawks, the empty word, é and 你好.
    #[track_caller]
    fn check(hash: fn(&str) -> i64, partitions: usize, expected: [usize; 6]) {
        let words = ["blue", "green", "gohawks", "", "é", "你好"];
        let of = |word| partition(hash(word), partitions);
        assert_eq!(words.map(of), expected);
    }

    #[test]
    fn out_4_keys_go_to_their_partitions() {
        check(python::hash, 2, [0, 0, 1, 0, 1, 1]);
        check(|word| java::hash(word).into(), 2, [0, 1, 0, 0, 1, 1]);
        let of_row = |word: &str| murmur3::hash_row(&[word.to_value()]).into();
        check(of_row, 4, [0, 1, 2, 0, 2, 3]);
        check(of_row, 200, [168, 25, 186, 172, 6, 23]);
    }

    #[test]
    fn negative_hashes_go_to_the_partition_of_the_remainder() {
        for hash in [i64::MIN, -9, -8, -1, 0, 7, 8, i64::MAX] {
            for partitions in 1..=8 {
                let expected = hash.rem_euclid(partitions as i64) as usize;
                assert_eq!(partition(hash, partitions), expected);
            }
        }
    }
}
