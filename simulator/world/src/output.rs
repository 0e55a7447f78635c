//! The text in the rows that a run has printed, counted.

use std::cell::Cell;

use engine::{Event, Reader, Time, Value};
use scenario::Scenario;

use crate::run::RunError;

/// The bytes in the rows so far, and the time of the last ones.
#[derive(Debug, Default)]
pub(crate) struct Output {
    bytes: Cell<u64>,
    last: Cell<Time>,
}

impl Output {
    /// Fails if it is more than the scenario allows.
    pub(crate) fn check(&self, scenario: &Scenario) -> Result<(), RunError> {
        let limit = scenario.limits.output;
        if self.bytes.get() > limit {
            let at = self.last.get().since(scenario.clock.start);
            return Err(RunError::Output { limit, at });
        }
        Ok(())
    }
}

/// Counts the rows of a run, and passes its events on.
pub(crate) struct OutputCounter<'a> {
    pub(crate) reader: &'a mut dyn Reader,
    pub(crate) output: &'a Output,
}

impl Reader for OutputCounter<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        let bytes: u64 = match event {
            Event::Printed { rows, .. } => rows.iter().map(bytes).sum(),
            Event::TableShown { table, .. } => table.rows.iter().flatten().map(bytes).sum(),
            Event::TableWritten { write, .. } => write.rows.iter().flatten().map(bytes).sum(),
            Event::TextPrinted { text } => text.len() as u64,
            Event::Saved { lines, .. } => lines.iter().map(|line| line.len() as u64).sum(),
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::BatchSubmitted { .. }
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::StateUpdated { .. }
            | Event::BatchCompleted { .. }
            | Event::QueryProgress { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => 0,
        };
        if bytes > 0 {
            let sum = self.output.bytes.get().saturating_add(bytes);
            self.output.bytes.set(sum);
            self.output.last.set(time);
        }
        self.reader.read(time, event);
    }
}

/// The bytes of a value: of a text its length, of any other that is no list of values eight.
fn bytes(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Binary(binary) => binary.len() as u64,
        Value::Tuple(values) | Value::Array(values) => values.iter().map(bytes).sum(),
        Value::Struct(fields) => fields.values().map(bytes).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| bytes(key) + bytes(value))
            .sum(),
        _ => 8,
    }
}
