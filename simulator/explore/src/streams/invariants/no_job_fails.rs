//! No job fails that was not made to.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let lives = judged
        .run
        .all
        .iter()
        .filter(|life| life.not_recovered.is_none());
    match lives.flat_map(|life| &life.failures).next() {
        Some(message) if !judged.fails => Err(format!("a job failed: {message}")),
        _ => Ok(()),
    }
}
