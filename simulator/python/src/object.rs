//! Python objects as records and states.

use std::cell::{Cell, RefCell};
use std::panic::resume_unwind;

use engine::{Failure, FailureSource};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyBytes, PyComplex, PyFloat, PyFrozenSet, PyInt, PyList, PyString, PyTraceback, PyTuple,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A Python object that travels through the engine.
///
/// To clone it is to copy it as Spark does, where a row, a state or a cached block is read more than once: each reader
/// has an object of its own, so that a function that changes its argument changes nothing else. Objects that cannot
/// change are shared.
pub(crate) struct Object(pub(crate) Py<PyAny>);

impl Object {
    pub(crate) fn bind<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.0.bind(py)
    }
}

impl Clone for Object {
    /// # Panics
    ///
    /// Panics with the exception as payload if the object cannot be pickled; the engine makes a failure of it.
    fn clone(&self) -> Object {
        Python::attach(|py| match copied(self.bind(py).clone()) {
            Ok(copy) => Object(copy.unbind()),
            Err(error) => resume_unwind(Box::new(failure(error))),
        })
    }
}

/// As bytes of pickle, by which states are saved in a checkpoint.
impl Serialize for Object {
    /// # Panics
    ///
    /// As [`clone`](Object::clone).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Python::attach(|py| pickled(self.bind(py))).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Object {
    /// # Panics
    ///
    /// Panics with the exception as payload if the bytes cannot be read, as of a class that is gone.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        Ok(Object(Python::attach(|py| unpickled(py, &bytes).unbind())))
    }
}

/// # Panics
///
/// Panics with the exception as payload if the object cannot be pickled; the engine makes a failure of it.
pub(crate) fn pickled(object: &Bound<'_, PyAny>) -> Vec<u8> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let dumps = DUMPS.import(object.py(), "millrace.ship", "pickled");
    let bytes = dumps.and_then(|dumps| dumps.call1((object,))?.extract());
    bytes.unwrap_or_else(|error| resume_unwind(Box::new(failure(error))))
}

/// # Panics
///
/// Panics with the exception as payload if the bytes cannot be read.
pub(crate) fn unpickled<'py>(py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyAny> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let loads = LOADS.import(py, "pickle", "loads");
    let object = loads.and_then(|loads| loads.call1((PyBytes::new(py, bytes),)));
    object.unwrap_or_else(|error| resume_unwind(Box::new(failure(error))))
}

/// Runs what no job of the engine surrounds: a [`Clone`](Object::clone) in it may end it by a failure.
pub(crate) fn caught<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    result.unwrap_or_else(|payload| {
        let failure = payload.downcast::<Failure>();
        Err(*failure.unwrap_or_else(|other| resume_unwind(other)))
    })
}

/// An object as another process of Spark would see it: itself if it is immutable, else a copy by pickle.
#[pyfunction]
pub(crate) fn copied(object: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if is_immutable(&object) {
        return Ok(object);
    }
    let py = object.py();
    let copy = COPY.import(py, "millrace.ship", "copy")?;
    copy.call1((object,))
}

/// A float that is no number, which is equal to itself alone: a copy is another key.
pub(crate) fn is_nan(object: &Bound<'_, PyAny>) -> bool {
    let float = object.cast_exact::<PyFloat>();
    float.is_ok_and(|float| float.value().is_nan())
}

/// True of the plain types of Python that cannot change, and of tuples and frozen sets of them.
fn is_immutable(object: &Bound<'_, PyAny>) -> bool {
    if let Ok(tuple) = object.cast_exact::<PyTuple>() {
        return tuple.iter_borrowed().all(|item| is_immutable(&item));
    }
    object.is_exact_instance_of::<PyString>()
        || object.is_exact_instance_of::<PyInt>()
        || object.is_exact_instance_of::<PyFloat>() && !is_nan(object)
        || object.is_none()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyBytes>()
        || object.is_exact_instance_of::<PyComplex>()
        || object
            .cast_exact::<PyFrozenSet>()
            .is_ok_and(|set| set.iter().all(|item| is_immutable(&item)))
}

