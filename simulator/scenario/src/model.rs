//! The meaning of a scenario's text: no spans, no files.

use std::time::Duration;

use engine::{KeyOrder, OutputMode, Profile, RateLimits, SparkVersion, Time, Trigger};

use crate::{
    Change, Claims, ClockJump, Conf, CorruptFile, Cost, CrashPoint, DeletedFiles, ExpectedMetrics,
    FailingPart, FilePoint, Keeps, LostBytes, MappedTotals, Permuted, QuerySink, QuerySource,
    Receivers, Remote, Source, SourceFault, StaticTable, Step, Timeouts, Update, Window, WordQuery,
};

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
    /// A job has failed by then, with this text in its message; see [`Scenario::expects_failure`].
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

/// A program under test.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Names the snapshot: letters, digits, `_` and `-`.
    pub name: String,
    /// The pipeline's own profile, where it differs from the console's.
    pub profile: Option<Profile>,
    /// True if it prints the number of lines of each batch first. Default: false.
    pub count_lines: bool,
    /// The pipeline's own costs, instead of those of the scenario.
    pub cost: Option<Cost>,
    /// The program.
    pub program: Program,
}

/// A program in the words of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Program {
    /// `mode = "stateless"`: each batch, or each window, counted by itself.
    Stateless {
        /// `reduceByKeyAndWindow` instead of `reduceByKey`.
        window: Option<Window>,
        /// The lines that the source makes of the text.
        source: Source,
    },
    /// `mode = "update_state"`: running totals by `updateStateByKey`.
    UpdateState {
        /// The update function.
        update: Update,
        /// Initial state, in the order written.
        initial: Vec<(String, i64)>,
        /// The lines that the source makes of the text.
        source: Source,
    },
    /// `mode = "map_with_state"`: running totals by `mapWithState`.
    MapWithState(MapWithState),
    /// `mode = "structured"`: a query over an unbounded table.
    Structured(Structured),
    /// `steps = [..]`: DStream operators by name; starts from lines, ends with a print.
    Steps(Vec<Step>),
    /// `program = ".."`: a `PySpark` program.
    Python(PythonProgram),
    /// `rust = ".."`: a program of a user's own, by the name under which a test registers it.
    Rust(String),
}

impl Program {
    /// The kind of its source, which decides how lines of the scenario become records.
    pub fn source(&self) -> Source {
        match self {
            Program::Stateless { source, .. } | Program::UpdateState { source, .. } => *source,
            Program::MapWithState(program) => program.source,
            Program::Structured(structured) => structured.source,
            Program::Steps(_) | Program::Python(_) | Program::Rust(_) => Source::Memory,
        }
    }

    /// True if it keeps states of keys, or of the groups of a query.
    pub fn keeps_state(&self) -> bool {
        match self {
            Program::Stateless { .. } | Program::Python(_) | Program::Rust(_) => false,
            Program::UpdateState { .. } | Program::MapWithState(_) | Program::Structured(_) => true,
            Program::Steps(steps) => steps.iter().any(|it| it.keeps() == Keeps::KeyedState),
        }
    }

    /// The arguments of each `mapWithState` in it.
    pub fn mapped_totals(&self) -> impl Iterator<Item = &MappedTotals> {
        let mode = match self {
            Program::MapWithState(program) => Some(&program.totals),
            _ => None,
        };
        let steps = match self {
            Program::Steps(steps) => &**steps,
            _ => &[],
        };
        let steps = steps.iter().filter_map(|step| match step {
            Step::MapWithState(totals) => Some(totals),
            _ => None,
        });
        mode.into_iter().chain(steps)
    }

    /// Has every idle word time out in the batch in which it has been idle for too long.
    pub fn make_timeouts_exact(&mut self) {
        match self {
            Program::MapWithState(program) => program.totals.timeouts = Timeouts::Exact,
            Program::Steps(steps) => {
                for step in steps {
                    if let Step::MapWithState(totals) = step {
                        totals.timeouts = Timeouts::Exact;
                    }
                }
            }
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::Structured(_)
            | Program::Python(_)
            | Program::Rust(_) => {}
        }
    }
}

/// A `PySpark` program, as it is, with its own batch interval and sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PythonProgram {
    /// The path of its file from the folder of the scenario's, with `/` between folders.
    pub file: String,
    /// The arguments that it is called with.
    pub arguments: Vec<String>,
    /// True if a job that fails raises a `Py4JJavaError`, as in `PySpark`.
    pub strict: bool,
    /// True if functions, rows and states that Spark could not pickle fail.
    pub check_pickle: bool,
}

/// Running totals by `mapWithState`: each record adds its number to the state of its word, and gives
/// the word with its new total; a word that times out gives its last total once more, and is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct MapWithState {
    /// The argument of `mapWithState`.
    pub totals: MappedTotals,
    /// The lines that the source makes of the text.
    pub source: Source,
}

/// The word count of the book as a structured query, or a query in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Structured {
    /// The query in SQL, instead of one over words. Default: none.
    pub sql: Option<String>,
    /// A part of the message by which the query in SQL is refused, if it is. Default: it is not.
    pub refused: Option<String>,
    /// The settings of the query in SQL.
    pub conf: Conf,
    /// Windows of event time. Default: none, lines are words.
    pub event_time: Option<EventTime>,
    /// The query over the words. Default: their counts.
    pub query: WordQuery,
    /// The rows that a micro-batch prints. Default: complete.
    pub output: OutputMode,
    /// The time at which a micro-batch runs. Default: as soon as there is data.
    pub trigger: Trigger,
    /// Rows the console sink shows. Default: 20.
    pub num_rows: usize,
    /// True if cells are cut to 20 characters. Default: true.
    pub truncate: bool,
    /// The lines that the source makes of the text.
    pub source: Source,
    /// The folder that it reads, of a source that has files. Default: `lines`.
    pub folder: Option<String>,
    /// The most files that a micro-batch reads, of a source that has files. Default: all there are.
    pub max_files_per_trigger: Option<usize>,
    /// The place for the rows. Default: the console.
    pub sink: QuerySink,
}

/// Windows of event time that words are counted in: a line is then the second of the event, since the
/// epoch, and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// The length of a window, up to 292,000 years.
    pub window: Duration,
    /// The delay of the watermark after the latest event (`WM-2`). Default: no watermark.
    pub watermark: Option<Duration>,
}
