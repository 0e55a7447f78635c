//! What a scenario says, once its text has been understood: the language's meaning, no spans, no files.

use std::time::Duration;

use engine::Time;
use engine::render::Notation;

use crate::Line;

/// A timeline and the pipelines that see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// One line that says what the scenario shows; empty if the file has none.
    pub title: String,
    /// More about it, if there is more to say.
    pub description: Option<String>,
    /// Virtual time.
    pub clock: Clock,
    /// How output is printed.
    pub console: Console,
    /// The size of the cluster that is played.
    pub cluster: Cluster,
    /// What happens, ordered by time; entries at one instant keep the order of the file.
    pub timeline: Vec<Entry>,
    /// The programs, at least one, with distinct names.
    pub pipelines: Vec<Pipeline>,
}

/// When the program starts, how often a batch ends and when the run stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Virtual time when the program starts. Default: the epoch.
    pub start: Time,
    /// The batch interval, from one millisecond to 365 days. Default: 1 s.
    pub interval: Duration,
    /// Offset from `start` of the last batch. Default: the first batch time at or after the last entry.
    pub stop: Option<Duration>,
    /// IANA name of the time zone of printed times. Default: UTC.
    pub timezone: String,
}

/// How output is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Console {
    /// Whose text and row order. Default: `pyspark`.
    pub profile: Profile,
    /// In which order the rows of a partition come. Default: `spark`.
    pub order: Order,
    /// The rows a DStream prints of a batch, `print(n)`. Default: 10.
    pub rows: usize,
}

/// Whose console text and row order is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Spark 3.5.9 driven from Python.
    Pyspark,
    /// Spark 3.5.9 driven from Java or Scala.
    Jvm,
    /// The book's transcripts: Python 2 rows, no blank lines, empty batches as empty blocks.
    Cookbook,
}

impl From<Profile> for Notation {
    fn from(profile: Profile) -> Notation {
        match profile {
            Profile::Pyspark => Notation::Python3,
            Profile::Jvm => Notation::Java,
            Profile::Cookbook => Notation::Python2,
        }
    }
}

/// In which order the rows of a partition come; partitions come one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// As the hash tables of Spark hand them out in local mode.
    Spark,
    /// As they came, the key seen first first.
    Arrival,
}

/// The size of the cluster that is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// `local[N]`: reduce partitions of DStreams, input partitions of a structured micro-batch. Default: 2.
    pub cores: usize,
    /// `spark.sql.shuffle.partitions`. Default: 200.
    pub shuffle_partitions: usize,
    /// How many bytes the states of a DStream program may take. Default: as many as there are.
    pub memory: Option<u64>,
}

/// Something that happens at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Offset from the start of the clock, whole milliseconds.
    pub at: Duration,
    /// What happens then.
    pub event: TimelineEvent,
}

/// What can happen on a timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineEvent {
    /// Lines arrive, in order, as `partitions` contiguous blocks (at least 1).
    Lines {
        /// The lines, without line ends of their own unless the writer put some there.
        lines: Vec<String>,
        /// Into how many contiguous input partitions they are cut.
        partitions: usize,
    },
    /// Lines are drawn from the run's seed, from this instant on.
    Generate(Generate),
    /// What a pipeline must have printed by now.
    Expect(Expect),
}

/// Seeded input: `rate` lines a second for `duration`.
#[derive(Clone, Debug, PartialEq)]
pub struct Generate {
    /// Lines a second, 1 to 1,000,000.
    pub rate: u32,
    /// How long lines come.
    pub duration: Duration,
    /// How many distinct words there are, 1 to 10,000,000: `key-0`, `key-1`, … Default: 10.
    pub keys: u32,
    /// Words on a line, 1 to 10,000. Default: 1.
    pub words: u32,
    /// Exponent of the Zipf distribution of the words, 0 (the default, uniform) to 10.
    pub skew: f64,
}

/// A check on what a pipeline printed last, at or before its instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// The pipeline that is meant; every pipeline if absent.
    pub pipeline: Option<String>,
    /// Exactly these rows, in this order, as printed.
    pub rows: Option<Vec<String>>,
    /// These rows are among those printed, in any order.
    pub contains: Vec<String>,
    /// What the last batch that updated states of keys took.
    pub counters: ExpectedCounters,
    /// Where it is written, for whoever tells that it does not hold.
    pub line: Line,
}

impl Expect {
    /// Whether it is a check on the pipeline of this name.
    pub fn means(&self, pipeline: &str) -> bool {
        self.pipeline.as_ref().is_none_or(|name| name == pipeline)
    }
}

