//! The keys of one partition in a window, each with the fold of its values, kept up from window to window.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::folded_queue::FoldedQueue;
use super::reduce_by_key_and_window::OPERATOR;
use super::window_spec::ReduceFunction;
use crate::failure::catch;
use crate::rows::partitioner::FirstSeen;
use crate::{Data, Failure, Key, Time};

/// The place of a pair in a window: those of older batches come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) batch_time: Time,
    /// Index among the pairs of the partition in the batch.
    pub(super) index: usize,
}

/// Pairs by the position at which their key is first in the window. That is the order in which a fold of all
/// batches, oldest first, comes upon the keys.
pub(super) type FoldedPairs<K, V> = BTreeMap<Position, (K, V)>;

/// The pairs of one partition in a window. A batch has a key once.
///
/// A batch that comes or leaves costs in proportion to its pairs and the logarithm of the number of keys.
pub(super) struct FoldedKeys<K, V> {
    values: FirstSeen<K, FoldedQueue<Position, V>>,
    /// Each key with the fold of its values; copied on write if an earlier window is still read.
    pairs: Arc<FoldedPairs<K, V>>,
}

impl<K: Key, V: Data> FoldedKeys<K, V> {
    pub(super) fn new() -> FoldedKeys<K, V> {
        FoldedKeys {
            values: FirstSeen::default(),
            pairs: Arc::default(),
        }
    }

    /// Each key with the fold of its values.
    pub(super) fn pairs(&self) -> &Arc<FoldedPairs<K, V>> {
        &self.pairs
    }

    /// Removes the pairs of the batches up to `end`. After a failure, here as below, the window is of no use.
    pub(super) fn remove_until(
        &mut self,
        end: Time,
        function: &ReduceFunction<V>,
    ) -> Result<(), Failure> {
        let is_leaving = |position: Position| position.batch_time <= end;
        let first = self.pairs.first_key_value();
        if first.is_none_or(|(first, _)| !is_leaving(*first)) {
            return Ok(());
        }
        // The oldest pair of all is also the first one of its key: each one that leaves is found as such.
        let pairs = Arc::make_mut(&mut self.pairs);
        while let Some(first) = pairs.first_entry().filter(|first| is_leaving(*first.key())) {
            let (key, _) = first.remove();
            let values = self.values.get_mut(&key).expect("each key has its values");
            let fold = of_key(&key, || {
                while values.oldest().is_some_and(is_leaving) {
                    values.pop(function)?;
                }
                values.fold(function)
            });
            match (values.oldest(), fold?) {
                (Some(oldest), Some(value)) => {
                    pairs.insert(oldest, (key, value));
                }
                _ => {
                    self.values.swap_remove(&key);
                }
            }
        }
        Ok(())
    }

    /// Adds a pair of the newest batch.
    pub(super) fn add(
        &mut self,
        position: Position,
        key: K,
        value: V,
        function: &ReduceFunction<V>,
    ) -> Result<(), Failure> {
        let pairs = Arc::make_mut(&mut self.pairs);
        let Some(values) = self.values.get_mut(&key) else {
            pairs.insert(position, (key.clone(), value.clone()));
            let mut values = FoldedQueue::new();
            values.push(position, value, function)?;
            self.values.insert(key, values);
            return Ok(());
        };
        let fold = of_key(&key, || {
            values.push(position, value, function)?;
            values.fold(function)
        });
        if let (Some(oldest), Some(value)) = (values.oldest(), fold?) {
            pairs.insert(oldest, (key, value));
        }
        Ok(())
    }
}

/// The result of `work` with the values of a key, which its failure names.
fn of_key<K: Key, R>(key: &K, work: impl FnOnce() -> Result<R, Failure>) -> Result<R, Failure> {
    let result = catch(OPERATOR, work).and_then(|result| result);
    result.map_err(|failure| failure.with_key(key))
}
