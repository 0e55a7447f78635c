//! The order of keys in `java.util.HashMap` (JDK 17), by which the JVM's `subtractByKey` hands keys out.

/// The number of buckets of an empty map.
const CAPACITY: usize = 16;

/// The ranks of keys, given by their Java hash codes in the order in which they were put, in the order in which the map
/// iterates over them: bucket by bucket, and within one as they were put. Keys that are taken out leave the others
/// where they are.
///
/// A bucket of eight keys or more becomes a tree, which is not imitated.
///
/// ```
/// use engine::order::{hash_map, java};
/// let words = ["gohawks", "blue", "white", "green"];
/// let order = hash_map::order(&words.map(java::hash));
/// assert_eq!(order, [3, 1, 2, 0], "blue and white share a bucket");
/// ```
pub fn order(hashes: &[i32]) -> Vec<usize> {
    let mut capacity = CAPACITY;
    while hashes.len() > capacity / 4 * 3 {
        capacity *= 2;
    }
    order_of(hashes, capacity)
}

/// The same of an empty map that all keys of another one are put into at once (`putAll`): its buckets are as many as these
/// need.
pub fn copied_order(hashes: &[i32]) -> Vec<usize> {
    let needed = hashes.len() * 4 / 3 + 1;
    order_of(hashes, needed.next_power_of_two())
}

/// The same of a map that is made for this number of keys.
pub fn sized_order(hashes: &[i32]) -> Vec<usize> {
    let capacity = hashes.len().next_power_of_two();
    let is_full = hashes.len() * 4 > capacity * 3;
    order_of(hashes, if is_full { 2 * capacity } else { capacity })
}

/// The ranks of keys in a map with this number of buckets.
fn order_of(hashes: &[i32], capacity: usize) -> Vec<usize> {
    let bucket = |rank: &usize| {
        let hash = hashes[*rank].cast_unsigned();
        (hash ^ hash >> 16) as usize & (capacity - 1)
    };
    let mut ranks: Vec<usize> = (0..hashes.len()).collect();
    ranks.sort_by_key(bucket);
    ranks
}
