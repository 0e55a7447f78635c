//! The lock on keys and states that snapshots of earlier batches share with the batch that changes them.
//!
//! The writer is the task of the partition: a batch takes the write lock while it runs, and again to
//! commit. Readers are snapshots, each for the time of one visit. A job reads states only after it has
//! updated them, so one job alone waits for no lock, unless a user's function reads a snapshot of its own
//! operator: it waits for its own batch, for ever. Of several jobs (`JOB-5`) a reader waits for the batch
//! that another one runs. If the function of that batch waits for the reader in turn, by a lock of the
//! user's own, neither goes on.

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
