//! The counts of one shuffle partition, in the order in which a state store hands them out.

use engine::order::{ConcurrentHashMapLayout, unsafe_row};
use engine::{Text, Value};
use indexmap::IndexMap;

/// A map in the order in which its words were first seen.
pub(crate) type Counts =
    IndexMap<Text, i64, std::hash::BuildHasherDefault<std::hash::DefaultHasher>>;

/// The state store of one partition (`SS-1`; `HDFSBackedStateStoreProvider`).
#[derive(Debug)]
pub(crate) struct StatePartition {
    /// How many batches it has seen.
    version: u64,
    counts: Counts,
    /// The order of the keys; kept only for a query that shows all of them.
    layout: Option<ConcurrentHashMapLayout>,
}

impl StatePartition {
    /// An empty store, which keeps the order of its keys if it will be asked for all of them.
    pub(crate) fn new(ordered: bool) -> StatePartition {
        StatePartition {
            version: 0,
            counts: Counts::default(),
            layout: ordered.then(ConcurrentHashMapLayout::new),
        }
    }

    /// Adds the counts of a batch, and returns the new totals of its words in the batch's order.
    pub(crate) fn add(&mut self, batch: Counts) -> Vec<(Text, i64)> {
        // The next version of a store is a copy of this one, also without new words (`SS-2`); the first
        // version is a copy of nothing.
        if let Some(layout) = &mut self.layout
            && self.version > 0
        {
            *layout = layout.next_batch();
        }
        self.version += 1;
        batch
            .into_iter()
            .map(|(word, count)| self.add_word(word, count))
            .collect()
    }

    fn add_word(&mut self, word: Text, count: i64) -> (Text, i64) {
        let entry = self.counts.entry(word.clone());
        let index = entry.index();
        let total = entry.or_insert(0);
        *total += count;
        if let Some(layout) = &mut self.layout {
            layout.put(unsafe_row::hash(&word), index);
        }
        (word, *total)
    }

    /// All words with their counts, in the order of the store.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&Text, i64)> {
        let order = self.layout.iter().flat_map(ConcurrentHashMapLayout::iter);
        order
            .filter_map(|index| self.counts.get_index(index))
            .map(|(word, count)| (word, *count))
    }
}

/// A row of the result table.
pub(crate) fn row(word: Text, count: i64) -> Vec<Value> {
    vec![Value::Text(word), Value::Int(count)]
}
