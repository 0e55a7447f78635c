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

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(words: &[&str]) -> Counts {
        words.iter().map(|&word| (Text::from(word), 1)).collect()
    }

    fn words(state: &StatePartition) -> Vec<String> {
        state.rows().map(|(word, _)| word.to_string()).collect()
    }

    #[test]
    fn ss_2_a_batch_is_added_to_the_version_of_the_batch_before() {
        let mut state = StatePartition::new(true);
        let totals = |totals: &[(Text, i64)]| {
            let totals = totals.iter().map(|(word, total)| format!("{word}={total}"));
            totals.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(totals(&state.add(batch(&["b", "a"]))), "b=1 a=1");
        assert_eq!(totals(&state.add(batch(&["c", "a"]))), "c=1 a=2");
        assert_eq!(totals(&state.add(batch(&[]))), "");
        let rows: Vec<i64> = state.rows().map(|(_, total)| total).collect();
        assert_eq!(rows.iter().sum::<i64>(), 4);
    }

    /// The plain twin: the map of each batch is a new one, into which the old one is put first.
    #[test]
    fn ss_2_each_version_is_a_copy_and_that_shows_in_the_order_of_its_keys() {
        let alphabet: Vec<String> = ('a'..='z').map(String::from).collect();
        let batches: Vec<Vec<&str>> = [0..9, 0..0, 5..26, 0..0]
            .map(|range| alphabet[range].iter().map(String::as_str).collect())
            .to_vec();
        let mut state = StatePartition::new(true);
        let mut layout = ConcurrentHashMapLayout::new();
        let mut orders = Vec::new();
        for (version, new) in batches.iter().enumerate() {
            state.add(batch(new));
            if version > 0 {
                layout = layout.next_batch();
            }
            for word in new {
                let index = alphabet.iter().position(|letter| letter == word);
                layout.put(unsafe_row::hash(word), index.expect("a letter"));
            }
            let order: Vec<&str> = layout
                .iter()
                .map(|index| alphabet[index].as_str())
                .collect();
            assert_eq!(words(&state), order);
            orders.push(words(&state));
        }
        assert_ne!(orders[0], orders[1], "a batch without words copies too");
        assert_ne!(orders[2], orders[3], "a batch without words copies too");
    }

    #[test]
    fn om_1_only_a_query_that_shows_all_words_keeps_their_order() {
        let mut state = StatePartition::new(false);
        state.add(batch(&["a"]));
        assert_eq!(words(&state), [""; 0]);
    }
}
