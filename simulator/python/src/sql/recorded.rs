//! Rows for a place that is not here, as a program in Python has them.

use engine::{TableWrite, Text, Value, render};
use engine_sql as sql;
use pyo3::prelude::*;

use super::values::to_python;

/// The record of rows for a place that is not here: the format, the mode, the options, the columns, the rows and their text.
pub(crate) type Recorded<'py> = (
    String,
    String,
    Vec<(String, String)>,
    Vec<String>,
    Vec<Bound<'py, PyAny>>,
    String,
);

/// The record of rows for a place that is not here, as objects of Python.
pub(crate) fn recorded<'py>(
    py: Python<'py>,
    write: &TableWrite,
    settings: &sql::Session,
) -> PyResult<Recorded<'py>> {
    let names = write.columns.iter().map(|column| column.name.clone());
    let names: Vec<Text> = names.collect();
    let rows = write.rows.iter().map(|row| {
        let fields = names.iter().cloned().zip(row.iter().cloned());
        to_python(py, &Value::Struct(fields.collect()), settings)
    });
    let options = write.options.iter();
    let options = options.map(|(name, value)| (name.to_string(), value.to_string()));
    let local = |micros| sql::local_micros(&settings.zone, micros);
    Ok((
        write.format.to_string(),
        write.mode.to_string(),
        options.collect(),
        names.iter().map(ToString::to_string).collect(),
        rows.collect::<PyResult<_>>()?,
        render::table::written(write, &local),
    ))
}
