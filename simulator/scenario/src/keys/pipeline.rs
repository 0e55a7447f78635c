//! `[[pipeline]]`: the word count of the book in one of its modes, operators by name, or a program in Rust.

use engine::{OutputMode, Profile, Trigger};

use super::{CONSOLE_PROFILE, PROFILES};
use crate::language::{
    AnyText, Flag, Integer, KeyCount, Keywords, PipelineName, Span, Subtables, TableOf, TomlKey,
    TomlTable, WithDefault, WordOr,
};
use crate::steps::{self, STEP, UPDATE_KIND, WordTotals};
use crate::{Emit, Source, Timeouts, Update};

/// The mode of a pipeline, before its options are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProgramMode {
    /// Each batch by itself.
    Stateless,
    /// Running totals.
    UpdateState,
    /// Running totals of the words that came.
    MapWithState,
    /// A query over an unbounded table.
    Structured,
}

pub(crate) static MODES: Keywords<ProgramMode> = Keywords(&[
    (
        "stateless",
        ProgramMode::Stateless,
        "Each batch, or each window, counted by itself.",
    ),
    (
        "update_state",
        ProgramMode::UpdateState,
        "Running totals, by `updateStateByKey`.",
    ),
    (
        "map_with_state",
        ProgramMode::MapWithState,
        "Running totals, by `mapWithState`: each word with its total so far.",
    ),
    (
        "structured",
        ProgramMode::Structured,
        "A query over an unbounded table.",
    ),
]);

