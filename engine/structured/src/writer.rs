//! Writers of tables: from a table to a query.

use std::sync::Arc;

use engine::{Failure, OutputMode, Row, Text, Trigger};
use engine_sql::AnalysisError;

use crate::dataframe::DataFrame;
use crate::file_format::FileFormat;
use crate::query::Query;
use crate::settings::{QueryIds, QuerySettings};
use crate::sink::{ForeachWriter, PartitionFunction, Sink, write_each};
use crate::start::Prepared;

/// Writes a table out (`org.apache.spark.sql.streaming.DataStreamWriter`).
///
/// ```
/// use engine_structured::{OutputMode, SparkSession};
/// let spark = SparkSession::local(2, "words");
/// let counts = spark.read_stream().socket("localhost", 9999).group_by("value").count();
/// let writer = counts.write_stream().format("memory").query_name("counts").output_mode(OutputMode::Complete);
/// let query = writer.start()?;
/// let so_far = spark.sql("SELECT * FROM counts WHERE count > 1");
/// # let _ = (query, so_far);
/// # Ok::<(), engine_structured::AnalysisError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataStreamWriter {
    table: DataFrame,
    settings: QuerySettings,
    /// The data source that was named; `None` of a function, or if none was.
    format: Option<Text>,
    options: Vec<(Text, Text)>,
    partition_by: Vec<Text>,
    /// Rows that go to a table in memory, or nowhere, are recorded.
    is_recorded: bool,
}

/// Spark's default of `spark.sql.sources.default`.
const DEFAULT_FORMAT: &str = "parquet";

impl DataStreamWriter {
    pub(crate) fn new(table: DataFrame) -> DataStreamWriter {
        let session = table.session();
        let settings = QuerySettings {
            sql: session.sql.clone(),
            sink: Sink::Console,
            output_mode: OutputMode::Append,
            watermark_policy: session.watermark_policy,
            no_data_batches: session.no_data_batches,
            trigger: Trigger::Default,
            num_rows: 20,
            truncate: true,
            cores: session.cores,
            shuffle_partitions: session.shuffle_partitions,
            key_order: session.key_order,
            state_store: session.state_store,
            checkpoint: false,
            query_name: None,
            ids: QueryIds::default(),
            counts_rows: false,
            memory: session.memory,
        };
        DataStreamWriter {
            table,
            settings,
            format: None,
            options: Vec::new(),
            partition_by: Vec::new(),
            is_recorded: false,
        }
    }

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

    /// Names the query, and the table of a memory sink.
    pub fn query_name(mut self, name: &str) -> DataStreamWriter {
        self.settings.query_name = Some(name.into());
        self
    }

    /// Sets the data source that rows are written to.
    ///
    /// | format | rows go to |
    /// |---|---|
    /// | `console` | the console |
    /// | `json`, `csv`, `text` | files below the option `path` |
    /// | `memory` | a table of the session that has the name of the query |
    /// | `noop` | nowhere |
    /// | `parquet`, with the feature `parquet` | files below the option `path` |
    /// | `parquet` without it, `orc`, `kafka` and any other | nowhere: [`Event::TableWritten`](engine::Event::TableWritten) has them |
    pub fn format(mut self, format: &str) -> DataStreamWriter {
        self.format = Some(format.into());
        self
    }

    /// Sets an option of the data source, whatever the case of its name.
    pub fn option(mut self, name: &str, value: &str) -> DataStreamWriter {
        self.options
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.options.push((name.into(), value.into()));
        self
    }

