//! Lines that are drawn from the seed, when their time comes.

use engine::{StreamId, Text, Time};
use random::{Dice, Zipf};
use scenario::Generate;

/// Lines drawn at a steady rate.
#[derive(Debug)]
pub(super) struct GeneratedLines {
    start: Time,
    pub(super) stream: StreamId,
    generate: Generate,
    /// The number of lines in all.
    lines: u64,
    drawn: u64,
    dice: Dice,
    keys: Zipf,
}

impl GeneratedLines {
    pub(super) fn new(
        start: Time,
        generate: &Generate,
        stream: StreamId,
        dice: Dice,
    ) -> GeneratedLines {
        GeneratedLines {
            start,
            stream,
            lines: generate.lines(),
            generate: generate.clone(),
            drawn: 0,
            dice,
            keys: Zipf::new(generate.keys as usize, generate.skew),
        }
    }

    /// The time of the next line; `None` once all are drawn.
    pub(super) fn next_time(&self) -> Option<Time> {
        if self.drawn == self.lines {
            return None;
        }
        self.start.checked_add(self.generate.offset(self.drawn))
    }

    /// Draws the next line.
    pub(super) fn draw(&mut self) -> Text {
        self.drawn += 1;
        let words: Vec<String> = (0..self.generate.words)
            .map(|_| format!("key-{}", self.keys.draw(&mut self.dice)))
            .collect();
        words.join(" ").into()
    }
}
