//! Readers of finite tables.

use engine::{
    Failure, FailureKind, Records, Row, StreamId, StructField, Text, Time, Value, bytes_of_record,
};
use engine_sql::{
    AnalysisError, CsvOptions, CsvParser, Field, JsonOptions, JsonParser, infer_json,
};

use crate::collect::CollectError;
use crate::dataframe::DataFrame;
use crate::folder_columns::FolderColumns;
use crate::infer::{columns_of_files, csv_columns};
use crate::parquet::rows_of_file;
use crate::reader::kafka::{self, TopicTable};
use crate::reader::options::Options;
use crate::session::SparkSession;
use crate::source::{File, Kafka, Source, message_schema, partitions, text_columns};

/// The lines that a table is read from.
#[derive(Clone, Debug)]
pub enum TableLines {
    /// Those of files, which are dealt out to partitions: the largest first
    /// (`org.apache.spark.sql.execution.datasources.FilePartition`).
    Files(Vec<Records>),
    /// Those of partitions, as they are.
    Partitions(Vec<Records>),
}

/// Reads lines as a finite table (`org.apache.spark.sql.DataFrameReader`). All columns may be `NULL`.
///
/// ```
/// use engine::{Inline, Time, Value};
/// use engine_structured::{SparkSession, TableLines};
///
/// let spark = SparkSession::local(2, "users");
/// let users = TableLines::Files(vec![["name,level".into(), "ann,7".into()].into()]);
/// let table = spark.read().option("header", "true").option("inferSchema", "true").csv(users)?;
/// assert_eq!(table.columns()?, ["name", "level"]);
/// let row = vec![Value::String("ann".into()), Value::Integer(7)];
/// assert_eq!(table.collect(Time::EPOCH, &Inline)?, [row]);
/// # Ok::<(), engine_structured::CollectError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataFrameReader {
    session: SparkSession,
    schema: Option<Vec<StructField>>,
    options: Vec<(String, String)>,
    /// The folder below which the names of folders are columns.
    base: Option<Text>,
}

/// Files by partition.
type Parted = Vec<Vec<File>>;

impl DataFrameReader {
    pub(crate) fn new(session: SparkSession) -> DataFrameReader {
        DataFrameReader {
            session,
            schema: None,
            options: Vec::new(),
            base: None,
        }
    }

    /// Has the folders of this one that are named `column=value` be columns of the files in them, which begin with the facts
    /// of each ([`FileStatus`](engine::FileStatus)).
    pub fn base_path(self, folder: &str) -> DataFrameReader {
        DataFrameReader {
            base: Some(folder.into()),
            ..self
        }
    }

    /// The columns of the table. Without them they follow from the lines.
    pub fn schema(self, columns: Vec<StructField>) -> DataFrameReader {
        DataFrameReader {
            schema: Some(columns),
            ..self
        }
    }

