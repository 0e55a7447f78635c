//! The states of a key, while a processor of Python is called for it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{Failure, Row, StructField};
use engine_sql::Session;
use engine_structured::{StateKind, StateVariables, StatefulProcessorHandle};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use super::groups::fields;
use super::values::{of_python, to_python};

type Values<'py> = Vec<Bound<'py, PyAny>>;

/// A key and a value of a map.
type Entry<'py> = (Values<'py>, Values<'py>);

/// The variables that `init` declares, or the states that they have in a call.
#[pyclass(frozen)]
pub(super) struct ProcessorStates {
    session: Session,
    now: Mutex<Now>,
}

/// The part that a processor has at a time.
enum Now {
    /// It declares its variables, when the query is started.
    Declaring(StateVariables),
    /// It is called.
    Called(StatefulProcessorHandle),
    /// The call has ended.
    Ended,
}

impl ProcessorStates {
    pub(super) fn declaring(variables: StateVariables, session: Session) -> ProcessorStates {
        ProcessorStates {
            session,
            now: Mutex::new(Now::Declaring(variables)),
        }
    }

    pub(super) fn called(handle: StatefulProcessorHandle, session: Session) -> ProcessorStates {
        ProcessorStates {
            session,
            now: Mutex::new(Now::Called(handle)),
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        // No panic leaves it half changed.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes out the variables that were declared.
    pub(super) fn take_variables(&self) -> StateVariables {
        match std::mem::replace(&mut *self.now(), Now::Ended) {
            Now::Declaring(variables) => variables,
            Now::Called(_) | Now::Ended => StateVariables::default(),
        }
    }

    /// Takes out the states after a call.
    pub(super) fn take_handle(&self) -> StatefulProcessorHandle {
        match std::mem::replace(&mut *self.now(), Now::Ended) {
            Now::Called(handle) => handle,
            Now::Declaring(_) | Now::Ended => StatefulProcessorHandle::default(),
        }
    }

    fn with<R>(
        &self,
        call: impl FnOnce(&mut StatefulProcessorHandle) -> Result<R, Failure>,
    ) -> PyResult<R> {
        match &mut *self.now() {
            Now::Called(handle) => call(handle).map_err(|it| raised(&it)),
            Now::Declaring(_) | Now::Ended => Err(PyRuntimeError::new_err(
                "a state belongs to a key: use it in handleInputRows, handleExpiredTimer or handleInitialState",
            )),
        }
    }

    fn row(&self, values: &[Bound<'_, PyAny>], fields: &[StructField]) -> PyResult<Row> {
        let values = values.iter().zip(fields);
        let values = values.map(|(value, field)| of_python(value, &field.data_type, &self.session));
        values.collect()
    }

    fn object<'py>(&self, py: Python<'py>, row: &Row) -> PyResult<Values<'py>> {
        row.iter()
            .map(|value| to_python(py, value, &self.session))
            .collect()
    }

    /// The kind of a variable, for the types of its values.
    fn kind(&self, name: &str) -> PyResult<StateKind> {
        let kind = self.with(|handle| Ok(handle.kind(name).cloned()))?;
        kind.ok_or_else(|| PyRuntimeError::new_err(format!("there is no state variable `{name}`")))
    }

    fn key(&self, name: &str, key: &[Bound<'_, PyAny>]) -> PyResult<Row> {
        match self.kind(name)? {
            StateKind::Map { key: fields, .. } => self.row(key, &fields),
            StateKind::Value(_) | StateKind::List(_) => Ok(Row::new()),
        }
    }
}

fn raised(failure: &Failure) -> PyErr {
    PyRuntimeError::new_err(failure.message().to_string())
}

#[pymethods]
impl ProcessorStates {
    /// Declares a variable, when the query is started; later it is there.
    fn declare(
        &self,
        name: &str,
        kind: &str,
        key: Option<&str>,
        value: &str,
        ttl_ms: Option<i64>,
    ) -> PyResult<()> {
        let kind = match (kind, key) {
            ("value", None) => StateKind::Value(fields(value)?),
            ("list", None) => StateKind::List(fields(value)?),
            ("map", Some(key)) => StateKind::Map {
                key: fields(key)?,
                value: fields(value)?,
            },
            _ => return Err(PyValueError::new_err(format!("no state variable: {kind}"))),
        };
        match &mut *self.now() {
            Now::Declaring(variables) => {
                let declared = variables.declare(name, kind, ttl_ms);
                declared.map_err(|it| raised(&it))
            }
            Now::Called(handle) if handle.kind(name) == Some(&kind) => Ok(()),
            Now::Called(_) | Now::Ended => Err(PyRuntimeError::new_err(format!(
                "the state variable `{name}` is another one than that which init declared when the query was started"
            ))),
        }
    }

    fn delete_if_exists(&self, name: &str) {
        if let Now::Declaring(variables) = &mut *self.now() {
            variables.delete_if_exists(name);
        }
    }

    /// The time of the batch, and its watermark.
    fn times(&self) -> PyResult<(i64, i64)> {
        self.with(|handle| {
            let times = handle.times();
            Ok((times.processing_ms, times.watermark_ms))
        })
    }

    fn value<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Values<'py>>> {
        let value = self.with(|it| Ok(it.value_state(name)?.get().map(<[_]>::to_vec)))?;
        value.map(|value| self.object(py, &value)).transpose()
    }

    fn set_value(&self, name: &str, value: Values<'_>) -> PyResult<()> {
        let value = self.row(&value, self.kind(name)?.fields())?;
        self.with(|it| it.value_state(name)?.update(value))
    }

    fn list<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Vec<Values<'py>>> {
        let values: Vec<Row> = self.with(|it| {
            let list = it.list_state(name)?;
            Ok(list.get().map(<[_]>::to_vec).collect())
        })?;
        values.iter().map(|value| self.object(py, value)).collect()
    }

