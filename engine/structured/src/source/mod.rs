//! The sources of a query: what has come, and how far micro-batches have got.

mod file;
mod files;
mod glob;
mod input;
mod kafka;
mod lines;
mod rate;
mod rate_micro_batch;
mod row_format;

use std::collections::BTreeSet;
use std::fmt::Debug;

use engine::{
    QueryContent, Records, SourceOffset, StreamId, StreamSource, Text, Time, TopicOffsets,
};

use engine_sql::{AnalysisError, Field};

use self::files::Files;
use self::lines::Lines;
use self::rate::Rate;
use self::rate_micro_batch::RateMicroBatch;
use crate::recover::{QueryRecoverError, SourceLog};

pub(crate) use self::file::File;
pub(crate) use self::files::{FileSettings, Listing, partitions};
pub(crate) use self::glob::Glob;
pub(crate) use self::input::BatchInput;
#[cfg(test)]
pub(crate) use self::input::Lines as InputLines;
pub(crate) use self::kafka::{
    Kafka, KafkaSettings, LeastMessages, OffsetLimit, Times, message_schema,
};
pub(crate) use self::rate::RateSettings;
pub(crate) use self::rate_micro_batch::RateMicroBatchSettings;
pub(crate) use self::row_format::{CsvLines, JsonLines, RowFormat, text_columns};

/// A source as a program describes it.
#[derive(Clone, Debug)]
pub(crate) enum SourceSettings {
    /// Lines of a TCP server.
    Socket {
        host: String,
        port: u16,
        /// A row has the time at which its line has come.
        has_time: bool,
    },
    /// Lines that the driver hands in under a name.
    Memory { name: String },
    /// Files of a folder.
    Files(FileSettings),
    /// Numbers at a steady rate.
    Rate(RateSettings),
    /// Equally many numbers in each micro-batch.
    RateMicroBatch(RateMicroBatchSettings),
    /// Messages of topics.
    Kafka(KafkaSettings),
}

impl SourceSettings {
    /// The streams that the driver hands in.
    pub(crate) fn streams(&self) -> Vec<StreamSource> {
        match self {
            SourceSettings::Socket { host, port, .. } => vec![StreamSource::Socket {
                host: host.clone(),
                port: *port,
            }],
            SourceSettings::Memory { name } => vec![StreamSource::Receiver { name: name.clone() }],
            SourceSettings::Files(files) => vec![StreamSource::Direct {
                name: files.folder.to_string(),
            }],
            SourceSettings::Rate(_) | SourceSettings::RateMicroBatch(_) => Vec::new(),
            SourceSettings::Kafka(kafka) => {
                let topic = |name: &Text| StreamSource::Topic {
                    name: name.to_string(),
                    servers: kafka.servers.to_string(),
                    from_start: kafka.starting != OffsetLimit::Latest,
                };
                kafka.topics.iter().map(topic).collect()
            }
        }
    }

    /// The column that is there where it is named, behind all others.
    pub(crate) fn hidden_column(&self) -> Option<Field> {
        matches!(self, SourceSettings::Files(_)).then(file::metadata_column)
    }

    /// The source as Spark describes it in the progress of a query.
    pub(crate) fn description(&self) -> Text {
        match self {
            SourceSettings::Socket { host, port, .. } => {
                format!("TextSocketV2[host: {host}, port: {port}]")
            }
            SourceSettings::Memory { .. } => "MemoryStream[value#1]".to_owned(),
            SourceSettings::Files(files) => format!("FileStreamSource[{}]", files.folder),
            SourceSettings::Rate(rate) => rate.description(),
            SourceSettings::RateMicroBatch(rate) => rate.description(),
            SourceSettings::Kafka(kafka) => kafka.description(),
        }
        .into()
    }

    /// The same source, of which only these columns are read.
    ///
    /// # Errors
    ///
    /// Those of a form of lines with these columns, and if the only one is that of lines that are malformed.
    pub(crate) fn reading(
        &self,
        columns: &BTreeSet<usize>,
    ) -> Result<SourceSettings, AnalysisError> {
        Ok(match self {
            SourceSettings::Files(files) if columns.iter().eq(&files.corrupt_column) => {
                return Err(AnalysisError::unclassified(
                    "Since Spark 2.3, the queries from raw JSON/CSV files are disallowed when the referenced columns only \
                     include the internal corrupt record column (named _corrupt_record by default)",
                )
                .with_help("read another column, too"));
            }
            SourceSettings::Files(files) => SourceSettings::Files(FileSettings {
                format: files.format.reading(columns)?.into(),
                has_metadata: columns.contains(&files.width),
                ..files.clone()
            }),
            other => other.clone(),
        })
    }