/// A list of rows.
pub(crate) fn list_of(py: Python<'_>, rows: Vec<Object>) -> PyResult<Bound<'_, PyList>> {
    PyList::new(py, rows.into_iter().map(|row| row.0))
}

/// The rows of any iterable.
pub(crate) fn rows_of(iterable: &Bound<'_, PyAny>) -> PyResult<Vec<Object>> {
    if let Ok(list) = iterable.cast_exact::<PyList>() {
        return Ok(list.iter().map(|row| Object(row.unbind())).collect());
    }
    let rows = iterable.try_iter()?;
    rows.map(|row| Ok(Object(row?.unbind()))).collect()
}

/// A Python exception on its way through the engine, with its trace: each time that it is raised adds to that.
#[derive(Debug)]
pub(crate) struct Raised(PyErr, Option<Py<PyTraceback>>);

impl Raised {
    fn new(py: Python<'_>, error: PyErr) -> Raised {
        let trace = error.traceback(py).map(Bound::unbind);
        Raised(error, trace)
    }

    fn error(&self, py: Python<'_>) -> PyErr {
        let trace = self.1.as_ref().map(|trace| trace.bind(py).clone());
        self.0.set_traceback(py, trace);
        self.0.clone_ref(py)
    }
}

impl std::fmt::Display for Raised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Raised {}

thread_local! {
    static IS_PLAYING: Cell<bool> = const { Cell::new(false) };
    /// The `KeyboardInterrupt` that a function of a batch has raised since the world is played.
    static INTERRUPT: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// The failure of a batch whose function raised this.
pub(crate) fn failure(error: PyErr) -> Failure {
    Python::attach(|py| {
        if IS_PLAYING.get() && error.is_instance_of::<PyKeyboardInterrupt>(py) {
            INTERRUPT.replace(Some(error.clone_ref(py)));
        }
        Failure::from(Raised::new(py, error))
    })
}

/// Plays a step of the world. An interrupt ends what the program waits for, and not a batch alone.
pub(crate) fn interruptible<R>(step: impl FnOnce() -> R) -> PyResult<R> {
    IS_PLAYING.set(true);
    let result = step();
    IS_PLAYING.set(false);
    match INTERRUPT.take() {
        Some(interrupt) => Err(interrupt),
        None => Ok(result),
    }
}

/// Fails if the step that is played has been interrupted: no other function of a batch is called.
pub(crate) fn check_interrupt() -> Result<(), Failure> {
    INTERRUPT.with_borrow(|interrupt| match interrupt {
        Some(error) => Err(Python::attach(|py| {
            Failure::from(Raised::new(py, error.clone_ref(py)))
        })),
        None => Ok(()),
    })
}

/// True of the failure of a batch that an interrupt has ended.
pub(crate) fn is_interrupt(failure: &Failure) -> bool {
    let is_one =
        |error: &Raised| Python::attach(|py| error.0.is_instance_of::<PyKeyboardInterrupt>(py));
    raised(failure).is_some_and(is_one)
}

/// True of the failure of a function of Python that has raised an exception.
pub(crate) fn is_raised(failure: &Failure) -> bool {
    raised(failure).is_some()
}

fn raised(failure: &Failure) -> Option<&Raised> {
    match failure.source() {
        Some(FailureSource::Error(error)) => error.downcast_ref(),
        Some(FailureSource::Panic(_)) | None => None,
    }
}

/// The exception that a failure is to the program: the very object that was raised, if one was.
pub(crate) fn exception(py: Python<'_>, failure: &Failure) -> PyErr {
    raised(failure).map_or_else(
        || PyRuntimeError::new_err(failure.to_string()),
        |raised| raised.error(py),
    )
}
