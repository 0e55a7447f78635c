//! `[[pipeline]]`: the word count of the book in one of its modes, operators by name, or a program in Python or Rust.

use std::time::Duration;

use engine::{OutputMode, Profile, StreamSource, Trigger};

use super::conf::CONF_KIND;
use super::{CONSOLE_PROFILE, COST, PROFILES};
use crate::language::{
    KeyCount, Kind, Shape, TableKey, TableOf, TomlKey, WithDefault, keywords, toml_table,
};
use crate::steps::{self, STEP, UPDATE_KIND, WORD_TOTALS};
use crate::{Conf, Emit, Timeouts, Update};

keywords! {
    /// The mode of a pipeline, before its options are read.
    pub(crate) enum ProgramMode, pub(crate) MODES;

    Stateless = "stateless", "Each batch, or each window, counted by itself.";
    UpdateState = "update_state", "Running totals, by `updateStateByKey`.";
    MapWithState = "map_with_state", "Running totals, by `mapWithState`: each word with its total so far.";
    Structured = "structured", "A query over an unbounded table.";
}

impl Source {
    /// The kind of a program's source: a socket cuts its text into lines at each kind of line end.
    pub fn of(source: &StreamSource) -> Source {
        match source {
            StreamSource::Socket { .. } => Source::Socket,
            StreamSource::Receiver { .. } => Source::Memory,
            StreamSource::Direct { .. } | StreamSource::Topic { .. } => Source::Direct,
        }
    }
}

