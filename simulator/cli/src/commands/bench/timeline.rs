//! The user's scenario: its pipelines that keep a state, in turn, on its own timeline.

use std::path::Path;
use std::time::Duration;

use engine::{Records, Time};
use engine_live::Threads;
use measure::{PipelineTimings, Reference, TimelineResults, Timer, rounds, turns};
use scenario::{Pipeline, Scenario};
use simulator::{Arrivals, InOrder, RunOptions, source_of, stop_time};
use suite::Case;

use super::pair::{check_agreement, stateful_pipelines};
use super::replay::replay;
use super::stopwatch::Stopwatch;
use super::{BenchResults, read_baseline, runs, time_of_run};
use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;

/// In a shorter turn it shows that the caches hold the data of the pipeline before.
const SHORT: Duration = Duration::from_millis(10);

/// The most lines that the plain loop counts. It keeps all of them in memory.
const LINES_MAX: usize = 1_000_000;

/// Runs the scenario until the time is over, and prints the results.
pub(super) fn bench(file: &Path, arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let Case { name, scenario, .. } =
        Case::read(file).map_err(|error| CommandError::Read(vec![error]))?;
    let pipelines = stateful_pipelines(&scenario);
    let Some(first) = pipelines.first() else {
        return Err(CommandError::NoState(file.to_owned()));
    };
    let threads = Threads::new(arguments.workers.get());
    let group = PipelineGroup {
        scenario: &scenario,
        pipelines: &pipelines,
        options: &RunOptions {
            seed: arguments.seed,
            workers: &threads,
            ..RunOptions::default()
        },
        reference: Reference::new(batches(&scenario, first, arguments.seed)),
    };
    let mut results = group.results_before_rounds(&name, arguments)?;
    if results.records.is_empty() {
        return Err(CommandError::NoBatch(file.to_owned()));
    }
    let baseline = read_baseline(arguments, |it| it.check_results(&results))?;
    let found = if arguments.runs.get() > 1 {
        runs::measure(arguments, Stopwatch::new(arguments.quiet))?
    } else {
        check_agreement(&scenario, &pipelines, group.options)?;
        group.measure(arguments, &mut results)?;
        BenchResults {
            json: results.to_json(),
            text: Some(results.to_string()),
        }
    };
    found.print(arguments, baseline)
}

/// Pipelines that take turns on one timeline, with the plain loop as the last one.
struct PipelineGroup<'a> {
    scenario: &'a Scenario,
    pipelines: &'a [Pipeline],
    options: &'a RunOptions<'a>,
    reference: Reference,
}

impl PipelineGroup<'_> {
    /// The results without a round. They need one run, to count the records of the batches.
    fn results_before_rounds(
        &self,
        name: &str,
        arguments: &BenchArguments,
    ) -> Result<TimelineResults, CommandError> {
        let batches = replay(self.scenario, &self.pipelines[0], self.options)?;
        let timings = self.pipelines.iter().map(|pipeline| PipelineTimings {
            name: pipeline.name.clone(),
            rounds: Vec::new(),
        });
        Ok(TimelineResults {
            name: name.to_owned(),
            seed: arguments.seed,
            cores: self.scenario.cluster.cores,
            workers: arguments.workers.get(),
            time: time_of_run(arguments),
            records: batches.iter().map(|batch| batch.records).collect(),
            words: self.reference.words(),
            pipelines: timings.collect(),
            plain: Vec::new(),
        })
    }

    /// Runs rounds until the time is over.
    fn measure(
        &self,
        arguments: &BenchArguments,
        results: &mut TimelineResults,
    ) -> Result<(), CommandError> {
        let mut stopwatch = Stopwatch::new(arguments.quiet);
        rounds(&mut stopwatch, arguments.time, |round, stopwatch| {
            self.round(round, stopwatch, results)
        })
    }

    /// Runs all pipelines, and then the plain loop for as long as the slowest of them took.
    fn round(
        &self,
        number: usize,
        stopwatch: &mut Stopwatch,
        results: &mut TimelineResults,
    ) -> Result<(), CommandError> {
        let mut slowest = Duration::ZERO;
        for index in turns(number, self.pipelines.len()) {
            let begin = stopwatch.now();
            let seconds = self.turn(&self.pipelines[index], stopwatch)?;
            results.pipelines[index].rounds.push(seconds);
            slowest = slowest.max(stopwatch.now().saturating_sub(begin));
        }
        results.plain.push(self.reference.round(slowest, stopwatch));
        Ok(())
    }

    /// The seconds of each batch of a pipeline, in the second of two runs if the first is short.
    fn turn(
        &self,
        pipeline: &Pipeline,
        stopwatch: &mut Stopwatch,
    ) -> Result<Vec<f64>, CommandError> {
        let begin = stopwatch.now();
        let mut batches = replay(self.scenario, pipeline, self.options)?;
        if stopwatch.now().saturating_sub(begin) < SHORT {
            batches = replay(self.scenario, pipeline, self.options)?;
        }
        Ok(batches.iter().map(|batch| batch.seconds).collect())
    }
}

/// The first lines of the scenario, batch by batch.
fn batches(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Vec<Vec<Records>> {
    let interval_ms = scenario.clock.interval.as_millis() as i64;
    let batch = |time: Time| time.as_millis().div_euclid(interval_ms);
    arrivals(scenario, pipeline, seed)
        .chunk_by(|(one, _), (other, _)| batch(*one) == batch(*other))
        .map(|batch| batch.iter().map(|(_, records)| records.clone()).collect())
        .collect()
}

/// The first blocks that arrive, with their times.
fn arrivals(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Vec<(Time, Records)> {
    let mut arrivals = Arrivals::new(scenario, source_of(pipeline), &InOrder { seed });
    let mut room = LINES_MAX;
    let arrivals = arrivals
        .until(stop_time(scenario))
        .map_while(|(time, records)| {
            let is_taken = room > 0;
            room = room.saturating_sub(records.len());
            is_taken.then_some((time, records))
        });
    arrivals.collect()
}
