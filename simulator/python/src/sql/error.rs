//! Refused queries, as the exceptions of `pyspark.errors`.

use engine::Failure;
use engine_sql::AnalysisError;
use engine_structured::CollectError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::object::{exception, is_raised};

/// The exception of an error: a `ParseException` of a text that is no SQL, an `IllegalArgumentException` of a value that an
/// option cannot have, else an `AnalysisException`.
pub(crate) fn refused(error: &AnalysisError) -> PyErr {
    static REFUSED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Python::attach(|py| {
        let made = REFUSED.import(py, "millrace.pyspark.errors", "refused");
        let help = error.help().map(engine::Text::as_str);
        let made = made.and_then(|made| {
            let text = error.to_string();
            made.call1((text, error.condition(), help, error.is_illegal_argument()))
        });
        made.map_or_else(|error| error, PyErr::from_value)
    })
}

/// The exception of a table that has no rows.
pub(super) fn collect_error(py: Python<'_>, error: CollectError) -> PyErr {
    match error {
        CollectError::Analysis(error) => refused(&error),
        CollectError::Failure(failure) => failed(py, &failure),
    }
}

/// The exception of a failure: of what a worker has raised, a `PythonException` with its traceback.
fn failed(py: Python<'_>, failure: &Failure) -> PyErr {
    static FAILED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let error = exception(py, failure);
    if !is_raised(failure) {
        return error;
    }
    let made = FAILED.import(py, "millrace.pyspark.errors", "of_worker");
    let made = made.and_then(|made| made.call1((error.into_value(py),)));
    made.map_or_else(|error| error, PyErr::from_value)
}
