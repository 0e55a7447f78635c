//! The timeline of a scenario: lines, faults and checks.

use std::time::Duration;

use crate::{
    Change, ClockJump, CorruptFile, CrashPoint, DeletedFiles, ExpectedMetrics, FailingPart,
    FilePoint, LostBytes, Permuted, Remote, SourceFault,
};

/// Something that happens at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Offset from the start of the clock, whole milliseconds.
    pub at: Duration,
    /// The name of the source that takes its lines; every source if absent. A check has none.
    pub stream: Option<String>,
    /// The event.
    pub event: TimelineEvent,
}

impl Entry {
    /// True if the source of this name takes its lines.
    pub fn is_for(&self, source: &str) -> bool {
        self.stream.as_ref().is_none_or(|stream| stream == source)
    }
}

impl TimelineEvent {
    /// True if something goes wrong, or is mended.
    pub fn is_fault(&self) -> bool {
        matches!(
            self,
            TimelineEvent::Fault(_)
                | TimelineEvent::SourceFault(_)
                | TimelineEvent::ChangedRestart(_)
        )
    }
}

/// An event of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineEvent {
    /// Lines arrive, in order, as `partitions` contiguous blocks (at least 1).
    Lines {
        /// The lines, without line ends of their own unless the writer put some there; of a topic, the records of its
        /// [messages](engine::Message).
        lines: Vec<String>,
        /// The number of contiguous input partitions that they are cut into.
        partitions: usize,
    },
    /// Lines are drawn from the run's seed, from this instant on.
    Generate(Generate),
    /// Something goes wrong with the driver, or is mended.
    Fault(Fault),
    /// Something goes wrong with a source, or is mended.
    SourceFault(SourceFault),
    /// The driver starts again as another program, after all else that happens at the instant.
    ChangedRestart(Box<Change>),
    /// A check on the output of a pipeline so far.
    Expect(Box<Expect>),
}

/// Something that goes wrong with the driver, or is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its process ends before anything else happens at the instant.
    Crash,
    /// Its process ends at a point of a batch, given by its end.
    CrashIn(CrashPoint, Duration),
    /// Its process ends at a file of a query's checkpoint.
    CrashAt(FilePoint),
    /// It stops in order.
    Stop,
    /// It starts again, after all else that happens at the instant.
    Restart,
    /// The first job of a batch, given by its end, takes this long.
    Slow {
        /// The offset from the start of the clock at which the batch ends.
        batch: Duration,
        /// The time that the job takes.
        time: Duration,
    },
    /// A part fails, of a batch or from the instant on, until the driver ends.
    Fail {
        /// The part.
        part: FailingPart,
        /// The offset from the start of the clock at which the batch ends.
        batch: Duration,
        /// The number of times; each time if absent.
        times: Option<u32>,
    },
    /// Files of its checkpoint folder are deleted.
    Delete(DeletedFiles),
    /// The disk of its checkpoint folder loses something.
    Lose(LostBytes),
    /// A file of its checkpoint folder is damaged.
    Corrupt(CorruptFile),
    /// The disk of its checkpoint folder is full, but for this number of bytes.
    Fill(u64),
    /// The disk has room again.
    Clear,
    /// Its clock jumps.
    Clock(ClockJump),
    /// Something comes in another order, drawn from the run's seed, until the driver ends.
    Permute(Permuted),
    /// Something goes wrong outside of its process, or is mended.
    Cluster(ClusterFault),
}

/// Something that goes wrong with executors, receivers and their network, or is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterFault {
    /// A process ends.
    Crash(Remote),
    /// An executor begins anew, after all else that happens at the instant.
    Restart(usize),
    /// A process stands still.
    Pause(Remote),
    /// A process that stood still goes on.
    Resume(Remote),
    /// Nothing passes between the driver and an executor.
    Partition(usize),
    /// Messages between the driver and an executor pass again.
    Repair(usize),
}

/// Seeded input: `rate` lines a second for `duration`.
#[derive(Clone, Debug, PartialEq)]
pub struct Generate {
    /// Lines a second, 1 to 1,000,000.
    pub rate: u32,
    /// The time for which lines come.
    pub duration: Duration,
    /// The number of distinct words, 1 to 10,000,000: `key-0`, `key-1`, … Default: 10.
    pub keys: u32,
    /// Words on a line, 1 to 10,000. Default: 1.
    pub words: u32,
    /// Exponent of the Zipf distribution of the words, 0 (the default, uniform) to 10.
    pub skew: f64,
}

/// A check on what a pipeline printed last, at or before its instant; the default checks nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// The pipeline that is meant; every pipeline if absent.
    pub pipeline: Option<String>,
    /// Exactly these rows, as printed.
    pub rows: Option<Vec<String>>,
    /// True if the order of `rows` does not matter. Default: false.
    pub any_order: bool,
    /// These rows are among those printed, in any order.
    pub contains: Vec<String>,
    /// None of these rows is among those printed.
    pub absent: Vec<String>,
    /// A job has failed by then, with this text in its message; see [`Scenario::expects_failure`](crate::Scenario::expects_failure).
    pub failure: Option<String>,
    /// The work of the last batch that updated states of keys.
    pub counters: ExpectedCounters,
    /// Delays and rates.
    pub metrics: ExpectedMetrics,
}

impl Expect {
    /// True if it is a check on the pipeline of this name.
    pub fn means(&self, pipeline: &str) -> bool {
        self.pipeline.as_ref().is_none_or(|name| name == pipeline)
    }

    /// True if it expects a failure with this message.
    pub fn has_failure(&self, message: &str) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|part| message.contains(part))
    }
}

/// The work that a batch is expected to do on states of keys; `None` where it does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpectedCounters {
    /// Calls of the update or mapping function; of a structured query, groups that came and are not late.
    pub function_calls: Option<u64>,
    /// Keys whose state was set, set anew or removed.
    pub keys_touched: Option<u64>,
    /// Keys that were looked up.
    pub probes: Option<u64>,
    /// Bytes of states that were copied.
    pub bytes_copied: Option<u64>,
}
