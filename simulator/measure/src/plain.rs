//! The plain loop: one thread, one hash map, and no engine.

use ahash::RandomState;
use engine::Block;
use hashbrown::HashMap;

use crate::workload::key_name;
use crate::{Digest, Running};

/// The loop anybody would write: count the batch's words where they stand, add the counts to the
/// state, hand totals on.
///
/// It owns its keys as `String`s and allocates only for keys that are new. That is what the engine's
/// operators are measured against, for they do the same work behind a general interface.
#[derive(Debug)]
pub(crate) struct Plain {
    state: HashMap<String, i64, RandomState>,
    hands_on: HandsOn,
}

/// What the loop hands on of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HandsOn {
    /// All totals, as `update_state_by_key`.
    All,
    /// The running total of each word, as `map_with_state`.
    Words,
    /// The total of each key that came, as a structured query in update mode.
    Keys,
}

impl Plain {
    /// The loop before its first batch, with so many keys of total 1.
    pub(crate) fn new(keys: usize, hands_on: HandsOn) -> Plain {
        let mut state = HashMap::with_capacity_and_hasher(keys, hasher());
        state.extend((0..keys).map(|key| (key_name(key), 1)));
        Plain { state, hands_on }
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

impl Running for Plain {
    fn batch(&mut self, blocks: &[Block]) -> Digest {
        let mut digest = Digest::default();
        for (word, count) in count(blocks) {
            let total = self.add(word, count);
            match self.hands_on {
                HandsOn::All => {}
                HandsOn::Words => (total - count..total).for_each(|old| digest.add(word, old + 1)),
                HandsOn::Keys => digest.add(word, total),
            }
        }
        if self.hands_on == HandsOn::All {
            for (word, total) in &self.state {
                digest.add(word, *total);
            }
        }
        digest
    }
}

fn count(blocks: &[Block]) -> HashMap<&str, i64, RandomState> {
    let mut counts = HashMap::with_hasher(hasher());
    for line in blocks.iter().flat_map(|block| block.iter()) {
        for word in line.as_str().split(' ') {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    counts
}

/// The same hashes in every run.
fn hasher() -> RandomState {
    RandomState::with_seeds(1, 2, 3, 4)
}
