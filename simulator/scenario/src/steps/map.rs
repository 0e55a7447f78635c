//! `flat_map`, `map` and `map_values`: one element becomes several, or another.

use super::row::{Keeps, Row};
use super::{Element, Step};
use crate::language::{Integer, KeyCount, Keywords, TableOf, TomlKey, TomlTable};
use crate::spark::{Snippet, call};

/// Functions for `flat_map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlatMapFunction {
    /// A line → its words, cut at each space.
    Split,
}

/// Functions for `map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFunction {
    /// Text → (text, 1).
    Pair,
    /// Text → its number of characters.
    Length,
    /// Text → upper case.
    Upper,
    /// Text → lower case.
    Lower,
    /// (text, integer) → text.
    Key,
    /// (text, integer) → integer.
    Value,
}

/// Functions for `map_values`; overflow wraps on the JVM, and fails the batch where numbers are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Adds this.
    Add(i64),
    /// Multiplies by this.
    Multiply(i64),
}

pub(super) static FLAT_MAP: Row<&Keywords<FlatMapFunction>> = Row {
    key: TomlKey::new(
        "flat_map",
        &FLAT_MAPS,
        "Each text becomes several.",
        r#"flat_map = "split""#,
    ),
    step: Step::FlatMap,
    takes: |_| &[Element::Text],
    gives: |_, _| Element::Text,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("words"),
    code: |FlatMapFunction::Split, _| {
        let function = Snippet::new(
            r#"lambda line: line.split(" ")"#,
            r#"line -> Arrays.asList(line.split(" ")).iterator()"#,
        );
        call("flatMap", &[function])
    },
    weight: 3,
    draw: |from, _| FLAT_MAPS.draw(from),
};

pub(super) static MAP: Row<&Keywords<MapFunction>> = Row {
    key: TomlKey::new(
        "map",
        &MAPS,
        "Each element becomes another.",
        r#"map = "pair""#,
    ),
    step: Step::Map,
    takes: |function| function.row().takes,
    gives: |function, _| function.row().gives,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |function| Some(function.row().variable),
    code: |function, _| {
        let FunctionRow { python, java, .. } = function.row();
        Snippet::new(format!("map({python})"), java).into()
    },
    weight: 6,
    draw: |from, _| MAPS.draw(from),
};

pub(super) static MAP_VALUES: Row<TableOf<Arithmetic>> = Row {
    key: TomlKey::new(
        "map_values",
        TableOf {
            table: &ARITHMETIC,
            read: |table| {
                let add = table.get(&ADD).map(Arithmetic::Add);
                add.or_else(|| table.get(&MULTIPLY).map(Arithmetic::Multiply))
            },
            write: |arithmetic, items| match arithmetic {
                Arithmetic::Add(n) => items.set(&ADD, n),
                Arithmetic::Multiply(n) => items.set(&MULTIPLY, n),
            },
        },
        "Changes the integer of each pair; overflow wraps on the JVM, and fails the batch where numbers are Python's.",
        "map_values = { add = 1 }",
    ),
    step: Step::MapValues,
    takes: |_| &[Element::Pair],
    gives: |_, _| Element::Pair,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("changed"),
    code: |arithmetic, _| {
        let result = match arithmetic {
            Arithmetic::Add(n) => format!("value + {n}"),
            Arithmetic::Multiply(n) => format!("value * {n}"),
        };
        let function = Snippet::new(
            format!("lambda value: {result}"),
            format!("value -> {result}L"),
        );
        call("mapValues", &[function])
    },
    weight: 1,
    draw: |from, _| {
        let n = from.integer();
        match from.below(2) {
            0 => Arithmetic::Add(n),
            _ => Arithmetic::Multiply(n),
        }
    },
};

static FLAT_MAPS: Keywords<FlatMapFunction> = Keywords(&[(
    "split",
    FlatMapFunction::Split,
    "A line becomes its words, cut at each space.",
)]);

pub(super) static MAPS: Keywords<MapFunction> = Keywords(&[
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

/// All that is known of a function but its word.
struct FunctionRow {
    takes: &'static [Element],
    gives: Element,
    variable: &'static str,
    /// The function.
    python: &'static str,
    /// The call: the method depends on what the function gives.
    java: &'static str,
}

impl MapFunction {
    fn row(self) -> FunctionRow {
        match self {
            MapFunction::Pair => FunctionRow {
                takes: &[Element::Text],
                gives: Element::Pair,
                variable: "pairs",
                python: "lambda word: (word, 1)",
                java: "mapToPair(word -> new Tuple2<>(word, 1L))",
            },
            MapFunction::Length => FunctionRow {
                takes: &[Element::Text],
                gives: Element::Integer,
                variable: "lengths",
                python: "lambda text: len(text)",
                java: "map(text -> (long) text.codePointCount(0, text.length()))",
            },
            MapFunction::Upper => FunctionRow {
                takes: &[Element::Text],
                gives: Element::Text,
                variable: "upper",
                python: "lambda text: text.upper()",
                java: "map(text -> text.toUpperCase(Locale.ROOT))",
            },
            MapFunction::Lower => FunctionRow {
                takes: &[Element::Text],
                gives: Element::Text,
                variable: "lower",
                python: "lambda text: text.lower()",
                java: "map(text -> text.toLowerCase(Locale.ROOT))",
            },
            MapFunction::Key => FunctionRow {
                takes: &[Element::Pair],
                gives: Element::Text,
                variable: "keys",
                python: "lambda pair: pair[0]",
                java: "map(pair -> pair._1())",
            },
            MapFunction::Value => FunctionRow {
                takes: &[Element::Pair],
                gives: Element::Integer,
                variable: "values",
                python: "lambda pair: pair[1]",
                java: "map(pair -> pair._2())",
            },
        }
    }
}

static ARITHMETIC: TomlTable = TomlTable {
    name: "map_values",
    place: "in `map_values`",
    doc: "A function of one integer.",
    key_count: KeyCount::One,
    keys: &[&ADD, &MULTIPLY],
};

static ADD: TomlKey<Integer<i64>> =
    TomlKey::new("add", Integer(i64::MIN, i64::MAX), "Adds this.", "add = 1");

static MULTIPLY: TomlKey<Integer<i64>> = TomlKey::new(
    "multiply",
    Integer(i64::MIN, i64::MAX),
    "Multiplies by this.",
    "multiply = 2",
);
