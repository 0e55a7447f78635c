//! The lines that arrive: words, or an event each.

use random::Dice;
use scenario::{EventTime, Program};

use super::words::Words;

/// Seconds since the epoch at which events begin: at the epoch itself, before a leap day, at the book's
/// noon, and before an hour that Berlin has twice.
const FIRST_SECONDS: [u64; 4] = [0, 951_782_390, 1_529_582_400, 1_540_688_390];

/// Where lines come from.
pub(super) struct Lines {
    words: Words,
    events: Option<Events>,
}

/// Events whose times go on, but for those that are late.
struct Events {
    /// The latest second, and how far a window reaches.
    now: i64,
    window: u64,
}

impl Lines {
    /// Lines that the program can read.
    pub(super) fn draw(dice: &mut Dice, program: &Program, words: Words) -> Lines {
        let window = match program {
            Program::Structured(structured) => structured.event_time.map(window_seconds),
            _ => None,
        };
        let events = window.map(|window| Events {
            now: *dice.pick(&FIRST_SECONDS) as i64,
            window,
        });
        Lines { words, events }
    }

    /// Now and then other words come than before.
    pub(super) fn forget_some(&mut self, dice: &mut Dice) {
        self.words.forget_some(dice);
    }

    /// The next line.
    pub(super) fn line(&mut self, dice: &mut Dice) -> String {
        let Some(events) = &mut self.events else {
            return self.words.line(dice);
        };
        // A line without a time, as it may come.
        if dice.one_in(20) {
            return self.words.line(dice);
        }
        let second = events.second(dice);
        let fraction = if dice.one_in(20) { ".9" } else { "" };
        if dice.one_in(20) {
            return format!("{second}{fraction}");
        }
        format!("{second}{fraction} {}", self.words.word(dice))
    }
}

impl Events {
    fn second(&mut self, dice: &mut Dice) -> i64 {
        if dice.one_in(3) {
            self.now += dice.below(self.window * 2) as i64;
        }
        if dice.one_in(4) {
            self.now - dice.below(self.window * 4) as i64
        } else {
            self.now
        }
    }
}

fn window_seconds(event_time: EventTime) -> u64 {
    event_time.window.as_secs().max(1)
}
