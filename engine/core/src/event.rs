//! Events: the entries of the journal of a run.

use std::sync::Arc;

use crate::{
    BlockId, ClusterEvent, Counters, DriverEvent, Failure, JobId, OutputId, QueryId, Row,
    SparkVersion, StreamingQueryProgress, TableWrite, Text, Time, Value,
};

/// The part of a program that keeps states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateOwner {
    /// The streams of an output operation.
    Output(OutputId),
    /// The aggregation of a query, in one micro-batch.
    Query {
        /// The query.
        query: QueryId,
        /// Number of the micro-batch, from 0.
        batch_id: u64,
    },
}

impl StateOwner {
    /// The number of the micro-batch: two of a query may begin at the same time.
    pub fn micro_batch(self) -> Option<u64> {
        match self {
            StateOwner::Output(_) => None,
            StateOwner::Query { batch_id, .. } => Some(batch_id),
        }
    }
}

/// An event of a run, as Spark's listeners and sinks would see it (`MET-1`).
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Event {
    /// The program has started; its first batch ends one interval after `zero_time` (`CLK-3`).
    StreamingStarted {
        /// The time before which there is no batch.
        zero_time: Time,
    },
    /// The driver ended or began anew, or something that it needs for that was not written.
    Driver(DriverEvent),
    /// An executor, a receiver or blocks were lost, or came back.
    Cluster(ClusterEvent),
    /// A batch was generated and its jobs are queued (`GEN-2`).
    BatchSubmitted {
        /// The end of the batch's interval (`CLK-4`).
        batch_time: Time,
        /// The number of records that were allocated to it, over all streams.
        records: usize,
        /// The blocks that have them.
        blocks: Vec<BlockId>,
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
        /// The job that runs it.
        job: JobId,
    },
    /// The states of an output operation's streams, or of a query's aggregation, are those after this
    /// batch.
    ///
    /// A job that fails after it has changed states records this too; one that has several batches to
    /// catch up with records what it did to all of them. The event of a micro-batch comes before its
    /// [`QueryProgress`](Event::QueryProgress).
    StateUpdated {
        /// The end of the batch's interval; of a query, the start of the micro-batch.
        batch_time: Time,
        /// The owner of the states.
        owner: StateOwner,
        /// The cost of the update.
        counters: Counters,
    },
    /// One output operation of a batch has ended, well or not.
    OutputOperationCompleted {
        /// The end of the batch's interval.
        batch_time: Time,
        /// The output operation.
        output: OutputId,
        /// The job that ran it.
        job: JobId,
        /// The reason, if it failed (`JOB-4`).
        failure: Option<Failure>,
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
        /// The number of records that came in with the batch, over all streams.
        records: usize,
        /// The first rows, in the order in which Spark would print them.
        rows: Vec<Value>,
        /// True if the batch has more rows than these.
        more: bool,
    },
    /// Results of a batch were saved, and are there whatever happens (`OUT-5`).
    Saved {
        /// The end of the batch's interval; of a query, the start of the micro-batch.
        batch_time: Time,
        /// The folder or the file.
        name: Text,
        /// All its lines. Of a file that is no text they only show it: its rows as JSON.
        lines: Vec<Text>,
        /// The bytes of a file that is no text.
        bytes: Option<Arc<[u8]>>,
    },
    /// A structured query ran a micro-batch (`PRG-1`).
    QueryProgress {
        /// The query.
        query: QueryId,
        /// Number of the micro-batch, from 0.
        batch_id: u64,
        /// The number of rows that came in with it.
        records: usize,
        /// The reason, if it failed (`MB-7`).
        failure: Option<Failure>,
        /// The progress that Spark's listeners have; `None` if it failed.
        progress: Option<Arc<StreamingQueryProgress>>,
    },
    /// The console sink of a structured query showed a micro-batch (`CON-1`).
    TableShown {
        /// The query.
        query: QueryId,
        /// Number of the micro-batch, from 0.
        batch_id: u64,
        /// The rows that were shown.
        table: Table,
    },
    /// A structured query handed the rows of a micro-batch to a sink that is not here.
    TableWritten {
        /// The query.
        query: QueryId,
        /// Number of the micro-batch, from 0.
        batch_id: u64,
        /// The rows, and where they were to go.
        write: TableWrite,
    },
    /// A program that is more than its streams printed this on its standard output, whole lines or parts of one.
    TextPrinted {
        /// The text, with its line ends.
        text: Text,
    },
    /// A program that is more than its streams was ended by this.
    ProgramFailed {
        /// The reason.
        failure: Failure,
    },
    /// The program has ended: stopped, or by its trigger, or by a failure that ends it.
    Stopped,
}

impl Event {
    /// The reason for which an output operation, a micro-batch or a program failed, if this is the end of one that
    /// did.
    ///
    /// ```
    /// use engine::{Event, Failure, FailureKind, QueryId};
    /// let failure = Some(Failure::new(FailureKind::Overflow, "long overflow"));
    /// let ended = Event::QueryProgress { query: QueryId(0), batch_id: 3, records: 1, failure, progress: None };
    /// assert_eq!(ended.failure().map(|failure| failure.message().as_str()), Some("long overflow"));
    /// assert_eq!(Event::Stopped.failure(), None);
    /// ```
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Event::OutputOperationCompleted { failure, .. }
            | Event::QueryProgress { failure, .. } => failure.as_ref(),
            Event::ProgramFailed { failure }
            | Event::Driver(DriverEvent::NotRecovered { failure }) => Some(failure),
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::BatchSubmitted { .. }
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::StateUpdated { .. }
            | Event::BatchCompleted { .. }
            | Event::Printed { .. }
            | Event::Saved { .. }
            | Event::TableShown { .. }
            | Event::TableWritten { .. }
            | Event::TextPrinted { .. }
            | Event::Stopped => None,
        }
    }
}

/// The first rows of a result table.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Table {
    /// Names of the columns.
    pub columns: Arc<[Text]>,
    /// The first rows, in the order in which Spark would show them.
    pub rows: Vec<Row>,
    /// True if the table has more rows than these.
    pub more: bool,
    /// True if cells are cut to 20 characters (`CON-2`).
    pub truncate: bool,
    /// The Spark that shows it (`CON-3`).
    pub spark: SparkVersion,
}
