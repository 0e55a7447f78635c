//! Sources of the input streams of a program.

use std::fmt;

/// Where the records of an input stream come from. The engine does not fetch them: its driver reads
/// this and hands them in.
///
/// It displays as the name by which a timeline calls it:
///
/// ```
/// use engine::StreamSource;
/// let socket = StreamSource::Socket { host: "localhost".to_owned(), port: 9999 };
/// assert_eq!(socket.to_string(), "localhost:9999");
/// assert_eq!(StreamSource::Receiver { name: "clicks".to_owned() }.to_string(), "clicks");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamSource {
    /// Lines of text from a TCP server (`socketTextStream`).
    Socket {
        /// Name or address of the server.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A source that keeps its lines, known to the driver by name: a topic, or a folder of files. A batch has the
    /// records of its time, also if the program starts again (`createDirectStream`, `textFileStream`).
    Direct {
        /// The name.
        name: String,
    },
    /// A topic, whose records are [messages](crate::Message) that it keeps (`kafka`, of a query).
    Topic {
        /// The name.
        name: String,
        /// Its servers, such as `one:9092,two:9092`.
        servers: String,
        /// True if the program may read the messages that are there when it starts, and not only those that come.
        from_start: bool,
    },
    /// A receiver of the driver's own, known to it by name (`receiverStream`).
    Receiver {
        /// The name.
        name: String,
    },
}

impl StreamSource {
    /// True if it keeps its records, so that they can be read again.
    pub fn keeps_records(&self) -> bool {
        matches!(
            self,
            StreamSource::Direct { .. } | StreamSource::Topic { .. }
        )
    }
}

impl fmt::Display for StreamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StreamSource::Socket { host, port } => write!(f, "{host}:{port}"),
            StreamSource::Receiver { name }
            | StreamSource::Direct { name }
            | StreamSource::Topic { name, .. } => f.write_str(name),
        }
    }
}
