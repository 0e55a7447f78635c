//! Functions of Python over groups of rows.

use std::sync::Arc;
use std::time::Duration;

use engine::{DataType, Failure, OutputMode, Row, StructField, Value};
use engine_sql as sql;
use engine_structured::{GroupState, GroupStateTimeout};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::expression::parsed;
use super::values::{lists, row_of_python, to_python};
use crate::function::Function;
use crate::object::{check_interrupt, failure};

/// A function of the key, the rows and the state of a group, with the types of its results.
pub(super) struct GroupFunction {
    pub(super) function: Arc<Function>,
    pub(super) columns: Vec<StructField>,
    pub(super) state: Vec<StructField>,
    pub(super) timeout: GroupStateTimeout,
    pub(super) session: sql::Session,
}

/// The `GroupState` of a call that has ended.
#[derive(FromPyObject)]
struct Called<'py> {
    /// The rows that the function has made.
    #[pyo3(attribute("_rows"))]
    rows: Vec<Vec<Bound<'py, PyAny>>>,
    #[pyo3(attribute("_is_updated"))]
    is_updated: bool,
    #[pyo3(attribute("_is_removed"))]
    is_removed: bool,
    /// The fields of the state.
    #[pyo3(attribute("_value"))]
    value: Option<Vec<Bound<'py, PyAny>>>,
    /// The time of its time-out.
    #[pyo3(attribute("_timeout_ms"))]
    timeout_ms: Option<i64>,
}

impl GroupFunction {
    pub(super) fn call(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        state: &mut GroupState,
    ) -> Result<Vec<Row>, Failure> {
        check_interrupt()?;
        Python::attach(|py| {
            let arguments = self.arguments(py, key, &rows, state).map_err(failure)?;
            let called = self.function.call(arguments)?;
            let called: Called<'_> = called.extract().map_err(failure)?;
            if called.is_removed {
                state.remove();
            }
            if let Some(fields) = called.value.filter(|_| called.is_updated) {
                state.update(self.row(&fields, &self.state).map_err(failure)?);
            }
            if let Some(millis) = called.timeout_ms {
                self.set_timeout(state, millis)?;
            }
            let rows = called.rows.iter().map(|row| self.row(row, &self.columns));
            rows.collect::<PyResult<_>>().map_err(failure)
        })
    }

    fn arguments<'py>(
        &self,
        py: Python<'py>,
        key: &[Value],
        rows: &[Row],
        state: &GroupState,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let list = |row: &[Value]| {
            let values = row.iter().map(|value| to_python(py, value, &self.session));
            values.collect::<PyResult<Vec<_>>>()
        };
        let fields = state.get().map(list).transpose()?;
        let has_timed_out = state.has_timed_out().unwrap_or(false);
        (
            list(key)?,
            lists(py, rows, &self.session)?,
            fields,
            has_timed_out,
            state.current_processing_time_ms(),
            state.current_watermark_ms().ok(),
        )
            .into_pyobject(py)
    }

    fn row(&self, values: &[Bound<'_, PyAny>], fields: &[StructField]) -> PyResult<Row> {
        row_of_python(values, fields, &self.session)
    }

    fn set_timeout(&self, state: &mut GroupState, millis: i64) -> Result<(), Failure> {
        match self.timeout {
            GroupStateTimeout::EventTime => state.set_timeout_timestamp(millis),
            GroupStateTimeout::ProcessingTime | GroupStateTimeout::None => {
                let duration = millis - state.current_processing_time_ms();
                let duration = u64::try_from(duration).unwrap_or(0);
                state.set_timeout_duration(Duration::from_millis(duration))
            }
        }
    }
}

/// The fields of a type, which is given as its text.
pub(super) fn fields(data_type: &str) -> PyResult<Vec<StructField>> {
    match parsed(data_type)? {
        DataType::Struct(fields) => Ok(fields),
        other => Err(PyValueError::new_err(format!(
            "a struct has fields, and {other} has none"
        ))),
    }
}

pub(super) fn timeout(name: &str) -> PyResult<GroupStateTimeout> {
    Ok(match name {
        "NoTimeout" => GroupStateTimeout::None,
        "ProcessingTimeTimeout" => GroupStateTimeout::ProcessingTime,
        "EventTimeTimeout" => GroupStateTimeout::EventTime,
        other => {
            return Err(PyValueError::new_err(format!(
                "no time-out of states: {other}"
            )));
        }
    })
}

/// The output mode of this name in small letters.
pub(super) fn output_mode(name: &str) -> PyResult<OutputMode> {
    Ok(match name {
        "append" => OutputMode::Append,
        "complete" => OutputMode::Complete,
        "update" => OutputMode::Update,
        other => return Err(PyValueError::new_err(format!("no output mode: {other}"))),
    })
}
