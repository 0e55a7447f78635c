//! The face of a query: sessions, tables and their operations.

use std::time::Duration;

use engine::{KeyOrder, OutputMode, SparkVersion, StreamSource, Text, Trigger};

use crate::analyze;
use crate::error::AnalysisError;
use crate::file_format::FileFormat;
use crate::file_sink::Sink;
use crate::plan::{Column, IntoColumns, LogicalPlan};
use crate::query::Query;
use crate::settings::QuerySettings;

/// The cluster that a query is written for (`org.apache.spark.sql.SparkSession`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparkSession {
    app_name: String,
    spark: SparkVersion,
    cores: usize,
    shuffle_partitions: usize,
    key_order: KeyOrder,
    memory: Option<u64>,
}

impl SparkSession {
    /// The most shuffle partitions. One without groups costs no work, and a few bytes.
    pub const SHUFFLE_PARTITIONS_MAX: usize = 100_000;

    /// `local[cores]` with 200 shuffle partitions. A query for no cores, or for more than
    /// [`SparkContext::CORES_MAX`](engine::SparkContext::CORES_MAX), is refused.
    pub fn local(cores: usize, app_name: &str) -> SparkSession {
        SparkSession {
            app_name: app_name.to_owned(),
            spark: SparkVersion::default(),
            cores,
            shuffle_partitions: 200,
            key_order: KeyOrder::default(),
            memory: None,
        }
    }

    /// The same session on this version of Spark. Default: 3.5.
    ///
    /// In Spark 4 a query ends where an expression has no value, such as the cast of a text that is no number: there
    /// `spark.sql.ansi.enabled` is on. Ours computes every column of a `select`, also one that nothing reads; Spark
    /// leaves that out, and so cannot fail by it.
    ///
    /// ```
    /// use engine_structured::{SparkSession, SparkVersion};
    /// let spark = SparkSession::local(2, "words").with_spark(SparkVersion::V4);
    /// # let _ = spark;
    /// ```
    pub fn with_spark(self, spark: SparkVersion) -> SparkSession {
        SparkSession { spark, ..self }
    }

    /// The same session with `spark.sql.shuffle.partitions` set, from 1 to
    /// [`SHUFFLE_PARTITIONS_MAX`](SparkSession::SHUFFLE_PARTITIONS_MAX); a query with others is refused.
    pub fn with_shuffle_partitions(self, shuffle_partitions: usize) -> SparkSession {
        SparkSession {
            shuffle_partitions,
            ..self
        }
    }

    /// The same session, where the keys of a partition come in this order.
    pub fn with_key_order(self, key_order: KeyOrder) -> SparkSession {
        SparkSession { key_order, ..self }
    }

    /// The same session with this limit to the bytes of the groups of each query. Default: no limit.
    ///
    /// A micro-batch after which the groups took more fails, and with it the query; so a state that grows
    /// without end is reported before the machine swaps. The bytes are an estimate, the same on every
    /// machine of 64 bits: of each group 32 bytes for each value of its key, the bytes that these keep on
    /// the heap, and 112 bytes for its count and its entries in tables. The records of a batch are not counted.
    ///
    /// ```
    /// let spark = engine_structured::SparkSession::local(2, "words").with_memory(512 * 1024 * 1024);
    /// # let _ = spark;
    /// ```
    pub fn with_memory(self, bytes: u64) -> SparkSession {
        SparkSession {
            memory: Some(bytes),
            ..self
        }
    }

    /// Name of the program.
    pub fn app_name(&self) -> &str {
        &self.app_name
    }

    /// Starts to read a stream.
    pub fn read_stream(&self) -> DataStreamReader {
        DataStreamReader {
            session: self.clone(),
            max_files: None,
        }
    }
}

/// Reads a stream (`org.apache.spark.sql.streaming.DataStreamReader`).
#[derive(Clone, Debug)]
pub struct DataStreamReader {
    session: SparkSession,
    max_files: Option<usize>,
}

impl DataStreamReader {
    /// Sets the most files of a micro-batch (`maxFilesPerTrigger`), of a source that has files. Default: all there are.
    pub fn max_files_per_trigger(self, files: usize) -> DataStreamReader {
        DataStreamReader {
            max_files: Some(files),
            ..self
        }
    }

