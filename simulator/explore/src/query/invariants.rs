//! The invariants of queries: each a small file, and each a sentence that a user can hold a query to.

mod batch_ids_have_no_gap;
mod each_file_is_in_one_batch;
mod no_micro_batch_fails;
mod only_the_last_batch_runs_again;
mod reruns_show_the_same;
mod the_query_recovers;
mod the_result_is_the_same;
mod the_watermark_never_goes_back;

use std::collections::BTreeMap;

use super::Query;
use super::lives::{Batch, Cells, Life};
use crate::violation::Invariant;

/// A run under faults, beside what it must keep to.
pub(super) struct Judged<'a> {
    /// The lives since the checkpoint folder was empty.
    pub(super) lives: &'a [Life],
    pub(super) batches: BTreeMap<u64, Batch>,
    pub(super) reference: &'a Query,
    /// True if writes are made to fail.
    pub(super) fails: bool,
    /// True if an entry of the log of commits is deleted.
    pub(super) forgets_ends: bool,
}

impl Judged<'_> {
    /// True if the input was cut into the same micro-batches as without faults, as far as their ends were seen.
    fn is_cut_alike(&self) -> bool {
        let alike = |batch: &Batch, expected: &Batch| {
            batch.records.is_none() || batch.records == expected.records
        };
        let pairs = self.batches.iter().zip(&self.reference.batches);
        self.batches.len() == self.reference.batches.len() && { pairs }.all(
            |((id, batch), (expected_id, expected))| id == expected_id && alike(batch, expected),
        )
    }
}

fn shown(rows: &[Cells]) -> String {
    if rows.is_empty() {
        return "no rows".to_owned();
    }
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("|{}|", row.join("|")))
        .collect();
    rows.join(" ")
}

/// All of them, in the order in which they are reported.
pub(super) fn invariants<'a>() -> [Invariant<Judged<'a>>; 8] {
    [
        Invariant {
            name: "the_query_recovers",
            promise: "A query that is started again goes on from its checkpoint.",
            check: the_query_recovers::check,
        },
        Invariant {
            name: "no_micro_batch_fails",
            promise: "No micro-batch fails that was not made to.",
            check: no_micro_batch_fails::check,
        },
        Invariant {
            name: "batch_ids_have_no_gap",
            promise: "Micro-batches of a query are numbered without a gap, whenever it dies.",
            check: batch_ids_have_no_gap::check,
        },
        Invariant {
            name: "only_the_last_batch_runs_again",
            promise: "At most the last micro-batch runs again, and none that was done.",
            check: only_the_last_batch_runs_again::check,
        },
        Invariant {
            name: "reruns_show_the_same",
            promise: "A micro-batch that runs again has the same rows.",
            check: reruns_show_the_same::check,
        },
        Invariant {
            name: "the_watermark_never_goes_back",
            promise: "The watermark of a query that goes on is the one that it had.",
            check: the_watermark_never_goes_back::check,
        },
        Invariant {
            name: "each_file_is_in_one_batch",
            promise: "Each row of the input is in one micro-batch: none is lost, and none counts twice.",
            check: each_file_is_in_one_batch::check,
        },
        Invariant {
            name: "the_result_is_the_same",
            promise: "Once all is healed, the result is that of a query that never died.",
            check: the_result_is_the_same::check,
        },
    ]
}
