//! The input that is due next.

use engine::Time;

use crate::schedule::Candidate;

/// The earliest candidate so far. Most are the only one of their instant, which then need no choice.
pub(super) struct Due {
    pub(super) time: Time,
    pub(super) candidate: Candidate,
    pub(super) is_only: bool,
}

impl Due {
    pub(super) fn offer(due: &mut Option<Due>, time: Time, candidate: Candidate) {
        match due {
            Some(due) if due.time < time => {}
            Some(due) if due.time == time => due.is_only = false,
            _ => {
                *due = Some(Due {
                    time,
                    candidate,
                    is_only: true,
                });
            }
        }
    }
}
