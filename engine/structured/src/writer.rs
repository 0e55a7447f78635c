//! Writers of tables: from a table to a query.

use engine::{OutputMode, Trigger};
use engine_sql::AnalysisError;

use crate::dataframe::DataFrame;
use crate::file_format::FileFormat;
use crate::file_sink::Sink;
use crate::query::Query;
use crate::settings::QuerySettings;
use crate::start::Prepared;

/// Writes a table out (`org.apache.spark.sql.streaming.DataStreamWriter`).
#[derive(Clone, Debug)]
pub struct DataStreamWriter {
    table: DataFrame,
    settings: QuerySettings,
}

impl DataStreamWriter {
    pub(crate) fn new(table: DataFrame) -> DataStreamWriter {
        let session = table.session();
        let settings = QuerySettings {
            sql: session.sql.clone(),
            sink: Sink::Console,
            output_mode: OutputMode::Append,
            watermark_policy: session.watermark_policy,
            trigger: Trigger::Default,
            num_rows: 20,
            truncate: true,
            cores: session.cores,
            shuffle_partitions: session.shuffle_partitions,
            key_order: session.key_order,
            checkpoint: false,
            app_name: session.app_name.as_str().into(),
            memory: session.memory,
        };
        DataStreamWriter { table, settings }
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
        let plan = Prepared::new(&self.table, self.settings)?;
        Ok(Query::new(plan))
    }
}
