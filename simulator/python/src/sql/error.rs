//! Refused queries, as the exceptions of `pyspark.errors`.

use engine_sql::AnalysisError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

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
