//! Values combined by key.

use super::keys::{InternedKeys, KeyEntry, LOOKUP_GROUP};
use crate::{Failure, Key};

/// The values of each key combined to one total, keys in the order in which they were first seen.
pub(crate) struct Combiner<K, C> {
    /// A total is missing only while a value is added to it. If that fails the combiner is used no more.
    keys: InternedKeys<K, Option<C>>,
}

impl<K: Key, C> Combiner<K, C> {
    pub(crate) fn new() -> Combiner<K, C> {
        Combiner {
            keys: InternedKeys::new(),
        }
    }

    /// No keys, and room for `keys`.
    pub(crate) fn with_capacity(keys: usize) -> Combiner<K, C> {
        Combiner {
            keys: InternedKeys::with_capacity(keys),
        }
    }

    /// Adds values to the totals of their keys, and leaves `pairs` empty. The first value of a key becomes
    /// its total.
    ///
    /// # Errors
    ///
    /// The first failure of `add`.
    pub(crate) fn add<V>(
        &mut self,
        pairs: &mut Vec<(K, V)>,
        create: impl Fn(V) -> C,
        add: impl Fn(C, V) -> Result<C, Failure>,
    ) -> Result<(), Failure> {
        while !pairs.is_empty() {
            let group = ..pairs.len().min(LOOKUP_GROUP);
            let keys = pairs[group].iter().map(|(key, _)| key);
            let found = self.keys.lookup_group(keys, |_| 0);
            for ((key, value), &found) in pairs.drain(group).zip(&found) {
                let Some(slot) = self.keys.current_slot(found, &key) else {
                    self.keys.add_missing(found, key, Some(create(value)));
                    continue;
                };
                let total = self.keys.value_mut(slot);
                *total = Some(match total.take() {
                    Some(old) => add(old, value)?,
                    None => create(value),
                });
            }
        }
        Ok(())
    }

    /// The failure of a call of [`add`](Combiner::add), with the key whose values were combined, if that is where it
    /// happened. Adding keeps no account of it: of that key alone the total is missing.
    pub(crate) fn name_key(&self, failure: Failure) -> Failure {
        let mut entries = self.keys.entries().iter();
        match entries.find(|entry| entry.value.is_none()) {
            Some(entry) => failure.with_key(&entry.key),
            None => failure,
        }
    }

    /// The keys with their totals.
    pub(crate) fn into_pairs(self) -> Vec<(K, C)> {
        let pair = |entry: KeyEntry<K, Option<C>>| Some((entry.key, entry.value?));
        self.keys
            .into_entries()
            .into_iter()
            .filter_map(pair)
            .collect()
    }
}
