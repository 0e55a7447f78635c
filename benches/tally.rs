//! A reader that counts, and keeps nothing else of a run.

use engine::{Event, Reader, Time};
use scenario::{Pipeline, Scenario};
use simulator::{CompileError, RunOptions, run};

/// How much happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Batches, or micro-batches of a query, that have ended.
    pub batches: usize,
    /// Times that something was put on the console.
    pub outputs: usize,
    /// Rows that were put there.
    pub rows: usize,
}

impl Reader for Tally {
    fn read(&mut self, _: Time, event: &Event) {
        match event {
            Event::BatchCompleted { .. } | Event::QueryProgress { .. } => self.batches += 1,
            Event::Printed { rows, .. } => self.show(rows.len()),
            Event::TableShown { table, .. } => self.show(table.rows.len()),
            _ => {}
        }
    }
}

impl Tally {
    fn show(&mut self, rows: usize) {
        self.outputs += 1;
        self.rows += rows;
    }
}

/// Runs one pipeline of a scenario through the virtual world and counts.
///
/// # Errors
///
/// The rule that the pipeline breaks.
pub fn tally(scenario: &Scenario, pipeline: &Pipeline) -> Result<Tally, CompileError> {
    let mut tally = Tally::default();
    run(scenario, pipeline, &RunOptions::default(), &mut tally)?;
    Ok(tally)
}
