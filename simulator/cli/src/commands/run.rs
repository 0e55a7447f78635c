//! `millrace run`: replay, and print the console text.

use engine_live::Threads;
use report::{Console, CounterTable, FailureLines, Json, ProgressLines, Summary, Zone};
use scenario::{Pipeline, Profile, Program, Scenario};
use simulator::{ClaimChecker, ExpectationChecker, RunOptions};
use suite::{Case, PlayError, hints, seed_of_failure};

use crate::args::{ProgressFormat, RunArguments};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::failures::Failures;
use crate::printer::Printer;
use crate::progress::Progress;
use crate::select::{self, Loaded};
use crate::terminal::{StandardOutput, print_error, print_hint, print_note, prints_to_a_file};

/// Replays every pipeline that was asked for.
pub(crate) fn run(arguments: &RunArguments) -> Result<Exit, CommandError> {
    let Loaded {
        mut cases,
        mut exit,
    } = select::load(&arguments.paths)?;
    for case in &mut cases {
        override_settings(&mut case.scenario, arguments);
    }
    let pipelines = select::pipelines(&cases, arguments.pipeline.as_deref())?;
    let threads = Threads::new(arguments.workers.get());
    let options = RunOptions {
        seed: arguments.seed,
        workers: &threads,
        ..RunOptions::default()
    };
    let quiet = arguments.events.quiet;
    for (case, pipeline) in &pipelines {
        if !quiet {
            print_note(format_args!("{} {}", case.name, pipeline.name));
            hints(case, pipeline).into_iter().for_each(print_hint);
        }
        let replayed = replay(case, pipeline, arguments, &options);
        exit = exit.max(replayed.unwrap_or_else(|error| {
            print_error(&error);
            error.exit()
        }));
    }
    let is_mixed = pipelines.len() > 1 && !arguments.events.json;
    if is_mixed && !quiet && prints_to_a_file() {
        print_note(format_args!(
            "the texts of {} pipelines are in one file, one after the other; --pipeline NAME prints one alone, and \
             --json names the pipeline on each line",
            pipelines.len()
        ));
    }
    Ok(exit)
}

/// Sets what the command line says in place of the scenario.
fn override_settings(scenario: &mut Scenario, arguments: &RunArguments) {
    if let Some(profile) = arguments.profile {
        override_profile(scenario, profile);
    }
    if let Some(spark) = arguments.spark {
        scenario.spark = spark;
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

/// The printer of what was asked for. Only structured queries have progress.
fn printer(
    case: &Case,
    pipeline: &Pipeline,
    arguments: &RunArguments,
    zone: &Zone,
) -> Result<Printer, CommandError> {
    let output = StandardOutput::new();
    if arguments.progress == Some(ProgressFormat::Json) {
        return match pipeline.program {
            Program::Structured(_) => Ok(Printer::Progress(ProgressLines::new(output))),
            _ => Err(CommandError::NoProgress {
                scenario: case.name.clone(),
                pipeline: pipeline.name.clone(),
            }),
        };
    }
    if arguments.events.json {
        let json = Json::new(&pipeline.name, output);
        return Ok(Printer::Json(json.of_scenario(&case.name)));
    }
    let profile = case.scenario.profile_of(pipeline);
    Ok(Printer::Console(Console::new(
        profile,
        zone.clone(),
        output,
    )))
}

/// Replays a pipeline: prints its text or JSON and, on standard error, tables or else a progress bar, failed
/// jobs, and expectations that do not hold.
fn replay(
    case: &Case,
    pipeline: &Pipeline,
    arguments: &RunArguments,
    options: &RunOptions<'_>,
) -> Result<Exit, CommandError> {
    let scenario = &case.scenario;
    let zone = Zone::named(scenario.timezone_of(pipeline))?;
    let profile = scenario.profile_of(pipeline);
    if profile.spark() != scenario.spark {
        return Err(CommandError::OlderProfile {
            scenario: case.name.clone(),
            pipeline: pipeline.name.clone(),
        });
    }
    let mut printer = printer(case, pipeline, arguments, &zone)?;
    let mut checker = ExpectationChecker::new(scenario, pipeline);
    let mut claims = ClaimChecker::new(scenario, pipeline);
    let lines = FailureLines::new(profile, zone.clone());
    let mut failures = Failures::of(scenario, pipeline, lines, arguments.events.quiet);
    let is_python = matches!(pipeline.program, Program::Python(_));
    let mut summary = arguments.summary.then(|| {
        let summary = Summary::new(zone.clone(), Vec::new());
        if is_python {
            summary.without_rows()
        } else {
            summary
        }
    });
    let mut counters =
        (arguments.counters && !is_python).then(|| CounterTable::new(zone, Vec::new()));
    let has_table = summary.is_some() || counters.is_some();
    let mut progress = (!has_table).then(|| Progress::new(scenario, arguments.events.quiet));
    let checks = ((&mut checker, &mut claims), &mut failures);
    let tables = (&mut summary, (&mut counters, &mut progress));
    let ended = case.run(pipeline, options, &mut (&mut printer, (checks, tables)));
    let ended = ended.map_err(|error| match error {
        PlayError::Run(error) => CommandError::replay(pipeline)(error),
        error => CommandError::play(&case.name, pipeline)(error),
    });
    // Nothing was run, or what was printed up to a limit is shown.
    if let Err(error @ CommandError::Compile { .. }) = ended {
        return Err(error);
    }
    printer.finish()?;
    drop(progress);
    ended?;
    let tables = [
        summary.map(Summary::finish),
        counters.map(CounterTable::finish),
    ];
    for table in tables.into_iter().flatten() {
        let table = table.map_err(CommandError::Output)?;
        print_note(String::from_utf8_lossy(&table));
    }
    if is_python {
        print_uncounted(pipeline, arguments);
    }
    let is_unmet = print_unmet(case, checker, claims);
    let exit = match failures.finish() {
        Exit::Success if is_unmet => Exit::Differs,
        exit => exit,
    };
    if exit != Exit::Success && !arguments.events.quiet {
        let hint = seed_of_failure(case, arguments.seed);
        hint.into_iter().for_each(print_hint);
    }
    Ok(exit)
}

/// Says which expectations and claims do not hold. Returns true if there are some.
fn print_unmet(case: &Case, checker: ExpectationChecker<'_>, claims: ClaimChecker<'_>) -> bool {
    let file = case.file.display();
    let unmet = case.located(&checker.finish());
    for expectation in &unmet {
        print_note(format_args!("{file}: {expectation}"));
    }
    let broken = claims.finish();
    for claim in &broken {
        print_note(format_args!("{file}: {claim}"));
    }
    !(unmet.is_empty() && broken.is_empty())
}

/// Says which numbers of a program in Python no table has.
fn print_uncounted(pipeline: &Pipeline, arguments: &RunArguments) {
    let name = &pipeline.name;
    if arguments.summary {
        print_hint(format_args!(
            "--summary: `{name}` is a program, whose printed rows and whose queries are not counted"
        ));
    }
    if arguments.counters {
        print_hint(format_args!(
            "--counters: `{name}` is a program, whose states are not counted"
        ));
    }
}
