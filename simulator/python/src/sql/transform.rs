//! Processors of Python on groups of rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{Failure, Row, StructField, Text, Value};
use engine_sql as sql;
use engine_structured::{
    DataFrame, StateVariables, StatefulProcessor, StatefulProcessorHandle, TimeMode,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::error::refused;
use super::expression::Expression;
use super::frame::{Frame, checked, columns_of};
use super::groups;
use super::processor_states::ProcessorStates;
use super::session::Session;
use super::values::{of_python, to_python};
use crate::object::{check_interrupt, failure};

/// A processor of Python, with the types of the rows that it has and makes.
pub(super) struct Processor {
    /// Begins a task: it is called with states, and gives an object that has the processor's methods.
    pub(super) begin: Py<PyAny>,
    pub(super) columns: Vec<StructField>,
    /// The names of the columns that come.
    pub(super) names: Vec<Text>,
    /// Those of the columns of an initial state.
    pub(super) initial: Vec<Text>,
    pub(super) session: sql::Session,
    /// The task under way.
    pub(super) task: Mutex<Option<Py<PyAny>>>,
}

impl Processor {
    fn task(&self) -> MutexGuard<'_, Option<Py<PyAny>>> {
        // No panic leaves it half changed.
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a method of the task with the states of a key, the key, and one argument more.
    fn call<'py, A: IntoPyObject<'py>>(
        &self,
        py: Python<'py>,
        method: &str,
        key: &[Value],
        argument: A,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        let states = ProcessorStates::called(std::mem::take(handle), self.session.clone());
        let states = Bound::new(py, states).map_err(failure)?;
        let made = self.made(&states, method, key, argument);
        *handle = states.get().take_handle();
        made.map_err(failure)
    }

    fn made<'py, A: IntoPyObject<'py>>(
        &self,
        states: &Bound<'py, ProcessorStates>,
        method: &str,
        key: &[Value],
        argument: A,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = states.py();
        let known = self.task().as_ref().map(|task| task.clone_ref(py));
        let task = if let Some(task) = known {
            task
        } else {
            let task = self.begin.call1(py, (states,))?;
            *self.task() = Some(task.clone_ref(py));
            task
        };
        let key = key.iter().map(|value| to_python(py, value, &self.session));
        let key = key.collect::<PyResult<Vec<_>>>()?;
        task.bind(py).call_method1(method, (states, key, argument))
    }

    /// The rows as rows of Python.
    fn objects<'py>(
        &self,
        py: Python<'py>,
        names: &[Text],
        rows: Vec<Row>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let objects = rows.into_iter().map(|row| {
            let row = Value::Struct(names.iter().cloned().zip(row).collect());
            to_python(py, &row, &self.session)
        });
        objects.collect()
    }

    /// The rows that a method has made.
    fn rows(&self, made: &Bound<'_, PyAny>) -> PyResult<Vec<Row>> {
        let made: Vec<Vec<Bound<'_, PyAny>>> = made.extract()?;
        let rows = made.iter().map(|row| {
            let values = row.iter().zip(&self.columns);
            values
                .map(|(value, field)| of_python(value, &field.data_type, &self.session))
                .collect()
        });
        rows.collect()
    }
}

impl StatefulProcessor for Processor {
    fn init(&self, variables: &mut StateVariables) -> Result<(), Failure> {
        Python::attach(|py| {
            let states =
                ProcessorStates::declaring(std::mem::take(variables), self.session.clone());
            let states = Bound::new(py, states).map_err(failure)?;
            let task = self.begin.call1(py, (&states,));
            let closed = task.and_then(|task| task.call_method0(py, "close"));
            *variables = states.get().take_variables();
            closed.map(drop).map_err(failure)
        })
    }

    fn handle_input_rows(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        check_interrupt()?;
        Python::attach(|py| {
            let rows = self.objects(py, &self.names, rows).map_err(failure)?;
            let made = self.call(py, "rows", key, rows, handle)?;
            self.rows(&made).map_err(failure)
        })
    }

    fn handle_expired_timer(
        &self,
        key: &[Value],
        expiry_ms: i64,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<Vec<Row>, Failure> {
        Python::attach(|py| {
            let made = self.call(py, "timer", key, expiry_ms, handle)?;
            self.rows(&made).map_err(failure)
        })
    }

    fn handle_initial_state(
        &self,
        key: &[Value],
        rows: Vec<Row>,
        handle: &mut StatefulProcessorHandle,
    ) -> Result<(), Failure> {
        Python::attach(|py| {
            let rows = self.objects(py, &self.initial, rows).map_err(failure)?;
            self.call(py, "initial", key, rows, handle).map(drop)
        })
    }

    fn close(&self) -> Result<(), Failure> {
        let task = self.task().take();
        match task {
            None => Ok(()),
            Some(task) => Python::attach(|py| {
                let closed = task.call_method0(py, "close");
                closed.map(drop).map_err(failure)
            }),
        }
    }
}

/// The time mode of this name in small letters.
pub(super) fn time_mode(name: &str) -> PyResult<TimeMode> {
    Ok(match name {
        "none" => TimeMode::None,
        "processingtime" => TimeMode::ProcessingTime,
        "eventtime" => TimeMode::EventTime,
        other => return Err(PyValueError::new_err(format!("no time mode: {other}"))),
    })
}

/// The rows that a processor makes of each group of these keys, which has states and timers from batch to batch; an initial
/// state is a table without streams, and its keys.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are those of PySpark")]
pub(crate) fn transform_with_state(
    table: &Frame,
    keys: Vec<Expression>,
    columns: &str,
    output_mode: &str,
    time_mode_name: &str,
    event_time: &str,
    initial: Option<(PyRef<'_, Frame>, Vec<Expression>)>,
    begin: Py<PyAny>,
    session: &Session,
) -> PyResult<Frame> {
    let columns = groups::fields(columns)?;
    let names = |table: &DataFrame| table.columns().map_err(|error| refused(&error));
    let mut grouped = table.0.group_by(columns_of(keys));
    let mut initial_names = Vec::new();
    if let Some((table, keys)) = initial {
        initial_names = names(&table.0)?;
        grouped = grouped.with_initial_state(&table.0.group_by(columns_of(keys)));
    }
    let processor = Processor {
        begin,
        columns: columns.clone(),
        names: names(&table.0)?,
        initial: initial_names,
        session: session.settings(),
        task: Mutex::default(),
    };
    let columns = columns.into_iter().map(|field| sql::Field {
        nullable: field.nullable,
        is_event_time: field.name == *event_time,
        ..sql::Field::new(field.name, field.data_type)
    });
    checked(grouped.transformed(
        columns.collect(),
        groups::output_mode(output_mode)?,
        time_mode(time_mode_name)?,
        processor,
    ))
}
