//! A structured query: words, or words in windows of event time.

use std::time::Duration;

use random::Dice;
use scenario::{EventTime, Output, Program, Source, Structured, Trigger};

/// Lengths of windows, in milliseconds.
const WINDOWS_MS: [u64; 7] = [1_000, 2_000, 5_000, 10_000, 60_000, 1_500, 86_400_000];

/// A count of words.
pub(super) fn draw(dice: &mut Dice, interval: Duration) -> Program {
    let output = *dice.pick(&[Output::Update, Output::Complete]);
    Program::Structured(structured(dice, interval, (None, output)))
}

/// A count of words in windows. Append output is of windows with a watermark only.
pub(super) fn draw_event_time(dice: &mut Dice, interval: Duration) -> Program {
    let window = Duration::from_millis(*dice.pick(&WINDOWS_MS));
    let watermark = (!dice.one_in(4)).then(|| window / 2 * dice.below(5) as u32);
    let outputs = [Output::Update, Output::Complete, Output::Append];
    let outputs = if watermark.is_some() {
        &outputs[..]
    } else {
        &outputs[..2]
    };
    let output = *dice.pick(outputs);
    let event_time = EventTime { window, watermark };
    Program::Structured(structured(dice, interval, (Some(event_time), output)))
}

fn structured(
    dice: &mut Dice,
    interval: Duration,
    (event_time, output): (Option<EventTime>, Output),
) -> Structured {
    Structured {
        event_time,
        output,
        trigger: match dice.below(12) {
            0 => Trigger::Once,
            1 => Trigger::AvailableNow,
            2..=4 => Trigger::ProcessingTime(interval * dice.between(1, 3) as u32),
            _ => Trigger::Default,
        },
        num_rows: *dice.pick(&[20, 1, 5, 5_000]),
        truncate: !dice.one_in(3),
        source: if dice.one_in(4) {
            Source::Socket
        } else {
            Source::Memory
        },
    }
}
