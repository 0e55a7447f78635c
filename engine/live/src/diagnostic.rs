//! Messages for the person at the terminal while a live program runs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A change in the outside world that is not an [`Event`](engine::Event) of the program.
///
/// Displays as one line without a line feed, for standard error: standard output is for the output of
/// the program.
///
/// ```
/// use engine_live::LiveDiagnostic;
/// let connected = LiveDiagnostic::Connected {
///     address: "localhost:9999".to_owned(),
///     position: None,
/// };
/// assert_eq!(connected.to_string(), "connected to localhost:9999");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveDiagnostic {
    /// No server answers at `address`. Attempts go on; only the first failure is reported.
    WaitingForServer {
        /// Host and port.
        address: String,
        /// The error of the first attempt.
        reason: String,
    },
    /// A server has accepted the connection.
    Connected {
        /// Host and port.
        address: String,
        /// The number of the line from which on the server was asked, from 0, if it was.
        position: Option<u64>,
    },
    /// The server has closed the connection, or it broke (`RCV-1`).
    ConnectionLost {
        /// Host and port.
        address: String,
        /// The error, if it broke. An incomplete line is lost then.
        reason: Option<String>,
        /// The wait before the receiver connects again.
        restart_delay: Duration,
    },
    /// The server has closed the connection, or it broke, and the program does not connect again (`MB-2c`).
    StreamEnded {
        /// Host and port.
        address: String,
        /// The error, if it broke. An incomplete line is lost then.
        reason: Option<String>,
    },
    /// A line was longer than the limit and was skipped.
    LineTooLong {
        /// Host and port.
        address: String,
        /// The most bytes that a line may have.
        limit: usize,
    },
    /// A message has bytes that are no text. They are replaced.
    NotText {
        /// The topic and the partition.
        partition: String,
        /// The offset of the message.
        offset: i64,
    },
    /// The program was asked to stop, and does so after it has processed what was received (`JOB-6`).
    Stopping,
    /// The program was asked to stop a second time, and ends at once.
    StoppingAtOnce,
}

impl fmt::Display for LiveDiagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LiveDiagnostic::WaitingForServer { address, reason } => {
                write!(f, "waiting for a server at {address} ({reason})")
            }
            LiveDiagnostic::Connected { address, position } => {
                write!(f, "connected to {address}")?;
                match position {
                    Some(position) => write!(f, ", asked for the lines from number {position} on"),
                    None => Ok(()),
                }
            }
            LiveDiagnostic::ConnectionLost {
                address,
                reason,
                restart_delay,
            } => {
                write!(f, "connection to {address} lost")?;
                write_reason(f, reason.as_deref())?;
                write!(f, ", connecting again in {} s", restart_delay.as_secs_f64())
            }
            LiveDiagnostic::StreamEnded { address, reason } => {
                write!(f, "the stream from {address} has ended")?;
                write_reason(f, reason.as_deref())?;
                f.write_str(
                    ", and a query connects only once: it goes on without data until it is stopped",
                )
            }
            LiveDiagnostic::LineTooLong { address, limit } => {
                write!(
                    f,
                    "a line from {address} was longer than {limit} bytes and was skipped"
                )
            }
            LiveDiagnostic::NotText { partition, offset } => {
                write!(
                    f,
                    "the message {offset} of {partition} is no UTF-8: a sign stands for each of its bytes that is none"
                )
            }
            LiveDiagnostic::Stopping => {
                f.write_str("stopping after the last batches; ask again to stop at once")
            }
            LiveDiagnostic::StoppingAtOnce => {
                f.write_str("stopping at once; batches that are not done are lost")
            }
        }
    }
}

fn write_reason(f: &mut fmt::Formatter<'_>, reason: Option<&str>) -> fmt::Result {
    match reason {
        Some(reason) => write!(f, " ({reason})"),
        None => Ok(()),
    }
}

/// The callback for diagnostics, shared by the loop and the sources.
#[derive(Clone)]
pub(crate) struct DiagnosticHandler(Arc<Mutex<dyn FnMut(LiveDiagnostic) + Send>>);

impl DiagnosticHandler {
    pub(crate) fn new(callback: impl FnMut(LiveDiagnostic) + Send + 'static) -> DiagnosticHandler {
        DiagnosticHandler(Arc::new(Mutex::new(callback)))
    }

    pub(crate) fn report(&self, diagnostic: LiveDiagnostic) {
        // The lock serialises calls from tasks on several threads. It guards no data of ours, so a
        // callback that panicked once may be called again.
        let mut callback = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        callback(diagnostic);
    }
}
