//! Sessions.

use engine::{SparkVersion, StreamSource};
use engine_sql as sql;
use engine_structured::SparkSession;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::error::refused;
use super::expression::parsed;
use super::frame::{Frame, checked};
use super::udf::UserDefinedFunction;
use super::values::of_python;

/// The engine's part of a `pyspark.sql.SparkSession`.
#[pyclass(frozen)]
pub(crate) struct Session {
    spark: SparkSession,
    settings: sql::Session,
}

#[pymethods]
impl Session {
    #[new]
    fn new(
        cores: usize,
        shuffle_partitions: usize,
        app_name: &str,
        zone: &str,
        ansi: bool,
        topics: Vec<String>,
    ) -> PyResult<Session> {
        let zone = sql::find_zone(zone)
            .ok_or_else(|| PyValueError::new_err(format!("there is no time zone {zone}")))?;
        let settings = sql::Session {
            ansi,
            zone,
            ..sql::Session::new(SparkVersion::V3_5)
        };
        let spark = SparkSession::local(cores, app_name)
            .with_shuffle_partitions(shuffle_partitions)
            .with_settings(settings.clone())
            .with_topics(topics.iter().map(String::as_str));
        Ok(Session { spark, settings })
    }

    /// The table of a stream that the options describe, the names of the sources that it reads, and the folder, if it reads
    /// one.
    fn read_stream(
        &self,
        format: Option<&str>,
        schema: Option<&str>,
        options: Vec<(String, String)>,
        path: Option<&str>,
    ) -> PyResult<(Frame, Vec<String>, Option<String>)> {
        let mut reader = self.spark.read_stream();
        if let Some(format) = format {
            reader = reader.format(format);
        }
        if let Some(schema) = schema {
            reader = reader.schema(schema);
        }
        if let Some(path) = path {
            reader = reader.path(path);
        }
        for (name, value) in options {
            reader = reader.option(&name, value);
        }
        let streams = reader.streams().map_err(|error| refused(&error))?;
        let names = streams.iter().map(ToString::to_string).collect();
        let folder = streams.into_iter().find_map(|stream| match stream {
            StreamSource::Direct { name } => Some(name),
            _ => None,
        });
        Ok((checked(reader.load())?, names, folder))
    }

    /// A table of rows, each a list of objects, with columns of this schema.
    fn rows(&self, schema: &str, rows: Vec<Vec<Bound<'_, PyAny>>>) -> PyResult<Frame> {
        let engine::DataType::Struct(fields) = parsed(schema)? else {
            return Err(PyValueError::new_err("a table has columns"));
        };
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let row = row.iter().zip(&fields);
            let row =
                row.map(|(object, field)| of_python(object, &field.data_type, &self.settings));
            values.push(row.collect::<PyResult<Vec<_>>>()?);
        }
        let columns = fields.into_iter().map(|field| sql::Field {
            nullable: field.nullable,
            ..sql::Field::new(field.name, field.data_type)
        });
        Ok(Frame(self.spark.finite_table(
            "LocalTable",
            columns.collect(),
            values,
        )))
    }

    /// The table of a query in SQL.
    fn sql(&self, text: &str) -> PyResult<Frame> {
        let plan = sql::parse_query_in(text, &self.settings).map_err(|error| refused(&error))?;
        checked(self.spark.frame(plan))
    }

    /// Makes a function known to queries in SQL by this name.
    fn register(&self, name: &str, function: &UserDefinedFunction) {
        self.settings
            .functions
            .register(function.0.clone().named(name));
    }

    /// The view of this name.
    fn table(&self, name: &str) -> PyResult<Frame> {
        checked(self.spark.table(name))
    }
}

impl Session {
    pub(crate) fn settings(&self) -> &sql::Session {
        &self.settings
    }
}
