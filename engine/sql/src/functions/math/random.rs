//! Random numbers (`randomExpressions.scala`), which are refused: they depend on the task that a row is in.

use engine::{DataType, Value};

use crate::function::{Evaluate, Function, Gives, Mismatch, Takes};

/// The functions.
pub(super) static FUNCTIONS: &[Function] = &[
    refused("rand").aliases(&["random"]),
    refused("randn"),
    refused("uniform").since_4(),
];

const fn refused(name: &'static str) -> Function {
    let evaluate = Evaluate::Eager(|_, _| Ok(Value::Null));
    Function::new(
        name,
        Takes::By(|_, _| Err(refusal())),
        Gives::Type(DataType::Double),
        evaluate,
    )
}

fn refusal() -> Mismatch {
    Mismatch::new(
        Mismatch::UNCLASSIFIED,
        "random numbers are not implemented: take them from a column of the input",
    )
}
