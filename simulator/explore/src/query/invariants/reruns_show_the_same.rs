//! A micro-batch that runs again has the same rows; and where the input is cut as without faults, those that it has
//! without.

use std::collections::BTreeMap;

use super::{Judged, shown};

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut before = BTreeMap::new();
    if judged.is_cut_alike() {
        let reference = judged.reference.batches.iter();
        before.extend(reference.map(|(batch, expected)| (*batch, &expected.rows)));
    }
    for (batch, rows) in judged.lives.iter().flat_map(|life| &life.shown) {
        let expected = before.entry(*batch).or_insert(rows);
        if *expected != rows {
            return Err(format!(
                "micro-batch {batch} showed {} where it should have shown {}",
                shown(rows),
                shown(expected)
            ));
        }
    }
    Ok(())
}
