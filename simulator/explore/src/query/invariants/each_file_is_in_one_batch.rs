//! Each row of the input is in one micro-batch: none is lost, and none counts twice.

use super::Judged;
use crate::query::lives::Batch;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let known = |batch: &Batch| batch.records.unwrap_or(0);
    let records: usize = judged.batches.values().map(known).sum();
    let expected: usize = judged.reference.batches.values().map(known).sum();
    let is_all_known = judged.batches.values().all(|batch| batch.records.is_some());
    if records == expected || (records < expected && !is_all_known) {
        return Ok(());
    }
    Err(format!(
        "the micro-batches had {records} rows of the input, which has {expected}"
    ))
}