    /// Sets an option of the format, whatever the case of its name.
    pub fn option(mut self, name: &str, value: &str) -> DataFrameReader {
        self.options.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The table of lines of CSV. Its options are those of [`CsvOptions`], and `header` and `inferSchema`.
    ///
    /// # Errors
    ///
    /// An option or a type that is refused, and a malformed line in the mode `FAILFAST`.
    pub fn csv(&self, lines: TableLines) -> Result<DataFrame, CollectError> {
        let header = self.flag("header")?;
        let infers = self.flag("inferSchema")?;
        let settings = &self.session.sql;
        let options = self.others(&["header", "inferschema"]);
        let options = CsvOptions::new(options, settings).map_err(AnalysisError::from)?;
        let is_dealt = matches!(lines, TableLines::Partitions(_));
        let parted = self.parted(lines);
        let is_line = |line: &&Text| options.has_values(line);
        let all = || parted.iter().flatten().map(|file| &file.lines);
        let first = all().flat_map(|file| file.iter()).find(is_line);
        let is_header = |line: &&Text| header && Some(*line) == first;
        let folders = self.folder_columns(&parted)?;
        let columns = match &self.schema {
            Some(columns) => folders.others(columns.clone()),
            None => csv_columns(all(), header, infers, &options),
        };
        let parser = CsvParser::new(columns.clone(), options.clone(), settings);
        let parser = parser.map_err(AnalysisError::from)?;
        // Each file has a header of its own; partitions that were no files have one together.
        let rows_of = |file: &File| {
            let skipped = usize::from(header && !is_dealt);
            let lines = file.lines.iter().filter(is_line).skip(skipped);
            let lines = lines.filter(|line| !(is_dealt && is_header(line)));
            lines
                .filter_map(|line| parser.row(line).transpose())
                .collect()
        };
        self.table("csv", columns, folders, &parted, rows_of)
    }

    /// The table of texts of JSON, each an object or an array of objects. Its options are those of [`JsonOptions`].
    ///
    /// # Errors
    ///
    /// An option or a type that is refused, and a malformed text in the mode `FAILFAST`.
    pub fn json(&self, texts: TableLines) -> Result<DataFrame, CollectError> {
        let settings = &self.session.sql;
        let options = JsonOptions::new(self.others(&[]), settings).map_err(AnalysisError::from)?;
        let parted = self.parted(texts);
        let columns = if let Some(columns) = &self.schema {
            columns.clone()
        } else {
            let all = parted.iter().flatten().flat_map(|file| file.lines.iter());
            let inferred = infer_json(all.map(Text::as_str), &options, settings);
            inferred.map_err(CollectError::Failure)?
        };
        let folders = self.folder_columns(&parted)?;
        let columns = folders.others(columns);
        let parser = JsonParser::of_rows(columns.clone(), options, settings);
        let parser = parser.map_err(AnalysisError::from)?;
        let rows_of = |file: &File| {
            let rows = file.lines.iter().map(|text| parser.rows(text));
            Ok(rows.collect::<Result<Vec<_>, Failure>>()?.concat())
        };
        self.table("json", columns, folders, &parted, rows_of)
    }

    /// The table of files of Parquet, each the record of its bytes ([`record_of_bytes`](engine::record_of_bytes)). It has
    /// the columns of the first file, if no schema is set.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or columns that it has of another type; an option: there is none. All, without the
    /// feature `parquet`.
    pub fn parquet(&self, files: TableLines) -> Result<DataFrame, CollectError> {
        self.no_options("Parquet", &["mergeschema"])?;
        let parted = self.parted(files);
        let columns = match &self.schema {
            Some(columns) => Some(columns.clone()),
            None => columns_of_files(parted.iter().flatten().map(|file| &file.lines))?,
        };
        let columns = columns.ok_or_else(|| {
            AnalysisError::unclassified(
                "Unable to infer schema for Parquet. It must be specified manually.",
            )
        })?;
        let folders = self.folder_columns(&parted)?;
        let columns = folders.others(columns);
        let rows_of = |file: &File| {
            let bytes = file.lines.first().and_then(|it| bytes_of_record(it));
            rows_of_file(
                &file.status.path,
                &bytes.unwrap_or_default(),
                &columns,
                self.session.sql.spark,
            )
        };
        self.table("parquet", columns.clone(), folders, &parted, rows_of)
    }

    /// The table `lines(value)` of texts.
    ///
    /// # Errors
    ///
    /// An option: there is none. A schema of more than one column, or of another type.
    pub fn text(&self, lines: TableLines) -> Result<DataFrame, CollectError> {
        self.no_options("text", &[])?;
        let parted = self.parted(lines);
        let folders = self.folder_columns(&parted)?;
        let schema = self.schema.clone().map(|columns| folders.others(columns));
        let columns = text_columns(schema)?;
        let rows_of = |file: &File| {
            let rows = file
                .lines
                .iter()
                .map(|line| vec![Value::String(line.clone())]);
            Ok(rows.collect())
        };
        self.table("text", columns, folders, &parted, rows_of)
    }

    /// The table of the messages of topics, with the options of Spark's Kafka source. `history` has the records of a topic
    /// until now, each with the time at which it came.
    ///
    /// ```
    /// use engine::{Inline, Message, Time, Value};
    /// let spark = engine_structured::SparkSession::local(2, "orders");
    /// let reader = spark.read().option("kafka.bootstrap.servers", "broker:9092").option("subscribe", "orders");
    /// let orders = reader.kafka(|_| vec![(Time::EPOCH, Message::new("1").to_record())])?;
    /// assert_eq!(orders.collect(Time::EPOCH, &Inline)?[0][1], Value::Binary((*b"1").into()));
    /// # Ok::<(), engine_structured::CollectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// An option that is refused, partitions that are not named, and a time after which there is no message.
    pub fn kafka(
        &self,
        history: impl Fn(&Text) -> Vec<(Time, Text)>,
    ) -> Result<DataFrame, CollectError> {
        let mut options = Options::default();
        for (name, value) in &self.options {
            options.set(name, value.clone());
        }
        let TopicTable { settings, ending } = kafka::table(&mut options, &self.session)?;
        let schema = message_schema(settings.has_headers);
        let topics = settings.topics.clone();
        let mut kafka = Kafka::new(settings);
        for (number, topic) in topics.iter().enumerate() {
            for (time, record) in history(topic) {
                kafka.receive(time, StreamId(number), [record].into());
            }
        }
        let ranges = kafka
            .until(&ending)
            .map_err(|reason| CollectError::Failure(Failure::new(FailureKind::Spark, reason)))?;
        let partitions = ranges.iter().map(|range| range.rows().collect()).collect();
        Ok(self
            .session
            .table_of_partitions("kafka", schema, partitions))
    }

    fn parted(&self, lines: TableLines) -> Parted {
        match lines {
            TableLines::Files(files) => {
                let files = files.into_iter().map(file_of);
                let size = |file: &File| file.status.bytes as usize;
                partitions(files.collect(), size, self.session.cores)
            }
            TableLines::Partitions(dealt) => {
                let partition = |lines| vec![file_of(lines)];
                dealt.into_iter().map(partition).collect()
            }
        }
    }

    /// The table of files, and of the columns that the names of their folders are, behind the columns of their own.
    fn table(
        &self,
        name: &str,
        columns: Vec<StructField>,
        folders: FolderColumns,
        parted: &Parted,
        rows_of: impl Fn(&File) -> Result<Vec<Row>, Failure>,
    ) -> Result<DataFrame, CollectError> {
        let mut values = folders.values.iter();
        let mut rows_with_folders = |file: &File| {
            let folder = values.next().cloned().unwrap_or_default();
            let rows = rows_of(file)?.into_iter();
            let rows = rows.map(|row| row.into_iter().chain(folder.iter().cloned()).collect());
            Ok(rows.collect::<Vec<Row>>())
        };
        let mut rows = Vec::new();
        for files in parted {
            let of_files = files.iter().map(&mut rows_with_folders);
            let of_files = of_files.collect::<Result<Vec<_>, Failure>>();
            rows.push(of_files.map_err(CollectError::Failure)?.concat());
        }
        let columns = columns.into_iter().chain(folders.columns);
        let schema = columns.map(|column| Field::new(column.name, column.data_type));
        Ok(self
            .session
            .table_of_partitions(name, schema.collect(), rows))
    }

    fn folder_columns(&self, parted: &Parted) -> Result<FolderColumns, AnalysisError> {
        let Some(base) = &self.base else {
            return Ok(FolderColumns::default());
        };
        let paths = parted.iter().flatten().map(|file| file.status.path.clone());
        let paths: Vec<Text> = paths.collect();
        let given = self.schema.as_deref().unwrap_or_default();
        FolderColumns::of(&paths, base, given, &self.session.sql)
    }

    /// Refuses an option, but for flags of these names that are false.
    fn no_options(&self, title: &str, flags: &[&str]) -> Result<(), AnalysisError> {
        let is_off = |name: &str, value: &str| {
            flags.contains(&name.to_lowercase().as_str()) && value.eq_ignore_ascii_case("false")
        };
        match self
            .options
            .iter()
            .find(|(name, value)| !is_off(name, value))
        {
            None => Ok(()),
            Some((name, _)) => Err(AnalysisError::unclassified(format!(
                "the {title} option `{name}` is not supported here: leave it out"
            ))),
        }
    }

    /// The value of an option that is true or false, which is its default.
    fn flag(&self, name: &str) -> Result<bool, AnalysisError> {
        let mut given = self.options.iter().rev();
        let found = given.find(|(option, _)| option.eq_ignore_ascii_case(name));
        match found.map(|(_, value)| value.to_lowercase()).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                let message = format!("{name} flag can be true or false");
                Err(AnalysisError::unclassified(message))
            }
        }
    }

    /// The options without these.
    fn others(&self, without: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        let options = self.options.iter();
        let others = options.filter(|(name, _)| !without.contains(&name.to_lowercase().as_str()));
        others.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn file_of(records: Records) -> File {
    File::of_records(&records)
        .unwrap_or_else(|| File::nameless(Text::default(), Time::EPOCH, records))
}
