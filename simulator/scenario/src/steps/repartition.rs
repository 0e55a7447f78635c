//! `repartition`: the same elements in another number of partitions.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{Kind, TomlKey};
use crate::spark::Snippet;

pub(super) static REPARTITION: StepRow<usize> = StepRow {
    key: TomlKey::new(
        "repartition",
        Kind::integer(1, 1024),
        "The same elements, spread evenly over this many partitions; PySpark moves ten of them at once.",
        "repartition = 4",
    ),
    signature: |_| Signature::new(&Element::ALL, None, "spread"),
    code: |partitions, _| {
        let call = format!("repartition({partitions})");
        Snippet::new(call.clone(), call).into()
    },
    weight: 1,
    draw: |from, _| 1 + from.below(5) as usize,
};
