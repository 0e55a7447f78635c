//! `[clock]`, `[console]`, `[cluster]` and `[limits]`.

use std::borrow::Cow;
use std::time::Duration;

use engine::{KeyOrder, Profile, SparkVersion, Time};

use crate::language::{
    KeyCount, Kind, Shape, TableKey, TomlKey, WithDefault, keywords, toml_table,
};

toml_table! {
    pub(crate) CLOCK = "clock", "in `[clock]`", KeyCount::Any;
    "When the program starts, how often a batch ends, when the run stops."

    "Virtual time when the program starts, to the millisecond, with `Z` or an offset."
    START: WithDefault<Time> = ("start", Kind::INSTANT, "start = 2018-06-21T23:00:29Z")
        .or(Time::EPOCH);

    "The batch interval, from 1ms to 365 days."
    INTERVAL: WithDefault<Duration> = ("interval", Kind::INTERVAL, r#"interval = "1s""#)
        .or(Duration::from_secs(1));

    "Offset from `start` of the end of the run, not before the batch that takes the last line; without it, the first batch time at or after the last entry, or the trigger that takes the last line."
    STOP: TomlKey<Duration> = ("stop", Kind::OFFSET, r#"stop = "4s""#);

    "IANA name of the time zone of printed times."
    TIMEZONE: WithDefault<Cow<'static, str>> = ("timezone", Kind::ZONE, r#"timezone = "Europe/Berlin""#)
        .or(Cow::Borrowed("UTC"));
}

toml_table! {
    pub(crate) CONSOLE = "console", "in `[console]`", KeyCount::Any;
    "How output is printed."

    "Whose console text and row order is printed."
    CONSOLE_PROFILE: WithDefault<Profile> = ("profile", Kind::Word(&PROFILES), r#"profile = "jvm""#)
        .or(Profile::Pyspark);

    "The order of the rows of a partition; partitions come one after the other."
    ORDER: WithDefault<KeyOrder> = ("order", Kind::Word(&ORDERS), r#"order = "arrival""#)
        .or(KeyOrder::Spark);

    "The rows a DStream prints of a batch, as `print(n)`."
    ROWS: WithDefault<usize> = ("rows", Kind::integer(1, 1_000_000), "rows = 10").or(10);
}

toml_table! {
    pub(crate) CLUSTER = "cluster", "in `[cluster]`", KeyCount::Any;
    "The size of the cluster that is played."

    "The executors of a cluster, which have the receivers, the blocks that these store, and the tasks; without it, all is in the driver's process, as with `local[N]`. The pipelines of `mode` and `steps` have them, queries not yet."
    EXECUTORS: TomlKey<usize> = ("executors", Kind::integer(1, 1_000), "executors = 3");

    "As `local[N]`: reduce partitions of DStreams, input partitions of a structured micro-batch. Of a cluster with `executors` the cores of each; its partitions are all of them, or two. A receiver takes a core of an executor as long as it runs."
    CORES: WithDefault<usize> = ("cores", Kind::integer(1, 1024), "cores = 2").or(2);

    "How many executors keep a received block: 1 as `MEMORY_AND_DISK_SER`, 2 as `MEMORY_AND_DISK_SER_2`; with `write_ahead_log` it is always one."
    REPLICATION: WithDefault<usize> = ("replication", Kind::integer(1, 2), "replication = 2")
        .needs("executors").or(1);

    "Whether the source of a receiver sends again what that has not stored."
    RECEIVERS: WithDefault<Receivers> = ("receivers", Kind::Word(&RECEIVERS_WORDS), r#"receivers = "reliable""#)
        .needs("executors").or(Receivers::Unreliable);

    "As `spark.sql.shuffle.partitions`."
    SHUFFLE_PARTITIONS: WithDefault<usize> = ("shuffle_partitions", PARTITIONS_OF_SHUFFLE, "shuffle_partitions = 200")
        .or(200);

    "How many bytes the states of a pipeline may take, all keys with their states: a batch after which they took more fails. Those of DStreams then stay what they were, and each later batch tries that one again; a structured query ends. Those of a `program` are not counted. Without it, as many as there are."
    MEMORY: TomlKey<u64> = ("memory", Kind::SIZE, r#"memory = "512MB""#);

    "The checkpoint folder of the driver, as `ssc.checkpoint(..)`, or the option `checkpointLocation` of a query: a driver that starts again goes on from it."
    CHECKPOINT: TomlKey<String> = ("checkpoint", Kind::TEXT, r#"checkpoint = "checkpoint""#);

    "Whether received records are logged in the checkpoint folder before they count (`spark.streaming.receiver.writeAheadLog.enable`)."
    WRITE_AHEAD_LOG: WithDefault<bool> = ("write_ahead_log", Kind::FLAG, "write_ahead_log = true")
        .needs("checkpoint").or(false);

    "How often states are saved, as `stream.checkpoint(..)`, a multiple of the slide; without it, as Spark has it: the slides of at least 10s, or ten slides of `map_with_state`."
    CHECKPOINT_INTERVAL: TomlKey<Duration> = ("checkpoint_interval", Kind::LENGTH, r#"checkpoint_interval = "2s""#)
        .needs("checkpoint");

    "The jobs of a program of streams that may run at the same time (`spark.streaming.concurrentJobs`). They start in the order of their batches, and may end in another. Those of a `program` run one by one."
    CONCURRENT_JOBS: WithDefault<usize> = ("concurrent_jobs", Kind::integer(1, 1024), "concurrent_jobs = 4")
        .or(1);

    "Lines come to receivers one by one, which cut them into blocks this often (`spark.streaming.blockInterval`): each block is a partition. Without it the lines of an entry are a block as they are."
    BLOCK_INTERVAL: TomlKey<Duration> = ("block_interval", Kind::INTERVAL, r#"block_interval = "200ms""#);

    "The most lines a second of a receiver (`spark.streaming.receiver.maxRate`): more wait in their source. A run with a limit has a `stop`."
    MAX_RATE: TomlKey<u64> = ("max_rate", RATE, "max_rate = 100")
        .needs("block_interval");

    "The lines a second of a receiver until back-pressure has found a rate, or for ever without it, as in Spark (`spark.streaming.backpressure.initialRate`)."
    INITIAL_RATE: TomlKey<u64> = ("initial_rate", RATE, "initial_rate = 50")
        .needs("block_interval");

    "Receivers take the rate that batches are done with (`spark.streaming.backpressure.enabled`); `{}` has the constants of Spark."
    BACK_PRESSURE_TABLE: TableKey = ("backpressure", Shape::Table(&BACK_PRESSURE), "backpressure = { min_rate = 10 }")
        .needs("block_interval");
}

/// The partitions of a shuffle.
pub(super) const PARTITIONS_OF_SHUFFLE: Kind<usize> = Kind::integer(1, 100_000);

const RATE: Kind<u64> = Kind::integer(1, 1_000_000_000);

toml_table! {
    pub(crate) BACK_PRESSURE = "backpressure", "in `backpressure`", KeyCount::Any;
    "The constants by which rates are estimated (`spark.streaming.backpressure.pid`)."

    "The weight of the difference between the rate and that of the last batch."
    PROPORTIONAL: WithDefault<f64> = ("proportional", Kind::number(0.0, 1e6), "proportional = 1.0").or(1.0);

    "The weight of the lines that have queued."
    INTEGRAL: WithDefault<f64> = ("integral", Kind::number(0.0, 1e6), "integral = 0.2").or(0.2);

    "The weight of the change of the difference."
    DERIVED: WithDefault<f64> = ("derived", Kind::number(0.0, 1e6), "derived = 0.0").or(0.0);

    "The lowest rate, in lines a second."
    MIN_RATE: WithDefault<f64> = ("min_rate", Kind::number(0.001, 1e9), "min_rate = 10").or(100.0);
}

toml_table! {
    pub(crate) LIMITS = "limits", "in `[limits]`", KeyCount::Any;
    "How far a run may go: a longer one is refused, and one that prints more ends there, each with an error."

    "The longest virtual time; without it, 100 years."
    TIME_MAX: WithDefault<Duration> = ("time", Kind::LENGTH, r#"time = "1h""#)
        .or(Duration::from_hours(100 * 365 * 24));

    "The most batches of a pipeline, or triggers or micro-batches of a query; a `program` that has more is ended when it starts."
    BATCHES_MAX: WithDefault<u64> = ("batches", Kind::integer(1, i64::MAX), "batches = 100_000")
        .or(10_000_000);

    "The most bytes of text in the rows that a pipeline prints, and that a `program` writes to standard error."
    OUTPUT_MAX: WithDefault<u64> = ("output", Kind::SIZE, r#"output = "64MiB""#)
        .or(256 << 20);
}

keywords! {
    /// The promise of receivers to their sources.
    pub enum Receivers, pub(crate) RECEIVERS_WORDS;

    /// It acknowledges nothing.
    Unreliable = "unreliable", "It acknowledges nothing: lines that come to no receiver, or that one has not stored when it ends, are lost.";
    /// It acknowledges what it has stored.
    Reliable = "reliable", "It acknowledges records that are stored: its source keeps all others, and sends them to the next receiver.";
}

keywords! {
    pub(crate) ORDERS of KeyOrder;

    KeyOrder::Spark = "spark", "As the hash tables of Spark hand them out in local mode.";
    KeyOrder::Arrival = "arrival", "As they came, the key seen first first: no table is worked out.";
}

keywords! {
    pub(crate) SPARK_VERSIONS of SparkVersion;

    SparkVersion::V3_5 = "3.5", "Spark 3.5, as 3.5.9 prints.";
    SparkVersion::V4 = "4", "Spark 4, as 4.0 to 4.3 print: ANSI SQL, and the tuples of Scala 2.13.";
}

keywords! {
    pub(crate) PROFILES of Profile;

    Profile::Pyspark = "pyspark", "Spark driven from Python.";
    Profile::Jvm = "jvm", "Spark driven from Java or Scala.";
    Profile::Cookbook = "cookbook", "The book's transcripts: Python 2 rows, no blank lines, empty batches as empty blocks.";
}

/// Each version of Spark with its word in a scenario file and one line about it.
pub fn spark_words() -> &'static [(&'static str, SparkVersion, &'static str)] {
    SPARK_VERSIONS.0
}

/// Each profile with its word in a scenario file and one line about it.
pub fn profile_words() -> &'static [(&'static str, Profile, &'static str)] {
    PROFILES.0
}
