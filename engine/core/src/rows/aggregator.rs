//! How the values of a key become one.

use super::Data;

/// What `combineByKey` does with the values of a key (`org.apache.spark.Aggregator`).
pub(crate) trait Aggregator<V>: Sync {
    /// What the values become.
    type Combined: Data;

    /// The first value of a key.
    fn create(&self, value: V) -> Self::Combined;

    /// One more value.
    fn add(&self, combined: Self::Combined, value: V) -> Self::Combined;

    /// What another map task made of the key's values, which came later.
    fn merge(&self, left: Self::Combined, right: Self::Combined) -> Self::Combined;
}

/// Two values become one.
pub(crate) struct Reduce<F>(pub(crate) F);

impl<V: Data, F: Fn(V, V) -> V + Sync> Aggregator<V> for Reduce<F> {
    type Combined = V;

    fn create(&self, value: V) -> V {
        value
    }

    fn add(&self, combined: V, value: V) -> V {
        (self.0)(combined, value)
    }

    fn merge(&self, left: V, right: V) -> V {
        (self.0)(left, right)
    }
}

/// All values are kept, in the order in which they arrived.
pub(crate) struct Group;

impl<V: Data> Aggregator<V> for Group {
    type Combined = Vec<V>;

    fn create(&self, value: V) -> Vec<V> {
        vec![value]
    }

    fn add(&self, mut combined: Vec<V>, value: V) -> Vec<V> {
        combined.push(value);
        combined
    }

    fn merge(&self, mut left: Vec<V>, right: Vec<V>) -> Vec<V> {
        left.extend(right);
        left
    }
}
