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
    /// Whether all totals are handed on, or those of the batch's keys.
    hands_all_on: bool,
}

impl Plain {
    /// The loop before its first batch, with so many keys of total 1.
    pub(crate) fn new(keys: usize, hands_all_on: bool) -> Plain {
        let mut state = HashMap::with_capacity_and_hasher(keys, hasher());
        state.extend((0..keys).map(|key| (key_name(key), 1)));
        Plain {
            state,
            hands_all_on,
        }
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
            if !self.hands_all_on {
                digest.add(word, total);
            }
        }
        if self.hands_all_on {
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
