//! A network that keeps what is sent for a time.

use super::{Interval, LineFault, SentLines};

/// Has lines arrive when they are released, and never if they are not.
pub(super) struct Hold {
    held: Vec<Interval>,
}

impl Hold {
    pub(super) fn new(held: Vec<Interval>) -> Hold {
        Hold { held }
    }
}

impl LineFault for Hold {
    fn pass(&mut self, mut lines: SentLines, on: &mut Vec<SentLines>) {
        if let Some(hold) = Interval::around(&self.held, lines.time) {
            let Some(released) = hold.to else { return };
            lines.time = released;
        }
        on.push(lines);
    }
}
