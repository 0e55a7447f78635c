//! The values of each key of a partition, combined by functions that may fail.

use super::partitioner::FirstSeen;
use super::partitions::Part;
use super::rdd::Rdd;
use crate::{Data, Failure, Key};

/// The combined values of each key, keys in the order in which they were first seen.
pub(super) struct Combined<K, C> {
    /// Combined values are missing only while one is added to them.
    keys: FirstSeen<K, Option<C>>,
}

impl<K: Key, C> Combined<K, C> {
    /// The values of a partition, combined for an operator; `add` is given the values so far, if there are some. A
    /// failure of it names the key.
    pub(super) fn of_partition<V: Data>(
        operator: &'static str,
        rdd: &Rdd<(K, V)>,
        partition: usize,
        add: impl Fn(Option<C>, V) -> Result<C, Failure>,
    ) -> Result<Vec<(K, C)>, Failure> {
        let mut combined = Combined {
            keys: FirstSeen::default(),
        };
        let read = rdd.read(operator, Part::whole(partition), |rows| {
            rows.drain(..).try_for_each(|(key, value)| {
                let total = combined.keys.entry(key).or_insert(None);
                *total = Some(add(total.take(), value)?);
                Ok(())
            })
        });
        read.map_err(|failure| combined.name_key(failure))?;
        let pairs = combined.keys.into_iter();
        Ok(pairs
            .filter_map(|(key, total)| Some((key, total?)))
            .collect())
    }

    /// The failure, with the key whose values were combined, if that is where it happened.
    fn name_key(&self, failure: Failure) -> Failure {
        match self.keys.iter().find(|(_, total)| total.is_none()) {
            Some((key, _)) => failure.with_key(key),
            None => failure,
        }
    }
}
