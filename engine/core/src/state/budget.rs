//! How much memory the states of a program may take, and how much they take.

use std::iter::Sum;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Key;
use crate::{FailedBatch, Failure, FailureKind, Time};

/// What a key takes beside itself and its state: its slot in the index, with the room that is free
/// there, and where it is listed by age.
const PER_KEY: usize = 24;

/// How many keys have a state, and what is behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Footprint {
    keys: u64,
    heap_bytes: u64,
}

impl Footprint {
    /// How many keys have a state.
    pub(crate) fn keys(self) -> u64 {
        self.keys
    }

    /// One more key has a state.
    pub(crate) fn add<K: Key>(&mut self, key: &K) {
        self.keys += 1;
        self.heap_bytes += key.heap_bytes() as u64;
    }

    /// A key that had a state has none.
    pub(crate) fn remove<K: Key>(&mut self, key: &K) {
        self.keys = self.keys.saturating_sub(1);
        self.heap_bytes = self.heap_bytes.saturating_sub(key.heap_bytes() as u64);
    }

    /// What the states take, where `states` of each key are kept. Keys lie beside them by value.
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

/// What all the states of a program take together, and its limit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Budget {
    limit: Option<u64>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    keys: u64,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(limit: Option<u64>) -> Budget {
        Budget {
            limit,
            taken: Arc::default(),
        }
    }

    /// The share of one operator, nothing so far. It keeps so many states of each key.
    pub(crate) fn share(&self, operator: &'static str, states: usize) -> Share {
        Share {
            budget: self.clone(),
            operator,
            states,
            taken: Taken::default(),
        }
    }
}

/// What one operator takes of a budget.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    operator: &'static str,
    states: usize,
    taken: Taken,
}

impl Share {
    /// Takes what a batch would leave, instead of what the batch before has left.
    ///
    /// # Errors
    ///
    /// If all operators together then took more than the limit. The share stays what it was.
    pub(crate) fn take<K, S>(
        &mut self,
        footprint: Footprint,
        batch_time: Time,
    ) -> Result<(), Failure> {
        let next = Taken {
            keys: footprint.keys,
            bytes: footprint.bytes::<K, S>(self.states),
        };
        let mut taken = self
            .budget
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let all = Taken {
            keys: taken.keys - self.taken.keys + next.keys,
            bytes: taken.bytes - self.taken.bytes + next.bytes,
        };
        if let Some(limit) = self.budget.limit.filter(|limit| all.bytes > *limit) {
            let Taken { keys, bytes } = all;
            let message = format!(
                "the states of {keys} keys would take {bytes} bytes, and the memory of the cluster is \
                 {limit} bytes; give it more memory, or let keys go"
            );
            return Err(Failure::new(FailureKind::Memory, message)
                .in_operator(self.operator)
                .in_batch(FailedBatch::At(batch_time)));
        }
        *taken = all;
        self.taken = next;
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
    fn a_key_takes_its_size_that_of_its_states_its_slot_and_its_heap() {
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
        let (mut left, mut right) = (budget.share("left", 1), budget.share("right", 1));
        let take = |share: &mut Share, keys: &[&str]| {
            let taken = share.take::<String, i64>(footprint(keys), Time::from_millis(1_000));
            taken.map_err(|failure| failure.to_string())
        };
        assert_eq!(take(&mut left, &["blue"]), Ok(()));
        assert_eq!(take(&mut right, &["blue"]), Ok(()));
        let refused = take(&mut left, &["blue", "green"]);
        assert_eq!(
            refused.err().as_deref(),
            Some(
                "left, batch at 1000 ms: the states of 3 keys would take 181 bytes, and the memory of \
                 the cluster is 130 bytes; give it more memory, or let keys go"
            )
        );
        assert_eq!(take(&mut left, &[]), Ok(()));
        assert_eq!(take(&mut right, &["blue", "gray"]), Ok(()));
    }
}
