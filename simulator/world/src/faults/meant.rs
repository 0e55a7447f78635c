//! The lines that a fault is of.

use engine::{Text, Time};
use random::Dice;
use scenario::Reach;

use super::SentLines;

/// Finds the lines that a fault is of, as they come.
pub(super) struct Meant {
    from: Time,
    reach: Reach,
    share: Option<f64>,
    dice: Dice,
    /// The number of lines that have come.
    come: u64,
}

impl Meant {
    pub(super) fn new(from: Time, reach: Reach, share: Option<f64>, dice: Dice) -> Meant {
        Meant {
            from,
            reach,
            share,
            dice,
            come: 0,
        }
    }

    /// True if the fault is of the next line, which is sent at `time`.
    pub(super) fn is_next(&mut self, time: Time) -> bool {
        if time < self.from || self.is_past(time) {
            return false;
        }
        self.come += 1;
        self.share.is_none_or(|share| self.dice.fraction() < share)
    }

    /// True if the fault is of no more lines from `time` on.
    pub(super) fn is_past(&self, time: Time) -> bool {
        match self.reach {
            Reach::Next(lines) => self.come >= lines,
            Reach::For(length) => self.end(length).is_some_and(|end| end <= time),
        }
    }

    /// The time at which the last line has been sent, as far as it is known before.
    pub(super) fn last(&self) -> Option<Time> {
        match self.reach {
            Reach::Next(_) => None,
            Reach::For(length) => self.end(length),
        }
    }

    fn end(&self, length: std::time::Duration) -> Option<Time> {
        self.from.checked_add(length)
    }

    /// The lines that are meant, and those that are not.
    pub(super) fn split(&mut self, lines: &SentLines) -> Split {
        let mut split = Split::default();
        for line in lines.records.iter() {
            let is_meant = self.is_next(lines.time);
            let part = if is_meant {
                &mut split.meant
            } else {
                &mut split.others
            };
            part.push(line.clone());
        }
        split
    }

    pub(super) fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }
}

/// Lines by what happens to them.
#[derive(Default)]
pub(super) struct Split {
    pub(super) meant: Vec<Text>,
    pub(super) others: Vec<Text>,
}

impl SentLines {
    /// Passes on other lines in the place of these, if there are some.
    pub(super) fn pass(&self, records: Vec<Text>, on: &mut Vec<SentLines>) {
        if !records.is_empty() {
            on.push(SentLines {
                records: records.into(),
                ..self.clone()
            });
        }
    }
}