toml_table! {
    pub(crate) PIPELINE = "pipeline", "in `[[pipeline]]`", KeyCount::Any;
    "A program under test: the word count of the book in one of its modes (`mode`), DStream operators by name (`steps`), or a program of one's own (`program`, `rust`)."

    "Names the snapshot: 1 to 100 letters, digits, `_` and `-`."
    NAME: TomlKey<String> = ("name", Kind::NAME, r#"name = "counts""#).required();

    "The pipeline's own profile, where it differs from the console's."
    PIPELINE_PROFILE: TomlKey<Profile> = (CONSOLE_PROFILE.key.text.name, Kind::Word(&PROFILES), CONSOLE_PROFILE.key.text.example);

    "The virtual time that the work of this pipeline takes, instead of `[cost]`."
    PIPELINE_COST: TableKey = ("cost", Shape::Table(&COST), r#"cost = { record = "10us" }"#);

    "The word count of the book, in this mode."
    MODE: TomlKey<ProgramMode> = ("mode", Kind::Word(&MODES), r#"mode = "stateless""#);

    "DStream operators by their Spark names; starts from lines, ends with `print`."
    STEPS: TableKey = ("steps", Shape::Tables(&STEP), r#"steps = [{ flat_map = "split" }, { print = 10 }]"#);

    "A program that a test of one's own crate registers under this name: `cargo test` runs it there."
    RUST: TomlKey<String> = ("rust", Kind::TEXT, r#"rust = "slow_pages""#);

    "A PySpark program: its file, by its path from the folder of this one, with `/` and no folder of one machine alone. It says its own batch interval, and runs in an empty folder. The text is what it prints, and, under the title `Saved: ` and the path, each file that `saveAsTextFile` or `saveAsTextFiles` writes there; see `arguments`."
    PYTHON_FILE: TomlKey<String> = ("program", Kind::TEXT, r#"program = "jobs/word_count.py""#);

    "The arguments of a `program`: its `sys.argv`, without the file."
    ARGUMENTS: TomlKey<Vec<String>> = ("arguments", Kind::TEXTS, r#"arguments = ["localhost", "9999"]"#)
        .needs("program");

    "A job that fails raises a `Py4JJavaError`, as in PySpark, for a `program` that catches one and reads its text."
    STRICT: WithDefault<bool> = ("strict", Kind::FLAG, "strict = true")
        .needs("program").or(false);

    "Functions, rows and states of a `program` that Spark could not pickle fail. It needs the package cloudpickle."
    CHECK_PICKLE: WithDefault<bool> = ("check_pickle", Kind::FLAG, "check_pickle = true")
        .needs("program").or(false);

    "In mode `stateless`, count windows of batches that reach back this far, a multiple of the interval. In mode `structured`, count windows of event time of this length: each line is then `SECONDS WORD`, the second of an event since the epoch and a word."
    WINDOW: TomlKey<Duration> = ("window", Kind::LENGTH, r#"window = "3s""#)
        .modes(&["stateless", "structured"]);

    "How often a window ends, a multiple of the interval; without it, the interval."
    SLIDE: TomlKey<Duration> = ("slide", Kind::LENGTH, r#"slide = "1s""#)
        .modes(&["stateless"]).needs("window");

    "Subtract the batches that leave a window instead of counting it anew."
    INVERSE: WithDefault<bool> = ("inverse", Kind::FLAG, "inverse = true")
        .modes(&["stateless"]).needs("window").or(false);

    "The update function."
    UPDATE: WithDefault<Update> = ("update", UPDATE_KIND, r#"update = "drop_idle""#)
        .modes(&["update_state", "map_with_state"]).or(Update::Sum);

    "Initial state, in the order written; as an array, a word may stand twice."
    INITIAL: TomlKey<Vec<(String, i64)>> = (steps::INITIAL.text.name, WORD_TOTALS, steps::INITIAL.text.example)
        .modes(&["update_state", "map_with_state"]);

    "Prints the number of lines of each batch, too, before all else (`lines.count().print()`)."
    COUNT_LINES: WithDefault<bool> = ("count_lines", Kind::FLAG, "count_lines = true")
        .modes(&["stateless", "update_state", "map_with_state"]).or(false);

    "What is printed: what the function returns, or the state."
    EMIT: WithDefault<Emit> = (steps::EMIT.key.text.name, Kind::Word(&steps::EMITS), steps::EMIT.key.text.example)
        .modes(&["map_with_state"]).or(Emit::Mapped);

    "A word that is idle for longer is printed once more and removed, in the next batch that is a multiple of ten unless `timeouts` says otherwise."
    TIMEOUT: TomlKey<Duration> = (steps::TIMEOUT.text.name, Kind::LENGTH, steps::TIMEOUT.text.example)
        .modes(&["map_with_state"]);

    "The batch in which an idle word times out."
    TIMEOUTS: WithDefault<Timeouts> = (steps::TIMEOUTS.key.text.name, Kind::Word(&steps::TIMEOUT_BATCHES), steps::TIMEOUTS.key.text.example)
        .modes(&["map_with_state"]).needs("timeout").or(Timeouts::Spark);

    "A query in Spark's SQL, over the tables of `[[source]]` and `[[table]]`, or over `lines` with its column `value`."
    SQL: TomlKey<String> = ("sql", Kind::TEXT, r#"sql = "SELECT value, count(*) FROM lines GROUP BY value""#)
        .modes(&["structured"]);

    "The query is refused before it starts, as Spark refuses it: the message has this text, such as the class of the error. Then nothing runs."
    REFUSED: TomlKey<String> = ("refused", Kind::TEXT, r#"refused = "UNRESOLVED_COLUMN""#)
        .modes(&["structured"]).needs("sql");

    "The settings of Spark that change the answers of the query of `sql`."
    CONF: WithDefault<Conf> = ("conf", CONF_KIND, r#"conf = { "spark.sql.ansi.enabled" = true }"#)
        .modes(&["structured"]).needs("sql").or(Conf::DEFAULT);

    "What is asked of the words; `window` is of their counts alone."
    QUERY: WithDefault<WordQuery> = ("query", Kind::Word(&WORD_QUERIES), r#"query = "total""#)
        .modes(&["structured"]).or(WordQuery::Counts);

    "How far the watermark stays behind the latest event: windows that end at it or before are final, are removed, and take no late lines."
    WATERMARK: TomlKey<Duration> = ("watermark", Kind::OFFSET, r#"watermark = "5s""#)
        .modes(&["structured"]).needs("window");

    "Which rows a micro-batch prints."
    OUTPUT: WithDefault<OutputMode> = ("output", Kind::Word(&OUTPUTS), r#"output = "update""#)
        .modes(&["structured"]).or(OutputMode::Complete);

    "When a micro-batch runs."
    TRIGGER: WithDefault<Trigger> = ("trigger", TRIGGER_KIND, r#"trigger = { processing_time = "5s" }"#)
        .modes(&["structured"]).or(Trigger::Default);

    "The rows the console sink shows."
    NUM_ROWS: WithDefault<usize> = ("num_rows", Kind::integer(1, 1_000_000), "num_rows = 20")
        .modes(&["structured"]).or(20);

    "Whether cells are cut to 20 characters."
    TRUNCATE: WithDefault<bool> = ("truncate", Kind::FLAG, "truncate = false")
        .modes(&["structured"]).or(true);

    "What the source makes of the lines."
    SOURCE: WithDefault<Source> = ("source", Kind::Word(&SOURCES), r#"source = "socket""#)
        .modes(&["stateless", "update_state", "map_with_state", "structured"]).or(Source::Memory);

    "The folder that it reads, with `source = \"direct\"`. A query goes on from its checkpoint with the one alone that it has read."
    FOLDER: TomlKey<String> = ("folder", Kind::TEXT, r#"folder = "inbox""#)
        .modes(&["structured"]);

    "The most files that a micro-batch reads (`maxFilesPerTrigger`), with `source = \"direct\"`; without it, all there are."
    MAX_FILES: TomlKey<usize> = ("max_files_per_trigger", Kind::integer(1, 1_000_000), "max_files_per_trigger = 1")
        .modes(&["structured"]);

    "Where the rows of a micro-batch go."
    SINK: WithDefault<QuerySink> = ("sink", SINK_KIND, r#"sink = { json = "out" }"#)
        .modes(&["structured"]).or(QuerySink::Console);

    "The data source that the rows of the query of `sql` are written to, as in Spark: `json`, `csv` and `text` are files below the option `path`; of `memory`, `noop`, `kafka`, `parquet` and any other there is a record of the rows, below the title `Written: …`, and nothing is written."
    SINK_FORMAT: TomlKey<String> = ("format", Kind::TEXT, r#"format = "kafka""#)
        .modes(&["structured"]).needs("sql");

    "The options of that data source."
    SINK_OPTIONS: TomlKey<Vec<(String, String)>> = ("options", Kind::OPTIONS, r#"options = { topic = "counts" }"#)
        .modes(&["structured"]).needs("format");

    "The columns by whose values files are in folders (`partitionBy`)."
    PARTITION_BY: TomlKey<Vec<String>> = ("partition_by", Kind::TEXTS, r#"partition_by = ["city"]"#)
        .modes(&["structured"]).needs("format");
}

/// A place for the rows of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum QuerySink {
    /// The console.
    #[default]
    Console,
    /// Files of JSON in this folder.
    Json(String),
    /// A data source by its name.
    Named(NamedSink),
}

/// A data source that rows are written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSink {
    /// Its name, as `DataStreamWriter.format` takes it.
    pub format: String,
    /// Its options, by their names.
    pub options: Vec<(String, String)>,
    /// The columns by whose values files are in folders.
    pub partition_by: Vec<String>,
}

const SINK_KIND: Kind<QuerySink> = Kind::WordOr(
    &SINKS,
    TableOf {
        table: &FILE_SINK_TABLE,
        read: |table| table.get(&JSON_FOLDER).map(QuerySink::Json),
        write: |sink, items| {
            if let QuerySink::Json(folder) = sink {
                items.set(&JSON_FOLDER, folder);
            }
        },
    },
);

keywords! {
    SINKS of QuerySink;

    QuerySink::Console = "console", "The console.";
}

toml_table! {
    pub(crate) FILE_SINK_TABLE = "sink", "in `sink`", KeyCount::One;
    "A sink of files. Their lines are printed below `Saved: …`, and after each life of a driver with faults the files that are there."

    "A folder of JSON files, an object a row and a file a partition, with a log of those that count; needs `output = \"append\"`."
    JSON_FOLDER: TomlKey<String> = ("json", Kind::TEXT, r#"json = "out""#);
}

keywords! {
    /// A query over words.
    #[derive(Default)]
    pub enum WordQuery, pub(crate) WORD_QUERIES;

    /// Each word with the number of times it came.
    #[default]
    Counts = "counts", "Each word with the number of times it came.";
    /// The number of all words.
    Total = "total", "The number of all words (`groupBy().count()`).";
    /// The number of words of each length.
    Lengths = "lengths", "Each length of a word with the number of words that have it.";
    /// The words as they come, without a state.
    Words = "words", "The words as they come, without a state; output is append or update.";
    /// Each word once.
    Distinct = "distinct", "Each word once (`dropDuplicates`); output is append or update.";
}

keywords! {
    OUTPUTS of OutputMode;

    OutputMode::Complete = "complete", "The whole result table, each time.";
    OutputMode::Update = "update", "The rows that changed.";
    OutputMode::Append = "append", "The rows that will not change any more; counts need `window` and `watermark`.";
}

const TRIGGER_KIND: Kind<Trigger> = Kind::WordOr(
    &TRIGGERS,
    TableOf {
        table: &PROCESSING_TIME_TABLE,
        read: |table| table.get(&PROCESSING_TIME).map(Trigger::ProcessingTime),
        write: |trigger, items| {
            if let Trigger::ProcessingTime(interval) = trigger {
                items.set(&PROCESSING_TIME, interval);
            }
        },
    },
);

keywords! {
    TRIGGERS of Trigger;

    Trigger::Default = "default", "As soon as there is data and the batch before has ended.";
    Trigger::Once = "once", "One micro-batch, then the query ends.";
    Trigger::AvailableNow = "available_now", "As many micro-batches as the data at the start needs, then the query ends.";
}

toml_table! {
    pub(crate) PROCESSING_TIME_TABLE = "trigger", "in `trigger`", KeyCount::One;
    "A trigger that takes a duration."

    "On the grid of this duration, from 1ms to 365 days."
    PROCESSING_TIME: TomlKey<Duration> = ("processing_time", Kind::INTERVAL, r#"processing_time = "5s""#);
}

keywords! {
    /// The lines that a source makes of the text of a scenario.
    #[derive(Default)]
    pub enum Source, pub(super) SOURCES;

    /// Lines arrive as written.
    #[default]
    Memory = "memory", "Lines arrive as written.";
    /// Lines arrive as written and are kept by the source, as those of a topic or of files: a driver that starts again
    /// reads them again. Of a query they are files of text, an entry of the timeline each.
    Direct = "direct", "Lines arrive as written and are kept by the source, as those of a topic or of files: a driver that starts again reads them again. Structured reads text files, one for each partition of an entry.";
    /// Lines are cut at `\n`, `\r` and `\r\n`, as the socket sources do; structured begins with an empty batch 0,
    /// whatever has arrived by then.
    Socket = "socket", "Lines are cut at \\n, \\r and \\r\\n; structured begins with an empty batch 0, whatever has arrived by then.";
}