    /// The table `lines(value)` of the lines of text files in a folder, each read once and in the order of their times.
    ///
    /// The driver knows the folder by this name, and each block of records that it hands in is a file. A query that
    /// starts again is handed the files that were there before by [`Input::Replayed`](engine::Input::Replayed).
    pub fn text(self, folder: &str) -> DataFrame {
        self.load(
            StreamSource::Direct {
                name: folder.to_owned(),
            },
            false,
        )
    }

    /// The table `lines(value)` of the lines of a TCP server. Batch 0 is empty, and runs at the first trigger:
    /// the source connects while it is planned (`MB-2b`).
    pub fn socket(self, host: &str, port: u16) -> DataFrame {
        self.load(
            StreamSource::Socket {
                host: host.to_owned(),
                port,
            },
            true,
        )
    }

    /// The table `lines(value)` of the lines that the driver hands in under this name
    /// (`MemoryStream`).
    pub fn memory(self, name: &str) -> DataFrame {
        self.load(
            StreamSource::Receiver {
                name: name.to_owned(),
            },
            false,
        )
    }

    fn load(self, source: StreamSource, starts_empty: bool) -> DataFrame {
        DataFrame {
            session: self.session,
            plan: LogicalPlan::Source {
                source,
                starts_empty,
                max_files: self.max_files,
            },
        }
    }
}

/// An unbounded table (`org.apache.spark.sql.DataFrame`).
#[derive(Clone, Debug)]
pub struct DataFrame {
    session: SparkSession,
    plan: LogicalPlan,
}

impl DataFrame {
    /// These columns of each row.
    pub fn select(&self, columns: impl IntoIterator<Item = Column>) -> DataFrame {
        let columns = columns.into_iter().collect();
        self.with(LogicalPlan::Project {
            input: Box::new(self.plan.clone()),
            columns,
        })
    }

    /// Bounds the lateness of rows: by at most `delay` against the latest time in this column so far
    /// (`WM-2`), in whole milliseconds.
    ///
    /// Groups by this column, or by a [`window`](crate::functions::window) over it, are final when the
    /// watermark has passed them: later rows of theirs are dropped, and nothing more is kept of them.
    /// For any other query the watermark changes no result (`WM-9`).
    pub fn with_watermark(&self, column: &str, delay: Duration) -> DataFrame {
        self.with(LogicalPlan::Watermark {
            input: Box::new(self.plan.clone()),
            column: column.into(),
            delay,
        })
    }

    /// The rows without those that have come before (`dropDuplicates`), by the columns of these names, in this order; all
    /// columns are to be named, or none for the order that they have.
    ///
    /// Rows are kept for ever, unless a column of theirs has the watermark. By some columns alone it is refused.
    ///
    /// ```
    /// use engine_structured::functions::{col, explode, split};
    /// let spark = engine_structured::SparkSession::local(2, "words");
    /// let lines = spark.read_stream().socket("localhost", 9999);
    /// let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    /// let query = words.drop_duplicates(&["word"]).write_stream().console()?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn drop_duplicates(&self, columns: &[&str]) -> DataFrame {
        self.with(LogicalPlan::Distinct {
            input: Box::new(self.plan.clone()),
            columns: columns.iter().map(|column| Text::from(*column)).collect(),
        })
    }

    /// The rows with the same values in these columns, together; all rows, if there are no columns.
    pub fn group_by(&self, columns: impl IntoColumns) -> GroupedData {
        GroupedData {
            table: self.clone(),
            keys: columns.into_columns(),
        }
    }

    /// Starts to write the table out, batch by batch.
    pub fn write_stream(&self) -> DataStreamWriter {
        DataStreamWriter {
            table: self.clone(),
            settings: QuerySettings {
                spark: self.session.spark,
                sink: Sink::Console,
                output_mode: OutputMode::Append,
                trigger: Trigger::Default,
                num_rows: 20,
                truncate: true,
                cores: self.session.cores,
                shuffle_partitions: self.session.shuffle_partitions,
                key_order: self.session.key_order,
                checkpoint: false,
                app_name: self.session.app_name.as_str().into(),
                memory: self.session.memory,
            },
        }
    }

    fn with(&self, plan: LogicalPlan) -> DataFrame {
        DataFrame {
            session: self.session.clone(),
            plan,
        }
    }
}