/// What a batch is to do to states of keys; `None` where it does not matter.
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
    /// What the program does.
    pub program: Program,
}

/// What a program does, in words.
#[derive(Clone, Debug, PartialEq)]
pub enum Program {
    /// `mode = "stateless"`: each batch, or each window, counted by itself.
    Stateless {
        /// `reduceByKeyAndWindow` instead of `reduceByKey`.
        window: Option<Window>,
        /// What the source makes of the lines.
        source: Source,
    },
    /// `mode = "update_state"`: running totals by `updateStateByKey`.
    UpdateState {
        /// The update function.
        update: Update,
        /// Initial state, in the order written.
        initial: Vec<(String, i64)>,
        /// What the source makes of the lines.
        source: Source,
    },
    /// `mode = "map_with_state"`: running totals by `mapWithState`.
    MapWithState(MapWithState),
    /// `mode = "structured"`: a query over an unbounded table.
    Structured(Structured),
    /// `steps = [..]`: DStream operators by name; starts from lines, ends with a print.
    Steps(Vec<Step>),
    /// `rust = ".."`: a program of a user's own, by the name under which a test registers it.
    Rust(String),
}

impl Program {
    /// Whether it keeps states of keys, or of the groups of a query.
    pub fn keeps_state(&self) -> bool {
        match self {
            Program::Stateless { .. } | Program::Rust(_) => false,
            Program::UpdateState { .. } | Program::MapWithState(_) | Program::Structured(_) => true,
            Program::Steps(steps) => steps
                .iter()
                .any(|step| matches!(step, Step::UpdateStateByKey(_) | Step::MapWithState(_))),
        }
    }

    /// What it does by `mapWithState`, wherever it does.
    pub fn mapped_totals(&self) -> impl Iterator<Item = &MappedTotals> {
        let (mode, steps) = match self {
            Program::MapWithState(program) => (Some(&program.totals), &[][..]),
            Program::Steps(steps) => (None, &steps[..]),
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::Structured(_)
            | Program::Rust(_) => (None, &[][..]),
        };
        let steps = steps.iter().filter_map(|step| match step {
            Step::MapWithState(totals) => Some(totals),
            _ => None,
        });
        mode.into_iter().chain(steps)
    }

    /// Lets every idle word be told in the batch in which it has been idle for too long.
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
            | Program::Rust(_) => {}
        }
    }
}

/// What a source makes of the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Source {
    /// Lines arrive as written.
    #[default]
    Memory,
    /// Lines are cut at `\n`, `\r` and `\r\n`, as the socket sources do; structured prints an empty batch 0
    /// when nothing has arrived at the first trigger.
    Socket,
}

/// A window over batches; both durations are multiples of the batch interval, or of the slide of the
/// window it is put on (`WIN-1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How far a window reaches back.
    pub length: Duration,
    /// How often a window ends. Default: the batch interval, or the slide of the window it is put on.
    pub slide: Duration,
    /// Subtract the batches that leave instead of counting the window anew. Default: false.
    pub inverse: bool,
}

/// The update function of `updateStateByKey`, over counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Update {
    /// Old total plus new values.
    #[default]
    Sum,
    /// As `Sum`, but a key without new values is removed.
    DropIdle,
    /// As `Sum`, but a key is removed when the sum reaches this.
    DropAt(i64),
}

/// Running totals by `mapWithState`: each record adds its number to the state of its word, and gives
/// the word with its new total; a word that times out gives its last total once more, and is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct MapWithState {
    /// What it does with a word.
    pub totals: MappedTotals,
    /// What the source makes of the lines.
    pub source: Source,
}

/// What `mapWithState` does with a word and its number, and when it forgets it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MappedTotals {
    /// When a word is removed because of its total. Default: never.
    pub drop_at: Option<i64>,
    /// What is given. Default: what the function returns.
    pub emit: Emit,
    /// How long a word may be idle (`MWS-4`). Default: for ever.
    pub timeout: Option<Duration>,
    /// In which batch an idle word is told so. Default: as in Spark.
    pub timeouts: Timeouts,
    /// Initial state, in the order written.
    pub initial: Vec<(String, i64)>,
}

impl MappedTotals {
    /// Whether idle words are told in another batch than Spark's.
    pub fn has_exact_timeouts(&self) -> bool {
        self.timeout.is_some() && self.timeouts == Timeouts::Exact
    }
}

/// In which batch a word that has been idle for too long is told so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Timeouts {
    /// In the next batch whose number is a multiple of ten (`MWS-4`).
    #[default]
    Spark,
    /// In the first batch in which it has been idle for too long, which Spark has nothing for.
    Exact,
}

