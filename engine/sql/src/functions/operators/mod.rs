//! Operators: arithmetic, comparison and logic (`arithmetic.scala`, `bitwiseExpressions.scala`, `predicates.scala`).

mod arithmetic;
mod bits;
mod comparison;
mod division;
mod like;
mod logic;
mod membership;
mod signs;
mod times;

pub(super) use arithmetic::{Overflow, fitted, whole, wrapped};
pub(crate) use comparison::order;
pub(super) use logic::is_nan;

use crate::function::Function;

/// The functions.
pub(super) static FUNCTIONS: &[&[Function]] = &[
    arithmetic::FUNCTIONS,
    bits::FUNCTIONS,
    comparison::FUNCTIONS,
    division::FUNCTIONS,
    like::FUNCTIONS,
    logic::FUNCTIONS,
    membership::FUNCTIONS,
    signs::FUNCTIONS,
];
