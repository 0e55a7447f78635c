//! `[clock]`, `[console]` and `[cluster]`.

use std::borrow::Cow;
use std::time::Duration;

use engine::{KeyOrder, Profile, Time};

use crate::language::{
    Instant, Integer, KeyCount, Keywords, Size, Span, TomlKey, TomlTable, WithDefault, ZoneName,
};

pub(crate) static CLOCK: TomlTable = TomlTable {
    name: "clock",
    place: "in `[clock]`",
    doc: "When the program starts, how often a batch ends, when the run stops.",
    key_count: KeyCount::Any,
    keys: &[&START, &INTERVAL, &STOP, &TIMEZONE],
};

pub(crate) static START: WithDefault<Instant> = TomlKey::new(
    "start",
    Instant,
    "Virtual time when the program starts, to the millisecond, with `Z` or an offset.",
    "start = 2018-06-21T23:00:29Z",
)
.or(Time::EPOCH);

pub(crate) static INTERVAL: WithDefault<Span> = TomlKey::new(
    "interval",
    Span::INTERVAL,
    "The batch interval, from 1ms to 365 days.",
    r#"interval = "1s""#,
)
.or(Duration::from_secs(1));

pub(crate) static STOP: TomlKey<Span> = TomlKey::new(
    "stop",
    Span::OFFSET,
    "Offset from `start` of the last batch; without it, the first batch time at or after the last entry.",
    r#"stop = "4s""#,
);

pub(crate) static TIMEZONE: WithDefault<ZoneName> = TomlKey::new(
    "timezone",
    ZoneName,
    "IANA name of the time zone of printed times.",
    r#"timezone = "Europe/Berlin""#,
)
.or(Cow::Borrowed("UTC"));

pub(crate) static CONSOLE: TomlTable = TomlTable {
    name: "console",
    place: "in `[console]`",
    doc: "How output is printed.",
    key_count: KeyCount::Any,
    keys: &[&CONSOLE_PROFILE, &ORDER, &ROWS],
};

pub(crate) static CONSOLE_PROFILE: WithDefault<&Keywords<Profile>> = TomlKey::new(
    "profile",
    &PROFILES,
    "Whose console text and row order is printed.",
    r#"profile = "jvm""#,
)
.or(Profile::Pyspark);

pub(crate) static ORDER: WithDefault<&Keywords<KeyOrder>> = TomlKey::new(
    "order",
    &ORDERS,
    "The order of the rows of a partition; partitions come one after the other.",
    r#"order = "arrival""#,
)
.or(KeyOrder::Spark);

pub(crate) static ROWS: WithDefault<Integer<usize>> = TomlKey::new(
    "rows",
    Integer(1, 1_000_000),
    "The rows a DStream prints of a batch, as `print(n)`.",
    "rows = 10",
)
.or(10);

pub(crate) static CLUSTER: TomlTable = TomlTable {
    name: "cluster",
    place: "in `[cluster]`",
    doc: "The size of the cluster that is played.",
    key_count: KeyCount::Any,
    keys: &[&CORES, &SHUFFLE_PARTITIONS, &MEMORY],
};

pub(crate) static CORES: WithDefault<Integer<usize>> = TomlKey::new(
    "cores",
    Integer(1, 1024),
    "As `local[N]`: reduce partitions of DStreams, input partitions of a structured micro-batch.",
    "cores = 2",
)
.or(2);

pub(crate) static SHUFFLE_PARTITIONS: WithDefault<Integer<usize>> = TomlKey::new(
    "shuffle_partitions",
    Integer(1, 100_000),
    "As `spark.sql.shuffle.partitions`.",
    "shuffle_partitions = 200",
)
.or(200);

pub(crate) static MEMORY: TomlKey<Size> = TomlKey::new(
    "memory",
    Size,
    "How many bytes the states of a pipeline may take, all keys with their states: a batch after which they took more fails. Those of DStreams then stay what they were, and each later batch tries that one again; a structured query ends. Without it, as many as there are.",
    r#"memory = "512MB""#,
);

pub(crate) static ORDERS: Keywords<KeyOrder> = Keywords(&[
    (
        "spark",
        KeyOrder::Spark,
        "As the hash tables of Spark hand them out in local mode.",
    ),
    (
        "arrival",
        KeyOrder::Arrival,
        "As they came, the key seen first first: no table is worked out.",
    ),
]);

pub(crate) static PROFILES: Keywords<Profile> = Keywords(&[
    (
        "pyspark",
        Profile::Pyspark,
        "Spark 3.5.9 driven from Python.",
    ),
    (
        "jvm",
        Profile::Jvm,
        "Spark 3.5.9 driven from Java or Scala.",
    ),
    (
        "cookbook",
        Profile::Cookbook,
        "The book's transcripts: Python 2 rows, no blank lines, empty batches as empty blocks.",
    ),
]);

/// Each profile with its word in a scenario file and one line about it.
pub fn profile_words() -> &'static [(&'static str, Profile, &'static str)] {
    PROFILES.0
}
