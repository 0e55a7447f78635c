//! The plain loop: one thread, one hash map, and no engine.

use ahash::RandomState;
use engine::Records;
use hashbrown::HashMap;

use crate::workload::key_name;
use crate::{Checksum, RunningSubject};

/// The loop that a programmer would write for speed: it counts the batch's words, adds the counts to the
/// state, and emits totals.
///
/// It owns its keys as `String`s and allocates only for new keys. The engine's operators do the same work
/// behind a general interface, so the loop is what they are compared with.
#[derive(Debug)]
pub(crate) struct PlainLoop {
    state: HashMap<String, i64, RandomState>,
    emitted: EmittedRows,
}

/// The rows that the loop emits for a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmittedRows {
    /// All totals, as `update_state_by_key`.
    All,
    /// The running total of each word, as `map_with_state`.
    Words,
    /// The total of each key of the batch, as a structured query in update mode.
    Keys,
}

impl PlainLoop {
    /// The loop before its first batch, with `keys` keys of total 1.
    pub(crate) fn new(keys: usize, emitted: EmittedRows) -> PlainLoop {
        let mut state = HashMap::with_capacity_and_hasher(keys, hasher());
        state.extend((0..keys).map(|key| (key_name(key), 1)));
        PlainLoop { state, emitted }
    }

    #[inline]
    fn add(&mut self, word: &str, count: i64) -> i64 {
        if let Some(total) = self.state.get_mut(word) {
            *total += count;
            *total
        } else {
            self.state.insert(word.to_owned(), count);
            count
        }
    }
}

impl RunningSubject for PlainLoop {
    fn batch(&mut self, blocks: &[Records]) -> Checksum {
        let mut checksum = Checksum::default();
        for (word, count) in count(blocks) {
            let total = self.add(word, count);
            match self.emitted {
                EmittedRows::All => {}
                EmittedRows::Words => {
                    (total - count..total).for_each(|old| checksum.add(word, old + 1));
                }
                EmittedRows::Keys => checksum.add(word, total),
            }
        }
        if self.emitted == EmittedRows::All {
            for (word, total) in &self.state {
                checksum.add(word, *total);
            }
        }
        checksum
    }
}

fn count(blocks: &[Records]) -> HashMap<&str, i64, RandomState> {
    let mut counts = HashMap::with_hasher(hasher());
    for line in blocks.iter().flat_map(|block| block.iter()) {
        for word in line.as_str().split(' ') {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    counts
}

/// A hasher with fixed seeds, so that every run has the same hashes.
fn hasher() -> RandomState {
    RandomState::with_seeds(1, 2, 3, 4)
}
