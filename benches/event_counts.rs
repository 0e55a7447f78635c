//! A reader that counts events.

use engine::{Event, Reader, Time};
use scenario::{Pipeline, Scenario};
use simulator::{RunError, RunOptions, run};

/// The numbers of batches, outputs and rows of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// Batches, or micro-batches of a query, that have ended.
    pub batches: usize,
    /// Printed batches and tables.
    pub outputs: usize,
    /// Printed rows.
    pub rows: usize,
}

impl Reader for EventCounts {
    fn read(&mut self, _: Time, event: &Event) {
        match event {
            Event::BatchCompleted { .. } | Event::QueryProgress { .. } => self.batches += 1,
            Event::Printed { rows, .. } => self.add_output(rows.len()),
            Event::TableShown { table, .. } => self.add_output(table.rows.len()),
            Event::TableWritten { write, .. } => self.add_output(write.rows.len()),
            _ => {}
        }
    }
}

impl EventCounts {
    fn add_output(&mut self, rows: usize) {
        self.outputs += 1;
        self.rows += rows;
    }
}

/// Runs one pipeline of a scenario through the virtual world and counts its events.
///
/// # Errors
///
/// The rule that the pipeline breaks.
pub fn count_events(scenario: &Scenario, pipeline: &Pipeline) -> Result<EventCounts, RunError> {
    let mut counts = EventCounts::default();
    run(scenario, pipeline, &RunOptions::default(), &mut counts)?;
    Ok(counts)
}
