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
use std::ops::Bound;

use engine::{OutputId, Time};

use super::lives::Lives;
use crate::violation::Invariant;

/// A run under faults, beside what it must keep to.
pub(crate) struct Judged<'a> {
    pub(crate) run: Lives,
    /// The rows of each batch and output without a fault.
    pub(crate) reference: &'a BTreeMap<(Time, OutputId), Vec<String>>,
    /// True if each line that comes is promised to count, whenever the driver dies.
    pub(crate) keeps_input: bool,
    /// True if Spark may hand rows out in another order once they were read from a checkpoint.
    pub(crate) reorders: bool,
    /// True if a task is made to fail.
    pub(crate) fails: bool,
}

impl Judged<'_> {
    /// True if a batch between these times prints something when all is calm.
    fn has_batch_between(&self, before: Time, after: Time) -> bool {
        let first = Bound::Excluded((before, OutputId(usize::MAX)));
        let last = Bound::Excluded((after, OutputId(0)));
        before < after && self.reference.range((first, last)).next().is_some()
    }
}

/// All of them, in the order in which they are reported.
pub(super) fn invariants<'a>() -> [Invariant<Judged<'a>>; 8] {
    [
        Invariant {
            name: "the_driver_recovers",
            promise: "A driver that starts again goes on from its checkpoint.",
            check: the_driver_recovers::check,
        },
        Invariant {
            name: "no_job_fails",
            promise: "No job fails that was not made to.",
            check: no_job_fails::check,
        },
        Invariant {
            name: "batches_have_no_gap",
            promise: "Batches of a life come in the order of time, and none is left out.",
            check: batches_have_no_gap::check,
        },
        Invariant {
            name: "a_batch_runs_once_a_life",
            promise: "A driver runs a batch once.",
            check: a_batch_runs_once_a_life::check,
        },
        Invariant {
            name: "missed_batches_run_again",
            promise: "A driver that goes on runs all batches since its checkpoint again (REC-4).",
            check: missed_batches_run_again::check,
        },
        Invariant {
            name: "no_batch_is_lost",
            promise: "Each batch is printed, in one life or another.",
            check: no_batch_is_lost::check,
        },
        Invariant {
            name: "reruns_print_the_same",
            promise: "A batch that runs again prints the same rows: no line is lost, and none counts twice.",
            check: reruns_print_the_same::check,
        },
        Invariant {
            name: "the_end_is_reached",
            promise: "Once all is healed, the last batch is done.",
            check: the_end_is_reached::check,
        },
    ]
}
