//! Lines that arrive in another order.

use engine::Text;

use super::{LineFault, Meant, SentLines};

/// Keeps lines until the last of them is sent, and passes them on in another order.
pub(super) struct Reorder {
    meant: Meant,
    kept: Vec<Text>,
    /// The block of the last one.
    last: Option<SentLines>,
}

impl Reorder {
    pub(super) fn new(meant: Meant) -> Reorder {
        Reorder {
            meant,
            kept: Vec::new(),
            last: None,
        }
    }
}

impl LineFault for Reorder {
    fn pass(&mut self, lines: SentLines, on: &mut Vec<SentLines>) {
        if self.meant.is_past(lines.time) {
            self.end(on);
            return on.push(lines);
        }
        let split = self.meant.split(&lines);
        if !split.meant.is_empty() {
            self.kept.extend(split.meant);
            self.last = Some(lines.clone());
        }
        if self.meant.is_past(lines.time) {
            self.end(on);
        }
        lines.pass(split.others, on);
    }

    fn end(&mut self, on: &mut Vec<SentLines>) {
        let Some(mut last) = self.last.take() else {
            return;
        };
        if let Some(time) = self.meant.last() {
            last.sent = time;
            last.time = time;
        }
        let mut records = std::mem::take(&mut self.kept);
        self.meant.dice().shuffle(&mut records);
        last.pass(records, on);
    }
}
