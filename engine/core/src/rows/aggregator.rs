//! Combination of the values of a key.

use crate::Data;
use crate::Failure;

/// The functions by which `combineByKey` combines the values of a key (`org.apache.spark.Aggregator`).
pub(crate) trait Aggregator<V>: Sync {
    /// The combined values.
    type Combined: Data;

    /// Starts with the first value of a key.
    fn create(&self, value: V) -> Self::Combined;

    /// Adds a value.
    fn add(&self, combined: Self::Combined, value: V) -> Result<Self::Combined, Failure>;

    /// Adds the values that a later map task combined.
    fn merge(&self, left: Self::Combined, right: Self::Combined)
    -> Result<Self::Combined, Failure>;
}

/// Combines two values to one by a function that may fail.
pub(crate) struct Reduce<F>(pub(crate) F);

impl<V: Data, F: Fn(V, V) -> Result<V, Failure> + Sync> Aggregator<V> for Reduce<F> {
    type Combined = V;

    fn create(&self, value: V) -> V {
        value
    }

    fn add(&self, combined: V, value: V) -> Result<V, Failure> {
        (self.0)(combined, value)
    }

    fn merge(&self, left: V, right: V) -> Result<V, Failure> {
        (self.0)(left, right)
    }
}

/// Keeps all values, in the order in which they arrived.
pub(crate) struct Group;

impl<V: Data> Aggregator<V> for Group {
    type Combined = Vec<V>;

    fn create(&self, value: V) -> Vec<V> {
        vec![value]
    }

    fn add(&self, mut combined: Vec<V>, value: V) -> Result<Vec<V>, Failure> {
        combined.push(value);
        Ok(combined)
    }

    fn merge(&self, mut left: Vec<V>, right: Vec<V>) -> Result<Vec<V>, Failure> {
        left.extend(right);
        Ok(left)
    }
}
