//! No micro-batch fails that was not made to.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut failures = judged.lives.iter().flat_map(|life| &life.failures);
    match failures.next() {
        Some(message) if !judged.fails => Err(format!("a micro-batch failed: {message}")),
        _ => Ok(()),
    }
}
