//! In which order a partial aggregation of Spark SQL hands its groups out.
//!
//! From `org.apache.spark.sql.execution.aggregate.HashAggregateExec` and
//! `RowBasedHashMapGenerator` (Spark 3.5.9, default settings, one text column as key): a small map
//! in front of the real one gives up after two probes, and what it refuses comes after what it
//! took, each part in first-seen order. A grouping by a struct, such as a window, has no small map.

/// How many buckets the small map has: a power of two.
const BUCKETS: usize = 1 << 17;

/// How many groups the small map holds.
const GROUPS_MAX: usize = 1 << 16;

/// How many buckets in a row are looked at for a group.
const PROBES: usize = 2;

/// 2^32 over the golden ratio, as the hash's text has it.
const GOLDEN: i32 = 0x9e37_79b9_u32.cast_signed();

/// The distinct `words` of one input partition, in first-seen order, as ranks in the order in which
/// the partial aggregation hands them out.
///
/// `didefug`, `exbb` and `hmnbmpf` come after `x` here, for other words took their buckets:
///
/// ```
/// use engine::order::fast_map;
/// let words = ["p", "oyoo", "lrqgy", "hmnbmpf", "exbb", "didefug", "x"];
/// assert_eq!(fast_map::order(words), [0, 1, 2, 6, 3, 4, 5]);
/// ```
pub fn order<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let mut taken = vec![false; BUCKETS];
    let mut order = Vec::new();
    let mut refused = Vec::new();
    for (rank, word) in words.into_iter().enumerate() {
        let free = probes(word).find(|bucket| !taken[*bucket]);
        match free {
            Some(bucket) if order.len() < GROUPS_MAX => {
                taken[bucket] = true;
                order.push(rank);
            }
            _ => refused.push(rank),
        }
    }
    order.append(&mut refused);
    order
}

fn probes(word: &str) -> impl Iterator<Item = usize> {
    let first = hash(word) as usize;
    (0..PROBES).map(move |step| first.wrapping_add(step) % BUCKETS)
}

/// The hash that the generated code computes for a key of one text column.
fn hash(word: &str) -> i64 {
    let text = word.bytes().fold(0_i32, |hash, byte| {
        (hash ^ GOLDEN)
            .wrapping_add(i32::from(byte.cast_signed()))
            .wrapping_add(hash << 6)
            .wrapping_add((hash.cast_unsigned() >> 2).cast_signed())
    });
    i64::from(GOLDEN) + i64::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::vectors;

    #[track_caller]
    fn check(words: &str, expected: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        let ordered: Vec<&str> = order(words.iter().copied())
            .into_iter()
            .map(|rank| words[rank])
            .collect();
        assert_eq!(ordered.join(" "), expected);
    }

    #[test]
    fn words_hash_as_in_the_generated_code() {
        vectors::check("fast_map", hash);
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
    fn the_small_map_holds_65536_words() {
        let words: Vec<String> = (0..150_000).map(|number| number.to_string()).collect();
        let order = order(words.iter().map(String::as_str));
        let (taken, refused) = order.split_at(65_536);
        assert!(taken.is_sorted() && refused.is_sorted());
        assert!(taken[65_535] < 149_999 && refused[0] < taken[65_535]);
        assert_eq!(order.len(), words.len());
    }
}
