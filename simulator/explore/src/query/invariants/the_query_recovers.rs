//! A query that is started again goes on from its checkpoint.

use super::Judged;

pub(super) fn check(judged: &Judged<'_>) -> Result<(), String> {
    let mut lives = judged.lives.iter();
    match lives.find_map(|life| life.not_recovered.as_ref()) {
        Some(reason) => Err(format!("the query did not start again: {reason}")),
        None => Ok(()),
    }
}
