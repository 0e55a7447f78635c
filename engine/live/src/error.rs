//! The errors of the real world.

use std::io;

/// A program that could not be run live. Displays as the operation that failed, so that it completes
/// "failed to …".
///
/// A server that is away or a connection that breaks is a [diagnostic](crate::LiveDiagnostic) instead:
/// the program goes on and tries again. A job that fails is an [`Event`](engine::Event).
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The operating system has no event queue for sockets and timers left.
    #[error("start the event loop")]
    EventLoop {
        /// The error of the operating system.
        source: io::Error,
    },
    /// Ctrl-C or `SIGTERM` cannot be listened for.
    #[error("listen for ctrl-C and SIGTERM")]
    Signals {
        /// The error of the operating system.
        source: io::Error,
    },
    /// The program has checkpoints, which need storage.
    #[error(
        "keep the checkpoints that the program asks for: give it a folder, or leave `checkpoint` out"
    )]
    NoLog,
    /// The program has a [`Receiver`](engine::StreamSource::Receiver) that is not known here.
    #[error(
        "open the receiver `{name}`: none of this name is registered, or another stream has taken it"
    )]
    UnknownReceiver {
        /// Its name in the program.
        name: String,
    },
}
