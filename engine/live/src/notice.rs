//! What a person at the terminal should know while a live program runs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Something about the world outside that is no [`Event`](engine::Event) of the program.
///
/// Prints as one line without an end, for standard error: standard output is for what the program
/// prints.
///
/// ```
/// let notice = engine_live::Notice::Connected { address: "localhost:9999".to_owned() };
/// assert_eq!(notice.to_string(), "connected to localhost:9999");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Nobody answers at `address`. It is tried again and again; this is told the first time.
    WaitingForServer {
        /// Host and port.
        address: String,
        /// Why the first attempt failed.
        reason: String,
    },
    /// A server has accepted the connection.
    Connected {
        /// Host and port.
        address: String,
    },
    /// The server has closed the connection, or it broke (`RCV-1`).
    ConnectionLost {
        /// Host and port.
        address: String,
        /// Why, if it broke. What had come of a line is lost then.
        reason: Option<String>,
        /// After how long the receiver connects again.
        restart_delay: Duration,
    },
    /// A line was longer than the limit and was skipped.
    LineTooLong {
        /// Host and port.
        address: String,
        /// The most bytes that a line may have.
        limit: usize,
    },
    /// The program was asked to stop and does so when it has worked off what was received (`JOB-6`).
    Stopping,
    /// The program was asked again to stop, and ends where it is.
    StoppingAtOnce,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::WaitingForServer { address, reason } => {
                write!(f, "waiting for a server at {address} ({reason})")
            }
            Notice::Connected { address } => write!(f, "connected to {address}"),
            Notice::ConnectionLost {
                address,
                reason,
                restart_delay,
            } => {
                write!(f, "connection to {address} lost")?;
                if let Some(reason) = reason {
                    write!(f, " ({reason})")?;
                }
                write!(f, ", connecting again in {} s", restart_delay.as_secs_f64())
            }
            Notice::LineTooLong { address, limit } => {
                let line = format_args!("a line from {address}");
                write!(f, "{line} was longer than {limit} bytes and was skipped")
            }
            Notice::Stopping => {
                f.write_str("stopping after one more batch; ask again to stop at once")
            }
            Notice::StoppingAtOnce => {
                f.write_str("stopping at once; batches that are not done are lost")
            }
        }
    }
}

/// Whoever is told notices, shared by the loop and the sources.
#[derive(Clone)]
pub(crate) struct Notices(Arc<Mutex<dyn FnMut(Notice) + Send>>);

impl Notices {
    pub(crate) fn new(told: impl FnMut(Notice) + Send + 'static) -> Notices {
        Notices(Arc::new(Mutex::new(told)))
    }

    pub(crate) fn tell(&self, notice: Notice) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told(notice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(notice: &Notice, expected: &str) {
        assert_eq!(notice.to_string(), expected);
    }

    #[test]
    fn notices_read_as_sentences() {
        let address = "localhost:9999".to_owned();
        check(
            &Notice::WaitingForServer {
                address: address.clone(),
                reason: "connection refused".to_owned(),
            },
            "waiting for a server at localhost:9999 (connection refused)",
        );
        check(
            &Notice::LineTooLong { address, limit: 16 },
            "a line from localhost:9999 was longer than 16 bytes and was skipped",
        );
        check(
            &Notice::Stopping,
            "stopping after one more batch; ask again to stop at once",
        );
        check(
            &Notice::StoppingAtOnce,
            "stopping at once; batches that are not done are lost",
        );
    }

    #[test]
    fn rcv_1_a_lost_connection_says_when_it_is_tried_again() {
        let lost = |reason: Option<&str>, restart_delay_ms| Notice::ConnectionLost {
            address: "[::1]:9999".to_owned(),
            reason: reason.map(str::to_owned),
            restart_delay: Duration::from_millis(restart_delay_ms),
        };
        check(
            &lost(None, 2_000),
            "connection to [::1]:9999 lost, connecting again in 2 s",
        );
        check(
            &lost(Some("broken pipe"), 500),
            "connection to [::1]:9999 lost (broken pipe), connecting again in 0.5 s",
        );
    }
}
