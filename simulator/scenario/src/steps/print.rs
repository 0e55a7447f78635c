//! `print`: the output of a program in steps.

use super::element::Element;
use super::row::{Signature, StepRow};
use crate::language::{Kind, TomlKey};
use crate::spark::{Snippet, print_rows};

pub(super) static PRINT: StepRow<usize> = StepRow {
    key: TomlKey::new(
        "print",
        Kind::integer(1, 1_000_000),
        "Prints the first n elements of each batch, and passes the stream on.",
        "print = 10",
    ),
    signature: |_| Signature {
        variable: None,
        ..Signature::new(&Element::ALL, None, "")
    },
    code: |rows, _| {
        let rows = print_rows(*rows);
        Snippet::new(format!("pprint({rows})"), format!("print({rows})")).into()
    },
    weight: 2,
    draw: |from, _| from.rows(),
};
