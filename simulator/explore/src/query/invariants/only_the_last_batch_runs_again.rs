//! At most the last micro-batch runs again, and none that was done (`MB-1`).

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut last = None;
    let mut last_done = None;
    for life in judged.lives {
        if let Some((first, _)) = life.shown.first() {
            if last.is_some_and(|last| *first < last) {
                return Err(format!(
                    "micro-batch {first} ran again, and a later one had run"
                ));
            }
            if !judged.forgets_ends && last_done.is_some_and(|done| *first <= done) {
                return Err(format!("micro-batch {first} ran again, and was done"));
            }
        }
        last = last.max(life.shown.last().map(|(batch, _)| *batch));
        last_done = last_done.max(life.done.last().map(|(batch, _)| *batch));
    }
    Ok(())
}
