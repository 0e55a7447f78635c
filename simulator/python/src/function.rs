//! Functions of the program, called as Spark's Python workers call them.

use std::cell::Cell;

use engine::Failure;
use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use crate::object::{Object, failure};

thread_local! {
    static WORKERS: Cell<usize> = const { Cell::new(0) };
}

/// True while a function runs that Spark would run in a worker, and not in the program's own process.
#[pyfunction]
pub(crate) fn in_worker() -> bool {
    WORKERS.get() > 0
}

/// Marks what runs until it is dropped as a worker's.
struct Worker;

impl Worker {
    fn enter() -> Worker {
        WORKERS.set(WORKERS.get() + 1);
        Worker
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        WORKERS.set(WORKERS.get() - 1);
    }
}

/// A function of rows, that workers run.
pub(crate) struct Function(pub(crate) Py<PyAny>);

impl Function {
    pub(crate) fn call2(&self, first: Object, second: Object) -> Result<Object, Failure> {
        let _worker = Worker::enter();
        Python::attach(|py| self.0.call1(py, (first.0, second.0)))
            .map(Object)
            .map_err(failed)
    }

    /// True if the function holds for a row.
    pub(crate) fn holds(&self, row: Bound<'_, PyAny>) -> Result<bool, Failure> {
        let _worker = Worker::enter();
        let result = self.0.bind(row.py()).call1((row,));
        result.and_then(|it| it.is_truthy()).map_err(failed)
    }

    /// The rows that the function makes of a partition, given its index and an iterator of its rows; each is made when
    /// it is asked for.
    pub(crate) fn rows(&self, index: usize, rows: Vec<Object>) -> Result<MadeRows, Failure> {
        let _worker = Worker::enter();
        Python::attach(|py| {
            let rows = crate::object::list_of(py, rows)?;
            let made = self.0.bind(py).call1((index, rows.try_iter()?))?;
            Ok(MadeRows(made.try_iter()?.unbind()))
        })
        .map_err(failed)
    }
}

/// The failure of a function of rows. A `StopIteration`, which would end the rows of a caller, is a `RuntimeError`, as
/// `fail_on_stopiteration` of PySpark makes one.
fn failed(error: PyErr) -> Failure {
    Python::attach(|py| {
        if !error.is_instance_of::<PyStopIteration>(py) {
            return failure(error);
        }
        let text = "Caught StopIteration thrown from user's code; failing the task";
        failure(PyRuntimeError::new_err((text, error.into_value(py))))
    })
}

/// Rows that a function makes one by one.
pub(crate) struct MadeRows(Py<PyIterator>);

impl Iterator for MadeRows {
    type Item = Result<Object, Failure>;

    fn next(&mut self) -> Option<Result<Object, Failure>> {
        let _worker = Worker::enter();
        Python::attach(|py| {
            let row = self.0.bind(py).clone().next()?;
            Some(row.map(|row| Object(row.unbind())).map_err(failure))
        })
    }
}
