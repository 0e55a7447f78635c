//! A source that sends nothing for a time.

use super::{Interval, LineFault, SentLines};

/// Has a source send what it should have sent meanwhile when it is resumed, and never if it is not.
pub(super) struct Pause {
    paused: Vec<Interval>,
}

impl Pause {
    pub(super) fn new(paused: Vec<Interval>) -> Pause {
        Pause { paused }
    }
}

impl LineFault for Pause {
    fn pass(&mut self, mut lines: SentLines, on: &mut Vec<SentLines>) {
        if let Some(pause) = Interval::around(&self.paused, lines.time) {
            let Some(resumed) = pause.to else { return };
            lines.sent = resumed;
            lines.time = resumed;
        }
        on.push(lines);
    }
}
