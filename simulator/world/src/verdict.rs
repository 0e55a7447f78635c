//! Whether a pipeline printed what its scenario expects.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use engine::sink::{Style, java_text};
use engine::{Event, Reader, Time, Value};
use scenario::{Expect, Pipeline, Profile, Scenario, TimelineEvent};

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The pipeline.
    pub pipeline: String,
    /// The expectation's offset on the timeline.
    pub at: Duration,
    /// What was expected.
    pub expected: Expect,
    /// The rows that were printed last, at or before that instant.
    pub actual: Vec<String>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "pipeline `{}`, expectation at {:?} does not hold",
            self.pipeline, self.at
        )?;
        if let Some(rows) = &self.expected.rows {
            writeln!(f, "  expected exactly: {}", list(rows))?;
        }
        if !self.expected.contains.is_empty() {
            writeln!(
                f,
                "  expected among the rows: {}",
                list(&self.expected.contains)
            )?;
        }
        write!(f, "  printed last: {}", list(&self.actual))
    }
}

fn list(rows: &[String]) -> String {
    if rows.is_empty() {
        "no rows".to_owned()
    } else {
        rows.join("  ")
    }
}

/// Follows a run and judges each expectation when its instant has passed.
///
/// Rows are compared as text: those of a DStream as they are printed, those of a table as cells
/// between bars without padding, `|green|3|`.
#[derive(Debug)]
pub struct Judge<'a> {
    pipeline: &'a str,
    profile: Profile,
    waiting: VecDeque<(Time, Duration, &'a Expect)>,
    /// The last batch without input, of which the cookbook shows no rows.
    empty_batch: Option<Time>,
    printed: Vec<String>,
    verdicts: Vec<Verdict>,
}

impl<'a> Judge<'a> {
    /// A judge of one pipeline's run.
    pub fn new(scenario: &'a Scenario, pipeline: &'a Pipeline) -> Judge<'a> {
        let expectations = scenario
            .timeline
            .iter()
            .filter_map(|entry| match &entry.event {
                TimelineEvent::Expect(expect) => Some((
                    scenario.clock.start.checked_add(entry.at)?,
                    entry.at,
                    expect,
                )),
                _ => None,
            });
        let mine = expectations.filter(|(_, _, expect)| {
            expect
                .pipeline
                .as_ref()
                .is_none_or(|name| *name == pipeline.name)
        });
        Judge {
            pipeline: &pipeline.name,
            profile: pipeline.profile.unwrap_or(scenario.console.profile),
            waiting: mine.collect(),
            empty_batch: None,
            printed: Vec::new(),
            verdicts: Vec::new(),
        }
    }

    /// The expectations that did not hold, once the run has ended.
    pub fn finish(mut self) -> Vec<Verdict> {
        self.judge_before(None);
        self.verdicts
    }

    /// Judges what was expected before `time`; all that is left if there is none.
    fn judge_before(&mut self, time: Option<Time>) {
        while let Some((due, at, expect)) = self.waiting.front().copied() {
            if time.is_some_and(|time| due >= time) {
                return;
            }
            self.waiting.pop_front();
            let is_exact = expect
                .rows
                .as_ref()
                .is_none_or(|rows| *rows == self.printed);
            let has_all = expect.contains.iter().all(|row| self.printed.contains(row));
            if !(is_exact && has_all) {
                self.verdicts.push(Verdict {
                    pipeline: self.pipeline.to_owned(),
                    at,
                    expected: expect.clone(),
                    actual: self.printed.clone(),
                });
            }
        }
    }
}

impl Reader for Judge<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        if self.waiting.is_empty() {
            return;
        }
        self.judge_before(Some(time));
        match event {
            Event::BatchSubmitted {
                batch_time,
                records: 0,
            } => self.empty_batch = Some(*batch_time),
            Event::Printed {
                batch_time, rows, ..
            } => {
                let hidden =
                    self.profile == Profile::Cookbook && self.empty_batch == Some(*batch_time);
                let shown = if hidden { &[][..] } else { rows };
                self.printed = shown
                    .iter()
                    .map(|row| style(self.profile).row(row))
                    .collect();
            }
            Event::TableShown { table, .. } => {
                self.printed = table.rows.iter().map(|row| cells(row)).collect();
            }
            _ => {}
        }
    }
}

fn style(profile: Profile) -> Style {
    match profile {
        Profile::Pyspark => Style::Python3,
        Profile::Jvm => Style::Java,
        Profile::Cookbook => Style::Cookbook,
    }
}

fn cells(row: &[Value]) -> String {
    let cells: Vec<String> = row.iter().map(java_text).collect();
    format!("|{}|", cells.join("|"))
}
