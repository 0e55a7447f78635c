//! Readers of streams.

use engine::StreamSource;

use crate::dataframe::DataFrame;
use crate::session::{SparkSession, StreamTable};

/// Reads a stream (`org.apache.spark.sql.streaming.DataStreamReader`).
#[derive(Clone, Debug)]
pub struct DataStreamReader {
    session: SparkSession,
    max_files: Option<usize>,
}

impl DataStreamReader {
    pub(crate) fn new(session: SparkSession) -> DataStreamReader {
        DataStreamReader {
            session,
            max_files: None,
        }
    }

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
        self.session.stream(StreamTable {
            source,
            starts_empty,
            max_files: self.max_files,
        })
    }
}
