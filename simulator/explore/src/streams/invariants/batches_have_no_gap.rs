//! Batches of a life come in the order of time, and none is left out.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    for life in &judged.run.all {
        let again = life.again.as_deref().unwrap_or_default();
        for pair in life.submitted.windows(2) {
            let [before, after] = pair else { continue };
            if after <= before {
                return Err(format!("the batch at {after} came after that at {before}"));
            }
            // Batches that run again may leave out those that were done.
            let is_new = !again.contains(after);
            if is_new && judged.has_batch_between(*before, *after) {
                return Err(format!("no batch came between {before} and {after}"));
            }
        }
    }
    Ok(())
}
