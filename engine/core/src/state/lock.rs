//! The lock on keys and states that snapshots of earlier batches share with the batch that changes them.
//!
//! The writer is the task of the partition: a batch takes the write lock while it runs, and again to
//! commit. Readers are snapshots, each for the time of one visit. Jobs run one at a time, and a job
//! reads states only after it has updated them, so no lock is waited for. The exception is a user's
//! function that reads a snapshot of its own operator: it waits for its own batch, for ever.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Takes the write lock, also a poisoned one: a panic of a user's function leaves the undo log of its batch
/// whole, and the next batch begins by rolling back.
pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the read lock, also a poisoned one: until the roll-back a snapshot reads past what the failed
/// batch has written, as past any later batch.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}
