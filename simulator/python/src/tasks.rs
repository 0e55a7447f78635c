//! Functions that keep what they capture for a task.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{Failure, Time};
use pyo3::prelude::*;

use crate::function::Function;
use crate::object::failure;

/// A function that each task has a copy of, as it unpickles one: what it captures is its own.
pub(crate) struct Tasks {
    begin: Py<PyAny>,
    /// The time of the batch and the partition of the last task, and its function.
    last: Mutex<Option<(Time, usize, Function)>>,
}

impl Tasks {
    /// `begin` is called without arguments, and gives the function of one more task.
    pub(crate) fn new(begin: Py<PyAny>) -> Tasks {
        Tasks {
            begin,
            last: Mutex::default(),
        }
    }

    /// The function of the task of a batch and a partition.
    pub(crate) fn function(&self, time: Time, partition: usize) -> Result<Function, Failure> {
        Python::attach(|py| {
            let known = match &*self.last() {
                Some((last, index, function)) if (*last, *index) == (time, partition) => {
                    Some(function.0.clone_ref(py))
                }
                _ => None,
            };
            if let Some(function) = known {
                return Ok(Function(function));
            }
            let function = self.begin.call0(py).map_err(failure)?;
            *self.last() = Some((time, partition, Function(function.clone_ref(py))));
            Ok(Function(function))
        })
    }

    /// Ends the last task: one that fails is begun anew.
    pub(crate) fn end(&self) {
        *self.last() = None;
    }

    fn last(&self) -> MutexGuard<'_, Option<(Time, usize, Function)>> {
        // No panic leaves it half changed.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
