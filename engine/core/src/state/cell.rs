//! A state beside its key, with the batch that wrote it.

use std::ops::RangeInclusive;

/// Batches of a state, counted from 1; the initial state is number 0.
pub(crate) type BatchNumber = u64;

/// Batches that follow each other.
pub(crate) type Batches = RangeInclusive<BatchNumber>;

/// "Removed" in place of the last batch. An `Option` is a word more, and an entry of a
/// [`Text`](crate::Text) with a number would no longer fit into
/// [half a cache line](crate::table::keys::HalfLine).
const REMOVED: BatchNumber = BatchNumber::MAX;

/// The state of a key and the last batch that wrote it.
///
/// A key that its batch removes keeps its cell, marked as removed, until the batch is committed.
#[derive(Clone, Debug)]
pub(crate) struct StateCell<S> {
    /// The last one, where the key was removed.
    state: S,
    last_written: BatchNumber,
}

impl<S> StateCell<S> {
    pub(crate) fn new(state: S, batch: BatchNumber) -> StateCell<S> {
        debug_assert!(
            batch != REMOVED,
            "batches do not come to the largest number"
        );
        StateCell {
            state,
            last_written: batch,
        }
    }

    /// The state, unless the key was removed.
    #[inline]
    pub(crate) fn state(&self) -> Option<&S> {
        (self.last_written != REMOVED).then_some(&self.state)
    }

    /// The last batch that wrote the state, unless the key was removed.
    #[inline]
    pub(crate) fn last_written(&self) -> Option<BatchNumber> {
        (self.last_written != REMOVED).then_some(self.last_written)
    }

    /// Returns true if the key was removed.
    #[inline]
    pub(crate) fn is_removed(&self) -> bool {
        self.last_written == REMOVED
    }

    /// Returns true if the key has a state that one of these batches wrote last.
    pub(crate) fn was_last_written_in(&self, batches: &Batches) -> bool {
        // The mark of a removed key is larger than any batch.
        batches.contains(&self.last_written)
    }

    /// Returns true if the open batch has written or removed the key of this cell, which can be found.
    /// No batch before it can have removed the key: the commit unlinks removed keys.
    #[inline]
    pub(crate) fn is_written_in(&self, open: BatchNumber) -> bool {
        self.last_written == open || self.last_written == REMOVED
    }

    /// Marks the key as removed.
    pub(crate) fn remove(&mut self) {
        self.last_written = REMOVED;
    }

    /// Reads a word of the cell, to have it in the cache.
    #[inline]
    pub(crate) fn prefetch(&self) -> u64 {
        self.last_written
    }
}
