//! The scalar functions, one file a family. Spark's list is `org.apache.spark.sql.catalyst.analysis.FunctionRegistry`.

#![expect(
    clippy::unnecessary_wraps,
    clippy::ptr_arg,
    reason = "the functions of a row have the signatures of the table"
)]

mod arrays;
mod assertions;
mod casts;
mod conditional;
mod conversion;
mod csv;
pub(crate) mod dates;
mod draws;
mod elements;
mod failures;
mod hashes;
mod json;
mod lambdas;
mod maps;
mod math;
mod misc;
mod missing;
pub(crate) mod operators;
mod options;
mod regexp;
mod strings;
mod structs;
mod urls;
mod values;

use crate::context::Session;
use crate::function::{Function, Mismatch};
use crate::typed::Typed;
pub(crate) use missing::is_missing;
pub use options::as_nullable;

/// The families.
static FAMILIES: &[&[Function]] = &[
    arrays::FUNCTIONS,
    assertions::FUNCTIONS,
    casts::FUNCTIONS,
    conditional::FUNCTIONS,
    conversion::FUNCTIONS,
    csv::FUNCTIONS,
    dates::arithmetic::FUNCTIONS,
    dates::epoch::FUNCTIONS,
    dates::formats::FUNCTIONS,
    dates::intervals::FUNCTIONS,
    dates::made::FUNCTIONS,
    dates::now::FUNCTIONS,
    dates::parts::FUNCTIONS,
    dates::truncated::FUNCTIONS,
    dates::units::FUNCTIONS,
    dates::window_time::FUNCTIONS,
    dates::zones::FUNCTIONS,
    hashes::FUNCTIONS,
    json::FUNCTIONS,
    lambdas::FUNCTIONS,
    maps::FUNCTIONS,
    draws::FUNCTIONS,
    misc::FUNCTIONS,
    regexp::FUNCTIONS,
    strings::FUNCTIONS,
    structs::FUNCTIONS,
    urls::FUNCTIONS,
];

/// All functions.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let families = FAMILIES
        .iter()
        .chain(operators::FUNCTIONS)
        .chain(math::FUNCTIONS);
    families.copied().flatten()
}

/// The function of this name, in lower case.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name || function.aliases.contains(&name))
}

/// A call of the function of this name by another one.
pub(crate) fn call(
    name: &str,
    arguments: Vec<Typed>,
    session: &Session,
) -> Result<Typed, Mismatch> {
    match find(name) {
        Some(function) => function.typed(arguments, session),
        None => Err(Mismatch::new(
            Mismatch::UNCLASSIFIED,
            format!("`{name}` is not implemented"),
        )),
    }
}
