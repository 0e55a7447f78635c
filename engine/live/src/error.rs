//! The errors of the real world.

use std::io;

use engine::Text;

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
    NoCheckpointFolder,
    /// The program has a [`Receiver`](engine::StreamSource::Receiver) that is not known here.
    #[error(
        "open the receiver `{name}`: none of this name is registered, or another stream has taken it"
    )]
    UnknownReceiver {
        /// Its name in the program.
        name: String,
    },
    /// The program reads a topic, and this build has no client of Kafka.
    #[error(
        "read the topic `{name}`: this build has no client of Kafka; build with the feature `kafka`, or register a receiver \
         of its name"
    )]
    NoKafka {
        /// The topic.
        name: String,
    },
    /// The servers of a topic do not say where it is.
    #[error("read the topic `{name}` of {servers}: {reason}")]
    Topic {
        /// The topic.
        name: String,
        /// The servers.
        servers: String,
        /// The reason, as the client gives it.
        reason: String,
    },
    /// The program limits the rates of its receivers, which only the virtual world does.
    #[error(
        "limit the rates of receivers: a live one takes what comes; leave the rates out, or play a scenario"
    )]
    RateLimits,
    /// Lines that a server sends by number could not be logged: the program ends before it asks for later ones.
    #[error(
        "log what was received: {reason}; started again once that can be written, the program asks for the lines that \
         are missing"
    )]
    NotLogged {
        /// The reason, as the storage gives it.
        reason: Text,
    },
}
