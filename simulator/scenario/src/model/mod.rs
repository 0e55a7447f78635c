//! The meaning of a scenario's text: no spans, no files.

mod program;
mod timeline;

use std::time::Duration;

use engine::{KeyOrder, Profile, RateLimits, SparkVersion, Time};

use crate::{Claims, Cost, QuerySource, Receivers, StaticTable};

pub use program::{EventTime, MapWithState, Pipeline, Program, PythonProgram, Structured};
pub use timeline::{ClusterFault, Entry, Expect, ExpectedCounters, Fault, Generate, TimelineEvent};

/// A timeline and the pipelines that see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// One line that says what the scenario shows; empty if the file has none.
    pub title: String,
    /// More about it, if there is more to say.
    pub description: Option<String>,
    /// The version of Spark that is played. Default: 3.5.
    pub spark: SparkVersion,
    /// Virtual time.
    pub clock: Clock,
    /// The look of the output.
    pub console: Console,
    /// The size of the cluster that is played.
    pub cluster: Cluster,
    /// The virtual time that work takes.
    pub cost: Cost,
    /// The limits of a run.
    pub limits: Limits,
    /// The claims that each run keeps. Default: none.
    pub claims: Claims,
    /// The events, ordered by time; entries at one instant keep the order of the file.
    pub timeline: Vec<Entry>,
    /// The streams that queries in SQL read; without any they read `lines(value)`.
    pub sources: Vec<QuerySource>,
    /// The tables that do not change, for queries in SQL.
    pub tables: Vec<StaticTable>,
    /// The programs, with distinct names: at least one, unless only the timeline was read.
    pub pipelines: Vec<Pipeline>,
}

impl Scenario {
    /// The source of a pipeline in words, as entries of the timeline may name it.
    pub const LINES: &str = "lines";

    /// The profile of one of its pipelines: its own, or that of the console, on the scenario's version of Spark.
    pub fn profile_of(&self, pipeline: &Pipeline) -> Profile {
        let profile = pipeline.profile.unwrap_or(self.console.profile);
        profile.on(self.spark)
    }

    /// The virtual time that the work of one of its pipelines takes: its own costs, or those of all.
    pub fn cost_of(&self, pipeline: &Pipeline) -> Cost {
        pipeline.cost.unwrap_or(self.cost)
    }

    /// True if the scenario expects a pipeline to fail with this message, so that it fails no test.
    pub fn expects_failure(&self, pipeline: &Pipeline, message: &str) -> bool {
        let mut expectations = self.expectations(pipeline);
        expectations.any(|expect| expect.has_failure(message))
    }

    /// The checks on a pipeline.
    pub fn expectations(&self, pipeline: &Pipeline) -> impl Iterator<Item = &Expect> {
        self.timeline.iter().filter_map(|entry| match &entry.event {
            TimelineEvent::Expect(expect) => expect.means(&pipeline.name).then_some(&**expect),
            TimelineEvent::Lines { .. }
            | TimelineEvent::Generate(_)
            | TimelineEvent::Fault(_)
            | TimelineEvent::SourceFault(_)
            | TimelineEvent::ChangedRestart(_) => None,
        })
    }
}

/// The start of the program, the time between batches and the end of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Virtual time when the program starts. Default: the epoch.
    pub start: Time,
    /// The batch interval, from one millisecond to 365 days. Default: 1 s.
    pub interval: Duration,
    /// Offset from `start` of the end of the run. Default: the first batch time at or after the last entry, or the
    /// trigger that takes the last line.
    pub stop: Option<Duration>,
    /// IANA name of the time zone of printed times. Default: UTC.
    pub timezone: String,
}

/// The look of the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Console {
    /// The language whose text and row order is printed; its version of Spark is that of the scenario, whichever this
    /// names. Default: `pyspark`.
    pub profile: Profile,
    /// The order of the rows of a partition. Default: `spark`.
    pub order: KeyOrder,
    /// The rows a DStream prints of a batch, `print(n)`. Default: 10.
    pub rows: usize,
}

/// The size of the cluster that is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The executors; `None` if the driver's process does all.
    pub executors: Option<usize>,
    /// `local[N]`, or the cores of each executor. Default: 2.
    pub cores: usize,
    /// The executors that keep a received block. Default: 1.
    pub replication: usize,
    /// The promise of receivers to their sources. Default: unreliable.
    pub receivers: Receivers,
    /// `spark.sql.shuffle.partitions`. Default: 200.
    pub shuffle_partitions: usize,
    /// The bytes that the states of a pipeline may take. Default: no limit.
    pub memory: Option<u64>,
    /// The checkpoint folder of the driver. Default: none.
    pub checkpoint: Option<String>,
    /// True if received records are logged. Default: false.
    pub write_ahead_log: bool,
    /// The time from one save of states to the next. Default: as Spark has it.
    pub checkpoint_interval: Option<Duration>,
    /// The most jobs that run at the same time. Default: 1.
    pub concurrent_jobs: usize,
    /// The time between blocks of receivers that take lines one by one. Default: blocks are the lines of an entry.
    pub block_interval: Option<Duration>,
    /// The limits of receivers that take lines one by one. Default: none.
    pub rates: RateLimits,
}

impl Cluster {
    /// The time from one block of a receiver on an executor to the next (`spark.streaming.blockInterval`).
    pub const BLOCK_INTERVAL: Duration = Duration::from_millis(200);

    /// Reduce partitions of DStreams where a program does not say, input partitions of a structured micro-batch
    /// (`spark.default.parallelism`).
    pub fn parallelism(&self) -> usize {
        match self.executors {
            None => self.cores,
            Some(executors) => executors.saturating_mul(self.cores).max(2),
        }
    }
}

/// The limits of a run of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest virtual time. Default: 100 years.
    pub time: Duration,
    /// The most batches of a pipeline, or triggers or micro-batches of a query. Default: 10,000,000.
    pub batches: u64,
    /// The most bytes of text in the rows that a pipeline prints. Default: 256 MiB.
    pub output: u64,
}
