//! Text → [`Scenario`], with all its mistakes at once.

use crate::diagnostics::Diagnostics;
use crate::lower::Pipelines;
use crate::position::Positions;
use crate::{Mistakes, Scenario, document, lower, pieces};

/// The line of a file on which each entry of a timeline is written, counted from 1.
///
/// It stands beside the scenario and is no part of it: scenarios that mean the same are equal, wherever
/// their entries are written.
///
/// ```
/// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
/// let (_, lines) = scenario::parse_with_lines("blue.toml", text)?;
/// assert_eq!(lines.of_entry(0), Some(1));
/// assert_eq!(scenario::TimelineLines::default().of_entry(0), None);
/// # Ok::<(), scenario::Mistakes>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineLines(Vec<usize>);

impl TimelineLines {
    /// The line of the entry with this index; `None` of an entry that was never written.
    pub fn of_entry(&self, index: usize) -> Option<usize> {
        self.0.get(index).copied()
    }
}

/// Reads a scenario. `name` is what the file is called in messages.
///
/// # Errors
///
/// [`Mistakes`] holds every mistake of the text. Where the text is not TOML, what could still be
/// read is checked too; of a text of more than 1 MiB that is not TOML, the first mistake alone is
/// reported, and a text of more than 64 MiB is refused.
pub fn parse(name: &str, text: &str) -> Result<Scenario, Mistakes> {
    parse_with_lines(name, text).map(|(scenario, _)| scenario)
}

/// Reads a scenario, and where the entries of its timeline are written.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_with_lines(name: &str, text: &str) -> Result<(Scenario, TimelineLines), Mistakes> {
    parse_for(Pipelines::Required, name, text)
}

/// Reads a scenario for a program that stands elsewhere: one that needs no pipeline.
///
/// # Errors
///
/// As [`parse`].
///
/// ```
/// let text = "timeline = [{ at = '1s', lines = ['blue'] }]";
/// let scenario = scenario::parse_timeline("blue.toml", text)?;
/// assert_eq!((scenario.timeline.len(), scenario.pipelines.len()), (1, 0));
/// assert!(scenario::parse("blue.toml", text).is_err());
/// # Ok::<(), scenario::Mistakes>(())
/// ```
pub fn parse_timeline(name: &str, text: &str) -> Result<Scenario, Mistakes> {
    parse_for(Pipelines::Optional, name, text).map(|(scenario, _)| scenario)
}

fn parse_for(
    pipelines: Pipelines,
    name: &str,
    text: &str,
) -> Result<(Scenario, TimelineLines), Mistakes> {
    let diagnostics = Diagnostics::default();
    let read = pieces::read(text, pipelines).or_else(|| read(text, pipelines, &diagnostics));
    match read {
        Some((scenario, offsets)) if diagnostics.is_empty() => {
            assert_eq!(
                scenario.timeline.len(),
                offsets.len(),
                "every entry is written somewhere"
            );
            Ok((scenario, lines(text, &offsets)))
        }
        _ => Err(Mistakes::new(name, text, diagnostics)),
    }
}

fn read(
    text: &str,
    pipelines: Pipelines,
    diagnostics: &Diagnostics,
) -> Option<(Scenario, Vec<usize>)> {
    let document = document::read(text, diagnostics)?;
    let meaning = Diagnostics::default();
    let read = lower::lower(&document.root, pipelines, &meaning);
    diagnostics.take(meaning, |mistake| document.says(mistake));
    Some(read)
}

fn lines(text: &str, offsets: &[usize]) -> TimelineLines {
    let positions = Positions::find(text, offsets.iter().copied());
    let lines = offsets.iter().map(|offset| positions.of(*offset).line);
    TimelineLines(lines.collect())
}
