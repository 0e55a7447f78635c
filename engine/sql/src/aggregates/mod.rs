//! The aggregate functions, one file a family.

#![expect(
    clippy::unnecessary_wraps,
    clippy::ptr_arg,
    reason = "the functions of a row have the signatures of the table"
)]

mod average;
mod bits;
mod collect;
mod count;
mod distinct;
mod extremes;
mod first_last;
mod hash_set;
mod in_columns;
mod java_hash;
mod mode;
mod moments;
mod numbers;
mod pairs;
mod percentile;
mod percentile_approx;
mod quantiles;
mod sum;

use crate::aggregate::AggregateFunction;

/// The families.
static FAMILIES: &[&[AggregateFunction]] = &[
    average::FUNCTIONS,
    bits::FUNCTIONS,
    collect::FUNCTIONS,
    count::FUNCTIONS,
    distinct::FUNCTIONS,
    extremes::FUNCTIONS,
    first_last::FUNCTIONS,
    mode::FUNCTIONS,
    moments::FUNCTIONS,
    pairs::FUNCTIONS,
    percentile::FUNCTIONS,
    percentile_approx::FUNCTIONS,
    sum::FUNCTIONS,
];

/// All aggregate functions.
pub fn all() -> impl Iterator<Item = &'static AggregateFunction> {
    FAMILIES.iter().copied().flatten()
}

/// The aggregate function of this name, in lower case.
pub fn find(name: &str) -> Option<&'static AggregateFunction> {
    all().find(|function| function.name == name || function.aliases.contains(&name))
}

pub(crate) use extremes::check_orderable;
pub(crate) use first_last::single_value;

#[cfg(test)]
mod tests;
