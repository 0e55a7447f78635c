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

/// The exception of a failure: of what a worker has raised, a `PythonException` with its traceback; of an expression, that
/// of its error class.
fn failed(py: Python<'_>, failure: &Failure) -> PyErr {
    static OF_WORKER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static OF_EXPRESSION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = if is_raised(failure) {
        let error = exception(py, failure).into_value(py);
        let made = OF_WORKER.import(py, "millrace.pyspark.errors", "of_worker");
        made.and_then(|made| made.call1((error,)))
    } else {
        let made = OF_EXPRESSION.import(py, "millrace.pyspark.errors", "of_expression");
        made.and_then(|made| made.call1((failure.message().as_str(), failure.to_string())))
    };
    made.map_or_else(|error| error, PyErr::from_value)
}
