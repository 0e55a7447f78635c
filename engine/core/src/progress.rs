//! The progress of a structured query in a micro-batch.

use std::time::Duration;

use crate::{SparkVersion, Text, Time};

/// The progress of a query in a micro-batch (`org.apache.spark.sql.streaming.StreamingQueryProgress`).
///
/// All times are virtual ones in the virtual world: a micro-batch takes as long as its scenario says.
/// [`render::progress`](crate::render::progress) has its JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StreamingQueryProgress {
    /// The Spark whose fields it has.
    pub spark: SparkVersion,
    /// The id of the query, which it keeps when it starts again from a checkpoint.
    pub id: Text,
    /// The id of this start of it.
    pub run_id: Text,
    /// Its name, if it has one.
    pub name: Option<Text>,
    /// The start of the trigger.
    pub timestamp: Time,
    /// Number of the micro-batch, from 0.
    pub batch_id: u64,
    /// The time since the start of the trigger before; `None` of the first trigger (`PRG-4`).
    pub interval: Option<Duration>,
    /// The parts of the trigger's time.
    pub durations: QueryDurations,
    /// The event times, of a query with a watermark.
    pub event_time: Option<EventTimeProgress>,
    /// The operators with states, the topmost first.
    pub state_operators: Vec<StateOperatorProgress>,
    /// The sources.
    pub sources: Vec<SourceProgress>,
    /// The sink.
    pub sink: SinkProgress,
    /// The metrics that the program observes.
    pub observed_metrics: Vec<ObservedMetrics>,
}

/// Metrics of the rows of a micro-batch, which a program observes under a name (`Dataset.observe`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObservedMetrics {
    /// The name.
    pub name: Text,
    /// An object of JSON with the values by their names.
    pub json: Text,
}

impl StreamingQueryProgress {
    /// The number of rows that came from all sources.
    pub fn num_input_rows(&self) -> u64 {
        self.sources.iter().map(|it| it.num_input_rows).sum()
    }
}

/// The time that the parts of a trigger took. Finding and planning take none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct QueryDurations {
    /// From the first task to the last row that the sink has.
    pub add_batch: Duration,
    /// Until the end of the micro-batch is logged.
    pub commit_offsets: Duration,
    /// All of it.
    pub trigger_execution: Duration,
    /// Until the input of the micro-batch is logged.
    pub wal_commit: Duration,
}

/// The event times of a micro-batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventTimeProgress {
    /// Those of its rows; `None` if no row has one.
    pub rows: Option<EventTimes>,
    /// The watermark that it had, not the one that it made (`PRG-3`).
    pub watermark: Time,
}

/// The event times of rows, in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventTimes {
    /// The mean.
    pub avg: Time,
    /// The latest.
    pub max: Time,
    /// The earliest.
    pub min: Time,
}

/// The states of an operator after a micro-batch (`org.apache.spark.sql.streaming.StateOperatorProgress`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StateOperatorProgress {
    /// The kind of operator, such as `stateStoreSave`.
    pub operator_name: Text,
    /// The number of states.
    pub num_rows_total: u64,
    /// Those that were set.
    pub num_rows_updated: u64,
    /// Those that the watermark removed.
    pub num_rows_removed: u64,
    /// Rows, or groups of rows, that were late.
    pub num_rows_dropped_by_watermark: u64,
    /// The bytes of all states, by the engine's own estimate, which is not that of a JVM.
    pub memory_used_bytes: u64,
    /// The number of partitions.
    pub num_shuffle_partitions: u64,
    /// The number of stores.
    pub num_state_store_instances: u64,
    /// Other counts, in the order of their names.
    pub custom_metrics: Vec<(Text, u64)>,
}

/// The progress of a source in a micro-batch (`org.apache.spark.sql.streaming.SourceProgress`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceProgress {
    /// The source.
    pub description: Text,
    /// The JSON of the offset at which the micro-batch begins; `None` at the start of the source.
    pub start_offset: Option<Text>,
    /// The JSON of the offset at which it ends.
    pub end_offset: Option<Text>,
    /// The JSON of the last offset there was, of a source that says so.
    pub latest_offset: Option<Text>,
    /// The number of rows.
    pub num_input_rows: u64,
}

/// The progress of a sink in a micro-batch (`org.apache.spark.sql.streaming.SinkProgress`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SinkProgress {
    /// The sink. Spark puts the address of an object behind some, which changes from run to run.
    pub description: Text,
    /// The number of rows; `None` of a sink that does not count them, for which Spark has -1.
    pub num_output_rows: Option<u64>,
}
