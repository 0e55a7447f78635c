//! `count`, `reduce`, `count_by_value`, `reduce_by_key` and `group_by_key`: a batch becomes less.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{Kind, TomlKey, True, keywords};
use crate::spark::{Snippet, call};

keywords! {
    /// Associative and commutative functions of two integers.
    pub enum Reducer, pub(super) REDUCERS;

    /// x + y
    Sum = "sum", "The sum.";
    /// The greater.
    Max = "max", "The greatest.";
    /// The lesser.
    Min = "min", "The least.";
}

pub(super) static COUNT: StepRow<True> = StepRow {
    key: TomlKey::new(
        "count",
        Kind::TRUE,
        "How many elements there are: one integer a batch.",
        "count = true",
    ),
    signature: |_| Signature::new(&Element::ALL, Some(Element::Integer), "counts"),
    code: |_, _| call("count", &[]),
    weight: 1,
    draw: |_, _| True,
};

pub(super) static REDUCE: StepRow<Reducer> = StepRow {
    key: TomlKey::new(
        "reduce",
        Kind::Word(&REDUCERS),
        "One integer of all integers; nothing from an empty batch.",
        r#"reduce = "sum""#,
    ),
    signature: |_| Signature::new(&[Element::Integer], Some(Element::Integer), "reduced"),
    code: |reducer, _| call("reduce", &[reducer.code()]),
    weight: 2,
    draw: |from, _| REDUCERS.draw(from),
};

pub(super) static COUNT_BY_VALUE: StepRow<True> = StepRow {
    key: TomlKey::new(
        "count_by_value",
        Kind::TRUE,
        "How often each text comes, as pairs.",
        "count_by_value = true",
    ),
    signature: |_| Signature::new(&[Element::Text], Some(Element::Pair), "counts"),
    code: |_, _| call("countByValue", &[]),
    weight: 1,
    draw: |_, _| True,
};

pub(super) static REDUCE_BY_KEY: StepRow<Reducer> = StepRow {
    key: TomlKey::new(
        "reduce_by_key",
        Kind::Word(&REDUCERS),
        "One pair of all pairs with the same text.",
        r#"reduce_by_key = "sum""#,
    ),
    signature: |_| Signature::new(&[Element::Pair], Some(Element::Pair), "counts"),
    code: |reducer, _| call("reduceByKey", &[reducer.code()]),
    weight: 3,
    draw: |from, _| REDUCERS.draw(from),
};

pub(super) static GROUP_BY_KEY: StepRow<True> = StepRow {
    key: TomlKey::new(
        "group_by_key",
        Kind::TRUE,
        "Each text with the list of its integers.",
        "group_by_key = true",
    ),
    signature: |_| Signature::new(&[Element::Pair], Some(Element::Group), "groups"),
    // PySpark's groups print as objects unless they are made lists.
    code: |_, _| Snippet::new("groupByKey().mapValues(list)", "groupByKey()").into(),
    weight: 1,
    draw: |_, _| True,
};

impl Reducer {
    pub(super) fn code(self) -> Snippet {
        match self {
            Reducer::Sum => Snippet::new("lambda x, y: x + y", "Long::sum"),
            Reducer::Max => Snippet::new("max", "Math::max"),
            Reducer::Min => Snippet::new("min", "Math::min"),
        }
    }
}
