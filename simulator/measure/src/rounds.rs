//! Rounds, in which benchmark subjects take turns.

use std::time::Duration;

use crate::Timer;

/// The fewest rounds. With fewer values a median has no interval, and a comparison no outcome.
pub(crate) const ROUNDS_MIN: usize = 6;

/// The most rounds. More of them narrow an interval little.
pub(crate) const ROUNDS_MAX: usize = 60;

/// Runs rounds, numbered from 0, until the deadline, and reports the progress to the timer.
///
/// There are at least six, whatever the deadline, and at most sixty.
///
/// # Errors
///
/// The error of the first round that fails.
pub fn rounds<C: Timer + ?Sized, E>(
    timer: &mut C,
    deadline: Duration,
    mut round: impl FnMut(usize, &mut C) -> Result<(), E>,
) -> Result<(), E> {
    let begin = timer.now();
    let given = deadline.saturating_sub(begin).as_secs_f64();
    for number in 0..ROUNDS_MAX {
        let now = timer.now();
        if number >= ROUNDS_MIN && now >= deadline {
            break;
        }
        let gone = now.saturating_sub(begin).as_secs_f64();
        let least = number as f64 / ROUNDS_MIN as f64;
        timer.report_progress((gone / given).min(least));
        round(number, timer)?;
    }
    Ok(())
}

/// The order of the turns of a round, as numbers below `subjects`.
///
/// Each round begins with the next subject, and each subject keeps its predecessor, whose data are in the
/// caches when its turn begins.
pub fn turns(round: usize, subjects: usize) -> impl Iterator<Item = usize> {
    (0..subjects).map(move |place| (round + place) % subjects)
}
