//! Scala's hash set of values, in whose order `collect_set` hands them out.
//!
//! Of Scala 2.12, on which Spark 3.5 runs, `scala.collection.mutable.FlatHashTable`: open addressing. Of Scala 2.13, on
//! which Spark 4 runs, `scala.collection.mutable.HashSet`: buckets, each sorted by the hashes.

#![expect(clippy::float_cmp, reason = "the set has the equality of Scala")]

use engine::{NestingError, SparkVersion, Value, Values};

use super::java_hash;

/// A set that is laid out in an array and a number.
#[derive(Debug)]
pub(super) struct HashSet<'a> {
    /// Of Spark 3.5 the slots, `NULL` where there is no value; of Spark 4 the values in the order of their buckets.
    pub(super) table: &'a mut Values,
    /// The number of values.
    pub(super) length: &'a mut i64,
    /// The version, and by it the set.
    pub(super) spark: SparkVersion,
}

impl HashSet<'_> {
    /// Adds a value that is not `NULL`, if the set has it not.
    pub(super) fn insert(&mut self, value: &Value) -> Result<(), NestingError> {
        match self.spark {
            SparkVersion::V3_5 => self.insert_flat(value),
            SparkVersion::V4 => self.insert_sorted(value),
        }
    }

    fn insert_flat(&mut self, value: &Value) -> Result<(), NestingError> {
        const SLOTS: usize = 32;
        if self.table.is_empty() {
            *self.table = Values::new(vec![Value::Null; SLOTS])?;
        }
        let slots = self.table.len();
        let mut slot = flat_slot(java_hash::hash_code(value), slots);
        while self.table[slot] != Value::Null {
            if is_same(&self.table[slot], value) {
                return Ok(());
            }
            slot = (slot + 1) % slots;
        }
        self.table.set(slot, value.clone())?;
        *self.length += 1;
        // It grows once it is 45 % full.
        if *self.length >= (slots as i64 * 450) / 1000 {
            let larger = Values::new(vec![Value::Null; slots * 2])?;
            let old = std::mem::replace(self.table, larger);
            *self.length = 0;
            for value in old.iter().filter(|value| **value != Value::Null) {
                self.insert_flat(value)?;
            }
        }
        Ok(())
    }

    fn insert_sorted(&mut self, value: &Value) -> Result<(), NestingError> {
        let buckets = bucket_count(self.table.len());
        let place = |value: &Value| bucket(value, buckets);
        let end = self.table.partition_point(|it| place(it) <= place(value));
        let equal = self.table[..end].iter().rev();
        let mut equal = equal.take_while(|it| place(it) == place(value));
        if equal.any(|it| it == value) {
            return Ok(());
        }
        let mut values = std::mem::take(self.table).into_vec();
        values.insert(end, value.clone());
        let grown = bucket_count(values.len());
        if grown != buckets {
            values.sort_by_cached_key(|value| bucket(value, grown));
        }
        *self.table = Values::new(values)?;
        *self.length += 1;
        Ok(())
    }
}

/// The slot at which the search for a value begins.
fn flat_slot(hash: i32, slots: usize) -> usize {
    const SCATTER: u32 = 0x9e37_75cd;
    let scattered = hash.cast_unsigned().wrapping_mul(SCATTER).swap_bytes();
    let bits = slots.trailing_zeros();
    let rotated = scattered.wrapping_mul(SCATTER).rotate_right(bits);
    (rotated >> (32 - bits)) as usize
}

/// The number of buckets of a set of this number of values: it grows before it is three quarters full.
fn bucket_count(length: usize) -> usize {
    let mut buckets = 16;
    while length + 1 > buckets / 4 * 3 {
        buckets *= 2;
    }
    buckets
}

/// The bucket of a value, and its place there.
fn bucket(value: &Value, buckets: usize) -> (usize, i32) {
    let hash = any_hash(value);
    let improved = hash ^ (hash.cast_unsigned() >> 16).cast_signed();
    (improved.cast_unsigned() as usize & (buckets - 1), improved)
}

/// Equality of Scala, to which `NaN` is not itself.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => one.0 == other.0,
        (Value::Float(one), Value::Float(other)) => one.0 == other.0,
        _ => one == other,
    }
}

/// The hash of a value in a set of Scala 2.13, to which numbers that are equal have one (`##`). Spark 4 wraps
/// floating-point numbers, which have those of Java.
fn any_hash(value: &Value) -> i32 {
    match value {
        Value::Long(number) | Value::Timestamp(number) | Value::TimestampNtz(number) => {
            java_hash::any_of_long(*number)
        }
        Value::DayTimeInterval { micros, .. } => java_hash::any_of_long(*micros),
        other => java_hash::hash_code(other),
    }
}
