//! The journal of a run: its events in order, each with its time.

use crate::{Event, Failure, Time};

/// One line of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// The time of the event, on the clock of the run.
    pub time: Time,
    /// The event.
    pub event: Event,
}

/// A reader of events while a run goes on: a reporter, a checker, or a [`Journal`].
pub trait Reader {
    /// Reads an event that happened at `time`.
    fn read(&mut self, time: Time, event: &Event);
}

/// All events of a run: the one result of any run, real or virtual.
///
/// It is a reader that keeps all it reads. A run of millions of batches is followed by a reader
/// that keeps less.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    entries: Vec<JournalEntry>,
}

impl Journal {
    /// A journal with nothing in it.
    pub fn new() -> Journal {
        Journal::default()
    }

    /// Adds an event that happened at `time`.
    pub fn push(&mut self, time: Time, event: Event) {
        self.entries.push(JournalEntry { time, event });
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// The reasons for which jobs and micro-batches failed, each once in a row: jobs that need a failed one
    /// fail for the same reason.
    pub fn failures(&self) -> Vec<&Failure> {
        let events = self.entries.iter().map(|entry| &entry.event);
        let mut failures: Vec<&Failure> = events.filter_map(Event::failure).collect();
        failures.dedup();
        failures
    }

    /// Reads the whole journal to another reader.
    pub fn replay(&self, reader: &mut dyn Reader) {
        for entry in &self.entries {
            reader.read(entry.time, &entry.event);
        }
    }
}

impl Reader for Journal {
    fn read(&mut self, time: Time, event: &Event) {
        self.push(time, event.clone());
    }
}

impl<A: Reader, B: Reader> Reader for (A, B) {
    fn read(&mut self, time: Time, event: &Event) {
        self.0.read(time, event);
        self.1.read(time, event);
    }
}

/// The one that is there.
impl<R: Reader> Reader for Option<R> {
    fn read(&mut self, time: Time, event: &Event) {
        if let Some(reader) = self {
            reader.read(time, event);
        }
    }
}

impl<R: Reader + ?Sized> Reader for &mut R {
    fn read(&mut self, time: Time, event: &Event) {
        (**self).read(time, event);
    }
}
