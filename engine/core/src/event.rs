//! All that an engine tells: the words of the journal.

use std::sync::Arc;

use crate::{Counters, Row, Text, Time, Value};

/// An output operation of a program: the first one registered is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputId(pub usize);

/// Something that happened, as Spark's listeners and sinks would be told (`MET-1`).
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The program has started; its first batch ends one interval after `zero_time` (`CLK-3`).
    StreamingStarted {
        /// The time before which there is no batch.
        zero_time: Time,
    },
    /// A batch was generated and its jobs are queued (`GEN-2`).
    BatchSubmitted {
        /// The end of the batch's interval (`CLK-4`).
        batch_time: Time,
        /// Records that were allocated to it, over all streams.
        records: usize,
    },
    /// The first job of a batch has started.
    BatchStarted {
        /// The end of the batch's interval.
        batch_time: Time,
    },
    /// One output operation of a batch has started.
    OutputOperationStarted {
        /// The end of the batch's interval.
        batch_time: Time,
        /// The output operation.
        output: OutputId,
    },
    /// One output operation of a batch, or of one before, has brought states of keys up to the batch, be
    /// there any to change or not. What else asks for the same states finds them so. One that fails then has
    /// done so too, and one that had batches to catch up with and fails on the way, up to that one. Of a
    /// structured query, a micro-batch has done so to those of its aggregation; its
    /// [`QueryProgress`](Event::QueryProgress) follows before the next one's.
    StateUpdated {
        /// The end of the batch's interval; of a structured query, when the micro-batch began.
        batch_time: Time,
        /// The output operation; of a structured query, the first.
        output: OutputId,
        /// What that took.
        counters: Counters,
    },
    /// One output operation of a batch has ended, well or not.
    OutputOperationCompleted {
        /// The end of the batch's interval.
        batch_time: Time,
        /// The output operation.
        output: OutputId,
        /// Why it failed, if it did (`JOB-4`).
        failure: Option<Text>,
    },
    /// All jobs of a batch have ended.
    BatchCompleted {
        /// The end of the batch's interval.
        batch_time: Time,
    },
    /// `print` put the first rows of a batch on the console (`OUT-1`).
    Printed {
        /// The end of the batch's interval.
        batch_time: Time,
        /// The output operation.
        output: OutputId,
        /// The first rows, in the order in which Spark would print them.
        rows: Vec<Value>,
        /// Whether the batch has more rows than these.
        more: bool,
    },
    /// A structured query ran a micro-batch (`PRG-1`).
    QueryProgress {
        /// Number of the micro-batch, from 0.
        batch_id: u64,
        /// Rows that came in with it.
        records: usize,
        /// Why it failed, if it did (`MB-7`).
        failure: Option<Text>,
    },
    /// The console sink of a structured query showed a micro-batch (`CON-1`).
    TableShown {
        /// Number of the micro-batch, from 0.
        batch_id: u64,
        /// What was shown.
        table: Table,
    },
    /// The program has ended: stopped, or by its trigger, or by a failure that ends it.
    Stopped,
}

impl Event {
    /// Why an output operation or a micro-batch failed, if this tells that one did.
    ///
    /// ```
    /// use engine::Event;
    /// let failure = Some("no bread".into());
    /// let ended = Event::QueryProgress { batch_id: 3, records: 1, failure };
    /// assert_eq!(ended.failure().map(|reason| reason.as_str()), Some("no bread"));
    /// assert_eq!(Event::Stopped.failure(), None);
    /// ```
    pub fn failure(&self) -> Option<&Text> {
        match self {
            Event::OutputOperationCompleted { failure, .. }
            | Event::QueryProgress { failure, .. } => failure.as_ref(),
            _ => None,
        }
    }
}

/// The first rows of a result table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Arc<[Text]>,
    /// The first rows, in the order in which Spark would show them.
    pub rows: Vec<Row>,
    /// Whether the table has more rows than these.
    pub more: bool,
    /// Whether cells are cut to 20 characters (`CON-2`).
    pub truncate: bool,
}
