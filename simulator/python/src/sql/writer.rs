//! Queries that are not started.

use std::sync::Arc;
use std::time::Duration;

use engine::{Failure, Row, Text, Trigger, Value};
use engine_sql as sql;
use engine_structured::{AnalysisError, DataFrame, DataStreamWriter, Query};
use pyo3::prelude::*;

use super::error::refused;
use super::frame::Frame;
use super::session::Session;
use super::values::to_python;
use crate::function::Function;
use crate::object::{check_interrupt, failure};

/// A query that is not started.
#[pyclass(frozen)]
pub(crate) struct Writer {
    writer: DataStreamWriter,
    function: Option<SinkFunction>,
}

/// A function that has the rows of a query.
enum SinkFunction {
    /// It is given the table of a micro-batch, and its number.
    ForeachBatch(Py<PyAny>),
    /// It is given the number of a partition, that of the micro-batch, and the rows.
    Foreach(Arc<Function>, RowMaker),
}

/// Makes rows of Python.
#[derive(Clone)]
struct RowMaker {
    names: Vec<Text>,
    settings: sql::Session,
}

impl RowMaker {
    fn rows<'py>(&self, py: Python<'py>, rows: Vec<Row>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let rows = rows.into_iter().map(|row| {
            let row = Value::Struct(self.names.iter().cloned().zip(row).collect());
            to_python(py, &row, &self.settings)
        });
        rows.collect()
    }
}

impl Writer {
    pub(super) fn new(table: &DataFrame, output_mode: &str, trigger: &str) -> PyResult<Writer> {
        let output_mode = super::groups::output_mode(output_mode)?;
        let trigger = match trigger {
            "default" => Trigger::Default,
            "once" => Trigger::Once,
            "available_now" => Trigger::AvailableNow,
            millis => Trigger::ProcessingTime(Duration::from_millis(millis.parse()?)),
        };
        let writer = table
            .write_stream()
            .output_mode(output_mode)
            .trigger(trigger);
        Ok(Writer {
            writer,
            function: None,
        })
    }

    fn with(&self, change: impl FnOnce(DataStreamWriter) -> DataStreamWriter) -> Writer {
        Writer {
            writer: change(self.writer.clone()),
            function: None,
        }
    }

    /// The query, with the ids that its progress has.
    pub(crate) fn query(
        &self,
        id: &str,
        run_id: &str,
        has_checkpoint: bool,
    ) -> Result<Query, AnalysisError> {
        let writer = self.writer.clone().progress_of(id, run_id);
        let writer = if has_checkpoint {
            writer.checkpoint()
        } else {
            writer
        };
        match &self.function {
            None => writer.start(),
            Some(SinkFunction::ForeachBatch(function)) => {
                let function = Python::attach(|py| function.clone_ref(py));
                writer.foreach_batch(move |table, batch| {
                    check_interrupt()?;
                    Python::attach(|py| function.call1(py, (Frame(table), batch)))
                        .map(drop)
                        .map_err(failure)
                })
            }
            Some(SinkFunction::Foreach(function, maker)) => {
                let function = Arc::clone(function);
                let maker = maker.clone();
                writer.foreach_partition(Arc::new(move |partition, batch, rows| {
                    check_interrupt()?;
                    Python::attach(|py| -> Result<(), Failure> {
                        let rows = maker.rows(py, rows).map_err(failure)?;
                        function.take(partition, batch, rows)
                    })
                }))
            }
        }
    }
}

#[pymethods]
impl Writer {
    /// The same query under a name.
    fn named(&self, name: &str) -> Writer {
        self.with(|writer| writer.query_name(name))
    }

    /// The same query, whose rows go to this data source, with these options, in folders by these columns.
    fn to(&self, format: &str, options: Vec<(String, String)>, columns: Vec<String>) -> Writer {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        self.with(|writer| {
            let writer = writer.format(format).partition_by(&columns);
            let options = options.iter();
            options.fold(writer, |writer, (name, value)| writer.option(name, value))
        })
    }

    /// The same query, whose micro-batches are given to a function, each as a table, with its number.
    fn foreach_batch(&self, function: Py<PyAny>) -> Writer {
        Writer {
            function: Some(SinkFunction::ForeachBatch(function)),
            writer: self.writer.clone(),
        }
    }

    /// The same query, whose rows are given to a function of workers, partition by partition: with the number of the
    /// partition and that of the micro-batch.
    fn foreach(&self, table: &Frame, session: &Session, function: Py<PyAny>) -> PyResult<Writer> {
        let maker = RowMaker {
            names: table.0.columns().map_err(|error| refused(&error))?,
            settings: session.settings(),
        };
        Ok(Writer {
            function: Some(SinkFunction::Foreach(Arc::new(Function(function)), maker)),
            writer: self.writer.clone(),
        })
    }
}
