//! `print`: the output of a program in steps.

use super::row::{Keeps, Row};
use super::{Element, Step};
use crate::language::{Integer, TomlKey};
use crate::spark::{Snippet, print_rows};

pub(super) static PRINT: Row<Integer<usize>> = Row {
    key: TomlKey::new(
        "print",
        Integer(1, 1_000_000),
        "Prints the first n elements of each batch, and passes the stream on.",
        "print = 10",
    ),
    step: Step::Print,
    takes: |_| &Element::ALL,
    gives: |_, given| given,
    slide: |_| None,
    keeps: |_| Keeps::Nothing,
    variable: |_| None,
    code: |rows, _| {
        let rows = print_rows(*rows);
        Snippet::new(format!("pprint({rows})"), format!("print({rows})")).into()
    },
    weight: 2,
    draw: |from, _| from.rows(),
};
