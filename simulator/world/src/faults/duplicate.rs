//! Lines that arrive twice.

use super::{LineFault, Meant, Sent};

/// Sends lines twice, each copy right behind its line.
pub(super) struct Duplicate(Meant);

impl Duplicate {
    pub(super) fn new(meant: Meant) -> Duplicate {
        Duplicate(meant)
    }
}

impl LineFault for Duplicate {
    fn pass(&mut self, lines: Sent, on: &mut Vec<Sent>) {
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
