//! The user's scenario: its pipelines that keep a state, in turn, on its own timeline.

use std::path::Path;
use std::time::Duration;

use engine::{Block, Input, Time};
use engine_live::Threads;
use measure::{
    PipelineTimings, ROUNDS_MAX, ROUNDS_MIN, TimelineBaseline, TimelineResults, Watch, Yardstick,
};
use scenario::{Pipeline, Scenario};
use simulator::{RunOptions, Timeline, source_of, stop_time};
use suite::Case;

use super::pair::{self, entrants};
use super::replay::{Played, replay};
use super::stopwatch::Stopwatch;
use super::{Found, limit, read_baseline, runs, tell, time_of_run};
use crate::args::BenchArguments;
use crate::error::CommandError;
use crate::exit::Exit;

/// Caches that are still somebody else's show in a turn that is shorter.
const SHORT: Duration = Duration::from_millis(10);

/// The plain loop counts at most so many lines: it holds all of them.
const LINES_MAX: usize = 1_000_000;

/// Plays the scenario until the time is over, and prints what was found.
pub(super) fn bench(file: &Path, arguments: &BenchArguments) -> Result<Exit, CommandError> {
    let Case { name, scenario, .. } =
        Case::read(file).map_err(|error| CommandError::Read(vec![error]))?;
    let pipelines = entrants(&scenario);
    let Some(first) = pipelines.first() else {
        return Err(CommandError::NoState(file.to_owned()));
    };
    let threads = Threads::new(arguments.workers.get());
    let options = RunOptions {
        seed: arguments.seed,
        workers: &threads,
    };
    let match_up = MatchUp {
        scenario: &scenario,
        pipelines: &pipelines,
        options: &options,
        yardstick: Yardstick::new(lines(&scenario, first, arguments.seed)),
    };
    let mut results = match_up.before_any_round(&name, arguments)?;
    if results.records.is_empty() {
        return Err(CommandError::NoBatch(file.to_owned()));
    }
    // A baseline that does not fit is told before anything is measured.
    let baseline = read_baseline(arguments, |text| {
        let baseline = TimelineBaseline::parse(text)?;
        baseline.fits(&results)?;
        Ok(baseline)
    })?;
    let found = if arguments.runs.get() > 1 {
        runs::measure(arguments, Stopwatch::new(arguments.quiet))?
    } else {
        pair::check_agreement(&scenario, &pipelines, &options)?;
        match_up.take_turns(arguments, &mut results)?;
        Found {
            json: results.to_json(),
            text: Some(results.to_string()),
        }
    };
    let changes = found.compared(baseline, |baseline, json| {
        let now = TimelineBaseline::from_json(json)?;
        Ok(baseline.changes(&now, limit(arguments)))
    })?;
    tell(arguments, found, changes.as_ref())
}

/// Who takes turns, and on what.
struct MatchUp<'a> {
    scenario: &'a Scenario,
    pipelines: &'a [Pipeline],
    options: &'a RunOptions<'a>,
    yardstick: Yardstick,
}

impl MatchUp<'_> {
    /// The results without any round; one run says what the batches are.
    fn before_any_round(
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
            words: self.yardstick.words(),
            pipelines: timings.collect(),
            plain: Vec::new(),
        })
    }

    /// Rounds until the time is over.
    fn take_turns(
        &self,
        arguments: &BenchArguments,
        results: &mut TimelineResults,
    ) -> Result<(), CommandError> {
        let mut stopwatch = Stopwatch::new(arguments.quiet);
        for round in 0..ROUNDS_MAX {
            let gone = stopwatch.now().as_secs_f64() / arguments.time.as_secs_f64();
            if round >= ROUNDS_MIN && gone >= 1.0 {
                break;
            }
            stopwatch.progress(gone.min(round as f64 / ROUNDS_MIN as f64));
            self.round(round, &mut stopwatch, results)?;
        }
        Ok(())
    }

    /// Each pipeline plays the whole timeline, beginning with another one each round, and then the plain loop
    /// runs for as long as the slowest of them.
    fn round(
        &self,
        number: usize,
        stopwatch: &mut Stopwatch,
        results: &mut TimelineResults,
    ) -> Result<(), CommandError> {
        let mut slowest = Duration::ZERO;
        for place in 0..self.pipelines.len() {
            let index = (number + place) % self.pipelines.len();
            let begin = stopwatch.now();
            let seconds = self.turn(&self.pipelines[index], stopwatch)?;
            results.pipelines[index].rounds.push(seconds);
            slowest = slowest.max(stopwatch.now().saturating_sub(begin));
        }
        results.plain.push(self.yardstick.round(slowest, stopwatch));
        Ok(())
    }

    /// The seconds of each batch of a pipeline that plays the whole timeline; if that is short, for the second
    /// time in a row.
    fn turn(
        &self,
        pipeline: &Pipeline,
        stopwatch: &mut Stopwatch,
    ) -> Result<Vec<f64>, CommandError> {
        let begin = stopwatch.now();
        let mut played = replay(self.scenario, pipeline, self.options)?;
        if stopwatch.now().saturating_sub(begin) < SHORT {
            played = replay(self.scenario, pipeline, self.options)?;
        }
        Ok(played.iter().map(Played::seconds).collect())
    }
}

/// The first lines of the scenario, batch by batch.
fn lines(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Vec<Vec<Block>> {
    let stored = stored(scenario, pipeline, seed);
    let interval_ms = scenario.clock.interval.as_millis() as i64;
    let batch = |time: Time| time.as_millis().div_euclid(interval_ms);
    let batches = stored.chunk_by(|(one, _), (other, _)| batch(*one) == batch(*other));
    let blocks = |batch: &[(Time, Block)]| batch.iter().map(|(_, block)| block.clone()).collect();
    batches.map(blocks).collect()
}

/// The first blocks that arrive, with their times.
fn stored(scenario: &Scenario, pipeline: &Pipeline, seed: u64) -> Vec<(Time, Block)> {
    let mut timeline = Timeline::new(scenario, source_of(pipeline), seed);
    let stop = stop_time(scenario);
    let mut room = LINES_MAX;
    let arrivals = std::iter::from_fn(|| match timeline.next(stop)? {
        (time, Input::Stored { block, .. }) if room > 0 => {
            room = room.saturating_sub(block.len());
            Some((time, block))
        }
        _ => None,
    });
    arrivals.collect()
}
