//! Runs of a scenario: its journal, its console text, and the lines that arrive.

use std::time::Duration;

use engine::{Journal, Reader, Text, Time, Workers};
use random::ALL_ROWS;
use report::{Console, Zone};
use scenario::{Pipeline, Program, Scenario, Source, Step, TimelineEvent};
use simulator::{Arrivals, InOrder, RunOptions, run};

/// The journal of the scenario's program.
pub(crate) fn journal(scenario: &Scenario) -> Journal {
    journal_with(scenario, &RunOptions::default())
}

/// The journal of the scenario's program with these options.
pub(crate) fn journal_with(scenario: &Scenario, options: &RunOptions<'_>) -> Journal {
    let mut journal = Journal::new();
    follow(scenario, options, &mut journal);
    journal
}

/// Runs the scenario's program and has `reader` follow it.
pub(crate) fn follow(scenario: &Scenario, options: &RunOptions<'_>, reader: &mut dyn Reader) {
    run(scenario, pipeline(scenario), options, reader).expect("the program keeps the rules");
}

/// The one pipeline that the scenarios here have.
pub(crate) fn pipeline(scenario: &Scenario) -> &Pipeline {
    &scenario.pipelines[0]
}

/// The console text of the scenario's program with this journal.
pub(crate) fn console_text(scenario: &Scenario, journal: &Journal) -> String {
    let mut console = console(scenario);
    journal.replay(&mut console);
    text(console)
}

/// The console of the scenario's program.
pub(crate) fn console(scenario: &Scenario) -> Console<Vec<u8>> {
    let profile = scenario.profile_of(pipeline(scenario));
    Console::new(profile, Zone::UTC, Vec::new())
}

/// The text of a console.
pub(crate) fn text(console: Console<Vec<u8>>) -> String {
    let bytes = console.finish().expect("memory takes all that is written");
    String::from_utf8(bytes).expect("a console is text")
}

/// The scenario with another program, which prints all its rows.
pub(crate) fn with_program(scenario: &Scenario, program: Program) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.pipelines[0].program = program;
    printing_all(scenario)
}

/// The scenario as it is when its program leaves no row out.
pub(crate) fn printing_all(mut scenario: Scenario) -> Scenario {
    scenario.console.rows = ALL_ROWS as usize;
    match &mut scenario.pipelines[0].program {
        Program::Structured(structured) => structured.num_rows = ALL_ROWS as usize,
        Program::Steps(steps) => {
            for step in steps {
                if let Step::Print(rows) = step {
                    *rows = ALL_ROWS as usize;
                }
            }
        }
        Program::Stateless { .. }
        | Program::UpdateState { .. }
        | Program::MapWithState(_)
        | Program::Python(_)
        | Program::Rust(_) => {}
    }
    scenario
}

/// The lines that arrive, each with its time.
pub(crate) fn arrivals(scenario: &Scenario, source: Source) -> Vec<(Time, Text)> {
    let mut arrivals = Arrivals::new(scenario, source, &InOrder::default());
    let arriving = arrivals.until(Time::from_millis(i64::MAX));
    let lines = arriving.flat_map(|(time, records)| {
        let lines: Vec<Text> = records.to_vec();
        lines.into_iter().map(move |line| (time, line))
    });
    lines.collect()
}

/// Offset of the end of the scenario's timeline: of its last entry, or of what is generated longest.
pub(crate) fn end(scenario: &Scenario) -> Duration {
    let ends = scenario.timeline.iter().map(|entry| match &entry.event {
        TimelineEvent::Generate(generate) => entry.at + generate.duration,
        TimelineEvent::Lines { .. }
        | TimelineEvent::Fault(_)
        | TimelineEvent::SourceFault(_)
        | TimelineEvent::ChangedRestart(_)
        | TimelineEvent::Expect(_) => entry.at,
    });
    ends.max().unwrap_or_default()
}

/// Thousandths of the scenario's batch interval, in whole milliseconds.
pub(crate) fn intervals(scenario: &Scenario, thousandths: u32) -> Duration {
    let interval_ms = scenario.clock.interval.as_millis() as u64;
    Duration::from_millis(interval_ms * u64::from(thousandths) / 1_000)
}

/// One worker that takes the last task first.
pub(crate) struct Backwards;

impl Workers for Backwards {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..count).rev().for_each(task);
    }
}
