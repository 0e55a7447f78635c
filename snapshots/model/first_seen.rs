//! A map that keeps the order of insertion: Python's `dict`, and the merge of a query.

use std::collections::BTreeMap;

/// Words with their values, in the order of first insertion.
#[derive(Debug)]
pub(crate) struct FirstSeen<V> {
    order: Vec<String>,
    values: BTreeMap<String, V>,
}

impl<V: Default> FirstSeen<V> {
    pub(crate) fn new() -> FirstSeen<V> {
        FirstSeen {
            order: Vec::new(),
            values: BTreeMap::new(),
        }
    }

    /// The value of a word, inserted if it has none.
    pub(crate) fn value(&mut self, word: &str) -> &mut V {
        if !self.values.contains_key(word) {
            self.order.push(word.to_owned());
        }
        self.values.entry(word.to_owned()).or_default()
    }

    /// All words with their values, in the order of insertion or else of the alphabet.
    pub(crate) fn into_pairs(mut self, as_they_came: bool) -> Vec<(String, V)> {
        if !as_they_came {
            return self.values.into_iter().collect();
        }
        let pairs = self.order.into_iter();
        pairs
            .filter_map(|word| self.values.remove_entry(&word))
            .collect()
    }
}