/// Which of its two streams `mapWithState` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Emit {
    /// What the function returns, record by record.
    #[default]
    Mapped,
    /// All words with their totals, `stateSnapshots()`.
    Snapshots,
}

/// The word count of the book as a structured query.
#[derive(Clone, Debug, PartialEq)]
pub struct Structured {
    /// Windows of event time. Default: none, lines are words.
    pub event_time: Option<EventTime>,
    /// Which rows a micro-batch prints. Default: complete.
    pub output: Output,
    /// When a micro-batch runs. Default: as soon as there is data.
    pub trigger: Trigger,
    /// Rows the console sink shows. Default: 20.
    pub num_rows: usize,
    /// Whether cells are cut to 20 characters. Default: true.
    pub truncate: bool,
    /// What the source makes of the lines.
    pub source: Source,
}

/// That words are counted in windows of event time: a line is then the second of the event, since the
/// epoch, and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTime {
    /// How long a window is, up to 292,000 years.
    pub window: Duration,
    /// How far the watermark stays behind the latest event (`WM-2`). Default: no watermark.
    pub watermark: Option<Duration>,
}

/// Output mode of a structured query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The whole result table, each time.
    Complete,
    /// The rows that changed.
    Update,
    /// The rows that will not change any more; of windows with a watermark only.
    Append,
}

/// When a micro-batch of a structured query runs (`TRG-1` to `TRG-4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Trigger {
    /// As soon as there is data and the batch before has ended.
    #[default]
    Default,
    /// On the grid of this duration.
    ProcessingTime(Duration),
    /// One micro-batch, then the query ends.
    Once,
    /// As many micro-batches as the data at the start needs, then the query ends.
    AvailableNow,
}

/// A DStream operator by its Spark name, with its function in words.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `flat_map = "split"`: a line's words. Text → text.
    FlatMapSplit,
    /// `map = "…"`.
    Map(MapFunction),
    /// `filter = …`.
    Filter(Predicate),
    /// `map_values = { add = n }` or `{ multiply = n }`: on (text, integer) pairs.
    MapValues(Arithmetic),
    /// `count = true`: how many records; one integer a batch.
    Count,
    /// `reduce = "…"`: one integer of all integers, nothing from an empty batch.
    Reduce(Reducer),
    /// `count_by_value = true`: text → (text, integer).
    CountByValue,
    /// `reduce_by_key = "…"`: on (text, integer) pairs.
    ReduceByKey(Reducer),
    /// `group_by_key = true`: (text, integer) → (text, list of integers).
    GroupByKey,
    /// `window = { length = "3s", slide = "1s" }`: any type, unchanged.
    Window {
        /// How far a window reaches back.
        length: Duration,
        /// How often a window ends.
        slide: Duration,
    },
    /// `reduce_by_key_and_window = { function = "sum", length = "3s", slide = "1s", inverse = true }`.
    /// Inverse exists for `sum` only.
    ReduceByKeyAndWindow(Reducer, Window),
    /// `update_state_by_key = "sum" | "drop_idle" | { drop_at = 3 }`: on (text, integer) pairs.
    UpdateStateByKey(Update),
    /// `map_with_state = { timeout = "30s", emit = "snapshots" }`: on (text, integer) pairs.
    MapWithState(MappedTotals),
    /// `print = n`: prints the first n rows of each batch, and passes the stream on.
    Print(usize),
}

/// Functions for `map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFunction {
    /// Text → (text, 1).
    Pair,
    /// Text → its number of characters.
    Length,
    /// Text → upper case.
    Upper,
    /// Text → lower case.
    Lower,
    /// (text, integer) → text.
    Key,
    /// (text, integer) → integer.
    Value,
}

/// Predicates for `filter`.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// `"not_empty"`: the text, or the pair's key, is not empty.
    NotEmpty,
    /// `{ equals = "…" }`: the text, or the pair's key, is this.
    Equals(String),
    /// `{ contains = "…" }`: the text, or the pair's key, contains this.
    Contains(String),
    /// `{ starts_with = "…" }`: the text, or the pair's key, starts with this.
    StartsWith(String),
    /// `{ at_least = n }`: the integer, or the pair's value, is n or more.
    AtLeast(i64),
}

/// Functions for `map_values`; overflow wraps on the JVM, and fails the batch where numbers are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Adds this.
    Add(i64),
    /// Multiplies by this.
    Multiply(i64),
}

/// Associative and commutative functions of two integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reducer {
    /// x + y
    Sum,
    /// The greater.
    Max,
    /// The lesser.
    Min,
}
