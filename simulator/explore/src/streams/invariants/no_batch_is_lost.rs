//! Each batch is printed, in one life or another.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    if judged.fails {
        return Ok(());
    }
    let texts = judged.run.texts();
    let mut batches = judged.reference.keys();
    match batches.find(|batch| !texts.contains_key(batch)) {
        Some((time, _)) => Err(format!("the batch at {time} was never printed")),
        None => Ok(()),
    }
}
