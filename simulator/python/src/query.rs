//! Structured queries, as a program writes them down.

use std::time::Duration;

use engine::{DataType, Trigger};
use engine_structured as sql;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The engine's part of a `pyspark.sql.Column`.
#[pyclass(frozen, from_py_object)]
#[derive(Clone)]
pub(crate) struct Column(sql::Column);

#[pymethods]
impl Column {
    /// The column of this name.
    #[staticmethod]
    fn named(name: &str) -> Column {
        Column(sql::functions::col(name))
    }

    fn alias(&self, name: &str) -> Column {
        Column(self.0.clone().alias(name))
    }

    fn item(&self, index: usize) -> Column {
        Column(self.0.clone().get_item(index))
    }

    fn cast_to_long(&self) -> Column {
        Column(self.0.clone().cast(DataType::Long))
    }

    fn split(&self, separator: &str) -> Column {
        Column(sql::functions::split(self.0.clone(), separator))
    }

    fn explode(&self) -> Column {
        Column(sql::functions::explode(self.0.clone()))
    }

    fn timestamp_seconds(&self) -> Column {
        Column(sql::functions::timestamp_seconds(self.0.clone()))
    }

    /// The window of this many milliseconds that a time lies in.
    fn window(&self, length: u64) -> Column {
        Column(sql::functions::window(
            self.0.clone(),
            Duration::from_millis(length),
        ))
    }
}

/// The engine's part of a `pyspark.sql.DataFrame`.
#[pyclass(frozen)]
pub(crate) struct Frame(sql::DataFrame);

#[pymethods]
impl Frame {
    /// The lines of a server, as a table with the column `value`.
    #[staticmethod]
    fn of_socket(
        cores: usize,
        shuffle_partitions: usize,
        app_name: &str,
        host: &str,
        port: u16,
    ) -> Frame {
        let session = sql::SparkSession::local(cores, app_name);
        let session = session.with_shuffle_partitions(shuffle_partitions);
        Frame(session.read_stream().socket(host, port))
    }

    fn select(&self, columns: Vec<Column>) -> Frame {
        Frame(self.0.select(columns.into_iter().map(|column| column.0)))
    }

    /// Bounds the lateness of rows to this many milliseconds.
    fn with_watermark(&self, column: &str, delay: u64) -> Frame {
        Frame(self.0.with_watermark(column, Duration::from_millis(delay)))
    }

    fn count_by(&self, keys: Vec<Column>) -> Frame {
        let keys: Vec<sql::Column> = keys.into_iter().map(|key| key.0).collect();
        Frame(self.0.group_by(keys).count())
    }

    /// The query that shows each micro-batch on the console. `trigger` is `default`, `once`, `available_now`, or a
    /// number of milliseconds.
    fn console(
        &self,
        output_mode: &str,
        trigger: &str,
        num_rows: usize,
        truncate: bool,
    ) -> PyResult<Writer> {
        let output_mode = match output_mode {
            "append" => sql::OutputMode::Append,
            "complete" => sql::OutputMode::Complete,
            "update" => sql::OutputMode::Update,
            other => return Err(PyValueError::new_err(format!("no output mode: {other}"))),
        };
        let trigger = match trigger {
            "default" => Trigger::Default,
            "once" => Trigger::Once,
            "available_now" => Trigger::AvailableNow,
            millis => Trigger::ProcessingTime(Duration::from_millis(millis.parse()?)),
        };
        let writer = self
            .0
            .write_stream()
            .output_mode(output_mode)
            .trigger(trigger);
        Ok(Writer(writer.num_rows(num_rows).truncate(truncate)))
    }
}

/// A query that is not started.
#[pyclass(frozen)]
pub(crate) struct Writer(sql::DataStreamWriter);

impl Writer {
    pub(crate) fn query(&self) -> Result<sql::Query, sql::AnalysisError> {
        self.0.clone().console()
    }
}
