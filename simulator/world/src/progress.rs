//! The progress of a run, which the limits of its scenario bound.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use engine::{DriverEvent, Event, Reader, Time, Value};
use scenario::Scenario;

use crate::run::RunError;

/// The output of a run so far, and its batches.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// The bytes in the rows.
    output: Cell<u64>,
    /// The time of the last rows.
    last_output: Cell<Time>,
    /// The number of batches and micro-batches.
    batches: Cell<u64>,
    /// The batches up to the stop that have not completed, by time.
    unfinished: RefCell<VecDeque<Time>>,
}

impl Progress {
    /// True if all batches up to the stop have completed.
    pub(crate) fn is_finished(&self) -> bool {
        self.unfinished.borrow().is_empty()
    }

    /// Fails if the rows have more bytes than the scenario allows.
    pub(crate) fn check_output(&self, scenario: &Scenario) -> Result<(), RunError> {
        let limit = scenario.limits.output;
        if self.output.get() > limit {
            let at = self.last_output.get().since(scenario.clock.start);
            return Err(RunError::Output { limit, at });
        }
        Ok(())
    }

    /// Fails if a run whose jobs take time may not go on to this time.
    pub(crate) fn check_batches(&self, scenario: &Scenario, time: Time) -> Result<(), RunError> {
        let is_late = time.since(scenario.clock.start) > scenario.limits.time;
        if is_late || self.batches.get() > scenario.limits.batches {
            return Err(RunError::Unfinished);
        }
        Ok(())
    }

    fn add_output(&self, time: Time, bytes: u64) {
        if bytes > 0 {
            self.output.set(self.output.get().saturating_add(bytes));
            self.last_output.set(time);
        }
    }

    fn begin(&self, batch_time: Time, stop: Time) {
        self.count_batch();
        if batch_time > stop {
            return;
        }
        let mut unfinished = self.unfinished.borrow_mut();
        // One that runs again after a crash may be in it.
        if let Err(place) = unfinished.binary_search(&batch_time) {
            unfinished.insert(place, batch_time);
        }
    }

    fn count_batch(&self) {
        self.batches.set(self.batches.get() + 1);
    }

    fn end(&self, batch_time: Time) {
        let mut unfinished = self.unfinished.borrow_mut();
        if let Ok(place) = unfinished.binary_search(&batch_time) {
            unfinished.remove(place);
        }
    }
}

/// Follows the progress of a run up to its stop, and passes its events on.
pub(crate) struct ProgressReader<'a> {
    pub(crate) reader: &'a mut dyn Reader,
    pub(crate) stop: Time,
    pub(crate) progress: &'a Progress,
}

impl Reader for ProgressReader<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        let progress = self.progress;
        match event {
            Event::Printed { rows, .. } => progress.add_output(time, rows.iter().map(bytes).sum()),
            Event::TableShown { table, .. } => {
                let values = table.rows.iter().flatten();
                progress.add_output(time, values.map(bytes).sum());
            }
            Event::TableWritten { write, .. } => {
                let values = write.rows.iter().flatten();
                progress.add_output(time, values.map(bytes).sum());
            }
            Event::TextPrinted { text } => progress.add_output(time, text.len() as u64),
            Event::Saved { lines, .. } => {
                progress.add_output(time, lines.iter().map(|line| line.len() as u64).sum());
            }
            Event::BatchSubmitted { batch_time, .. } => progress.begin(*batch_time, self.stop),
            Event::BatchCompleted { batch_time } => progress.end(*batch_time),
            Event::QueryProgress { .. } => progress.count_batch(),
            Event::Driver(DriverEvent::Crashed) => progress.unfinished.borrow_mut().clear(),
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::StateUpdated { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => {}
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
