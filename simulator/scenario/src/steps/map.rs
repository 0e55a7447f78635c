//! `flat_map`, `map` and `map_values`: one element becomes several, or another.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{KeyCount, Kind, TableOf, TomlKey, keywords, toml_table};
use crate::spark::{Snippet, call};

keywords! {
    /// Functions for `flat_map`.
    pub enum FlatMapFunction, FLAT_MAPS;

    /// A line → its words, cut at each space.
    Split = "split", "A line becomes its words, cut at each space.";
}

keywords! {
    /// Functions for `map`.
    pub enum MapFunction, pub(super) MAPS;

    /// Text → (text, 1).
    Pair = "pair", "A text becomes the pair of it and 1.";
    /// Text → its number of characters.
    Length = "length", "A text becomes its number of characters.";
    /// Text → upper case.
    Upper = "upper", "A text in upper case.";
    /// Text → lower case.
    Lower = "lower", "A text in lower case.";
    /// (text, integer) → text.
    Key = "key", "A pair becomes its text.";
    /// (text, integer) → integer.
    Value = "value", "A pair becomes its integer.";
}

/// Functions for `map_values`; overflow wraps on the JVM, and fails the batch where numbers are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Adds this.
    Add(i64),
    /// Multiplies by this.
    Multiply(i64),
}

pub(super) static FLAT_MAP: StepRow<FlatMapFunction> = StepRow {
    key: TomlKey::new(
        "flat_map",
        Kind::Word(&FLAT_MAPS),
        "Each text becomes several.",
        r#"flat_map = "split""#,
    ),
    signature: |_| Signature::new(&[Element::Text], Some(Element::Text), "words"),
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

pub(super) static MAP: StepRow<MapFunction> = StepRow {
    key: TomlKey::new(
        "map",
        Kind::Word(&MAPS),
        "Each element becomes another.",
        r#"map = "pair""#,
    ),
    signature: |function| function.signature(),
    code: |function, _| function.code().into(),
    weight: 6,
    draw: |from, _| MAPS.draw(from),
};

pub(super) static MAP_VALUES: StepRow<Arithmetic> = StepRow {
    key: TomlKey::new(
        "map_values",
        Kind::Table(TableOf {
            table: &ARITHMETIC,
            read: |table| {
                let add = table.get(&ADD).map(Arithmetic::Add);
                add.or_else(|| table.get(&MULTIPLY).map(Arithmetic::Multiply))
            },
            write: |arithmetic, items| match arithmetic {
                Arithmetic::Add(n) => items.set(&ADD, n),
                Arithmetic::Multiply(n) => items.set(&MULTIPLY, n),
            },
        }),
        "Changes the integer of each pair; overflow wraps on the JVM, and fails the batch where numbers are Python's.",
        "map_values = { add = 1 }",
    ),
    signature: |_| Signature::new(&[Element::Pair], Some(Element::Pair), "changed"),
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

impl MapFunction {
    fn signature(self) -> Signature {
        let text = &[Element::Text];
        let pair = &[Element::Pair];
        match self {
            MapFunction::Pair => Signature::new(text, Some(Element::Pair), "pairs"),
            MapFunction::Length => Signature::new(text, Some(Element::Integer), "lengths"),
            MapFunction::Upper => Signature::new(text, Some(Element::Text), "upper"),
            MapFunction::Lower => Signature::new(text, Some(Element::Text), "lower"),
            MapFunction::Key => Signature::new(pair, Some(Element::Text), "keys"),
            MapFunction::Value => Signature::new(pair, Some(Element::Integer), "values"),
        }
    }

    /// The call in Java takes another method where the function gives pairs.
    fn code(self) -> Snippet {
        match self {
            MapFunction::Pair => Snippet::new(
                "map(lambda word: (word, 1))",
                "mapToPair(word -> new Tuple2<>(word, 1L))",
            ),
            MapFunction::Length => Snippet::new(
                "map(lambda text: len(text))",
                "map(text -> (long) text.codePointCount(0, text.length()))",
            ),
            MapFunction::Upper => Snippet::new(
                "map(lambda text: text.upper())",
                "map(text -> text.toUpperCase(Locale.ROOT))",
            ),
            MapFunction::Lower => Snippet::new(
                "map(lambda text: text.lower())",
                "map(text -> text.toLowerCase(Locale.ROOT))",
            ),
            MapFunction::Key => Snippet::new("map(lambda pair: pair[0])", "map(pair -> pair._1())"),
            MapFunction::Value => {
                Snippet::new("map(lambda pair: pair[1])", "map(pair -> pair._2())")
            }
        }
    }
}

toml_table! {
    ARITHMETIC = "map_values", "in `map_values`", KeyCount::One;
    "A function of one integer."

    "Adds this."
    ADD: TomlKey<i64> = ("add", Kind::integer(i64::MIN, i64::MAX), "add = 1");

    "Multiplies by this."
    MULTIPLY: TomlKey<i64> = ("multiply", Kind::integer(i64::MIN, i64::MAX), "multiply = 2");
}
