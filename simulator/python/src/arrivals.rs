//! The lines that come to the sources of a program.

use engine::{FileStatus, Input, Message, Records, StreamId, StreamSource, Text, Time};
use pyo3::prelude::*;
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
                arrivals.push(entry.time, StreamId(index), records(entry, source));
            }
        }
    }
    arrivals
}

/// A file of a folder that a query reads: its path, its size, the time at which it was written last, in milliseconds, and
/// its lines.
pub(crate) type FolderFile = (String, u64, i64, Vec<String>);

/// True if files of Parquet are read and written.
#[pyfunction]
pub(crate) fn has_parquet() -> bool {
    cfg!(feature = "parquet")
}

/// The record of a file that is no text.
#[pyfunction]
pub(crate) fn record_of_bytes(bytes: &[u8]) -> String {
    engine::record_of_bytes(bytes).to_string()
}

/// The records of a file.
pub(crate) fn file_records(file: FolderFile) -> Records {
    let (path, bytes, modified, lines) = file;
    let status = FileStatus {
        path: path.into(),
        bytes,
        modified: Time::from_millis(modified),
    };
    let lines = lines.into_iter().map(Text::from);
    [status.to_record()].into_iter().chain(lines).collect()
}

/// The files of a stream that are there.
pub(crate) struct StreamFiles {
    pub(crate) stream: StreamId,
    pub(crate) files: Vec<Records>,
}

/// The lines of a timeline at a query that starts now, beside the files that are there.
pub(crate) struct LinesOfQuery {
    /// Those that sources have had and keep.
    pub(crate) past: Vec<Input>,
    /// Those that are still to come.
    pub(crate) arrivals: Arrivals,
}

impl LinesOfQuery {
    /// The `earlier` lines are from before the timeline.
    pub(crate) fn new(
        now: Time,
        timeline: &ProgramTimeline,
        sources: &[StreamSource],
        folders: Vec<StreamFiles>,
        earlier: &[ProgramEntry],
    ) -> LinesOfQuery {
        let past = folders
            .into_iter()
            .flat_map(|StreamFiles { stream, files }| {
                let replayed = move |records| Input::Replayed {
                    stream,
                    time: now,
                    records,
                };
                files.into_iter().map(replayed)
            });
        let mut lines = LinesOfQuery {
            past: past.collect(),
            arrivals: Arrivals::default(),
        };
        for entry in earlier.iter().chain(&timeline.entries) {
            for (index, source) in sources.iter().enumerate() {
                let name = source.to_string();
                let is_taken = entry.stream.as_ref().is_none_or(|it| *it == name);
                if is_taken && !entry.lines.is_empty() {
                    let is_first = entry.time == now && now == timeline.start;
                    lines.add(entry, StreamId(index), source, entry.time > now || is_first);
                }
            }
        }
        lines
    }

    fn add(
        &mut self,
        entry: &ProgramEntry,
        stream: StreamId,
        source: &StreamSource,
        is_to_come: bool,
    ) {
        let records = records(entry, source);
        let time = entry.time;
        if is_to_come {
            self.arrivals.push(time, stream, records);
        } else if source.keeps_records() {
            self.past.push(Input::Replayed {
                stream,
                time,
                records,
            });
        }
    }
}

/// The lines of an entry as a source has them: messages as they are of a topic, and their values of any other.
fn records(entry: &ProgramEntry, source: &StreamSource) -> Records {
    let is_plain = !entry.lines.iter().any(|it| Message::is_written_out(it));
    if is_plain || matches!(source, StreamSource::Topic { .. }) {
        return entry.lines.clone();
    }
    let values = entry.lines.iter().map(|it| Message::of_record(it).value);
    values.collect()
}
