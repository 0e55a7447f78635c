//! Lines that arrive in another order.

use engine::Text;
use random::Dice;

use super::{LineFault, Meant, Sent};

/// Keeps lines until the last of them is sent, and passes them on in another order.
pub(super) struct Reorder {
    meant: Meant,
    kept: Vec<Text>,
    /// The block of the last one.
    last: Option<Sent>,
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
    fn pass(&mut self, lines: Sent, on: &mut Vec<Sent>) {
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

    fn end(&mut self, on: &mut Vec<Sent>) {
        let Some(mut last) = self.last.take() else {
            return;
        };
        if let Some(time) = self.meant.last() {
            last.sent = time;
            last.time = time;
        }
        let mut records = std::mem::take(&mut self.kept);
        shuffle(&mut records, self.meant.dice());
        last.pass(records, on);
    }
}

/// Brings items into an order in which each is as likely as any other.
fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for index in (1..items.len()).rev() {
        let other = dice.below(index as u64 + 1) as usize;
        items.swap(index, other);
    }
}
