//! `count`, `reduce`, `count_by_value`, `reduce_by_key` and `group_by_key`: a batch becomes less.

use super::row::{Keeps, Row};
use super::{Element, Step};
use crate::language::{Keywords, TomlKey, True};
use crate::spark::{Snippet, call};

/// Associative and commutative functions of two integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reducer {
    /// x + y
    Sum,
    /// The greater.
    Max,
    /// The lesser.
    Min,
}

pub(super) static COUNT: Row<True> = Row {
    key: TomlKey::new(
        "count",
        True,
        "How many elements there are: one integer a batch.",
        "count = true",
    ),
    step: Step::Count,
    takes: |_| &Element::ALL,
    gives: |_, _| Element::Integer,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("counts"),
    code: |_, _| call("count", &[]),
    weight: 1,
    draw: |_, _| True,
};

pub(super) static REDUCE: Row<&Keywords<Reducer>> = Row {
    key: TomlKey::new(
        "reduce",
        &REDUCERS,
        "One integer of all integers; nothing from an empty batch.",
        r#"reduce = "sum""#,
    ),
    step: Step::Reduce,
    takes: |_| &[Element::Integer],
    gives: |_, _| Element::Integer,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("reduced"),
    code: |reducer, _| call("reduce", &[reducer.code()]),
    weight: 2,
    draw: |from, _| REDUCERS.draw(from),
};

pub(super) static COUNT_BY_VALUE: Row<True> = Row {
    key: TomlKey::new(
        "count_by_value",
        True,
        "How often each text comes, as pairs.",
        "count_by_value = true",
    ),
    step: Step::CountByValue,
    takes: |_| &[Element::Text],
    gives: |_, _| Element::Pair,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("counts"),
    code: |_, _| call("countByValue", &[]),
    weight: 1,
    draw: |_, _| True,
};

pub(super) static REDUCE_BY_KEY: Row<&Keywords<Reducer>> = Row {
    key: TomlKey::new(
        "reduce_by_key",
        &REDUCERS,
        "One pair of all pairs with the same text.",
        r#"reduce_by_key = "sum""#,
    ),
    step: Step::ReduceByKey,
    takes: |_| &[Element::Pair],
    gives: |_, _| Element::Pair,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("counts"),
    code: |reducer, _| call("reduceByKey", &[reducer.code()]),
    weight: 3,
    draw: |from, _| REDUCERS.draw(from),
};

pub(super) static GROUP_BY_KEY: Row<True> = Row {
    key: TomlKey::new(
        "group_by_key",
        True,
        "Each text with the list of its integers.",
        "group_by_key = true",
    ),
    step: Step::GroupByKey,
    takes: |_| &[Element::Pair],
    gives: |_, _| Element::Group,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| Some("groups"),
    // PySpark's groups print as objects unless they are made lists.
    code: |_, _| Snippet::new("groupByKey().mapValues(list)", "groupByKey()").into(),
    weight: 1,
    draw: |_, _| True,
};

pub(super) static REDUCERS: Keywords<Reducer> = Keywords(&[
    ("sum", Reducer::Sum, "The sum."),
    ("max", Reducer::Max, "The greatest."),
    ("min", Reducer::Min, "The least."),
]);

impl Reducer {
    pub(super) fn code(self) -> Snippet {
        match self {
            Reducer::Sum => Snippet::new("lambda x, y: x + y", "Long::sum"),
            Reducer::Max => Snippet::new("max", "Math::max"),
            Reducer::Min => Snippet::new("min", "Math::min"),
        }
    }
}
