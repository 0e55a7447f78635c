//! The values of each key, combined to one.

use super::keys::{BLOCK, Keys};
use crate::{Failure, Key};

/// The values of each key combined to one, keys in the order in which they were first seen.
pub(crate) struct Combiner<K, C> {
    /// A combined value is only missing while a value is added to it, and after a function has failed
    /// on it: then the combiner is dropped.
    keys: Keys<K, Option<C>>,
}

impl<K: Key, C> Combiner<K, C> {
    pub(crate) fn new() -> Combiner<K, C> {
        Combiner { keys: Keys::new() }
    }

    /// No keys, and room for `keys` of them.
    pub(crate) fn with_room(keys: usize) -> Combiner<K, C> {
        Combiner {
            keys: Keys::with_room(keys),
        }
    }

    /// Adds values to those of their keys; the first one of a key is made into a combined one.
    pub(crate) fn add<V>(
        &mut self,
        pairs: &mut Vec<(K, V)>,
        create: impl Fn(V) -> C,
        add: impl Fn(C, V) -> Result<C, Failure>,
    ) -> Result<(), Failure> {
        while !pairs.is_empty() {
            let block = ..pairs.len().min(BLOCK);
            let found = self
                .keys
                .look_up(pairs[block].iter().map(|(key, _)| key), |_| 0);
            for ((key, value), found) in pairs.drain(block).zip(found) {
                let Some(place) = self.keys.place_now(found, &key) else {
                    self.keys.add_tagged(found.0, key, Some(create(value)));
                    continue;
                };
                let combined = self.keys.with_mut(place);
                *combined = Some(match combined.take() {
                    Some(old) => add(old, value)?,
                    None => create(value),
                });
            }
        }
        Ok(())
    }

    /// The keys with their combined values.
    pub(crate) fn into_pairs(self) -> Vec<(K, C)> {
        let entries = self.keys.into_entries().into_iter();
        entries
            .filter_map(|entry| Some((entry.key, entry.with?)))
            .collect()
    }
}
