//! Once all is healed, the result is that of a query that never died: the last table, the last row of each group, or all
//! rows, by the output mode.

use std::collections::BTreeMap;

use engine::OutputMode;

use super::{Judged, shown};
use crate::query::lives::{Batch, Cells};

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let reference = judged.reference;
    if reference.depends_on_cut && !judged.is_cut_alike() {
        return Ok(());
    }
    let [actual, expected] =
        [&judged.batches, &reference.batches].map(|batches| result(reference.output, batches));
    if actual == expected {
        return Ok(());
    }
    Err(format!(
        "the result was {} where it should have been {}",
        shown(&actual),
        shown(&expected)
    ))
}

fn result(output: OutputMode, batches: &BTreeMap<u64, Batch>) -> Vec<Cells> {
    match output {
        OutputMode::Complete => batches
            .last_key_value()
            .map(|(_, last)| last.rows.clone())
            .unwrap_or_default(),
        OutputMode::Update => {
            let rows = batches.values().flat_map(|batch| &batch.rows);
            // The count is the last cell, and the group what stands before it.
            let groups = rows.map(|row| (&row[..row.len().saturating_sub(1)], row));
            let groups: BTreeMap<_, _> = groups.collect();
            groups.into_values().cloned().collect()
        }
        OutputMode::Append => {
            let rows = batches.values().flat_map(|batch| &batch.rows);
            let mut rows: Vec<Cells> = rows.cloned().collect();
            rows.sort_unstable();
            rows
        }
    }
}
