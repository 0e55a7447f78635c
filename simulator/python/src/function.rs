//! Functions of the program, called as Spark's Python workers call them.

use std::cell::Cell;

use engine::{Failure, PartitionRows};
use pyo3::exceptions::{PyRuntimeError, PyStopIteration};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};

use crate::object::{Object, exception, failure, list_of};

/// Rows that are handed on between two looks at the signals that Python has been sent: an iterator that is written in C
/// looks at none.
const ROWS_BETWEEN_SIGNALS: u32 = 1_024;

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

    /// The function of these arguments.
    pub(crate) fn call<'py>(
        &self,
        arguments: Bound<'py, PyTuple>,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        let _worker = Worker::enter();
        let function = self.0.bind(arguments.py());
        function.call1(arguments).map_err(failed)
    }

    /// Hands over the rows of a partition in a micro-batch of a query.
    pub(crate) fn take(
        &self,
        partition: usize,
        batch: u64,
        rows: Vec<Bound<'_, PyAny>>,
    ) -> Result<(), Failure> {
        let _worker = Worker::enter();
        Python::attach(|py| self.0.call1(py, (partition, batch, rows)))
            .map(drop)
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
    pub(crate) fn rows(
        &self,
        index: usize,
        rows: PartitionRows<Object>,
    ) -> Result<MadeRows, Failure> {
        let _worker = Worker::enter();
        Python::attach(|py| {
            let rows = iterator_of(py, rows)?;
            let made = self.0.bind(py).call1((index, rows))?;
            Ok(MadeRows {
                rows: made.try_iter()?.unbind(),
                until_signals: ROWS_BETWEEN_SIGNALS,
            })
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

/// Rows of a partition as a function iterates over them: those of another function are its own iterator.
fn iterator_of(py: Python<'_>, rows: PartitionRows<Object>) -> PyResult<Bound<'_, PyAny>> {
    let made = match rows {
        PartitionRows::Kept(rows) => return Ok(list_of(py, rows)?.try_iter()?.into_any()),
        PartitionRows::Made(made) => made,
    };
    Ok(match made.downcast::<MadeRows>() {
        Ok(made) => made.rows.into_bound(py).into_any(),
        Err(made) => Bound::new(py, Rows(made))?.into_any(),
    })
}

/// Rows that a function makes one by one.
pub(crate) struct MadeRows {
    rows: Py<PyIterator>,
    until_signals: u32,
}

impl Iterator for MadeRows {
    type Item = Result<Object, Failure>;

    fn next(&mut self) -> Option<Result<Object, Failure>> {
        let _worker = Worker::enter();
        Python::attach(|py| {
            self.until_signals -= 1;
            if self.until_signals == 0 {
                self.until_signals = ROWS_BETWEEN_SIGNALS;
                if let Err(interrupt) = py.check_signals() {
                    return Some(Err(failure(interrupt)));
                }
            }
            let row = self.rows.bind(py).clone().next()?;
            Some(row.map(|row| Object(row.unbind())).map_err(failure))
        })
    }
}

/// An iterator of rows that several functions make.
#[pyclass(unsendable)]
struct Rows(engine::MadeRows<Object>);

#[pymethods]
impl Rows {
    fn __iter__(rows: PyRef<'_, Self>) -> PyRef<'_, Self> {
        rows
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let row = self.0.next().transpose();
        let row = row.map_err(|failure| exception(py, &failure))?;
        Ok(row.map(|row| row.0))
    }
}
