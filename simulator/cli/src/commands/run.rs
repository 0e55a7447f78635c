//! `millrace run`: replay, and print the console text.

use std::io::Write;

use engine::Reader;
use engine_live::Threads;
use report::{Console, CounterTable, Json, Summary, Zone};
use scenario::{Pipeline, Scenario};
use simulator::{Judge, RunOptions};

use crate::args::RunArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::failures::Failures;
use crate::progress::Progress;
use crate::select::{self, Loaded};
use crate::terminal::{Output, note};

/// Replays every pipeline that was asked for.
pub(crate) fn run(arguments: &RunArguments) -> Result<Exit, CommandError> {
    let mut loaded = select::load(&arguments.paths)?;
    if let Some(profile) = arguments.profile {
        for loaded in &mut loaded {
            override_profile(&mut loaded.scenario, profile.into());
        }
    }
    if arguments.exact_timeouts {
        for loaded in &mut loaded {
            let pipelines = loaded.scenario.pipelines.iter_mut();
            pipelines.for_each(|pipeline| pipeline.program.make_timeouts_exact());
        }
    }
    let pipelines = select::pipelines(&loaded, arguments.pipeline.as_deref())?;
    let threads = Threads::new(arguments.workers.get());
    let options = RunOptions {
        seed: arguments.seed,
        workers: &threads,
    };
    let mut exit = Exit::Success;
    for (loaded, pipeline) in pipelines {
        if !arguments.quiet {
            note(format_args!("{} {}", loaded.case.name(), pipeline.name));
        }
        exit = exit.max(replay(loaded, pipeline, arguments, &options)?);
    }
    Ok(exit)
}

fn override_profile(scenario: &mut Scenario, profile: scenario::Profile) {
    scenario.console.profile = profile;
    for pipeline in &mut scenario.pipelines {
        pipeline.profile = None;
    }
}

fn replay(
    loaded: &Loaded,
    pipeline: &Pipeline,
    arguments: &RunArguments,
    options: &RunOptions<'_>,
) -> Result<Exit, CommandError> {
    let scenario = &loaded.scenario;
    let zone = Zone::named(&scenario.clock.timezone)?;
    let mut judge = Judge::new(scenario, pipeline);
    let mut failures = Failures::default();
    let mut summary = arguments
        .summary
        .then(|| Summary::new(zone.clone(), Vec::new()));
    let mut counters = arguments
        .counters
        .then(|| CounterTable::new(zone.clone(), Vec::new()));
    let mut progress = Progress::new(scenario, arguments.quiet);
    let mut follow = |reader: &mut dyn Reader| {
        // A table on the terminal takes the place of the progress bar.
        let mut tables: Vec<&mut dyn Reader> = Vec::new();
        tables.extend(summary.as_mut().map(|table| table as &mut dyn Reader));
        tables.extend(counters.as_mut().map(|table| table as &mut dyn Reader));
        if tables.is_empty() {
            tables.push(&mut progress);
        }
        let mut readers = (reader, ((&mut judge, &mut failures), tables));
        simulator::run(scenario, pipeline, options, &mut readers).map_err(|source| {
            CommandError::Compile {
                pipeline: pipeline.name.clone(),
                source,
            }
        })
    };
    if arguments.json {
        let mut json = Json::new(&pipeline.name, Output::new()).of_scenario(loaded.case.name());
        follow(&mut json)?;
        json.finish()
            .and_then(|mut output| output.flush())
            .map_err(CommandError::Output)?;
    } else {
        let profile = pipeline.profile.unwrap_or(scenario.console.profile);
        let mut console = Console::new(profile, zone, Output::new());
        follow(&mut console)?;
        console
            .finish()
            .and_then(|mut output| output.flush())
            .map_err(CommandError::Output)?;
    }
    drop(progress);
    if let Some(summary) = summary {
        let table = summary.finish().map_err(CommandError::Output)?;
        note(String::from_utf8_lossy(&table));
    }
    if let Some(counters) = counters {
        let table = counters.finish().map_err(CommandError::Output)?;
        note(String::from_utf8_lossy(&table));
    }
    let verdicts = judge.finish();
    for verdict in &verdicts {
        let verdict = verdict.located(&loaded.lines);
        note(format_args!("{}: {verdict}", loaded.case.file().display()));
    }
    let exit = failures.finish();
    Ok(if verdicts.is_empty() {
        exit
    } else {
        Exit::Differs
    })
}
