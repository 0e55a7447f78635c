//! The promises of a program whose input comes in another arrangement: in the words of Spark's documentation.

use std::collections::BTreeMap;

use engine::{OutputId, Time};

use super::lives::Lives;
use crate::rearranged::Rearranged;
use crate::violation::Invariant;

/// A run on input in another arrangement, beside the one on the input as it is.
pub(super) struct Arranged<'a> {
    pub(super) run: Lives,
    /// The rows of each batch and output.
    pub(super) reference: &'a BTreeMap<(Time, OutputId), Vec<String>>,
    /// The rows that each output printed last.
    pub(super) ends: &'a BTreeMap<OutputId, Vec<String>>,
}

/// The promise that is kept on input in this arrangement.
pub(super) fn promise<'a>(input: Rearranged) -> Invariant<Arranged<'a>> {
    match input {
        Rearranged::Regrouped(_) => Invariant {
            name: "functions_are_associative",
            promise: "Values are merged by an associative function, so that they can be computed in parallel: the result \
                          is the same, however records are spread over partitions.",
            check: prints_the_same,
        },
        Rearranged::Permuted(_) => Invariant {
            name: "functions_are_commutative",
            promise: "Values are merged by a commutative function, so that they can be computed in parallel: the result \
                          is the same, in which order ever the records of a batch come.",
            check: prints_the_same,
        },
        Rearranged::Merged | Rearranged::Spread => Invariant {
            name: "any_cut_gives_the_same",
            promise: "The result does not depend on the batches into which the input is cut.",
            check: ends_the_same,
        },
    }
}

fn prints_the_same(arranged: &Arranged<'_>) -> Result<(), String> {
    let printed = arranged.run.all.iter().flat_map(|life| &life.printed);
    // Of a batch with more rows than are shown, others may be shown.
    for printed in printed.filter(|printed| !printed.more) {
        let time = printed.batch_time;
        let Some(expected) = arranged.reference.get(&(time, printed.output)) else {
            continue;
        };
        if sorted(expected) != sorted(&printed.rows) {
            return Err(format!(
                "the batch at {time} printed {} where it had printed {}",
                printed.rows.join(" "),
                expected.join(" ")
            ));
        }
    }
    match failure(arranged) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn ends_the_same(arranged: &Arranged<'_>) -> Result<(), String> {
    for (output, rows) in arranged.run.ends() {
        let expected = arranged.ends.get(&output).map_or(&[][..], Vec::as_slice);
        if sorted(expected) != sorted(&rows) {
            return Err(format!(
                "the last rows were {} where they had been {}",
                rows.join(" "),
                expected.join(" ")
            ));
        }
    }
    match failure(arranged) {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn failure(arranged: &Arranged<'_>) -> Option<String> {
    let mut failures = arranged.run.all.iter().flat_map(|life| &life.failures);
    let failure = failures.next()?;
    Some(format!("a job failed: {failure}"))
}

fn sorted(rows: &[String]) -> Vec<&String> {
    let mut rows: Vec<&String> = rows.iter().collect();
    rows.sort_unstable();
    rows
}
