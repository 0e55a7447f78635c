//! Once all is healed, the last batch is done.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let Some((last, _)) = judged.reference.keys().next_back() else {
        return Ok(());
    };
    let completed = judged.run.all.last().map(|life| &life.completed);
    if completed.is_some_and(|completed| completed.iter().any(|time| time >= last)) {
        Ok(())
    } else {
        Err(format!("the batch at {last} was not done at the end"))
    }
}
