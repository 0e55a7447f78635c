//! Lines that are late.

use std::time::Duration;

use super::{LineFault, Meant, SentLines};

/// Has lines sent later.
pub(super) struct Delay {
    meant: Meant,
    by: Duration,
}

impl Delay {
    pub(super) fn new(meant: Meant, by: Duration) -> Delay {
        Delay { meant, by }
    }
}

impl LineFault for Delay {
    fn pass(&mut self, mut lines: SentLines, on: &mut Vec<SentLines>) {
        let split = self.meant.split(&lines);
        lines.pass(split.others, on);
        if let Some(late) = lines.time.checked_add(self.by) {
            lines.sent = late;
            lines.time = late;
            lines.pass(split.meant, on);
        }
    }
}
