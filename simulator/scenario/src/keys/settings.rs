//! `[clock]`, `[console]` and `[cluster]`.

use std::borrow::Cow;
use std::time::Duration;

use engine::{KeyOrder, Profile, Time};

use crate::language::{KeyCount, Kind, TomlKey, WithDefault, keywords, toml_table};

toml_table! {
    pub(crate) CLOCK = "clock", "in `[clock]`", KeyCount::Any;
    "When the program starts, how often a batch ends, when the run stops."

    "Virtual time when the program starts, to the millisecond, with `Z` or an offset."
    START: WithDefault<Time> = ("start", Kind::INSTANT, "start = 2018-06-21T23:00:29Z")
        .or(Time::EPOCH);

    "The batch interval, from 1ms to 365 days."
    INTERVAL: WithDefault<Duration> = ("interval", Kind::INTERVAL, r#"interval = "1s""#)
        .or(Duration::from_secs(1));

    "Offset from `start` of the last batch; without it, the first batch time at or after the last entry."
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

    "As `local[N]`: reduce partitions of DStreams, input partitions of a structured micro-batch."
    CORES: WithDefault<usize> = ("cores", Kind::integer(1, 1024), "cores = 2").or(2);

    "As `spark.sql.shuffle.partitions`."
    SHUFFLE_PARTITIONS: WithDefault<usize> = ("shuffle_partitions", Kind::integer(1, 100_000), "shuffle_partitions = 200")
        .or(200);

    "How many bytes the states of a pipeline may take, all keys with their states: a batch after which they took more fails. Those of DStreams then stay what they were, and each later batch tries that one again; a structured query ends. Without it, as many as there are."
    MEMORY: TomlKey<u64> = ("memory", Kind::SIZE, r#"memory = "512MB""#);
}

keywords! {
    pub(crate) ORDERS of KeyOrder;

    KeyOrder::Spark = "spark", "As the hash tables of Spark hand them out in local mode.";
    KeyOrder::Arrival = "arrival", "As they came, the key seen first first: no table is worked out.";
}

keywords! {
    pub(crate) PROFILES of Profile;

    Profile::Pyspark = "pyspark", "Spark 3.5.9 driven from Python.";
    Profile::Jvm = "jvm", "Spark 3.5.9 driven from Java or Scala.";
    Profile::Cookbook = "cookbook", "The book's transcripts: Python 2 rows, no blank lines, empty batches as empty blocks.";
}

/// Each profile with its word in a scenario file and one line about it.
pub fn profile_words() -> &'static [(&'static str, Profile, &'static str)] {
    PROFILES.0
}
