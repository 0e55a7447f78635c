//! The memory that the states of a program take, and its limit.

use std::iter::Sum;
use std::sync::{Arc, Mutex};

use crate::lock::lock;
use crate::{Failure, FailureKind, Key};

/// Bytes of a key beside itself and its state: its entry in the index, with the free lanes of its bucket,
/// and its entry in the lists of recent use.
const PER_KEY: usize = 24;

/// The number of keys that have a state, and the bytes that these keys keep on the heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    keys: u64,
    heap_bytes: u64,
}

impl Footprint {
    /// The number of keys that have a state.
    pub(crate) fn keys(self) -> u64 {
        self.keys
    }

    /// Counts a key that got a state.
    pub(crate) fn add<K: Key>(&mut self, key: &K) {
        self.keys += 1;
        self.heap_bytes += key.heap_bytes() as u64;
    }

    /// Counts a key that lost its state.
    pub(crate) fn remove<K: Key>(&mut self, key: &K) {
        assert!(self.keys > 0, "a key is counted before it is removed");
        self.keys -= 1;
        // A user's type may report other sizes for equal keys.
        self.heap_bytes = self.heap_bytes.saturating_sub(key.heap_bytes() as u64);
    }

    /// The bytes that the states take with their keys, where `states` of each key are kept.
    fn bytes<K, S>(self, states: usize) -> u64 {
        let each = size_of::<K>() + states * size_of::<S>() + PER_KEY;
        self.keys * each as u64 + self.heap_bytes
    }
}

impl Sum for Footprint {
    fn sum<I: Iterator<Item = Footprint>>(all: I) -> Footprint {
        all.fold(Footprint::default(), |sum, one| Footprint {
            keys: sum.keys + one.keys,
            heap_bytes: sum.heap_bytes + one.heap_bytes,
        })
    }
}

/// The memory of a program for all of its states, and how much of it is used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Budget {
    limit: Option<u64>,
    used: Arc<Mutex<Usage>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    keys: u64,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(limit: Option<u64>) -> Budget {
        Budget {
            limit,
            used: Arc::default(),
        }
    }

    /// The share of one operator, which keeps this number of states of each key. It uses nothing yet.
    pub(crate) fn share(&self, operator: &'static str, states: usize) -> Share {
        Share {
            budget: self.clone(),
            operator,
            states,
            used: Usage::default(),
        }
    }
}

/// The part of a budget that one operator uses.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    operator: &'static str,
    states: usize,
    used: Usage,
}

impl Share {
    /// Replaces what the operator uses by what its states take after a batch.
    ///
    /// # Errors
    ///
    /// If all operators together would then use more than the limit. The share stays as it is.
    pub(crate) fn take<K, S>(&mut self, footprint: Footprint) -> Result<(), Failure> {
        let next = Usage {
            keys: footprint.keys,
            bytes: footprint.bytes::<K, S>(self.states),
        };
        let mut used = lock(&self.budget.used);
        assert!(
            used.keys >= self.used.keys && used.bytes >= self.used.bytes,
            "a share is a part of what is used"
        );
        let all = Usage {
            keys: used.keys - self.used.keys + next.keys,
            bytes: used.bytes - self.used.bytes + next.bytes,
        };
        if let Some(limit) = self.budget.limit.filter(|limit| all.bytes > *limit) {
            let Usage { keys, bytes } = all;
            let message = format!(
                "the states of {keys} keys would take {bytes} bytes, and the memory of the cluster is \
                 {limit} bytes; give it more memory, or let keys go"
            );
            return Err(Failure::new(FailureKind::Memory, message).in_operator(self.operator));
        }
        *used = all;
        self.used = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(keys: &[&str]) -> Footprint {
        let mut footprint = Footprint::default();
        for key in keys {
            footprint.add(&(*key).to_owned());
        }
        footprint
    }

    #[test]
    fn a_key_takes_its_size_that_of_its_states_its_index_entry_and_its_heap() {
        let two = footprint(&["blue", "green"]);
        assert_eq!(two.bytes::<String, i64>(1), 2 * (24 + 8 + 24) + 9);
        assert_eq!(two.bytes::<String, i64>(2), 2 * (24 + 16 + 24) + 9);
        let mut one = two;
        one.remove(&"green".to_owned());
        assert_eq!(one, footprint(&["blue"]));
        assert_eq!([one, one].into_iter().sum::<Footprint>().keys, 2);
    }

    #[test]
    fn operators_share_the_limit_and_give_back_what_they_let_go() {
        let budget = Budget::new(Some(130));
        let mut left = budget.share("left", 1);
        let mut right = budget.share("right", 1);
        let take = |share: &mut Share, keys: &[&str]| {
            let taken = share.take::<String, i64>(footprint(keys));
            taken.map_err(|failure| failure.to_string())
        };
        assert_eq!(take(&mut left, &["blue"]), Ok(()));
        assert_eq!(take(&mut right, &["blue"]), Ok(()));
        let refused = take(&mut left, &["blue", "green"]);
        assert_eq!(
            refused.err().as_deref(),
            Some(
                "left: the states of 3 keys would take 181 bytes, and the memory of \
                 the cluster is 130 bytes; give it more memory, or let keys go"
            )
        );
        assert_eq!(take(&mut left, &[]), Ok(()));
        assert_eq!(take(&mut right, &["blue", "gray"]), Ok(()));
    }
}
