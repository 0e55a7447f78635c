//! What has become of each key's values so far.

use super::keys::{BLOCK, Keys};
use crate::key::Key;

/// The values of each key combined to one, keys in the order in which they were first seen.
pub(crate) struct Combiner<K, C> {
    /// A total is only missing while a value is added to it.
    keys: Keys<K, Option<C>>,
}

impl<K: Key, C> Combiner<K, C> {
    pub(crate) fn new() -> Combiner<K, C> {
        Combiner { keys: Keys::new() }
    }

    /// Nothing yet, and room for so many keys.
    pub(crate) fn with_room(keys: usize) -> Combiner<K, C> {
        Combiner {
            keys: Keys::with_room(keys),
        }
    }

    /// Adds values to what their keys have; the first one of a key is made into a total.
    pub(crate) fn add<V>(
        &mut self,
        pairs: &mut Vec<(K, V)>,
        create: impl Fn(V) -> C,
        add: impl Fn(C, V) -> C,
    ) {
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
                let total = self.keys.with_mut(place);
                *total = Some(match total.take() {
                    Some(old) => add(old, value),
                    None => create(value),
                });
            }
        }
    }

    /// The keys with their totals.
    pub(crate) fn into_pairs(self) -> Vec<(K, C)> {
        let entries = self.keys.into_entries().into_iter();
        entries
            .filter_map(|entry| Some((entry.key, entry.with?)))
            .collect()
    }
}
