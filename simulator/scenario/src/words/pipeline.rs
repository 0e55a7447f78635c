//! `[[pipeline]]`: the word count of the book in one of its modes, operators by name, or a program in Rust.

use super::{
    CONSOLE_PROFILE, Form, INTERVAL_MAX, Key, Kind, LENGTH, Literal, MILLISECOND, OFFSET, PROFILES,
    STEP, Table, Words,
};
use crate::{Emit, Output, Source, Timeouts, Trigger, Update};

/// What `mode` says, before its options are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Each batch by itself.
    Stateless,
    /// Running totals.
    UpdateState,
    /// Running totals of the words that came.
    MapWithState,
    /// A query over an unbounded table.
    Structured,
}

pub(crate) static MODES: Words<Mode> = Words(&[
    (
        "stateless",
        Mode::Stateless,
        "Each batch, or each window, counted by itself.",
    ),
    (
        "update_state",
        Mode::UpdateState,
        "Running totals, by `updateStateByKey`.",
    ),
    (
        "map_with_state",
        Mode::MapWithState,
        "Running totals, by `mapWithState`: each word with its total so far.",
    ),
    (
        "structured",
        Mode::Structured,
        "A query over an unbounded table.",
    ),
]);

pub(crate) static PIPELINE: Table = Table {
    name: "pipeline",
    place: "in `[[pipeline]]`",
    doc: "A program under test: the word count of the book in one of its modes (`mode`), DStream operators by name (`steps`), or a program of one's own (`rust`).",
    form: Form::Fields,
    keys: &[
        &NAME,
        &PIPELINE_PROFILE,
        &MODE,
        &STEPS,
        &RUST,
        &WINDOW,
        &SLIDE,
        &INVERSE,
        &UPDATE,
        &INITIAL,
        &EMIT,
        &TIMEOUT,
        &TIMEOUTS,
        &WATERMARK,
        &OUTPUT,
        &TRIGGER,
        &NUM_ROWS,
        &TRUNCATE,
        &SOURCE,
    ],
};

pub(crate) static NAME: Key = Key::new(
    "name",
    Kind::Name,
    "Names the snapshot: 1 to 100 letters, digits, `_` and `-`.",
    r#"name = "counts""#,
)
.required();

pub(crate) static PIPELINE_PROFILE: Key = Key::new(
    CONSOLE_PROFILE.name,
    Kind::Word(&PROFILES),
    "The pipeline's own profile, where it differs from the console's.",
    CONSOLE_PROFILE.example,
);

pub(crate) static MODE: Key = Key::new(
    "mode",
    Kind::Word(&MODES),
    "The word count of the book, in this mode.",
    r#"mode = "stateless""#,
);

pub(crate) static STEPS: Key = Key::new(
    "steps",
    Kind::Tables(&STEP),
    "DStream operators by their Spark names; starts from lines, ends with `print`.",
    r#"steps = [{ flat_map = "split" }, { print = 10 }]"#,
);

pub(crate) static RUST: Key = Key::new(
    "rust",
    Kind::Text,
    "A program that a test of one's own crate registers under this name: `cargo test` runs it there.",
    r#"rust = "slow_pages""#,
);

pub(crate) static WINDOW: Key = Key::new(
    "window",
    LENGTH,
    "In mode `stateless`, count windows of batches that reach back this far, a multiple of the interval (WIN-1). In mode `structured`, count windows of event time of this length: each line is then `SECONDS WORD`, the second of an event since the epoch and a word.",
    r#"window = "3s""#,
)
.modes(&["stateless", "structured"]);

pub(crate) static SLIDE: Key = Key::new(
    "slide",
    LENGTH,
    "How often a window ends, a multiple of the interval (WIN-1); without it, the interval.",
    r#"slide = "1s""#,
)
.modes(&["stateless"])
.needs("window");

pub(crate) static INVERSE: Key = Key::new(
    "inverse",
    Kind::Flag,
    "Subtract the batches that leave a window instead of counting it anew (WIN-4).",
    "inverse = true",
)
.default(Literal::Flag(false))
.modes(&["stateless"])
.needs("window");

pub(crate) static UPDATE: Key = Key::new(
    "update",
    Kind::WordOr(&UPDATES, &DROP_AT_TABLE),
    "The update function.",
    r#"update = "drop_idle""#,
)
.default(Literal::Text("sum"))
.modes(&["update_state", "map_with_state"]);

pub(crate) static INITIAL: Key = Key::new(
    "initial",
    Kind::Totals,
    "Initial state, in the order written; as an array, a word may stand twice.",
    "initial = { blue = 7 }",
)
.modes(&["update_state", "map_with_state"]);

pub(crate) static EMIT: Key = Key::new(
    "emit",
    Kind::Word(&EMITS),
    "What is printed: what the function returns, or the state.",
    r#"emit = "snapshots""#,
)
.default(Literal::Text("mapped"))
.modes(&["map_with_state"]);

pub(crate) static TIMEOUT: Key = Key::new(
    "timeout",
    LENGTH,
    "A word that is idle for longer is printed once more and removed, in the next batch that is a multiple of ten (MWS-4) unless `timeouts` says otherwise.",
    r#"timeout = "30s""#,
)
.modes(&["map_with_state"]);

