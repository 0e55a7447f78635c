//! Mathematical functions (`mathExpressions.scala`).

mod bases;
mod doubles;
mod fdlibm;
mod rounding;
mod whole;

use crate::function::Function;

/// The functions.
pub(super) static FUNCTIONS: &[&[Function]] = &[
    bases::FUNCTIONS,
    doubles::FUNCTIONS,
    rounding::FUNCTIONS,
    whole::FUNCTIONS,
];
