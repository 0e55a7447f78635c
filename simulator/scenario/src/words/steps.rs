//! The steps of a pipeline: DStream operators by their Spark names in snake case.

use super::{
    DROP_AT, DROP_AT_TABLE, EMIT, Form, INITIAL, Key, Kind, LENGTH, Literal, TIMEOUT, TIMEOUTS,
    Table, UPDATES, Words,
};
use crate::{MapFunction, Reducer};

pub(crate) static STEP: Table = Table {
    name: "step",
    place: "in a step",
    doc: "One DStream operator; a step is a table with one key.",
    form: Form::Choice,
    keys: &[
        &FLAT_MAP,
        &MAP,
        &FILTER,
        &MAP_VALUES,
        &COUNT,
        &REDUCE,
        &COUNT_BY_VALUE,
        &REDUCE_BY_KEY,
        &GROUP_BY_KEY,
        &STEP_WINDOW,
        &REDUCE_BY_KEY_AND_WINDOW,
        &UPDATE_STATE_BY_KEY,
        &MAP_WITH_STATE,
        &PRINT,
    ],
};

pub(crate) static FLAT_MAP: Key = Key::new(
    "flat_map",
    Kind::Word(&FLAT_MAPS),
    "Each text becomes several.",
    r#"flat_map = "split""#,
);

pub(crate) static MAP: Key = Key::new(
    "map",
    Kind::Word(&MAPS),
    "Each element becomes another.",
    r#"map = "pair""#,
);

pub(crate) static FILTER: Key = Key::new(
    "filter",
    Kind::WordOr(&FILTERS, &PREDICATE),
    "Keeps the elements of which this holds.",
    r#"filter = { starts_with = "b" }"#,
);

pub(crate) static MAP_VALUES: Key = Key::new(
    "map_values",
    Kind::Table(&ARITHMETIC),
    "Changes the integer of each pair; overflow wraps on the JVM, and fails the batch where numbers are Python's.",
    "map_values = { add = 1 }",
);

pub(crate) static COUNT: Key = Key::new(
    "count",
    Kind::True,
    "How many elements there are: one integer a batch.",
    "count = true",
);

pub(crate) static REDUCE: Key = Key::new(
    "reduce",
    Kind::Word(&REDUCERS),
    "One integer of all integers; nothing from an empty batch.",
    r#"reduce = "sum""#,
);

pub(crate) static COUNT_BY_VALUE: Key = Key::new(
    "count_by_value",
    Kind::True,
    "How often each text comes, as pairs.",
    "count_by_value = true",
);

pub(crate) static REDUCE_BY_KEY: Key = Key::new(
    "reduce_by_key",
    Kind::Word(&REDUCERS),
    "One pair of all pairs with the same text.",
    r#"reduce_by_key = "sum""#,
);

pub(crate) static GROUP_BY_KEY: Key = Key::new(
    "group_by_key",
    Kind::True,
    "Each text with the list of its integers.",
    "group_by_key = true",
);

pub(crate) static STEP_WINDOW: Key = Key::new(
    "window",
    Kind::Table(&WINDOW_TABLE),
    "The elements of several batches; the elements do not change.",
    r#"window = { length = "3s" }"#,
);

pub(crate) static REDUCE_BY_KEY_AND_WINDOW: Key = Key::new(
    "reduce_by_key_and_window",
    Kind::Table(&REDUCE_WINDOW_TABLE),
    "One pair of all pairs with the same text in a window.",
    r#"reduce_by_key_and_window = { function = "sum", length = "3s" }"#,
);

pub(crate) static UPDATE_STATE_BY_KEY: Key = Key::new(
    "update_state_by_key",
    Kind::WordOr(&UPDATES, &DROP_AT_TABLE),
    "A running total for each text.",
    r#"update_state_by_key = "sum""#,
);

pub(crate) static MAP_WITH_STATE: Key = Key::new(
    "map_with_state",
    Kind::Table(&MAP_WITH_STATE_TABLE),
    "A running total for each text, given each time the text comes; `{}` if there is nothing to set.",
    r#"map_with_state = { timeout = "30s" }"#,
);

pub(crate) static PRINT: Key = Key::new(
    "print",
    Kind::Integer(1, 1_000_000),
    "Prints the first n elements of each batch, and passes the stream on.",
    "print = 10",
);

pub(crate) static MAP_WITH_STATE_TABLE: Table = Table {
    name: "map_with_state",
    place: "in `map_with_state`",
    doc: "What becomes of a text and its total, and when it is forgotten.",
    form: Form::Fields,
    keys: &[
        &STEP_DROP_AT,
        &STEP_INITIAL,
        &STEP_EMIT,
        &STEP_TIMEOUT,
        &STEP_TIMEOUTS,
    ],
};

pub(crate) static STEP_DROP_AT: Key = Key::new(
    DROP_AT.name,
    DROP_AT.kind,
    "A text is removed when its total reaches this.",
    DROP_AT.example,
);

pub(crate) static STEP_INITIAL: Key =
    Key::new(INITIAL.name, INITIAL.kind, INITIAL.doc, INITIAL.example);

