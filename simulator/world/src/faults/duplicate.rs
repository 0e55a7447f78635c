//! Lines that arrive twice.

use super::{LineFault, Meant, SentLines};

/// Sends lines twice, each copy right behind its line.
pub(super) struct Duplicate(Meant);

impl Duplicate {
    pub(super) fn new(meant: Meant) -> Duplicate {
        Duplicate(meant)
    }
}

impl LineFault for Duplicate {
    fn pass(&mut self, lines: SentLines, on: &mut Vec<SentLines>) {
        let mut records = Vec::with_capacity(lines.records.len());
        for line in lines.records.iter() {
            records.push(line.clone());
            if self.0.is_next(lines.time) {
                records.push(line.clone());
            }
        }
        lines.pass(records, on);
    }
}
