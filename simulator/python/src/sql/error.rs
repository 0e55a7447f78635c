//! Refused queries, as the exceptions of `pyspark.errors`.

use engine_sql::AnalysisError;
use engine_structured::CollectError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::object::exception;

/// The exception of an error: a `ParseException` of a text that is no SQL, else an `AnalysisException`.
pub(crate) fn refused(error: &AnalysisError) -> PyErr {
    static REFUSED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    Python::attach(|py| {
        let made = REFUSED.import(py, "millrace.pyspark.errors", "refused");
        let help = error.help().map(engine::Text::as_str);
        let made = made.and_then(|made| made.call1((error.to_string(), error.condition(), help)));
        made.map_or_else(|error| error, PyErr::from_value)
    })
}

/// The exception of a table that has no rows.
pub(super) fn collect_error(py: Python<'_>, error: CollectError) -> PyErr {
    match error {
        CollectError::Analysis(error) => refused(&error),
        CollectError::Failure(failure) => exception(py, &failure),
    }
}
