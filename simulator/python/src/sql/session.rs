//! Sessions.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock};

use engine::{SparkVersion, StreamSource};
use engine_sql as sql;
use engine_structured::{SparkSession, StateStoreProvider, TableLines, WatermarkPolicy};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use suite::ProgramEntry;

use super::error::{collect_error, refused};
use super::expression::parsed;
use super::frame::{Frame, checked};
use super::udf::UserDefinedFunction;
use super::values::of_python;
use crate::arrivals::{FolderFile, Lines, entries, file_records};

/// The engine's part of a `pyspark.sql.SparkSession`. Its settings may change while the program runs.
#[pyclass(frozen)]
pub(crate) struct Session {
    spark: RwLock<SparkSession>,
}

/// The settings that may change while a program runs, each an item of a dictionary.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Settings {
    shuffle_partitions: usize,
    zone: String,
    ansi: bool,
    /// Small partitions become one.
    adaptive: bool,
    /// The class of state stores.
    state_store: String,
    /// The watermark of several: `min` or `max`.
    watermark_policy: String,
    /// Micro-batches run without data, too.
    no_data_batches: bool,
}

#[pymethods]
impl Session {
    #[new]
    fn new(
        cores: usize,
        app_name: &str,
        version: &str,
        topics: Vec<String>,
        settings: Settings,
    ) -> PyResult<Session> {
        let version = SparkVersion::of(version).unwrap_or_default();
        let spark = SparkSession::local(cores, app_name).with_spark(version);
        let session = Session {
            spark: RwLock::new(spark.with_topics(topics.iter().map(String::as_str))),
        };
        session.configure(settings)?;
        Ok(session)
    }

