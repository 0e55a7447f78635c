//! The generators. Spark's list is `org.apache.spark.sql.catalyst.analysis.FunctionRegistry`.

#![expect(
    clippy::unnecessary_wraps,
    clippy::ptr_arg,
    reason = "the functions of a row have the signatures of the table"
)]

mod explode;
mod json_tuple;
mod stack;
#[cfg(test)]
mod tests;

use crate::generator::Generator;

/// The families.
static FAMILIES: &[&[Generator]] = &[
    explode::GENERATORS,
    json_tuple::GENERATORS,
    stack::GENERATORS,
];

/// All generators.
pub fn all() -> impl Iterator<Item = &'static Generator> {
    FAMILIES.iter().copied().flatten()
}

/// The generator of this name, in lower case.
pub fn find(name: &str) -> Option<&'static Generator> {
    all().find(|generator| generator.name == name)
}
