//! The order of keys that the map side of the JVM's `reduceByKey` sends to the reduce side.
//!
//! From `org.apache.spark.util.collection.ExternalSorter` (Spark 3.5.9 and 4.3.0) as long as it does not
//! spill: records are combined in a `PartitionedAppendOnlyMap`, keyed by (partition, key), and then
//! sorted by partition and by the key's hash code, stably.

use super::append_only_map::AppendOnlyLayout;
use super::{java, partition};
use crate::SparkVersion;

/// The hashes of a key on the map side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapSideHash {
    /// The key's hash code, by which keys are partitioned and sorted.
    pub code: i32,
    /// The key's hash as a part of the pair with its partition: Scala's `##`.
    pub in_pair: i32,
}

/// The keys of one input partition in the order in which they are sent.
///
/// `hashes` are those of its distinct keys in first-seen order; the answer is ranks
/// in it. The keys for reduce partition 0 come first, so that a reduce partition's keys lie
/// together. The reduce side puts the keys that each input partition sent it, input partition 0
/// first, into an [`AppendOnlyLayout`], whose order is what is printed.
///
/// ```
/// use engine::SparkVersion;
/// use engine::order::java;
/// use engine::order::reduce_by_key::{MapSideHash, map_side};
/// let words = ["green", "blue", "gohawks"];
/// let hashes = words.map(java::hash).map(|code| MapSideHash { code, in_pair: code });
/// let sent = map_side(&hashes, 2, SparkVersion::V3_5).into_iter().map(|rank| words[rank]);
/// assert_eq!(sent.collect::<Vec<_>>(), ["blue", "gohawks", "green"]);
/// ```
///
/// # Panics
///
/// If `partitions` is zero.
pub fn map_side(hashes: &[MapSideHash], partitions: usize, spark: SparkVersion) -> Vec<usize> {
    let partition_of = |hash: MapSideHash| partition(i64::from(hash.code), partitions);
    let combined: AppendOnlyLayout = hashes
        .iter()
        .map(|&hash| java::pair_hash(partition_of(hash) as i32, hash.in_pair, spark))
        .collect();
    let mut sent: Vec<usize> = combined.iter().collect();
    sent.sort_by_key(|&rank| (partition_of(hashes[rank]), hashes[rank].code));
    sent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drives map and reduce side over `inputs`, the distinct words of each input partition.
    #[track_caller]
    fn check(spark: SparkVersion, inputs: &[&str], partitions: usize, expected: &str) {
        let mut reduced: Vec<Vec<&str>> = vec![Vec::new(); partitions];
        for input in inputs {
            let words: Vec<&str> = input.split(' ').collect();
            let codes = words.iter().map(|word| java::hash(word));
            let hashes: Vec<MapSideHash> = codes
                .map(|code| MapSideHash {
                    code,
                    in_pair: code,
                })
                .collect();
            for rank in map_side(&hashes, partitions, spark) {
                let words_there = &mut reduced[partition(i64::from(hashes[rank].code), partitions)];
                if !words_there.contains(&words[rank]) {
                    words_there.push(words[rank]);
                }
            }
        }
        let mut printed = Vec::new();
        for words in reduced {
            let layout: AppendOnlyLayout = words.iter().map(|word| java::hash(word)).collect();
            printed.extend(layout.iter().map(|rank| words[rank]));
        }
        assert_eq!(printed.join(" "), expected);
    }

    #[test]
    fn partitions_then_slots() {
        for spark in [SparkVersion::V3_5, SparkVersion::V4] {
            check(spark, &["blue green"], 2, "blue green");
            check(spark, &["green gohawks blue"], 2, "gohawks blue green");
        }
    }

    #[test]
    fn equal_hash_codes_come_in_another_order_in_spark_4() {
        check(SparkVersion::V3_5, &["bhAa bhBB"], 1, "bhBB bhAa");
        check(SparkVersion::V4, &["bhAa bhBB"], 1, "bhAa bhBB");
        check(SparkVersion::V3_5, &["ayAa ayBB"], 1, "ayAa ayBB");
        check(SparkVersion::V4, &["ayAa ayBB"], 1, "ayBB ayAa");
    }

    #[test]
    fn equal_hash_codes_keep_the_order_of_the_pairs_table() {
        check(
            SparkVersion::V3_5,
            &["BB C# Bb AaAaAa BBBBBB AaBBAa"],
            1,
            "AaAaAa BBBBBB AaBBAa BB C# Bb",
        );
        check(
            SparkVersion::V3_5,
            &[
                "AaAaAaAa AaAaAaBB AaAaBBAa AaAaBBBB AaBBAaAa AaBBAaBB AaBBBBAa AaBBBBBB \
                 BBAaAaAa BBAaAaBB BBAaBBAa BBAaBBBB BBBBAaAa BBBBAaBB BBBBBBAa BBBBBBBB",
                "BBBBBBBB BBBBBBAa BBBBAaBB BBBBAaAa BBAaBBBB BBAaBBAa BBAaAaBB BBAaAaAa \
                 AaBBBBBB AaBBBBAa AaBBAaBB AaBBAaAa AaAaBBBB AaAaBBAa AaAaAaBB AaAaAaAa x y",
            ],
            2,
            "BBBBAaBB AaAaBBAa AaAaBBBB x AaBBBBBB AaBBAaAa BBBBAaAa BBAaAaAa BBBBBBAa BBAaAaBB \
             AaBBAaBB BBAaBBAa BBBBBBBB AaAaAaAa AaBBBBAa AaAaAaBB BBAaBBBB y",
        );
    }
}
