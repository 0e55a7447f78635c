//! The lines that arrive: words, or an event each.

use scenario::{EventTime, Program, SparkVersion};

use super::space::Space;
use super::words::Words;
use crate::Dice;

/// Seconds since the epoch at which events begin: at the epoch itself, before a leap day, at the book's
/// noon, and before an hour that Berlin has twice.
const FIRST_SECONDS: [u64; 4] = [0, 951_782_390, 1_529_582_400, 1_540_688_390];

/// The source of lines.
pub(super) struct Lines<'a> {
    space: &'a Space,
    pub(super) words: Words,
    events: Option<Events>,
}

/// Events whose times go on, but for those that are late.
struct Events {
    /// True if some lack a time or a word, or have a fraction of a second. Spark 4 ends the query at such a line, so
    /// that there most scenarios have none.
    have_odd: bool,
    /// The latest second.
    now: i64,
    /// The seconds of a window.
    window: u64,
}

impl<'a> Lines<'a> {
    /// Lines that the program can read.
    pub(super) fn draw(
        dice: &mut Dice,
        space: &'a Space,
        program: &Program,
        words: Words,
        spark: SparkVersion,
    ) -> Lines<'a> {
        let window = match program {
            Program::Structured(structured) => structured.event_time.map(window_seconds),
            _ => None,
        };
        let events = window.map(|window| Events {
            have_odd: !spark.is_ansi() || dice.one_in(4),
            now: *dice.pick(&FIRST_SECONDS) as i64,
            window,
        });
        Lines {
            space,
            words,
            events,
        }
    }

    /// The next line.
    pub(super) fn line(&mut self, dice: &mut Dice) -> String {
        let events = self.events.as_mut();
        let have_odd = events.as_ref().is_some_and(|events| events.have_odd);
        let is_odd = |dice: &mut Dice| dice.one_in(20) && have_odd;
        // Now and then a line without a time, as it may come.
        let Some(events) = events.filter(|_| !is_odd(dice)) else {
            let count = self.space.line_words.draw_size(dice);
            return self.words.line(dice, count);
        };
        let second = events.second(dice);
        let fraction = if is_odd(dice) { ".9" } else { "" };
        if is_odd(dice) {
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
