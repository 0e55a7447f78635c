//! `millrace run`: replay, and print the console text.

use engine::{Event, Reader, Time};
use engine_live::Threads;
use report::{Console, CounterTable, Json, Summary, Zone};
use scenario::{Pipeline, Profile, Scenario};
use simulator::{ExpectationChecker, RunOptions};
use suite::Case;

use crate::args::RunArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::failures::Failures;
use crate::printer::Printer;
use crate::progress::Progress;
use crate::select;
use crate::terminal::{StandardOutput, print_note};

/// Replays every pipeline that was asked for.
pub(crate) fn run(arguments: &RunArguments) -> Result<Exit, CommandError> {
    let mut cases = select::load(&arguments.paths)?;
    for case in &mut cases {
        override_settings(&mut case.scenario, arguments);
    }
    let pipelines = select::pipelines(&cases, arguments.pipeline.as_deref())?;
    let threads = Threads::new(arguments.workers.get());
    let options = RunOptions {
        seed: arguments.seed,
        workers: &threads,
    };
    let mut exit = Exit::Success;
    for (case, pipeline) in pipelines {
        if !arguments.events.quiet {
            print_note(format_args!("{} {}", case.name, pipeline.name));
        }
        let mut readers = ReplayReaders::new(case, pipeline, arguments)?;
        simulator::run(&case.scenario, pipeline, &options, &mut readers)
            .map_err(CommandError::compile(pipeline))?;
        exit = exit.max(readers.finish()?);
    }
    Ok(exit)
}

/// Sets what the command line says in place of the scenario.
fn override_settings(scenario: &mut Scenario, arguments: &RunArguments) {
    if let Some(profile) = arguments.profile {
        override_profile(scenario, profile);
    }
    if arguments.exact_timeouts {
        for pipeline in &mut scenario.pipelines {
            pipeline.program.make_timeouts_exact();
        }
    }
}

fn override_profile(scenario: &mut Scenario, profile: Profile) {
    scenario.console.profile = profile;
    for pipeline in &mut scenario.pipelines {
        pipeline.profile = None;
    }
}

/// The readers of a replay's events: its text or JSON, its expectations, its failed jobs and, on standard
/// error, tables or else a progress bar.
struct ReplayReaders<'a> {
    case: &'a Case,
    printer: Printer,
    checker: ExpectationChecker<'a>,
    failures: Failures,
    summary: Option<Summary<Vec<u8>>>,
    counters: Option<CounterTable<Vec<u8>>>,
    progress: Option<Progress>,
}

impl<'a> ReplayReaders<'a> {
    fn new(
        case: &'a Case,
        pipeline: &'a Pipeline,
        arguments: &RunArguments,
    ) -> Result<ReplayReaders<'a>, CommandError> {
        let scenario = &case.scenario;
        let zone = Zone::named(&scenario.clock.timezone)?;
        let printer = if arguments.events.json {
            let json = Json::new(&pipeline.name, StandardOutput::new());
            Printer::Json(json.of_scenario(&case.name))
        } else {
            let profile = scenario.profile_of(pipeline);
            Printer::Console(Console::new(profile, zone.clone(), StandardOutput::new()))
        };
        let has_table = arguments.summary || arguments.counters;
        Ok(ReplayReaders {
            case,
            checker: ExpectationChecker::new(scenario, pipeline),
            failures: Failures::default(),
            summary: arguments
                .summary
                .then(|| Summary::new(zone.clone(), Vec::new())),
            counters: arguments
                .counters
                .then(|| CounterTable::new(zone, Vec::new())),
            progress: (!has_table).then(|| Progress::new(scenario, arguments.events.quiet)),
            printer,
        })
    }

    /// Prints what is left to print, and returns the exit code of the run.
    fn finish(self) -> Result<Exit, CommandError> {
        self.printer.finish()?;
        drop(self.progress);
        let tables = [
            self.summary.map(Summary::finish),
            self.counters.map(CounterTable::finish),
        ];
        for table in tables.into_iter().flatten() {
            let table = table.map_err(CommandError::Output)?;
            print_note(String::from_utf8_lossy(&table));
        }
        let unmet = self.case.located(&self.checker.finish());
        for expectation in &unmet {
            print_note(format_args!("{}: {expectation}", self.case.file.display()));
        }
        let exit = self.failures.finish();
        Ok(if unmet.is_empty() {
            exit
        } else {
            Exit::Differs
        })
    }
}

impl Reader for ReplayReaders<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        self.printer.read(time, event);
        self.checker.read(time, event);
        self.failures.read(time, event);
        if let Some(summary) = &mut self.summary {
            summary.read(time, event);
        }
        if let Some(counters) = &mut self.counters {
            counters.read(time, event);
        }
        if let Some(progress) = &mut self.progress {
            progress.read(time, event);
        }
    }
}
