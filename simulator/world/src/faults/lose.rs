//! Lines that never arrive.

use super::{LineFault, Meant, SentLines};

/// Loses lines.
pub(super) struct Lose(Meant);

impl Lose {
    pub(super) fn new(meant: Meant) -> Lose {
        Lose(meant)
    }
}

impl LineFault for Lose {
    fn pass(&mut self, lines: SentLines, on: &mut Vec<SentLines>) {
        let split = self.0.split(&lines);
        lines.pass(split.others, on);
    }
}
