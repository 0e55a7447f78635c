//! Micro-batches of a query are numbered without a gap, whenever it dies.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut next = 0;
    for life in judged.lives {
        for (index, (batch, _)) in life.shown.iter().enumerate() {
            // Only the first one of a life may have been before.
            if *batch > next || (index > 0 && *batch < next) {
                return Err(format!("micro-batch {batch} came in the place of {next}"));
            }
            next = next.max(batch + 1);
        }
    }
    Ok(())
}
