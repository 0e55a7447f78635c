//! Sources of the input streams of a program.

/// Where the records of an input stream come from. The engine does not fetch them: its driver reads
/// this and hands them in.
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