    /// The source, from which nothing has come.
    pub(crate) fn open(&self) -> Box<dyn Source> {
        match self {
            SourceSettings::Socket { has_time, .. } => {
                let format = if *has_time {
                    RowFormat::TimedText
                } else {
                    RowFormat::Text
                };
                Box::new(Lines::new(true, format))
            }
            SourceSettings::Memory { .. } => Box::new(Lines::new(false, RowFormat::Text)),
            SourceSettings::Files(files) => Box::new(Files::new(files.clone())),
            SourceSettings::Rate(rate) => Box::new(Rate::new(*rate)),
            SourceSettings::RateMicroBatch(rate) => Box::new(RateMicroBatch::new(*rate)),
            SourceSettings::Kafka(kafka) => Box::new(Kafka::new(kafka.clone())),
        }
    }
}

/// A source of a query (`org.apache.spark.sql.connector.read.streaming.MicroBatchStream`). An offset says how much of it is
/// in micro-batches.
pub(crate) trait Source: Debug + Send {
    /// The log that it has beside those of the query.
    fn own_log(&self) -> OwnLog;

    /// Goes on where a run before has ended.
    ///
    /// # Errors
    ///
    /// The checkpoint has offsets of another kind of source.
    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError>;

    /// Starts with the query.
    fn start(&mut self, _now: Time) {}

    /// Takes in records that it has had before the query was started.
    fn replay(&mut self, _time: Time, _stream: StreamId, _records: Records) {}

    /// Takes in records that have come, of the stream with this number among its own.
    fn receive(&mut self, now: Time, stream: StreamId, records: Records);

    /// True if no records, received together, are something.
    fn takes_nothing(&self) -> bool {
        false
    }

    /// Learns that a trigger fires, before it is asked for data.
    fn look(&mut self, _now: Time) {}

    /// True if a micro-batch would have new data, which may be an offset that stands for no record (`MB-2`, `MB-2b`).
    fn has_new(&self, now: Time) -> bool;

    /// The time at which it has new data by itself.
    fn next_new(&self, _now: Time) -> Option<Time> {
        None
    }

    /// Looks for data, up to its limit or all there is, and returns an entry of its own log if it has one.
    fn fetch(&mut self, now: Time, is_limited: bool) -> Option<(u64, QueryContent)>;

    /// Ends the stream: what comes from now on is for no micro-batch.
    fn fix_end(&mut self, now: Time);

    /// The end of what it has found.
    fn available(&self) -> Option<SourceOffset>;

    /// The JSON of an offset, as the progress of a query has it.
    fn offset_json(&self, offset: &SourceOffset) -> Text {
        offset.to_string().into()
    }

    /// Takes the records between the committed offset and the available one, which is committed then.
    fn take(&mut self, cores: usize) -> BatchInput;

    /// Lets go of what the micro-batch before ended with (`MB-1`).
    ///
    /// # Errors
    ///
    /// A socket that has been connected anew does not have it.
    fn release(&mut self) -> Result<(), Text> {
        Ok(())
    }
}

/// The log that a source has beside those of its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnLog {
    None,
    /// The files that it has found, in a folder of this name.
    Files(Text),
    /// Its beginning.
    Beginning,
}

/// A source as a run before has left it.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    /// The files that it has found.
    pub(crate) log: SourceLog,
    /// Its beginning.
    pub(crate) beginning: Option<SourceOffset>,
    /// The end of what is in micro-batches that are done.
    pub(crate) committed: Option<SourceOffset>,
    /// The end of what is in micro-batches.
    pub(crate) available: Option<SourceOffset>,
    /// The last micro-batch runs again.
    pub(crate) is_run_again: bool,
}

/// An offset as a number.
fn number(offset: Option<SourceOffset>) -> Result<Option<i64>, QueryRecoverError> {
    match offset {
        None => Ok(None),
        Some(SourceOffset::Number(number)) => Ok(Some(number)),
        Some(other) => Err(QueryRecoverError::OtherKind(other)),
    }
}

/// An offset as that of topics.
fn topics(offset: Option<SourceOffset>) -> Result<Option<TopicOffsets>, QueryRecoverError> {
    match offset {
        None => Ok(None),
        Some(SourceOffset::Topics(topics)) => Ok(Some(topics)),
        Some(other) => Err(QueryRecoverError::OtherKind(other)),
    }
}
