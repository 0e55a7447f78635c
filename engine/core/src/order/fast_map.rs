//! The order of groups in a partial aggregation of Spark SQL.
//!
//! From `org.apache.spark.sql.execution.aggregate.HashAggregateExec` and
//! `RowBasedHashMapGenerator` (Spark 3.5.9, default settings): a small map
//! in front of the real one gives up after two probes, and what it refuses comes after what it
//! took, each part in first-seen order. A grouping by a struct, such as a window, has no small map.

use crate::types::Value;

/// The number of buckets of the small map, a power of two.
const BUCKETS: usize = 1 << 17;

/// The number of groups that the small map holds.
const GROUPS_MAX: usize = 1 << 16;

/// The number of buckets in a row that are looked at for a group.
const PROBES: usize = 2;

/// 2^32 over the golden ratio, as the hash's text has it.
const GOLDEN: i32 = 0x9e37_79b9_u32.cast_signed();

/// The distinct keys of one input partition, in first-seen order and each by its [`hash_row`], as
/// ranks in the order in which the partial aggregation hands them out.
///
/// `didefug`, `exbb` and `hmnbmpf` come after `x` here, for other words took their buckets:
///
/// ```
/// use engine::Record;
/// use engine::order::fast_map;
/// let words = ["p", "oyoo", "lrqgy", "hmnbmpf", "exbb", "didefug", "x"];
/// let hashes = words.map(|word| fast_map::hash_row(&[word.to_value()]));
/// assert_eq!(fast_map::order(hashes), [0, 1, 2, 6, 3, 4, 5]);
/// ```
pub fn order(hashes: impl IntoIterator<Item = Option<i64>>) -> Vec<usize> {
    let mut taken = Taken::default();
    let mut order = Vec::new();
    let mut refused = Vec::new();
    for (rank, hash) in hashes.into_iter().enumerate() {
        let free = hash.and_then(|hash| probes(hash).find(|bucket| !taken.has(*bucket)));
        match free {
            Some(bucket) if order.len() < GROUPS_MAX => {
                taken.add(bucket);
                order.push(rank);
            }
            _ => refused.push(rank),
        }
    }
    order.append(&mut refused);
    order
}

/// The most buckets that are looked through one by one: fewer than it takes to clear a bit for each.
const FEW: usize = 32;

/// The buckets that are taken: a list of a few, or a bit for each.
#[derive(Default)]
struct Taken {
    few: Vec<usize>,
    /// None as long as there are few.
    bits: Vec<u64>,
}

impl Taken {
    fn has(&self, bucket: usize) -> bool {
        match self.bits.get(bucket / 64) {
            Some(bits) => bits & 1 << (bucket % 64) != 0,
            None => self.few.contains(&bucket),
        }
    }

    fn add(&mut self, bucket: usize) {
        if self.bits.is_empty() && self.few.len() < FEW {
            self.few.push(bucket);
            return;
        }
        if self.bits.is_empty() {
            self.bits = vec![0; BUCKETS / 64];
        }
        for bucket in self.few.drain(..).chain([bucket]) {
            self.bits[bucket / 64] |= 1 << (bucket % 64);
        }
    }
}

fn probes(hash: i64) -> impl Iterator<Item = usize> {
    (0..PROBES).map(move |step| (hash as usize).wrapping_add(step) % BUCKETS)
}

/// The hash that the generated code computes for a key of these columns; none for a key that does
/// not go into the small map: one with a missing value, or of a type that is not in one word, a text or a
/// decimal.
pub fn hash_row(values: &[Value]) -> Option<i64> {
    values.iter().try_fold(0, |hash, value| {
        let number = match value {
            Value::Boolean(truth) => i64::from(*truth),
            Value::Byte(number) => i64::from(*number),
            Value::Short(number) => i64::from(*number),
            Value::Integer(number) | Value::Date(number) => i64::from(*number),
            Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => *number,
            Value::Float(number) => i64::from(number.bits().cast_signed()),
            Value::Double(number) => number.bits().cast_signed(),
            Value::Decimal(decimal) => match decimal.unscaled_long() {
                Some(unscaled) => unscaled,
                None => hash_bytes(&decimal.unscaled_bytes()),
            },
            Value::String(text) => hash_bytes(text.as_bytes()),
            Value::YearMonthInterval { months, .. } => i64::from(*months),
            Value::DayTimeInterval { micros, .. } => *micros,
            Value::Null
            | Value::Binary(_)
            | Value::Tuple(_)
            | Value::Struct(_)
            | Value::Array(_)
            | Value::Map(_) => return None,
        };
        Some(mixed(hash, number))
    })
}

