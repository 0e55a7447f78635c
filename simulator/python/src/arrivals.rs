//! The lines that come to the sources of a program.

use engine::{StreamId, StreamSource, Time};
use simulator::Arrivals;
use suite::{ProgramEntry, ProgramTimeline};

use crate::context::NOTHING;

/// Lines with their time, in milliseconds, and the name of the source that takes them; every source if there is none.
pub(crate) type Lines = (i64, Option<String>, Vec<String>);

pub(crate) fn entries(lines: Vec<Lines>) -> Vec<ProgramEntry> {
    let entry = |(time, stream, lines): Lines| ProgramEntry {
        time: Time::from_millis(time),
        stream,
        lines: lines.into_iter().map(Into::into).collect(),
    };
    lines.into_iter().map(entry).collect()
}

/// The lines of a timeline up to a time.
pub(crate) fn lines_until(timeline: &ProgramTimeline, end: Time) -> Vec<Lines> {
    let entries = timeline.entries.iter();
    let had = entries.filter(|it| it.time <= end && !it.lines.is_empty());
    let lines = had.map(|it| {
        let lines = it.lines.iter().map(ToString::to_string).collect();
        (it.time.as_millis(), it.stream.clone(), lines)
    });
    lines.collect()
}

/// The lines that are still to come to a program that starts now; or, of one that goes on, all, and those from before the
/// timeline: a source that keeps its lines has them.
pub(crate) fn arrivals_at(
    now: Time,
    timeline: &ProgramTimeline,
    sources: &[StreamSource],
    earlier: Option<Vec<ProgramEntry>>,
) -> Arrivals {
    let goes_on = earlier.is_some();
    let is_to_come = |time: Time| goes_on || time > now || now == timeline.start;
    let earlier = earlier.unwrap_or_default();
    let before = earlier.iter().filter(|it| it.time <= now);
    let own = timeline.entries.iter().filter(|it| is_to_come(it.time));
    let mut entries: Vec<&ProgramEntry> = before.chain(own).collect();
    entries.sort_by_key(|entry| entry.time);
    let mut arrivals = Arrivals::default();
    for entry in entries {
        for (index, source) in sources.iter().enumerate() {
            let name = source.to_string();
            let is_for = |it: &String| *it == name;
            let is_taken = entry.stream.as_ref().map_or(name != NOTHING, is_for);
            if is_taken && !entry.lines.is_empty() {
                arrivals.push(entry.time, StreamId(index), entry.lines.clone());
            }
        }
    }
    arrivals
}