    /// Has files be in folders that these columns name, as `column=value`.
    pub fn partition_by(mut self, columns: &[&str]) -> DataStreamWriter {
        self.partition_by = columns.iter().map(|column| (*column).into()).collect();
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

    /// Has the rows that go to a table in memory, or nowhere, be recorded as those that go to a place that is not here: by
    /// [`Event::TableWritten`](engine::Event::TableWritten).
    pub fn recorded(mut self) -> DataStreamWriter {
        self.is_recorded = true;
        self
    }

    /// Sets the ids that the progress of the query has, each a UUID, and has all rows be counted for it: without this
    /// the progress of a query does not count the rows of a state of which the console shows the first ones.
    pub fn progress_of(mut self, id: &str, run_id: &str) -> DataStreamWriter {
        self.settings.ids = QueryIds {
            id: id.into(),
            run_id: run_id.into(),
        };
        self.settings.counts_rows = true;
        self
    }

    /// A query that writes to its data source, to be started by [`Input::Started`](engine::Input::Started).
    ///
    /// # Errors
    ///
    /// An [`AnalysisError`] for a query that Spark would refuse to start, too, and for an option that is not known here.
    pub fn start(mut self) -> Result<Query, AnalysisError> {
        let format = self.format.take();
        let format = format.unwrap_or_else(|| DEFAULT_FORMAT.into());
        self.settings.sink = match format.to_ascii_lowercase().as_str() {
            "console" => self.console_sink()?,
            "memory" => self.memory_sink()?,
            "noop" if self.is_recorded => Sink::Recorded {
                format: "noop".into(),
                options: Vec::new(),
            },
            "noop" => Sink::Noop,
            name @ ("rate" | "rate-micro-batch" | "jdbc") => {
                let message = format!("Data source {name} does not support streamed writing.");
                return Err(AnalysisError::new("_LEGACY_ERROR_TEMP_2049", message)
                    .with_help("Write each micro-batch by foreachBatch."));
            }
            // The files of a table of the catalog (`toTable`) are not here.
            name if self.find("table").is_some() => self.recorded_sink(name, &format)?,
            name => match FileFormat::of(name, &self.file_options(), &self.settings.sql)? {
                Some(format) => Sink::Files {
                    format: Box::new(format),
                    folder: self.folder()?,
                    partition_by: std::mem::take(&mut self.partition_by),
                },
                None => self.recorded_sink(name, &format)?,
            },
        };
        self.query()
    }

    /// A query that saves each micro-batch as files of JSON, an object a row and a file a partition, to be started by
    /// [`Input::Started`](engine::Input::Started) (`format("json").start(path)`).
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
    /// As [`start`](DataStreamWriter::start), or if the output mode is not append.
    pub fn json(self, folder: &str) -> Result<Query, AnalysisError> {
        self.format("json").option("path", folder).start()
    }

    /// As [`json`](DataStreamWriter::json), with files of comma-separated values.
    ///
    /// # Errors
    ///
    /// As [`json`](DataStreamWriter::json), or if a column is of a nested type, such as a window.
    pub fn csv(self, folder: &str) -> Result<Query, AnalysisError> {
        self.format("csv").option("path", folder).start()
    }

    /// A query that shows each micro-batch on the console, to be started by
    /// [`Input::Started`](engine::Input::Started).
    ///
    /// # Errors
    ///
    /// As [`start`](DataStreamWriter::start).
    pub fn console(self) -> Result<Query, AnalysisError> {
        self.format("console").start()
    }

    /// A query that calls a function with the table of each micro-batch and its number, which is the same when a
    /// micro-batch runs again.
    ///
    /// ```
    /// use engine::{Inline, Time};
    /// let lines = engine_structured::SparkSession::local(2, "lines").read_stream().memory("lines");
    /// let query = lines.write_stream().foreach_batch(|batch, id| {
    ///     let rows = batch.collect(Time::EPOCH, &Inline).map_err(engine::Failure::from)?;
    ///     assert!(id > 0 || rows.is_empty());
    ///     Ok(())
    /// })?;
    /// # let _ = query;
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`start`](DataStreamWriter::start). A failure of the function ends the query.
    pub fn foreach_batch(
        mut self,
        function: impl Fn(DataFrame, u64) -> Result<(), Failure> + Send + Sync + 'static,
    ) -> Result<Query, AnalysisError> {
        self.settings.sink = Sink::ForeachBatch(Arc::new(function));
        self.of_function("foreachBatch")
    }

    /// A query that hands the rows of each partition of each micro-batch to a writer that is made for it. Partitions
    /// without rows have one, too.
    ///
    /// # Errors
    ///
    /// As [`start`](DataStreamWriter::start).
    pub fn foreach<W: ForeachWriter>(
        self,
        begin: impl Fn() -> W + Send + Sync + 'static,
    ) -> Result<Query, AnalysisError> {
        self.foreach_partition(Arc::new(move |partition, epoch, rows: Vec<Row>| {
            write_each(begin(), partition, epoch, &rows)
        }))
    }