/// Rows that are together because of their key
/// (`org.apache.spark.sql.RelationalGroupedDataset`).
#[derive(Clone, Debug)]
pub struct GroupedData {
    table: DataFrame,
    keys: Vec<Column>,
}

impl GroupedData {
    /// The columns of the key and how many rows have it, as column `count`.
    pub fn count(&self) -> DataFrame {
        let input = Box::new(self.table.plan.clone());
        self.table.with(LogicalPlan::Count {
            input,
            keys: self.keys.clone(),
        })
    }
}

/// Writes a table out (`org.apache.spark.sql.streaming.DataStreamWriter`).
#[derive(Clone, Debug)]
pub struct DataStreamWriter {
    table: DataFrame,
    settings: QuerySettings,
}

impl DataStreamWriter {
    /// Sets the rows that a micro-batch writes. Default: append.
    pub fn output_mode(mut self, output_mode: OutputMode) -> DataStreamWriter {
        self.settings.output_mode = output_mode;
        self
    }

    /// Sets the times at which a micro-batch runs. Default: as soon as there is data.
    pub fn trigger(mut self, trigger: Trigger) -> DataStreamWriter {
        self.settings.trigger = trigger;
        self
    }

    /// Sets the number of rows that the console shows (`numRows`). Default: 20.
    pub fn num_rows(mut self, num_rows: usize) -> DataStreamWriter {
        self.settings.num_rows = num_rows;
        self
    }

    /// Has the console cut cells to 20 characters, or not. Default: it does.
    pub fn truncate(mut self, truncate: bool) -> DataStreamWriter {
        self.settings.truncate = truncate;
        self
    }

    /// Has the query save what it needs to go on after a crash (`checkpointLocation`), by
    /// [`Effect::Write`](engine::Effect::Write). The driver has the folder: it carries the writes out, and starts the
    /// query by [`Query::recover`] if something is there.
    pub fn checkpoint(mut self) -> DataStreamWriter {
        self.settings.checkpoint = true;
        self
    }

    /// A query that saves each micro-batch as files of JSON, an object a row and a file a partition, to be started by
    /// [`Input::Started`](engine::Input::Started) (`format("json").start(path)`). Points in time are in UTC.
    ///
    /// The query asks for each file by [`Effect::Save`](engine::Effect::Save), and then for the entry in the log of the
    /// folder, `_spark_metadata`: only files in the log count. A micro-batch that runs again and is in the log is not saved
    /// again, so that each row counts once. A file that is not saved ends the query.
    ///
    /// ```
    /// use engine_structured::functions::{col, explode, split};
    /// let spark = engine_structured::SparkSession::local(2, "words");
    /// let lines = spark.read_stream().text("inbox");
    /// let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    /// let query = words.write_stream().checkpoint().json("words")?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`console`](DataStreamWriter::console), or if the output mode is not append.
    pub fn json(self, folder: &str) -> Result<Query, AnalysisError> {
        self.files(FileFormat::Json, folder)
    }

    /// As [`json`](DataStreamWriter::json), with files of comma-separated values without a header.
    ///
    /// # Errors
    ///
    /// As [`json`](DataStreamWriter::json), or if a column is of a nested type, such as a window.
    pub fn csv(self, folder: &str) -> Result<Query, AnalysisError> {
        self.files(FileFormat::Csv, folder)
    }

    fn files(mut self, format: FileFormat, folder: &str) -> Result<Query, AnalysisError> {
        let folder = folder.into();
        self.settings.sink = Sink::Files { format, folder };
        self.console()
    }

    /// A query that shows each micro-batch on the console, to be started by
    /// [`Input::Started`](engine::Input::Started).
    ///
    /// # Errors
    ///
    /// An [`AnalysisError`] for a query that Spark would refuse to start, too.
    pub fn console(self) -> Result<Query, AnalysisError> {
        let plan = analyze::resolve(&self.table.plan, &self.settings)?;
        Ok(Query::new(plan, self.settings))
    }
}