    /// Sets what may change while the program runs.
    fn configure(&self, settings: Settings) -> PyResult<()> {
        let Settings {
            state_store, zone, ..
        } = settings;
        let state_store = match state_store.rsplit('.').next() {
            Some("HDFSBackedStateStoreProvider") => StateStoreProvider::Hdfs,
            Some("RocksDBStateStoreProvider") => StateStoreProvider::RocksDb,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "no state store is played as {state_store}: it is HDFSBackedStateStoreProvider or \
                     RocksDBStateStoreProvider of org.apache.spark.sql.execution.streaming.state"
                )));
            }
        };
        let zone = sql::find_zone(&zone)
            .ok_or_else(|| PyValueError::new_err(format!("there is no time zone {zone}")))?;
        let policy = if settings.watermark_policy.eq_ignore_ascii_case("max") {
            WatermarkPolicy::Max
        } else {
            WatermarkPolicy::Min
        };
        let sql = sql::Session {
            ansi: settings.ansi,
            zone,
            functions: self.settings().functions,
            ..sql::Session::new(self.settings().spark)
        };
        let spark = self
            .spark()
            .with_shuffle_partitions(settings.shuffle_partitions)
            .with_adaptive(settings.adaptive)
            .with_state_store(state_store)
            .with_watermark_policy(policy)
            .with_no_data_batches(settings.no_data_batches)
            .with_settings(sql);
        *self.spark.write().unwrap_or_else(PoisonError::into_inner) = spark;
        Ok(())
    }

    /// The table of a stream that the options describe, the names of the sources that it reads, and the folder, if it reads
    /// one. Its columns follow from the lines of the files `sample`, if there is no schema and they are given.
    fn read_stream(
        &self,
        format: Option<&str>,
        schema: Option<&str>,
        options: Vec<(String, String)>,
        path: Option<&str>,
        sample: Option<Vec<Vec<String>>>,
    ) -> PyResult<(Frame, Vec<String>, Option<String>)> {
        let mut reader = self.spark().read_stream();
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
        if let Some(sample) = sample {
            let files = sample.into_iter();
            let files = files.map(|file| file.into_iter().map(engine::Text::from).collect());
            reader = reader.infer_schema_from(&files.collect::<Vec<_>>());
        }
        let streams = reader.streams().map_err(|error| refused(&error))?;
        let names = streams.iter().map(ToString::to_string).collect();
        let folder = streams.into_iter().find_map(|stream| match stream {
            StreamSource::Direct { name } => Some(name),
            _ => None,
        });
        Ok((checked(reader.load())?, names, folder))
    }

    /// A table with columns of this schema, of rows by partition, each a list of objects.
    fn rows(
        &self,
        schema: &str,
        partitions: Vec<Vec<Vec<Bound<'_, PyAny>>>>,
        is_sized: bool,
    ) -> PyResult<Frame> {
        let engine::DataType::Struct(fields) = parsed(schema)? else {
            return Err(PyValueError::new_err("a table has columns"));
        };
        let settings = self.settings();
        let value_of_row = |row: Vec<Bound<'_, PyAny>>| {
            let row = row.iter().zip(&fields);
            let row = row.map(|(object, field)| {
                let value = of_python(object, &field.data_type, &settings);
                // As Spark's JVM has it of an object that was not verified (`EvaluatePython.makeFromJava`).
                value.or_else(|error| {
                    if error.is_instance_of::<PyTypeError>(object.py()) {
                        Ok(engine::Value::Null)
                    } else {
                        Err(error)
                    }
                })
            });
            row.collect::<PyResult<Vec<_>>>()
        };
        let values = partitions
            .into_iter()
            .map(|rows| rows.into_iter().map(value_of_row).collect());
        let values = values.collect::<PyResult<Vec<_>>>()?;
        let columns = fields.iter().map(|field| sql::Field {
            nullable: field.nullable,
            ..sql::Field::new(field.name.clone(), field.data_type.clone())
        });
        let columns = columns.collect();
        let spark = self.spark();
        Ok(Frame(if is_sized {
            spark.table_of_partitions("LocalTable", columns, values)
        } else {
            spark.table_of_rdd(columns, values)
        }))
    }

    /// A table in the format `csv`, `json`, `text` or `parquet`: of files, of which folders below `base` may name columns, or of
    /// lines that are dealt out to partitions.
    fn read(
        &self,
        py: Python<'_>,
        format: &str,
        schema: Option<&str>,
        options: Vec<(String, String)>,
        lines: TableInput,
        base: Option<&str>,
    ) -> PyResult<Frame> {
        let lines = match lines {
            TableInput::Files(files) => {
                TableLines::Files(files.into_iter().map(file_records).collect())
            }
            TableInput::Partitions(dealt) => {
                let dealt = dealt.into_iter();
                let lines = dealt.map(|lines| lines.into_iter().map(engine::Text::from).collect());
                TableLines::Partitions(lines.collect())
            }
        };
        let mut reader = self.spark().read();
        if let Some(base) = base {
            reader = reader.base_path(base);
        }
        for (name, value) in &options {
            reader = reader.option(name, value);
        }
        if let Some(schema) = schema {
            let engine::DataType::Struct(columns) = parsed(schema)? else {
                return Err(PyValueError::new_err("a table has columns"));
            };
            reader = reader.schema(columns);
        }
        let table = match format {
            "csv" => reader.csv(lines),
            "json" => reader.json(lines),
            "parquet" => reader.parquet(lines),
            _ => reader.text(lines),
        };
        table.map(Frame).map_err(|error| collect_error(py, error))
    }

    /// The table of messages that topics have had until now, of which `lines` has all those of the timeline, and the names of
    /// the topics.
    fn read_topics(
        &self,
        py: Python<'_>,
        options: Vec<(String, String)>,
        lines: Vec<Lines>,
    ) -> PyResult<(Frame, Vec<String>)> {
        let mut reader = self.spark().read();
        for (name, value) in &options {
            reader = reader.option(name, value);
        }
        let lines = entries(lines);
        let topics = RefCell::new(Vec::new());
        let table = reader.kafka(|topic| {
            topics.borrow_mut().push(topic.to_string());
            let of_topic = |entry: &&ProgramEntry| match &entry.stream {
                Some(stream) => stream == topic.as_str(),
                None => true,
            };
            let entries = lines.iter().filter(of_topic);
            let records = entries.flat_map(|entry| {
                let lines = entry.lines.iter();
                lines.map(|line| (entry.time, line.clone()))
            });
            records.collect()
        });
        let table = table.map_err(|error| collect_error(py, error))?;
        Ok((Frame(table), topics.into_inner()))
    }

    /// The table of a query in SQL.
    fn sql(&self, text: &str) -> PyResult<Frame> {
        checked(self.spark().sql(text))
    }

    /// Makes a function known to queries in SQL by this name.
    fn register(&self, name: &str, function: &UserDefinedFunction) {
        self.settings()
            .functions
            .register(function.0.clone().named(name));
    }

    /// The view of this name.
    fn table(&self, name: &str) -> PyResult<Frame> {
        checked(self.spark().table(name))
    }

    /// The names of views.
    fn views(&self) -> Vec<String> {
        let names = self.spark().view_names();
        names.iter().map(ToString::to_string).collect()
    }

    /// Takes a name from its view; false if none has it.
    fn drop_view(&self, name: &str) -> bool {
        self.spark().drop_temp_view(name)
    }
}

/// The lines of a table.
#[derive(FromPyObject)]
enum TableInput {
    Files(Vec<FolderFile>),
    Partitions(Vec<Vec<String>>),
}

impl Session {
    /// The session as it is now.
    pub(super) fn spark(&self) -> SparkSession {
        let spark = self.spark.read().unwrap_or_else(PoisonError::into_inner);
        spark.clone()
    }

    pub(crate) fn settings(&self) -> sql::Session {
        self.spark().settings().clone()
    }
}
