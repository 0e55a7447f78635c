//! All that may reach an engine.

use std::sync::Arc;

use crate::{Finished, Text};

/// An input stream of a program: the first one declared is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub usize);

/// Records that were stored together: one partition of a batch (`BLK-4`).
pub type Block = Arc<[Text]>;

/// What a driver tells an engine, each with the time at which it happened.
#[derive(Debug)]
pub enum Input {
    /// The program starts; this comes first, and once.
    Started,
    /// A receiver hands over one record, which waits for the next cut of a block (`BLK-1`).
    Received {
        /// The stream it belongs to.
        stream: StreamId,
        /// The record: a line without its line end.
        record: Text,
    },
    /// A receiver hands over many records at once, which are a block as they are (`BLK-5`).
    Stored {
        /// The stream it belongs to.
        stream: StreamId,
        /// The records, in order.
        block: Block,
    },
    /// The time that [`Machine::next_wake`](crate::Machine::next_wake) asked for has come.
    Woken,
    /// A job that the engine asked for has ended, well or not.
    JobFinished(Finished),
    /// No more input will come: end after what was received has been worked off (`JOB-6`).
    StopRequested,
}