fn hash_bytes(bytes: &[u8]) -> i64 {
    let hash = bytes.iter().fold(0_i32, |hash, byte| {
        (hash ^ GOLDEN)
            .wrapping_add(i32::from(byte.cast_signed()))
            .wrapping_add(hash << 6)
            .wrapping_add((hash.cast_unsigned() >> 2).cast_signed())
    });
    hash.into()
}

fn mixed(hash: i64, column: i64) -> i64 {
    (hash ^ i64::from(GOLDEN))
        .wrapping_add(column)
        .wrapping_add(hash << 6)
        .wrapping_add((hash.cast_unsigned() >> 2).cast_signed())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::order::vectors;
    use crate::types::{Record, Struct};

    /// The hash of a key of one text column.
    fn hash(word: &str) -> Option<i64> {
        hash_row(&[word.to_value()])
    }

    #[track_caller]
    fn check(words: &str, expected: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        let ordered: Vec<&str> = order(words.iter().map(|word| hash(word)))
            .into_iter()
            .map(|rank| words[rank])
            .collect();
        assert_eq!(ordered.join(" "), expected);
    }

    #[test]
    fn words_hash_as_in_the_generated_code() {
        vectors::check("fast_map", |word| hash(word).expect("a text has a hash"));
    }

    #[test]
    fn first_seen_order_as_long_as_there_is_room() {
        check("blue green gohawks", "blue green gohawks");
    }

    #[test]
    fn a_word_whose_two_buckets_are_taken_comes_last() {
        check(
            "p oyoo lrqgy hmnbmpf exbb didefug x",
            "p oyoo lrqgy x hmnbmpf exbb didefug",
        );
        check(
            "didefug exbb hmnbmpf lrqgy oyoo",
            "didefug exbb hmnbmpf lrqgy oyoo",
        );
    }

    #[test]
    fn a_key_with_a_missing_value_or_a_struct_does_not_go_into_the_small_map() {
        let word = "blue".to_value();
        let window = Value::Struct(Struct::from_iter([("start", Value::Timestamp(0))]));
        assert_eq!(hash_row(&[Value::Null]), None);
        assert_eq!(hash_row(&[window, word]), None);
        assert_eq!(order([None, Some(1), None, Some(5)]), [1, 3, 0, 2]);
    }

    /// The plain twin has one set of buckets, few or many.
    #[test]
    fn buckets_that_were_taken_while_there_were_few_stay_taken() {
        let hashes: Vec<i64> = (0..6 * FEW as i64).map(|rank| rank * 7 % 101).collect();
        let mut buckets = BTreeSet::new();
        let is_taken = |rank: &usize| probes(hashes[*rank]).any(|bucket| buckets.insert(bucket));
        let (mut expected, refused): (Vec<_>, Vec<_>) = (0..hashes.len()).partition(is_taken);
        assert!(expected.len() > FEW && !refused.is_empty());
        expected.extend(refused);
        assert_eq!(order(hashes.iter().copied().map(Some)), expected);
    }

    #[test]
    fn the_small_map_holds_65536_words() {
        let words: Vec<String> = (0..150_000).map(|number| number.to_string()).collect();
        let order = order(words.iter().map(|word| hash(word)));
        let (taken, refused) = order.split_at(65_536);
        assert!(taken.is_sorted() && refused.is_sorted());
        assert!(taken[65_535] < 149_999 && refused[0] < taken[65_535]);
        assert_eq!(order.len(), words.len());
    }
}
