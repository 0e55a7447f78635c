//! The top level of the file.

use engine::SparkVersion;

use super::{
    CLOCK, CLUSTER, CONSOLE, COST, ENTRY, INVARIANT, LIMITS, PIPELINE, QUERY_SOURCE,
    SPARK_VERSIONS, STATIC_TABLE,
};
use crate::language::{KeyCount, Kind, Shape, TableKey, TomlKey, WithDefault, toml_table};

toml_table! {
    pub(crate) TOP = "scenario", "at the top level", KeyCount::Any;
    "One timeline, and one or more pipelines that see it."

    "One line that says what the scenario shows."
    TITLE: WithDefault<String> = ("title", Kind::TEXT, r#"title = "two batches""#)
        .or(String::new());

    "More about the scenario, for its readers."
    DESCRIPTION: TomlKey<String> = ("description", Kind::TEXT, r#"description = "The second batch overtakes the first.""#);

    "The version of Spark that is played."
    SPARK: WithDefault<SparkVersion> = ("spark", Kind::Word(&SPARK_VERSIONS), r#"spark = "4""#)
        .or(SparkVersion::V3_5);

    "What happens, ordered by time; entries at one instant keep their order. Empty only where `clock` has a `stop`."
    TIMELINE: TableKey = ("timeline", Shape::Tables(&ENTRY), r#"timeline = [{ at = "1s", lines = ["blue green"] }]"#)
        .required();

    "When the program starts, how often a batch ends, when the run stops."
    CLOCK_TABLE: TableKey = ("clock", Shape::Table(&CLOCK), "[clock]\ninterval = \"1s\"");

    "How output is printed."
    CONSOLE_TABLE: TableKey = ("console", Shape::Table(&CONSOLE), "[console]\nprofile = \"pyspark\"");

    "The size of the cluster that is played."
    CLUSTER_TABLE: TableKey = ("cluster", Shape::Table(&CLUSTER), "[cluster]\ncores = 2");

    "The virtual time that work takes; nothing takes time without it."
    COST_TABLE: TableKey = ("cost", Shape::Table(&COST), "[cost]\nbatch = \"20ms\"");

    "How far a run may go."
    LIMITS_TABLE: TableKey = ("limits", Shape::Table(&LIMITS), "[limits]\nbatches = 100_000");

    "Claims that each run keeps, always or in the end."
    INVARIANT_TABLE: TableKey = ("invariant", Shape::Table(&INVARIANT), "[invariant]\nalways = [\"failures = 0\"]");

    "The streams that the pipelines of `sql` read."
    QUERY_SOURCES: TableKey = ("source", Shape::Tables(&QUERY_SOURCE), "[[source]]\nname = \"events\"\nformat = \"json\"\nschema = \"user STRING, n INT\"");

    "The tables that do not change, for the pipelines of `sql`."
    STATIC_TABLES: TableKey = ("table", Shape::Tables(&STATIC_TABLE), "[[table]]\nname = \"users\"\nschema = \"user STRING, city STRING\"\nrows = [[\"ann\", \"Oslo\"]]");

    "The programs under test, at least one."
    PIPELINES: TableKey = ("pipeline", Shape::Tables(&PIPELINE), "[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"")
        .required();
}
