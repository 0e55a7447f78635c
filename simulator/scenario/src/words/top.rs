//! The top level of the file, `[clock]`, `[console]` and `[cluster]`.

use super::{
    ENTRY, Form, INTERVAL_MAX, Key, Kind, Literal, MILLISECOND, OFFSET, PIPELINE, Table, Words,
};
use crate::{Order, Profile};

pub(crate) static TOP: Table = Table {
    name: "scenario",
    place: "at the top level",
    doc: "One timeline, and one or more pipelines that see it.",
    form: Form::Fields,
    keys: &[
        &TITLE,
        &DESCRIPTION,
        &TIMELINE,
        &CLOCK_TABLE,
        &CONSOLE_TABLE,
        &CLUSTER_TABLE,
        &PIPELINES,
    ],
};

pub(crate) static TITLE: Key = Key::new(
    "title",
    Kind::Text,
    "One line that says what the scenario shows.",
    r#"title = "two batches""#,
)
.default(Literal::Text(""));

pub(crate) static DESCRIPTION: Key = Key::new(
    "description",
    Kind::Text,
    "More about the scenario, for its readers.",
    r#"description = "The second batch overtakes the first.""#,
);

pub(crate) static TIMELINE: Key = Key::new(
    "timeline",
    Kind::Tables(&ENTRY),
    "What happens, ordered by time; entries at one instant keep their order.",
    r#"timeline = [{ at = "1s", lines = ["blue green"] }]"#,
)
.required();

pub(crate) static CLOCK_TABLE: Key = Key::new(
    "clock",
    Kind::Table(&CLOCK),
    "When the program starts, how often a batch ends, when the run stops.",
    "[clock]\ninterval = \"1s\"",
);

pub(crate) static CONSOLE_TABLE: Key = Key::new(
    "console",
    Kind::Table(&CONSOLE),
    "How output is printed.",
    "[console]\nprofile = \"pyspark\"",
);

pub(crate) static CLUSTER_TABLE: Key = Key::new(
    "cluster",
    Kind::Table(&CLUSTER),
    "The size of the cluster that is played.",
    "[cluster]\ncores = 2",
);

pub(crate) static PIPELINES: Key = Key::new(
    "pipeline",
    Kind::Tables(&PIPELINE),
    "The programs under test, at least one.",
    "[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"",
)
.required();

pub(crate) static CLOCK: Table = Table {
    name: "clock",
    place: "in `[clock]`",
    doc: "When the program starts, how often a batch ends, when the run stops.",
    form: Form::Fields,
    keys: &[&START, &INTERVAL, &STOP, &TIMEZONE],
};

pub(crate) static START: Key = Key::new(
    "start",
    Kind::Instant,
    "Virtual time when the program starts, to the millisecond, with `Z` or an offset.",
    "start = 2018-06-21T23:00:29Z",
)
.default(Literal::Text("1970-01-01T00:00:00Z"));

pub(crate) static INTERVAL: Key = Key::new(
    "interval",
    Kind::Span(MILLISECOND, INTERVAL_MAX),
    "The batch interval, from 1ms to 365 days.",
    r#"interval = "1s""#,
)
.default(Literal::Text("1s"));

pub(crate) static STOP: Key = Key::new(
    "stop",
    OFFSET,
    "Offset from `start` of the last batch; without it, the first batch time at or after the last entry.",
    r#"stop = "4s""#,
);

pub(crate) static TIMEZONE: Key = Key::new(
    "timezone",
    Kind::Zone,
    "IANA name of the time zone of printed times.",
    r#"timezone = "Europe/Berlin""#,
)
.default(Literal::Text("UTC"));

pub(crate) static CONSOLE: Table = Table {
    name: "console",
    place: "in `[console]`",
    doc: "How output is printed.",
    form: Form::Fields,
    keys: &[&CONSOLE_PROFILE, &ORDER, &ROWS],
};

pub(crate) static CONSOLE_PROFILE: Key = Key::new(
    "profile",
    Kind::Word(&PROFILES),
    "Whose console text and row order is printed.",
    r#"profile = "jvm""#,
)
.default(Literal::Text("pyspark"));

pub(crate) static ORDER: Key = Key::new(
    "order",
    Kind::Word(&ORDERS),
    "The order of the rows of a partition; partitions come one after the other.",
    r#"order = "arrival""#,
)
.default(Literal::Text("spark"));

pub(crate) static ROWS: Key = Key::new(
    "rows",
    Kind::Integer(1, 1_000_000),
    "The rows a DStream prints of a batch, as `print(n)`.",
    "rows = 10",
)
.default(Literal::Integer(10));

pub(crate) static CLUSTER: Table = Table {
    name: "cluster",
    place: "in `[cluster]`",
    doc: "The size of the cluster that is played.",
    form: Form::Fields,
    keys: &[&CORES, &SHUFFLE_PARTITIONS, &MEMORY],
};

pub(crate) static CORES: Key = Key::new(
    "cores",
    Kind::Integer(1, 1024),
    "As `local[N]`: reduce partitions of DStreams, input partitions of a structured micro-batch.",
    "cores = 2",
)
.default(Literal::Integer(2));

pub(crate) static SHUFFLE_PARTITIONS: Key = Key::new(
    "shuffle_partitions",
    Kind::Integer(1, 100_000),
    "As `spark.sql.shuffle.partitions`.",
    "shuffle_partitions = 200",
)
.default(Literal::Integer(200));

pub(crate) static MEMORY: Key = Key::new(
    "memory",
    Kind::Size,
    "How many bytes the states of a pipeline may take, all keys with their states: a batch after which they took more fails. Those of DStreams then stay what they were, and each later batch tries that one again; a structured query ends. Without it, as many as there are.",
    r#"memory = "512MB""#,
);

pub(crate) static ORDERS: Words<Order> = Words(&[
    (
        "spark",
        Order::Spark,
        "As the hash tables of Spark hand them out in local mode.",
    ),
    (
        "arrival",
        Order::Arrival,
        "As they came, the key seen first first: no table is worked out.",
    ),
]);

pub(crate) static PROFILES: Words<Profile> = Words(&[
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

impl Profile {
    /// Each profile with its word in a scenario file and one line about it.
    pub fn words() -> &'static [(&'static str, Profile, &'static str)] {
        PROFILES.0
    }
}
