//! The states of `map_with_state` as they are saved.

use serde::{Deserialize, Serialize};

use super::cell::BatchNumber;

/// A batch of `map_with_state`: the mapped rows of each partition, and the states after it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedMapping<K, S, M> {
    pub(crate) mapped: Vec<Vec<M>>,
    pub(crate) partitions: Vec<SavedPartition<K, S>>,
}

/// The states of a partition as Spark writes them: the table of the batch, and one table of all that was before
/// (`MAP-4`; `OpenHashMapBasedStateMap.writeObject`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedPartition<K, S> {
    /// In the order in which they are read.
    pub(crate) before: Vec<SavedEntry<K, S>>,
    /// The entries that Spark makes room for when it reads them.
    pub(crate) room: usize,
    /// In the order in which they are read.
    pub(crate) newest: Vec<SavedEntry<K, S>>,
}

/// An entry of a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum SavedEntry<K, S> {
    /// A key with its state, and the batch that wrote it last.
    State(K, S, BatchNumber),
    /// Only the hash of a key, which takes room in the table: it was removed, or the newest table has its state.
    Room(i32),
}
