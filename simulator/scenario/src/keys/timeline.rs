//! The entries of `timeline`.

use crate::language::{
    AnyText, Counts, Integer, KeyCount, Real, Span, Subtable, Texts, TomlKey, TomlTable,
    WithDefault,
};

pub(crate) static ENTRY: TomlTable = TomlTable {
    name: "entry",
    place: "in an entry of `timeline`",
    doc: "What happens at one instant; several things happen in the order of this table.",
    key_count: KeyCount::Any,
    keys: &[
        &AT,
        &LINES,
        &PARTITIONS,
        &WORDS,
        &GENERATE_TABLE,
        &EXPECT_TABLE,
    ],
};

pub(crate) static AT: TomlKey<Span> = TomlKey::new(
    "at",
    Span::OFFSET,
    "Offset from the start of the clock; without it, the time of the entry before. \
     Times never run backwards.",
    r#"at = "1.5s""#,
);

pub(crate) static LINES: TomlKey<Texts> = TomlKey::new(
    "lines",
    Texts,
    "Lines that arrive, in order.",
    r#"lines = ["blue blue green"]"#,
);

pub(crate) static PARTITIONS: WithDefault<Integer<usize>> = TomlKey::new(
    "partitions",
    Integer(1, 1024),
    "Into how many contiguous input partitions the lines are cut.",
    "partitions = 2",
)
.needs("lines")
.or(1);

pub(crate) static WORDS: TomlKey<Counts> = TomlKey::new(
    "words",
    Counts(1, 1_000_000),
    "One line that repeats each word as often as it says, in the order written.",
    "words = { blue = 5, green = 3 }",
);

pub(crate) static GENERATE_TABLE: TomlKey<Subtable> = TomlKey::new(
    "generate",
    Subtable(&GENERATE),
    "Lines that are drawn from the run's seed, from this instant on.",
    r#"generate = { rate = 100, duration = "10s" }"#,
);

pub(crate) static EXPECT_TABLE: TomlKey<Subtable> = TomlKey::new(
    "expect",
    Subtable(&EXPECT),
    "What a pipeline must have printed last, at or before this instant.",
    r#"expect = { contains = ["('blue', 5)"] }"#,
);

pub(crate) static GENERATE: TomlTable = TomlTable {
    name: "generate",
    place: "in `generate`",
    doc: "Seeded input: so many lines a second, for so long.",
    key_count: KeyCount::Any,
    keys: &[&RATE, &DURATION, &KEYS, &WORDS_PER_LINE, &SKEW],
};

pub(crate) static RATE: TomlKey<Integer<u32>> = TomlKey::new(
    "rate",
    Integer(1, 1_000_000),
    "Lines a second; with all their words, at most 10,000,000 words a second.",
    "rate = 100",
)
.required();

pub(crate) static DURATION: TomlKey<Span> = TomlKey::new(
    "duration",
    Span::LENGTH,
    "How long lines come.",
    r#"duration = "10s""#,
)
.required();

pub(crate) static KEYS: WithDefault<Integer<u32>> = TomlKey::new(
    "keys",
    Integer(1, 10_000_000),
    "How many distinct words there are: key-0, key-1, and so on.",
    "keys = 10",
)
.or(10);

pub(crate) static WORDS_PER_LINE: WithDefault<Integer<u32>> =
    TomlKey::new("words", Integer(1, 10_000), "Words on a line.", "words = 1").or(1);

pub(crate) static SKEW: WithDefault<Real> = TomlKey::new(
    "skew",
    Real(0.0, 10.0),
    "Exponent of the Zipf distribution of the words; 0 is uniform.",
    "skew = 1.1",
)
.or(0.0);

pub(crate) static EXPECT: TomlTable = TomlTable {
    name: "expect",
    place: "in `expect`",
    doc: "A check on what a pipeline printed last, or on what its last batch took; it has `rows`, `contains` or `counters`, or several of them.",
    key_count: KeyCount::Any,
    keys: &[&EXPECT_PIPELINE, &EXPECT_ROWS, &CONTAINS, &COUNTERS_TABLE],
};

pub(crate) static EXPECT_PIPELINE: TomlKey<AnyText> = TomlKey::new(
    "pipeline",
    AnyText,
    "The name of the pipeline that is meant; without it, every pipeline.",
    r#"pipeline = "counts""#,
);

pub(crate) static EXPECT_ROWS: TomlKey<Texts> = TomlKey::new(
    "rows",
    Texts,
    "Exactly these rows, in this order, as printed.",
    r#"rows = ["('blue', 5)", "('green', 3)"]"#,
);

pub(crate) static CONTAINS: TomlKey<Texts> = TomlKey::new(
    "contains",
    Texts,
    "These rows are among those printed, in any order.",
    r#"contains = ["('blue', 5)"]"#,
);

pub(crate) static COUNTERS_TABLE: TomlKey<Subtable> = TomlKey::new(
    "counters",
    Subtable(&COUNTERS),
    "What the last batch that updated states of keys took, exactly.",
    "counters = { function_calls = 2, keys_touched = 2 }",
);

pub(crate) static COUNTERS: TomlTable = TomlTable {
    name: "counters",
    place: "in `counters`",
    doc: "What a batch did to states of keys, those of a structured query's groups included: the same on every machine, where times are not.",
    key_count: KeyCount::Any,
    keys: &[&FUNCTION_CALLS, &KEYS_TOUCHED, &PROBES, &BYTES_COPIED],
};

const COUNT: Integer<u64> = Integer(0, i64::MAX as u64);

pub(crate) static FUNCTION_CALLS: TomlKey<Integer<u64>> = TomlKey::new(
    "function_calls",
    COUNT,
    "Calls of the update or mapping function; of a structured query, groups that came and are not late.",
    "function_calls = 2",
);

pub(crate) static KEYS_TOUCHED: TomlKey<Integer<u64>> = TomlKey::new(
    "keys_touched",
    COUNT,
    "Keys whose state was set, set anew or removed; of a structured query, also groups that the watermark removed.",
    "keys_touched = 2",
);

pub(crate) static PROBES: TomlKey<Integer<u64>> = TomlKey::new(
    "probes",
    COUNT,
    "Keys that were looked up, one for each record; of a structured query, one for each row that is grouped.",
    "probes = 8",
);

pub(crate) static BYTES_COPIED: TomlKey<Integer<u64>> = TomlKey::new(
    "bytes_copied",
    COUNT,
    "Bytes of states that were copied, to be able to go back, or because an earlier batch is still read; a structured query copies none.",
    "bytes_copied = 16",
);