    /// Adds values to a list, or puts them in the place of those that it has.
    fn add(&self, name: &str, values: Vec<Values<'_>>, replaces: bool) -> PyResult<()> {
        let kind = self.kind(name)?;
        let values = values.iter().map(|value| self.row(value, kind.fields()));
        let values = values.collect::<PyResult<Vec<Row>>>()?;
        self.with(|it| {
            let mut list = it.list_state(name)?;
            if replaces {
                list.put(values)
            } else {
                list.append_list(values)
            }
        })
    }

    fn entry<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        key: Values<'py>,
    ) -> PyResult<Option<Values<'py>>> {
        let key = self.key(name, &key)?;
        let value = self.with(|it| Ok(it.map_state(name)?.get(key).map(<[_]>::to_vec)))?;
        value.map(|value| self.object(py, &value)).transpose()
    }

    fn entries<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Vec<Entry<'py>>> {
        let entries: Vec<(Row, Row)> = self.with(|it| {
            let map = it.map_state(name)?;
            let entries = map.iter();
            Ok(entries
                .map(|entry| (entry.key.to_vec(), entry.value.to_vec()))
                .collect())
        })?;
        entries
            .iter()
            .map(|(key, value)| Ok((self.object(py, key)?, self.object(py, value)?)))
            .collect()
    }

    fn set_entry(&self, name: &str, key: Values<'_>, value: Values<'_>) -> PyResult<()> {
        let key = self.key(name, &key)?;
        let value = self.row(&value, self.kind(name)?.fields())?;
        self.with(|it| it.map_state(name)?.update_value(key, value))
    }

    fn remove_entry(&self, name: &str, key: Values<'_>) -> PyResult<()> {
        let key = self.key(name, &key)?;
        self.with(|it| {
            it.map_state(name)?.remove_key(key);
            Ok(())
        })
    }

    fn clear(&self, name: &str) -> PyResult<()> {
        let kind = self.kind(name)?;
        self.with(|it| {
            match kind {
                StateKind::Value(_) => it.value_state(name)?.clear(),
                StateKind::List(_) => it.list_state(name)?.clear(),
                StateKind::Map { .. } => it.map_state(name)?.clear(),
            }
            Ok(())
        })
    }

    fn register_timer(&self, expiry_ms: i64) -> PyResult<()> {
        self.with(|it| it.register_timer(expiry_ms))
    }

    fn delete_timer(&self, expiry_ms: i64) -> PyResult<()> {
        self.with(|it| it.delete_timer(expiry_ms))
    }

    fn timers(&self) -> PyResult<Vec<i64>> {
        self.with(|it| it.list_timers())
    }
}
