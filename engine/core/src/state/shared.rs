//! The part of a state that snapshots of earlier batches read and later batches change.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

use crate::{Failure, FailureKind};

/// The jobs that may be under way at the same time (`JOB-5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concurrency {
    OneJob,
    SeveralJobs,
}

impl Concurrency {
    pub(crate) fn of_jobs(jobs: usize) -> Concurrency {
        if jobs > 1 {
            Concurrency::SeveralJobs
        } else {
            Concurrency::OneJob
        }
    }
}

/// A table that the task of a partition changes in place, batch by batch, and that snapshots read.
///
/// Users' functions run while it is changed, and while it is read. So that none of them can wait for
/// another, no job waits here:
///
/// - Of several jobs, one that [changes](Shared::fork) a table which a snapshot holds goes on with a copy.
/// - If one job runs at a time, the only function that can read a table while it is changed is that of its
///   own operator, and its [read](SharedReader::read) fails.
#[derive(Debug)]
pub(super) struct Shared<T> {
    table: Arc<RwLock<T>>,
    concurrency: Concurrency,
}

impl<T> Shared<T> {
    pub(super) fn new(table: T, concurrency: Concurrency) -> Shared<T> {
        Shared {
            table: Arc::new(RwLock::new(table)),
            concurrency,
        }
    }

    /// Goes on with a copy if jobs of earlier batches may read the table meanwhile. To be called before a
    /// batch writes.
    pub(super) fn fork(&mut self, copy: impl FnOnce(&T) -> T) {
        // Only a snapshot makes another, so a table that none holds stays with its operator.
        if self.concurrency == Concurrency::SeveralJobs && Arc::strong_count(&self.table) > 1 {
            let copy = copy(&self.read());
            self.replace(copy);
        }
    }

    /// Goes on with another table. Snapshots keep the old one.
    pub(super) fn replace(&mut self, table: T) {
        self.table = Arc::new(RwLock::new(table));
    }

    /// The table, to read it. A panic of a user's function does not poison it: its undo log is whole, and
    /// the next batch begins by rolling back.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The table, to change it.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right of a snapshot to read the table.
    pub(super) fn reader(&self) -> SharedReader<T> {
        SharedReader(Arc::clone(&self.table))
    }
}

/// The right to read a table as long as this is held.
#[derive(Debug)]
pub(crate) struct SharedReader<T>(Arc<RwLock<T>>);

impl<T> SharedReader<T> {
    /// The table, also one that a batch which failed has left: it is read past what that batch has written,
    /// as past any later one.
    ///
    /// # Errors
    ///
    /// A function of the operator reads states of its own. In Spark too a job cannot begin inside of a
    /// function (SPARK-5063).
    pub(super) fn read(&self) -> Result<RwLockReadGuard<'_, T>, Failure> {
        match self.0.try_read() {
            Ok(table) => Ok(table),
            Err(TryLockError::Poisoned(table)) => Ok(table.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Failure::new(
                FailureKind::Spark,
                "rows can only be read in an output operation, not in a function of an operator: this one \
                 reads states of its own operator (SPARK-5063)",
            )),
        }
    }
}

impl<T> Clone for SharedReader<T> {
    fn clone(&self) -> SharedReader<T> {
        SharedReader(Arc::clone(&self.0))
    }
}
