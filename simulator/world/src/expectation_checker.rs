//! Checks the expectations of a scenario against the events of a run.

use std::collections::VecDeque;
use std::time::Duration;

use engine::render::Notation;
use engine::{Counters, Event, Reader, Time, Value, as_entry};
use scenario::{Expect, Pipeline, Scenario, TimelineEvent};

use crate::batch_metrics::BatchMetrics;
use crate::printed_text::PrintedText;
use crate::unmet_expectation::{UnmetExpectation, differing_counters};

/// Follows a run and checks each expectation when its instant has passed.
///
/// Rows are compared as text: those of a DStream as they are printed, those of a table as cells
/// between bars without padding, `|green|3|`, with times in UTC. Those of a program that prints by itself are found in
/// its text.
#[derive(Debug)]
pub struct ExpectationChecker<'a> {
    pipeline: &'a str,
    notation: Notation,
    waiting: VecDeque<Waiting<'a>>,
    printed: Vec<String>,
    text: PrintedText,
    /// The message of the last failure, as it is shown.
    failure: Option<String>,
    /// The last batch that updated states: its time, and its number if it is of a query.
    updated: Option<(Time, Option<u64>)>,
    /// The counters of that batch, over all its outputs.
    counters: Counters,
    metrics: BatchMetrics,
    unmet: Vec<UnmetExpectation>,
}

/// An expectation whose instant has not passed.
#[derive(Debug)]
struct Waiting<'a> {
    /// The index of its entry on the timeline.
    entry: usize,
    time: Time,
    at: Duration,
    expect: &'a Expect,
    /// True if a job has failed with the message that it expects.
    has_failed: bool,
}

impl<'a> ExpectationChecker<'a> {
    /// A checker of one pipeline's run.
    pub fn new(scenario: &'a Scenario, pipeline: &'a Pipeline) -> ExpectationChecker<'a> {
        let profile = scenario.profile_of(pipeline);
        ExpectationChecker {
            pipeline: &pipeline.name,
            notation: profile.notation(),
            waiting: expectations(scenario, pipeline),
            printed: Vec::new(),
            text: PrintedText::default(),
            failure: None,
            updated: None,
            counters: Counters::default(),
            metrics: BatchMetrics::new(scenario.clock.interval),
            unmet: Vec::new(),
        }
    }

    /// The expectations that did not hold, once the run has ended.
    pub fn finish(mut self) -> Vec<UnmetExpectation> {
        while let Some(waiting) = self.waiting.pop_front() {
            self.check(&waiting);
        }
        self.unmet
    }

    /// Checks the expectations before `time`. One at `time` waits: more may be printed at its instant.
    fn check_before(&mut self, time: Time) {
        while let Some(waiting) = self.waiting.pop_front_if(|next| next.time < time) {
            self.check(&waiting);
        }
    }

    fn check(&mut self, waiting: &Waiting<'_>) {
        let expect = waiting.expect;
        let is_exact = match &expect.rows {
            Some(rows) if expect.any_order => sorted(rows) == sorted(&self.printed),
            Some(rows) => *rows == self.printed,
            None => true,
        };
        let is_printed = |row: &String| self.printed.contains(row);
        let has_all = expect.contains.iter().all(is_printed);
        let has_none = !expect.absent.iter().any(is_printed);
        let has_failed = waiting.has_failed || expect.failure.is_none();
        let counts = differing_counters(expect, &self.counters).is_empty();
        let metrics = self.metrics.differing(&expect.metrics);
        if !(is_exact && has_all && has_none && has_failed && counts && metrics.is_empty()) {
            self.unmet.push(UnmetExpectation {
                pipeline: self.pipeline.to_owned(),
                entry: waiting.entry,
                line: None,
                at: waiting.at,
                expected: expect.clone(),
                actual: self.printed.clone(),
                failure: self.failure.clone(),
                counters: self.counters,
                metrics,
            });
        }
    }

    /// Notes a failure for all expectations that are still to be checked.
    fn fail(&mut self, message: &str) {
        for waiting in &mut self.waiting {
            waiting.has_failed |= waiting.expect.has_failure(message);
        }
        self.failure = Some(as_entry(message));
    }

    /// Adds the counters of an output to those of its batch, which may be a new one.
    fn add(&mut self, batch: (Time, Option<u64>), counters: Counters) {
        if self.updated != Some(batch) {
            self.updated = Some(batch);
            self.counters = Counters::default();
        }
        self.counters += counters;
    }
}

/// The expectations of one pipeline, in the order of time.
fn expectations<'a>(scenario: &'a Scenario, pipeline: &Pipeline) -> VecDeque<Waiting<'a>> {
    let mut expectations = VecDeque::new();
    for (index, entry) in scenario.timeline.iter().enumerate() {
        if let TimelineEvent::Expect(expect) = &entry.event
            && expect.means(&pipeline.name)
            && let Some(time) = scenario.clock.start.checked_add(entry.at)
        {
            expectations.push_back(Waiting {
                entry: index,
                time,
                at: entry.at,
                expect,
                has_failed: false,
            });
        }
    }
    expectations
}

impl Reader for ExpectationChecker<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        if self.waiting.is_empty() {
            return;
        }
        self.check_before(time);
        self.metrics.read(time, event);
        if let Some(failure) = event.failure() {
            self.fail(failure.message());
        }
        match event {
            Event::Printed { records, rows, .. } => {
                self.printed.clear();
                if self.notation.shows_rows(*records) {
                    let rows = rows.iter().map(|row| self.notation.text(row));
                    self.printed.extend(rows);
                }
            }
            Event::StateUpdated {
                batch_time,
                owner,
                counters,
            } => self.add((*batch_time, owner.micro_batch()), *counters),
            Event::Saved { lines, .. } => {
                self.printed = lines.iter().map(ToString::to_string).collect();
            }
            Event::TextPrinted { text } => self.text.read(text, &mut self.printed),
            Event::TableShown { table, .. } => {
                self.printed = table.rows.iter().map(|row| table_row(row)).collect();
            }
            Event::TableWritten { write, .. } => {
                self.printed = write.rows.iter().map(|row| table_row(row)).collect();
            }
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::BatchSubmitted { .. }
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::BatchCompleted { .. }
            | Event::QueryProgress { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => {}
        }
    }
}

fn sorted(rows: &[String]) -> Vec<&String> {
    let mut rows: Vec<&String> = rows.iter().collect();
    rows.sort_unstable();
    rows
}

fn table_row(row: &[Value]) -> String {
    let cells: Vec<String> = row.iter().map(|value| Notation::Sql.text(value)).collect();
    format!("|{}|", cells.join("|"))
}

#[cfg(test)]
mod tests;