pub(crate) static TIMEOUTS: Key = Key::new(
    "timeouts",
    Kind::Word(&TIMEOUT_BATCHES),
    "In which batch an idle word is told so (MWS-4).",
    r#"timeouts = "exact""#,
)
.default(Literal::Text("spark"))
.modes(&["map_with_state"])
.needs("timeout");

pub(crate) static WATERMARK: Key = Key::new(
    "watermark",
    OFFSET,
    "How far the watermark stays behind the latest event (WM-2): windows that end at it or before are final, are removed, and take no late lines.",
    r#"watermark = "5s""#,
)
.modes(&["structured"])
.needs("window");

pub(crate) static OUTPUT: Key = Key::new(
    "output",
    Kind::Word(&OUTPUTS),
    "Which rows a micro-batch prints.",
    r#"output = "update""#,
)
.default(Literal::Text("complete"))
.modes(&["structured"]);

pub(crate) static TRIGGER: Key = Key::new(
    "trigger",
    Kind::WordOr(&TRIGGERS, &PROCESSING_TIME_TABLE),
    "When a micro-batch runs.",
    r#"trigger = { processing_time = "5s" }"#,
)
.default(Literal::Text("default"))
.modes(&["structured"]);

pub(crate) static NUM_ROWS: Key = Key::new(
    "num_rows",
    Kind::Integer(1, 1_000_000),
    "The rows the console sink shows.",
    "num_rows = 20",
)
.default(Literal::Integer(20))
.modes(&["structured"]);

pub(crate) static TRUNCATE: Key = Key::new(
    "truncate",
    Kind::Flag,
    "Whether cells are cut to 20 characters.",
    "truncate = false",
)
.default(Literal::Flag(true))
.modes(&["structured"]);

pub(crate) static SOURCE: Key = Key::new(
    "source",
    Kind::Word(&SOURCES),
    "What the source makes of the lines.",
    r#"source = "socket""#,
)
.default(Literal::Text("memory"))
.modes(&["stateless", "update_state", "map_with_state", "structured"]);

pub(crate) static UPDATES: Words<Update> = Words(&[
    ("sum", Update::Sum, "Old total plus new values."),
    (
        "drop_idle",
        Update::DropIdle,
        "As `sum`, but a key without new values is removed; not with `map_with_state`, which asks idle keys nothing.",
    ),
]);

pub(crate) static DROP_AT_TABLE: Table = Table {
    name: "update",
    place: "in `update`",
    doc: "An update function that takes a number.",
    form: Form::Choice,
    keys: &[&DROP_AT],
};

pub(crate) static DROP_AT: Key = Key::new(
    "drop_at",
    Kind::Integer(i64::MIN, i64::MAX),
    "As `sum`, but a key is removed when the sum reaches this.",
    "drop_at = 3",
);

pub(crate) static EMITS: Words<Emit> = Words(&[
    (
        "mapped",
        Emit::Mapped,
        "What the function returns: a word with its total, each time it comes.",
    ),
    (
        "snapshots",
        Emit::Snapshots,
        "All words with their totals, `stateSnapshots()`.",
    ),
]);

pub(crate) static TIMEOUT_BATCHES: Words<Timeouts> = Words(&[
    (
        "spark",
        Timeouts::Spark,
        "In the next batch that is a multiple of ten, as Spark looks for idle words.",
    ),
    (
        "exact",
        Timeouts::Exact,
        "In the first batch in which it has been idle for longer than `timeout`, which Spark has nothing for.",
    ),
]);

pub(crate) static OUTPUTS: Words<Output> = Words(&[
    (
        "complete",
        Output::Complete,
        "The whole result table, each time.",
    ),
    ("update", Output::Update, "The rows that changed."),
    (
        "append",
        Output::Append,
        "The rows that will not change any more; needs `window` and `watermark`.",
    ),
]);

pub(crate) static TRIGGERS: Words<Trigger> = Words(&[
    (
        "default",
        Trigger::Default,
        "As soon as there is data and the batch before has ended (TRG-1).",
    ),
    (
        "once",
        Trigger::Once,
        "One micro-batch, then the query ends.",
    ),
    (
        "available_now",
        Trigger::AvailableNow,
        "As many micro-batches as the data at the start needs, then the query ends.",
    ),
]);

pub(crate) static PROCESSING_TIME_TABLE: Table = Table {
    name: "trigger",
    place: "in `trigger`",
    doc: "A trigger that takes a duration.",
    form: Form::Choice,
    keys: &[&PROCESSING_TIME],
};

pub(crate) static PROCESSING_TIME: Key = Key::new(
    "processing_time",
    Kind::Span(MILLISECOND, INTERVAL_MAX),
    "On the grid of this duration, from 1ms to 365 days.",
    r#"processing_time = "5s""#,
);

pub(crate) static SOURCES: Words<Source> = Words(&[
    ("memory", Source::Memory, "Lines arrive as written."),
    (
        "socket",
        Source::Socket,
        "Lines are cut at \\n, \\r and \\r\\n; structured prints an empty batch 0 when nothing has arrived at the first trigger.",
    ),
]);
