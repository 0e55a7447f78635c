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
    /// A receiver of the driver's own, known to it by name (`receiverStream`).
    Receiver {
        /// The name.
        name: String,
    },
}

impl fmt::Display for StreamSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StreamSource::Socket { host, port } => write!(f, "{host}:{port}"),
            StreamSource::Receiver { name } => f.write_str(name),
        }
    }
}
