//! Inputs: everything that may reach a machine.

use crate::{
    Finished, Records, SaveError, SaveId, SaveOutcome, StreamId, Text, Time, WriteError, WriteId,
};

/// An input of a machine; its driver hands it in with the time at which it happened.
#[derive(Debug)]
pub enum Input {
    /// The program starts; this comes first, unless it is stopped before, and once.
    Started,
    /// A receiver hands over one record, which waits for the next cut of a block (`BLK-1`).
    Received {
        /// The stream it belongs to, one of those of the machine's sources.
        stream: StreamId,
        /// The record: a line without its line end.
        record: Text,
    },
    /// A receiver hands over many records at once, which are a block as they are (`BLK-5`).
    Stored {
        /// The stream they belong to, one of those of the machine's sources.
        stream: StreamId,
        /// The records, in order.
        records: Records,
    },
    /// Records of a source that keeps them, which a program that goes on after a crash may have to read again: all up to
    /// now, in the order of time, before [`Started`](Input::Started).
    Replayed {
        /// The stream they belong to, one whose source [keeps its records](crate::StreamSource::keeps_records).
        stream: StreamId,
        /// The time since which the source has them.
        time: Time,
        /// The records, in order.
        records: Records,
    },
    /// The time that [`Machine::next_wake`](crate::Machine::next_wake) asked for has come.
    Woken,
    /// A job that the machine asked for has ended, well or not.
    JobFinished(Finished),
    /// A write that the machine asked for is durable, or has failed.
    Written {
        /// The write.
        id: WriteId,
        /// `Ok` if it is durable.
        result: Result<(), WriteError>,
    },
    /// Results that the machine asked to be saved are, or are not.
    Saved {
        /// The save.
        id: SaveId,
        /// `Ok` if they are.
        result: Result<SaveOutcome, SaveError>,
    },
    /// No more input will come: end after what was received has been worked off (`JOB-6`). A program that has not
    /// been started has ended.
    StopRequested,
}
