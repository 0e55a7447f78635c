//! The top level of the file.

use super::{CLOCK, CLUSTER, CONSOLE, ENTRY, PIPELINE};
use crate::language::{AnyText, KeyCount, Subtable, Subtables, TomlKey, TomlTable, WithDefault};

pub(crate) static TOP: TomlTable = TomlTable {
    name: "scenario",
    place: "at the top level",
    doc: "One timeline, and one or more pipelines that see it.",
    key_count: KeyCount::Any,
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

pub(crate) static TITLE: WithDefault<AnyText> = TomlKey::new(
    "title",
    AnyText,
    "One line that says what the scenario shows.",
    r#"title = "two batches""#,
)
.or(String::new());

pub(crate) static DESCRIPTION: TomlKey<AnyText> = TomlKey::new(
    "description",
    AnyText,
    "More about the scenario, for its readers.",
    r#"description = "The second batch overtakes the first.""#,
);

pub(crate) static TIMELINE: TomlKey<Subtables> = TomlKey::new(
    "timeline",
    Subtables(&ENTRY),
    "What happens, ordered by time; entries at one instant keep their order.",
    r#"timeline = [{ at = "1s", lines = ["blue green"] }]"#,
)
.required();

pub(crate) static CLOCK_TABLE: TomlKey<Subtable> = TomlKey::new(
    "clock",
    Subtable(&CLOCK),
    "When the program starts, how often a batch ends, when the run stops.",
    "[clock]\ninterval = \"1s\"",
);

pub(crate) static CONSOLE_TABLE: TomlKey<Subtable> = TomlKey::new(
    "console",
    Subtable(&CONSOLE),
    "How output is printed.",
    "[console]\nprofile = \"pyspark\"",
);

pub(crate) static CLUSTER_TABLE: TomlKey<Subtable> = TomlKey::new(
    "cluster",
    Subtable(&CLUSTER),
    "The size of the cluster that is played.",
    "[cluster]\ncores = 2",
);

pub(crate) static PIPELINES: TomlKey<Subtables> = TomlKey::new(
    "pipeline",
    Subtables(&PIPELINE),
    "The programs under test, at least one.",
    "[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"",
)
.required();
