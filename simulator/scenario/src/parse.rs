//! Text → [`Scenario`], with all its mistakes at once.

use crate::diagnostic::{Code, Draft};
use crate::mistakes::{Mistakes, Sink};
use crate::place::Places;
use crate::{Line, Scenario, TimelineEvent, document, lower};

/// The most bytes that the text of a scenario may have, and what its shorthands stand for: 64 MiB.
pub const TEXT_MAX: usize = 64 << 20;

/// Reads a scenario. `name` is what the file is called in messages.
///
/// # Errors
///
/// [`Mistakes`] holds every mistake of the text. Where the text is not TOML, what could still be
/// read is checked too; of a text of more than 1 MiB that is not TOML, the first mistake alone is
/// reported, and a text of more than 64 MiB is refused.
///
/// ```
/// let text = r#"
/// timeline = [{ at = "1s", lines = ["blue"] }]
///
/// [clock]
/// interval = "1 s"
///
/// [[pipeline]]
/// name = "counts"
/// mod = "stateless"
/// "#;
/// let mistakes = scenario::parse("blue.toml", text).unwrap_err();
/// let messages: Vec<_> = mistakes.iter().map(|mistake| mistake.message()).collect();
/// assert_eq!(
///     messages,
///     [
///         "`1 s` is not a duration",
///         "unknown key `mod` in `[[pipeline]]`",
///     ],
/// );
/// ```
pub fn parse(name: &str, text: &str) -> Result<Scenario, Mistakes> {
    let sink = Sink::default();
    match read(text, &sink) {
        Some(scenario) if sink.is_empty() => Ok(scenario),
        _ => Err(Mistakes::new(name, text, sink)),
    }
}

fn read(text: &str, sink: &Sink) -> Option<Scenario> {
    if text.len() > TEXT_MAX {
        let draft = Draft::new(Code::TooLarge, 0..0, "the text is larger than 64 MiB");
        sink.push(draft.help("`generate` makes many lines from few words"));
        return None;
    }
    let document = document::read(text, sink);
    let meaning = Sink::default();
    let (mut scenario, expectations) = lower::lower(&document.root, &meaning);
    sink.take(meaning, |draft| document.trust.holds(draft));
    if sink.is_empty() {
        note_lines(&mut scenario, text, &expectations);
    }
    Some(scenario)
}

/// Notes on which line each expectation is written, given where it begins.
fn note_lines(scenario: &mut Scenario, text: &str, expectations: &[usize]) {
    let places = Places::find(text, expectations.iter().copied());
    let entries = scenario.timeline.iter_mut();
    let expects = entries.filter_map(|entry| match &mut entry.event {
        TimelineEvent::Expect(expect) => Some(expect),
        TimelineEvent::Lines { .. } | TimelineEvent::Generate(_) => None,
    });
    for (expect, offset) in expects.zip(expectations) {
        expect.line = Line::new(places.of(*offset).line);
    }
}