pub(crate) static STEP_EMIT: Key = Key::new(
    EMIT.name,
    EMIT.kind,
    "What is given: what the function returns, or the state.",
    EMIT.example,
)
.default(Literal::Text("mapped"));

pub(crate) static STEP_TIMEOUT: Key = Key::new(
    TIMEOUT.name,
    TIMEOUT.kind,
    "A text that is idle for longer is given once more and removed, in the next batch that is a multiple of ten (MWS-4) unless `timeouts` says otherwise.",
    TIMEOUT.example,
);

pub(crate) static STEP_TIMEOUTS: Key = Key::new(
    TIMEOUTS.name,
    TIMEOUTS.kind,
    "In which batch an idle text is told so (MWS-4).",
    TIMEOUTS.example,
)
.default(Literal::Text("spark"))
.needs("timeout");

pub(crate) static FLAT_MAPS: Words<()> =
    Words(&[("split", (), "A line becomes its words, cut at each space.")]);

pub(crate) static MAPS: Words<MapFunction> = Words(&[
    (
        "pair",
        MapFunction::Pair,
        "A text becomes the pair of it and 1.",
    ),
    (
        "length",
        MapFunction::Length,
        "A text becomes its number of characters.",
    ),
    ("upper", MapFunction::Upper, "A text in upper case."),
    ("lower", MapFunction::Lower, "A text in lower case."),
    ("key", MapFunction::Key, "A pair becomes its text."),
    ("value", MapFunction::Value, "A pair becomes its integer."),
]);

pub(crate) static REDUCERS: Words<Reducer> = Words(&[
    ("sum", Reducer::Sum, "The sum."),
    ("max", Reducer::Max, "The greatest."),
    ("min", Reducer::Min, "The least."),
]);

/// The predicates without an operand; `Predicate` owns text, so the meaning of the one word is the unit.
pub(crate) static FILTERS: Words<()> = Words(&[(
    "not_empty",
    (),
    "The text, or the pair's text, is not empty.",
)]);

pub(crate) static PREDICATE: Table = Table {
    name: "filter",
    place: "in `filter`",
    doc: "A predicate that takes a text or a number.",
    form: Form::Choice,
    keys: &[&EQUALS, &TEXT_CONTAINS, &STARTS_WITH, &AT_LEAST],
};

pub(crate) static EQUALS: Key = Key::new(
    "equals",
    Kind::Text,
    "The text, or the pair's text, is this.",
    r#"equals = "blue""#,
);

pub(crate) static TEXT_CONTAINS: Key = Key::new(
    "contains",
    Kind::Text,
    "The text, or the pair's text, contains this.",
    r#"contains = "lu""#,
);

pub(crate) static STARTS_WITH: Key = Key::new(
    "starts_with",
    Kind::Text,
    "The text, or the pair's text, starts with this.",
    r#"starts_with = "b""#,
);

pub(crate) static AT_LEAST: Key = Key::new(
    "at_least",
    Kind::Integer(i64::MIN, i64::MAX),
    "The integer, or the pair's integer, is this or more.",
    "at_least = 2",
);

pub(crate) static ARITHMETIC: Table = Table {
    name: "map_values",
    place: "in `map_values`",
    doc: "A function of one integer.",
    form: Form::Choice,
    keys: &[&ADD, &MULTIPLY],
};

pub(crate) static ADD: Key = Key::new(
    "add",
    Kind::Integer(i64::MIN, i64::MAX),
    "Adds this.",
    "add = 1",
);

pub(crate) static MULTIPLY: Key = Key::new(
    "multiply",
    Kind::Integer(i64::MIN, i64::MAX),
    "Multiplies by this.",
    "multiply = 2",
);

pub(crate) static WINDOW_TABLE: Table = Table {
    name: "window",
    place: "in `window`",
    doc: "Which batches a window holds.",
    form: Form::Fields,
    keys: &[&WINDOW_LENGTH, &WINDOW_SLIDE],
};

pub(crate) static REDUCE_WINDOW_TABLE: Table = Table {
    name: "reduce_by_key_and_window",
    place: "in `reduce_by_key_and_window`",
    doc: "Which batches a window holds, and how it is reduced.",
    form: Form::Fields,
    keys: &[&FUNCTION, &WINDOW_LENGTH, &WINDOW_SLIDE, &WINDOW_INVERSE],
};

pub(crate) static FUNCTION: Key = Key::new(
    "function",
    Kind::Word(&REDUCERS),
    "How two integers become one.",
    r#"function = "sum""#,
)
.required();

pub(crate) static WINDOW_LENGTH: Key = Key::new(
    "length",
    LENGTH,
    "How far a window reaches back, a multiple of the slide of the stream it is put on (WIN-1).",
    r#"length = "3s""#,
)
.required();

pub(crate) static WINDOW_SLIDE: Key = Key::new(
    "slide",
    LENGTH,
    "How often a window ends, a multiple like `length` (WIN-1); without it, the slide of the stream it is put on.",
    r#"slide = "1s""#,
);

pub(crate) static WINDOW_INVERSE: Key = Key::new(
    "inverse",
    Kind::Flag,
    "Subtract the batches that leave a window instead of reducing it anew (WIN-4); for `sum` only.",
    "inverse = true",
)
.default(Literal::Flag(false));
