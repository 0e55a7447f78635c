//! Readers of streams.

mod files;
pub(crate) mod kafka;
pub(crate) mod options;
mod rate;
mod rate_micro_batch;
mod socket;

use engine::{DataType, Records, StreamSource, StructField, Text};
use engine_sql::{AnalysisError, Field, Schema, nearest, parse_schema};

use self::files::{DescribedFiles, GivenColumns};
use self::options::Options;
use crate::dataframe::DataFrame;
use crate::infer::Sample;
use crate::session::SparkSession;
use crate::source::SourceSettings;

/// Reads a stream (`org.apache.spark.sql.streaming.DataStreamReader`).
///
/// An option, a format or a schema that is refused is so when a query on the table starts, or when its
/// [`schema`](DataFrame::schema) is asked for. No option is taken and not heeded, but for those that configure a client
/// of Kafka (`kafka.…`), as there is none.
///
/// ```
/// let spark = engine_structured::SparkSession::local(2, "orders");
/// let orders = spark.read_stream().format("csv").schema("id INT, price DOUBLE").option("header", "true").path("orders").load();
/// assert_eq!(orders.schema()?.fields().len(), 2);
///
/// let clicks = spark.read_stream().format("kafka").option("kafka.bootstrap.servers", "kafka:9092").option("subscribe", "clicks");
/// assert_eq!(clicks.load().schema()?.fields()[1].name, "value");
///
/// let mistaken = spark.read_stream().format("text").option("maxFilePerTrigger", "1").path("inbox").load();
/// let refused = mistaken.schema().expect_err("there is no such option");
/// assert_eq!(refused.help().map(|it| it.as_str()), Some("did you mean `maxFilesPerTrigger`?"));
/// # Ok::<(), engine_structured::AnalysisError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataStreamReader {
    session: SparkSession,
    format: Text,
    schema: Option<Result<Vec<StructField>, AnalysisError>>,
    sample: Option<Sample>,
    path: Option<Text>,
    options: Options,
}

/// The formats that can be read as streams.
const FORMATS: [&str; 9] = [
    "csv",
    "json",
    "kafka",
    "orc",
    "parquet",
    "rate",
    "rate-micro-batch",
    "socket",
    "text",
];

impl DataStreamReader {
    pub(crate) fn new(session: SparkSession) -> DataStreamReader {
        DataStreamReader {
            session,
            format: "parquet".into(),
            schema: None,
            sample: None,
            path: None,
            options: Options::default(),
        }
    }

    /// Sets the format: `csv`, `json`, `kafka`, `orc`, `parquet`, `rate`, `rate-micro-batch`, `socket` or `text`. Default: `parquet`.
    ///
    /// Rows of `parquet` and `orc` are lines of JSON here; with the feature `parquet` a file of it may be the record of its
    /// bytes ([`record_of_bytes`](engine::record_of_bytes)).
    pub fn format(self, format: &str) -> DataStreamReader {
        DataStreamReader {
            format: format.into(),
            ..self
        }
    }

    /// Sets the columns, as in `id INT, name STRING`.
    pub fn schema(self, schema: &str) -> DataStreamReader {
        DataStreamReader {
            schema: Some(parse_schema(schema)),
            ..self
        }
    }

    /// Has the columns of files follow from those that are there, if no schema is set
    /// (`spark.sql.streaming.schemaInference`).
    ///
    /// ```
    /// let spark = engine_structured::SparkSession::local(2, "orders");
    /// let files = [[r#"{"id": 1}"#.into()].into()];
    /// let orders = spark.read_stream().infer_schema_from(&files).json("orders");
    /// assert_eq!(orders.schema()?.fields()[0].data_type, engine::DataType::Long);
    /// # Ok::<(), engine_structured::AnalysisError>(())
    /// ```
    pub fn infer_schema_from(self, files: &[Records]) -> DataStreamReader {
        DataStreamReader {
            sample: Some(Sample::new(files)),
            ..self
        }
    }

