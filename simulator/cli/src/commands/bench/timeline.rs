//! The user's scenario: its pipelines that keep a state, in turn, on its own timeline.

use std::path::Path;
use std::time::Instant;

use engine_live::Threads;
use measure::{PipelineTimings, TimelineResults, Watch};
use scenario::{Pipeline, Scenario};
use simulator::RunOptions;
use snapshots::{Case, read_scenario};

use super::pair::{self, entrants};
use super::replay::{Played, replay};
use super::stopwatch::Stopwatch;
use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// More rounds than these tell little.
const ROUNDS_MAX: usize = 60;

/// Plays the scenario until the time is over, and prints what was found.
pub(super) fn bench(file: &Path, arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let scenario = read_scenario(file).map_err(|error| CommandError::Read(vec![error]))?;
    let pipelines = entrants(&scenario);
    if pipelines.is_empty() {
        return Err(CommandError::NoState(file.to_owned()));
    }
    let threads = Threads::new(arguments.workers.get());
    let options = RunOptions {
        seed: arguments.seed,
        workers: &threads,
    };
    pair::check_agreement(&scenario, &pipelines, &options)?;
    let results = TimelineResults {
        name: Case::of(file).name().to_owned(),
        ..play(&scenario, &pipelines, &options, arguments)?
    };
    if arguments.json {
        print(format_args!("{:#}\n", results.to_json()))?;
    } else {
        print(results)?;
    }
    Ok(Exit::Success)
}

/// Rounds in which each pipeline plays the whole timeline, until the time is over.
fn play(
    scenario: &Scenario,
    pipelines: &[Pipeline],
    options: &RunOptions<'_>,
    arguments: &BenchArguments,
) -> Result<TimelineResults, CommandError> {
    let mut stopwatch = Stopwatch::new(arguments.quiet);
    let timings = pipelines.iter().map(|pipeline| PipelineTimings {
        name: pipeline.name.clone(),
        rounds: Vec::new(),
    });
    let mut results = TimelineResults {
        name: String::new(),
        records: Vec::new(),
        pipelines: timings.collect(),
    };
    let started = Instant::now();
    for _ in 0..ROUNDS_MAX {
        for (pipeline, timings) in pipelines.iter().zip(&mut results.pipelines) {
            let played = replay(scenario, pipeline, options)?;
            let seconds = played.iter().map(Played::seconds);
            timings.rounds.push(seconds.collect());
            results.records = played.iter().map(|batch| batch.records).collect();
        }
        let part = started.elapsed().as_secs_f64() / arguments.time.as_secs_f64();
        stopwatch.progress(part.min(1.0));
        if part >= 1.0 {
            break;
        }
    }
    Ok(results)
}