pub(crate) static PIPELINE: TomlTable = TomlTable {
    name: "pipeline",
    place: "in `[[pipeline]]`",
    doc: "A program under test: the word count of the book in one of its modes (`mode`), DStream operators by name (`steps`), or a program of one's own (`rust`).",
    key_count: KeyCount::Any,
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

pub(crate) static NAME: TomlKey<PipelineName> = TomlKey::new(
    "name",
    PipelineName,
    "Names the snapshot: 1 to 100 letters, digits, `_` and `-`.",
    r#"name = "counts""#,
)
.required();

pub(crate) static PIPELINE_PROFILE: TomlKey<&Keywords<Profile>> = TomlKey::new(
    CONSOLE_PROFILE.key.text.name,
    &PROFILES,
    "The pipeline's own profile, where it differs from the console's.",
    CONSOLE_PROFILE.key.text.example,
);

pub(crate) static MODE: TomlKey<&Keywords<ProgramMode>> = TomlKey::new(
    "mode",
    &MODES,
    "The word count of the book, in this mode.",
    r#"mode = "stateless""#,
);

pub(crate) static STEPS: TomlKey<Subtables> = TomlKey::new(
    "steps",
    Subtables(&STEP),
    "DStream operators by their Spark names; starts from lines, ends with `print`.",
    r#"steps = [{ flat_map = "split" }, { print = 10 }]"#,
);

pub(crate) static RUST: TomlKey<AnyText> = TomlKey::new(
    "rust",
    AnyText,
    "A program that a test of one's own crate registers under this name: `cargo test` runs it there.",
    r#"rust = "slow_pages""#,
);

pub(crate) static WINDOW: TomlKey<Span> = TomlKey::new(
    "window",
    Span::LENGTH,
    "In mode `stateless`, count windows of batches that reach back this far, a multiple of the interval (WIN-1). In mode `structured`, count windows of event time of this length: each line is then `SECONDS WORD`, the second of an event since the epoch and a word.",
    r#"window = "3s""#)
.modes(&["stateless", "structured"]);

pub(crate) static SLIDE: TomlKey<Span> = TomlKey::new(
    "slide",
    Span::LENGTH,
    "How often a window ends, a multiple of the interval (WIN-1); without it, the interval.",
    r#"slide = "1s""#,
)
.modes(&["stateless"])
.needs("window");

pub(crate) static INVERSE: WithDefault<Flag> = TomlKey::new(
    "inverse",
    Flag,
    "Subtract the batches that leave a window instead of counting it anew (WIN-4).",
    "inverse = true",
)
.modes(&["stateless"])
.needs("window")
.or(false);

pub(crate) static UPDATE: WithDefault<WordOr<Update>> = TomlKey::new(
    "update",
    UPDATE_KIND,
    "The update function.",
    r#"update = "drop_idle""#,
)
.modes(&["update_state", "map_with_state"])
.or(Update::Sum);

static INITIAL: TomlKey<WordTotals> = TomlKey::new(
    steps::INITIAL.text.name,
    WordTotals,
    steps::INITIAL.text.doc,
    steps::INITIAL.text.example,
)
.modes(&["update_state", "map_with_state"]);

static EMIT: WithDefault<&Keywords<Emit>> = TomlKey::new(
    steps::EMIT.key.text.name,
    &steps::EMITS,
    "What is printed: what the function returns, or the state.",
    steps::EMIT.key.text.example,
)
.modes(&["map_with_state"])
.or(Emit::Mapped);

static TIMEOUT: TomlKey<Span> = TomlKey::new(
    steps::TIMEOUT.text.name,
    Span::LENGTH,
    "A word that is idle for longer is printed once more and removed, in the next batch that is a multiple of ten (MWS-4) unless `timeouts` says otherwise.",
    steps::TIMEOUT.text.example)
.modes(&["map_with_state"]);

static TIMEOUTS: WithDefault<&Keywords<Timeouts>> = TomlKey::new(
    steps::TIMEOUTS.key.text.name,
    &steps::TIMEOUT_BATCHES,
    "In which batch an idle word is told so (MWS-4).",
    steps::TIMEOUTS.key.text.example,
)
.modes(&["map_with_state"])
.needs("timeout")
.or(Timeouts::Spark);

pub(crate) static WATERMARK: TomlKey<Span> = TomlKey::new(
    "watermark",
    Span::OFFSET,
    "How far the watermark stays behind the latest event (WM-2): windows that end at it or before are final, are removed, and take no late lines.",
    r#"watermark = "5s""#)
.modes(&["structured"])
.needs("window");

pub(crate) static OUTPUT: WithDefault<&Keywords<OutputMode>> = TomlKey::new(
    "output",
    &OUTPUTS,
    "Which rows a micro-batch prints.",
    r#"output = "update""#,
)
.modes(&["structured"])
.or(OutputMode::Complete);

pub(crate) static TRIGGER: WithDefault<WordOr<Trigger>> = TomlKey::new(
    "trigger",
    WordOr {
        words: &TRIGGERS,
        table: TableOf {
            table: &PROCESSING_TIME_TABLE,
            read: |table| table.get(&PROCESSING_TIME).map(Trigger::ProcessingTime),
            write: |trigger, items| {
                if let Trigger::ProcessingTime(interval) = trigger {
                    items.set(&PROCESSING_TIME, interval);
                }
            },
        },
    },
    "When a micro-batch runs.",
    r#"trigger = { processing_time = "5s" }"#,
)
.modes(&["structured"])
.or(Trigger::Default);

pub(crate) static NUM_ROWS: WithDefault<Integer<usize>> = TomlKey::new(
    "num_rows",
    Integer(1, 1_000_000),
    "The rows the console sink shows.",
    "num_rows = 20",
)
.modes(&["structured"])
.or(20);

pub(crate) static TRUNCATE: WithDefault<Flag> = TomlKey::new(
    "truncate",
    Flag,
    "Whether cells are cut to 20 characters.",
    "truncate = false",
)
.modes(&["structured"])
.or(true);

pub(crate) static SOURCE: WithDefault<&Keywords<Source>> = TomlKey::new(
    "source",
    &SOURCES,
    "What the source makes of the lines.",
    r#"source = "socket""#,
)
.modes(&["stateless", "update_state", "map_with_state", "structured"])
.or(Source::Memory);

static OUTPUTS: Keywords<OutputMode> = Keywords(&[
    (
        "complete",
        OutputMode::Complete,
        "The whole result table, each time.",
    ),
    ("update", OutputMode::Update, "The rows that changed."),
    (
        "append",
        OutputMode::Append,
        "The rows that will not change any more; needs `window` and `watermark`.",
    ),
]);

static TRIGGERS: Keywords<Trigger> = Keywords(&[
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

static PROCESSING_TIME_TABLE: TomlTable = TomlTable {
    name: "trigger",
    place: "in `trigger`",
    doc: "A trigger that takes a duration.",
    key_count: KeyCount::One,
    keys: &[&PROCESSING_TIME],
};

static PROCESSING_TIME: TomlKey<Span> = TomlKey::new(
    "processing_time",
    Span::INTERVAL,
    "On the grid of this duration, from 1ms to 365 days.",
    r#"processing_time = "5s""#,
);

static SOURCES: Keywords<Source> = Keywords(&[
    ("memory", Source::Memory, "Lines arrive as written."),
    (
        "socket",
        Source::Socket,
        "Lines are cut at \\n, \\r and \\r\\n; structured prints an empty batch 0 when nothing has arrived at the first trigger.",
    ),
]);