    /// Sets an option. The case of its name does not count.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a value is a literal, as in Spark"
    )]
    pub fn option(mut self, name: &str, value: impl ToString) -> DataStreamReader {
        self.options.set(name, value.to_string());
        self
    }

    /// Sets the folder (`load(path)`). It may be set once: by this, or by the option `path`.
    pub fn path(self, folder: &str) -> DataStreamReader {
        DataStreamReader {
            path: Some(folder.into()),
            ..self
        }
    }

    /// Sets the most files of a micro-batch (`maxFilesPerTrigger`), of a source that has files. Default: all there are.
    pub fn max_files_per_trigger(self, files: usize) -> DataStreamReader {
        self.option("maxFilesPerTrigger", files)
    }

    /// The table of the lines of text files in a folder, each read once and in the order of their times: with the column
    /// `value`, or another one of the schema.
    ///
    /// The driver knows the folder by this name, and each block of records that it hands in is a file. A query that
    /// starts again is handed the files that were there before by [`Input::Replayed`](engine::Input::Replayed).
    pub fn text(self, folder: &str) -> DataFrame {
        self.format("text").path(folder).load()
    }

    /// The table of the lines of CSV files in a folder, as [`text`](DataStreamReader::text) reads them. It needs a schema.
    pub fn csv(self, folder: &str) -> DataFrame {
        self.format("csv").path(folder).load()
    }

    /// The table of the lines of JSON files in a folder, as [`text`](DataStreamReader::text) reads them. It needs a schema.
    pub fn json(self, folder: &str) -> DataFrame {
        self.format("json").path(folder).load()
    }

    /// The table of the lines of a TCP server, with the column `value`. Batch 0 is empty, and runs at the first trigger:
    /// the source connects while it is planned (`MB-2b`).
    pub fn socket(self, host: &str, port: u16) -> DataFrame {
        let reader = self.format("socket");
        reader.option("host", host).option("port", port).load()
    }

    /// The table of the lines that the driver hands in under this name, with the column `value` (`MemoryStream`).
    pub fn memory(self, name: &str) -> DataFrame {
        let source = SourceSettings::Memory {
            name: name.to_owned(),
        };
        self.session.stream(name.into(), text_schema(), source)
    }

    /// The streams that the table reads, by which the driver knows them.
    ///
    /// # Errors
    ///
    /// Those of the table.
    pub fn streams(&self) -> Result<Vec<StreamSource>, AnalysisError> {
        Ok(self.described()?.source.streams())
    }

    /// The table that the options describe.
    pub fn load(self) -> DataFrame {
        match self.described() {
            Ok(Described {
                name,
                schema,
                source,
            }) => self.session.stream(name, schema, source),
            Err(error) => self.session.frame_of(Err(error)),
        }
    }

    fn described(&self) -> Result<Described, AnalysisError> {
        let format = self.format.to_lowercase();
        let mut options = self.options.clone();
        if let Some(path) = &self.path {
            if options.has("path") {
                return Err(AnalysisError::unclassified(
                    "There is a 'path' option set and load() is called with a path parameter. Either remove the path \
                     option, or call load() without the parameter.",
                ));
            }
            options.set("path", path.to_string());
        }
        let described = match format.as_str() {
            "socket" => {
                self.has_own_schema("TextSocketSourceProvider")?;
                socket::described(&mut options)
            }
            "rate" => {
                self.has_own_schema("RateStreamProvider")?;
                rate::described(&mut options)
            }
            "rate-micro-batch" => {
                self.has_own_schema("RatePerMicroBatchProvider")?;
                rate_micro_batch::described(&mut options, self.session.cores)
            }
            "kafka" => {
                self.has_own_schema("KafkaSourceProvider")?;
                kafka::described(&mut options, &self.session)
            }
            "text" | "csv" | "json" | "parquet" | "orc" => self.files(&format, &mut options),
            _ => Err(self.unknown_format()),
        }?;
        options.finish(&format)?;
        Ok(described)
    }

    fn files(&self, format: &str, options: &mut Options) -> Result<Described, AnalysisError> {
        let given = GivenColumns {
            schema: self.schema.clone().transpose()?,
            sample: self.sample.clone(),
        };
        let DescribedFiles { settings, columns } =
            files::described(format, given, options, &self.session.sql)?;
        // As files may lack a value, any column may.
        let columns = columns.into_iter();
        let schema = columns.map(|column| Field::new(column.name, column.data_type));
        Ok(Described {
            name: settings.folder.clone(),
            schema: schema.collect(),
            source: SourceSettings::Files(settings),
        })
    }

    /// Refuses a schema for a source that has its own.
    fn has_own_schema(&self, provider: &str) -> Result<(), AnalysisError> {
        match self.schema {
            None => Ok(()),
            Some(_) => Err(AnalysisError::unclassified(format!(
                "{provider} source does not support user-specified schema."
            ))),
        }
    }

    fn unknown_format(&self) -> AnalysisError {
        let format = &self.format;
        let error = AnalysisError::new(
            "DATA_SOURCE_NOT_FOUND",
            format!("Failed to find the data source: {format}, or it cannot be read as a stream."),
        );
        match nearest(format, FORMATS) {
            Some(known) => error.with_help(format!("did you mean `{known}`?")),
            None => error.with_help(format!("These can: {}.", FORMATS.join(", "))),
        }
    }
}

/// A source as its options describe it.
struct Described {
    /// The name of its table in plans.
    name: Text,
    schema: Schema,
    source: SourceSettings,
}

/// The columns of lines of text.
fn text_schema() -> Schema {
    Schema::from_iter([Field::new("value", DataType::String)])
}

fn no_schema() -> AnalysisError {
    AnalysisError::illegal_argument(
        "Schema must be specified when creating a streaming source DataFrame. If some files already exist in the directory, \
         then depending on the file format you may be able to create a static DataFrame on that directory with \
         'spark.read.load(directory)' and infer schema from it.",
    )
}
