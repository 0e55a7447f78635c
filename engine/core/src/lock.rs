//! Locks of values that are whole whenever they can be locked.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a value. Poison is ignored: a user's function that panics while the lock is held leaves the
/// value whole, or its operator undoes what it did before the next use.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
