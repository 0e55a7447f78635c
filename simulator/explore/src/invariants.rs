//! The invariants: each a small file, and each a sentence that a user can hold a program to.

mod a_batch_runs_once_a_life;
mod batches_have_no_gap;
mod missed_batches_run_again;
mod no_batch_is_lost;
mod no_job_fails;
mod reruns_print_the_same;
mod the_driver_recovers;
mod the_end_is_reached;

use std::collections::BTreeMap;
use std::fmt;

use engine::{Grid, OutputId, Time};

use crate::lives::Lives;

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The name of the invariant.
    pub invariant: &'static str,
    /// The invariant as a sentence.
    pub promise: &'static str,
    /// The batch and its rows, in words.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.message)
    }
}

/// A run under faults, beside what it must keep to.
pub(crate) struct Judged<'a> {
    pub(crate) run: &'a Lives,
    /// The rows of each batch and output without a fault.
    pub(crate) reference: &'a BTreeMap<(Time, OutputId), Vec<String>>,
    pub(crate) grid: Grid,
    /// True if each line that comes is promised to count, whenever the driver dies.
    pub(crate) keeps_input: bool,
    /// True if Spark may hand rows out in another order once they were read from a checkpoint.
    pub(crate) reorders: bool,
    /// True if a task is made to fail.
    pub(crate) fails: bool,
}

/// Checks an invariant; an error is how it does not hold.
type Check = fn(&Judged<'_>) -> Result<(), String>;

/// Each invariant: its name, the sentence that it is, and its check.
const INVARIANTS: [(&str, &str, Check); 8] = [
    (
        "the_driver_recovers",
        "A driver that starts again goes on from its checkpoint.",
        the_driver_recovers::check,
    ),
    (
        "no_job_fails",
        "No job fails that was not made to.",
        no_job_fails::check,
    ),
    (
        "batches_have_no_gap",
        "Batches of a life come in the order of time, and none is left out.",
        batches_have_no_gap::check,
    ),
    (
        "a_batch_runs_once_a_life",
        "A driver runs a batch once.",
        a_batch_runs_once_a_life::check,
    ),
    (
        "missed_batches_run_again",
        "A driver that goes on runs all batches since its checkpoint again (REC-4).",
        missed_batches_run_again::check,
    ),
    (
        "no_batch_is_lost",
        "Each batch is printed, in one life or another.",
        no_batch_is_lost::check,
    ),
    (
        "reruns_print_the_same",
        "A batch that runs again prints the same rows: no line is lost, and none counts twice.",
        reruns_print_the_same::check,
    ),
    (
        "the_end_is_reached",
        "Once all is healed, the last batch is done.",
        the_end_is_reached::check,
    ),
];

/// The invariants that a run breaks.
pub(crate) fn violations(judged: &Judged<'_>) -> Vec<Violation> {
    let broken = INVARIANTS.iter().filter_map(|(invariant, promise, check)| {
        Some(Violation {
            invariant,
            promise,
            message: check(judged).err()?,
        })
    });
    broken.collect()
}
