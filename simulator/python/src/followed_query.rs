//! The events of a query, as its program has them.

use engine::{Event, render};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::object::exception;
use crate::sql::{Session, recorded};

/// A query, as the program follows it.
pub(crate) struct FollowedQuery {
    /// A function that is called with what happens to it: a kind, and what belongs to that.
    pub(crate) listener: Py<PyAny>,
    /// The session that it is of.
    pub(crate) session: Py<Session>,
}

impl FollowedQuery {
    /// Hands an event to the program, if it is one for it.
    pub(crate) fn hand(&self, py: Python<'_>, event: &Event) -> PyResult<()> {
        let call =
            |kind: &str, what: Bound<'_, PyAny>| self.listener.call1(py, (kind, what)).map(drop);
        match event {
            Event::QueryProgress {
                progress: Some(progress),
                ..
            } => call(
                "progress",
                render::progress(progress).into_pyobject(py)?.into_any(),
            ),
            Event::TableWritten { write, .. } => {
                let written = recorded(py, write, &self.session.get().settings())?;
                call("written", written.into_pyobject(py)?.into_any())
            }
            Event::Saved {
                name, lines, bytes, ..
            } => {
                let bytes = bytes.as_ref().map(|bytes| PyBytes::new(py, bytes));
                let lines: Vec<&str> = lines.iter().map(engine::Text::as_str).collect();
                call(
                    "saved",
                    (name.as_str(), lines, bytes).into_pyobject(py)?.into_any(),
                )
            }
            Event::Stopped => call("stopped", py.None().into_bound(py)),
            event => match event.failure() {
                Some(failure) => call(
                    "failed",
                    exception(py, failure)
                        .into_value(py)
                        .into_bound(py)
                        .into_any(),
                ),
                None => Ok(()),
            },
        }
    }
}