    /// As [`foreach`](DataStreamWriter::foreach), with a function that is given the partition, the number of the
    /// micro-batch and the rows.
    ///
    /// # Errors
    ///
    /// As [`start`](DataStreamWriter::start).
    pub fn foreach_partition(
        mut self,
        function: Arc<PartitionFunction>,
    ) -> Result<Query, AnalysisError> {
        self.settings.sink = Sink::Foreach(function);
        self.of_function("foreach")
    }

    fn of_function(self, name: &str) -> Result<Query, AnalysisError> {
        if self.partition_by.is_empty() {
            return self.query();
        }
        let message = format!("'{name}' does not support partitioning.");
        Err(AnalysisError::new("_LEGACY_ERROR_TEMP_1197", message))
    }

    fn query(mut self) -> Result<Query, AnalysisError> {
        self.settings.checkpoint |= self.find("checkpointLocation").is_some();
        let plan = Prepared::new(&self.table, self.settings)?;
        Ok(Query::new(plan))
    }

    fn console_sink(&mut self) -> Result<Sink, AnalysisError> {
        for (name, value) in &self.options {
            match name.to_ascii_lowercase().as_str() {
                "numrows" => self.settings.num_rows = parsed(name, value)?,
                "truncate" => self.settings.truncate = parsed(name, &value.to_ascii_lowercase())?,
                "checkpointlocation" | "path" => {}
                _ => return Err(unknown("console", name, "numRows and truncate")),
            }
        }
        Ok(Sink::Console)
    }

    fn memory_sink(&mut self) -> Result<Sink, AnalysisError> {
        let Some(name) = &self.settings.query_name else {
            return Err(AnalysisError::new(
                "_LEGACY_ERROR_TEMP_1194",
                "queryName must be specified for memory sink.",
            ));
        };
        let session = self.table.session();
        let table = session.add_finite(Vec::new());
        let rows = session.finite(table, "MemoryPlan", self.table.schema()?);
        rows.create_or_replace_temp_view(name);
        Ok(Sink::Memory {
            table,
            is_recorded: self.is_recorded,
        })
    }

    /// A place that is not here. Spark asks each of them for a checkpoint, and those that have files for a path.
    fn recorded_sink(&self, name: &str, format: &Text) -> Result<Sink, AnalysisError> {
        if matches!(name, "parquet" | "orc") {
            self.folder()?;
        }
        Ok(Sink::Recorded {
            // A class has the case that it is written in.
            format: if format.eq_ignore_ascii_case(name) && !format.contains('.') {
                name.into()
            } else {
                format.clone()
            },
            options: self.recorded_options(),
        })
    }

    fn recorded_options(&self) -> Vec<(Text, Text)> {
        let mut options = self.options.clone();
        if !self.partition_by.is_empty() {
            options.push(("partitionBy".into(), self.partition_by.join(",").into()));
        }
        options
    }

    /// The options but for those that all sinks have.
    fn file_options(&self) -> Vec<(Text, Text)> {
        let all = ["path", "checkpointLocation"];
        let options = self.options.iter();
        let rest = options.filter(|(name, _)| !all.iter().any(|it| name.eq_ignore_ascii_case(it)));
        rest.cloned().collect()
    }

    fn folder(&self) -> Result<Text, AnalysisError> {
        let folder = self.find("path").cloned();
        folder.ok_or_else(|| {
            AnalysisError::new("_LEGACY_ERROR_TEMP_2047", "'path' is not specified.")
        })
    }

    fn find(&self, name: &str) -> Option<&Text> {
        let mut options = self.options.iter();
        let found = options.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }
}

fn parsed<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, AnalysisError> {
    value
        .parse()
        .map_err(|_| AnalysisError::unclassified(format!("the console has no {name} of '{value}'")))
}

fn unknown(format: &str, name: &str, known: &str) -> AnalysisError {
    AnalysisError::unclassified(format!(
        "the {format} sink has no option `{name}` here: it knows {known}"
    ))
}
