//! A scenario's pipeline, run from start to stop.

use std::time::Duration;

use engine::{Grid, Inline, Reader, StreamSource, StreamingContext, Time, Workers};
use scenario::{
    Clock, Cost, Entry, Fault, Pipeline, Program, Scenario, Source, TimelineEvent, duration, size,
};

use crate::arrivals::Arrivals;
use crate::cluster::Cluster;
use crate::compile::failing_parts::FailingParts;
use crate::compile::{CompileError, PipelineSource, Surroundings, compile_life, is_expected};
use crate::lives::Lives;
use crate::progress::{Progress, ProgressReader};
use crate::schedule::{InOrder, Schedule};
use crate::step::driver::Driver;
use crate::step::{World, WorldSettings};
use crate::tamper::Tamper;

/// A program of streams of a user's own crate, which is written anew for each life of its driver.
pub type UserProgram<'a> = dyn Fn(&StreamingContext) + Sync + 'a;

/// The options of a run besides the scenario. Only the seed changes the output.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// The seed of all draws.
    pub seed: u64,
    /// The workers over which stages of jobs are spread.
    pub workers: &'a dyn Workers,
    /// A planted fault of recovery.
    pub tamper: Option<&'a dyn Tamper>,
    /// The program of a pipeline that names one in Rust.
    pub program: Option<&'a UserProgram<'a>>,
}

impl Default for RunOptions<'_> {
    fn default() -> Self {
        RunOptions {
            seed: 0,
            workers: &Inline,
            tamper: None,
            program: None,
        }
    }
}

impl std::fmt::Debug for RunOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunOptions")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// The stream of dice for the order of map outputs: generators and faults of sources have others.
const PERMUTED_READS: u64 = 1 << 33;

/// A run that did not get to its stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The pipeline breaks a rule, so nothing was run.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The rows that it printed have more bytes than the scenario's limit.
    #[error(
        "its rows have more than {} of text by {}: print fewer, or allow more by `[limits] output`",
        size::print(*.limit), duration::print(*.at)
    )]
    Output {
        /// The limit.
        limit: u64,
        /// The offset from the start of the clock.
        at: Duration,
    },
    /// The jobs of its batches take so long that it breaks a limit of virtual time or of batches before they are done.
    #[error(
        "its batches are not done within the limits of virtual time and of batches: let work cost less, or end the run \
         by `[clock] stop`"
    )]
    Unfinished,
    /// The driver did not come to the point at which it was to die.
    #[error(
        "the driver was to die at {point}, and did not come to it before it was started again or the run ended: name \
         another point, or begin earlier"
    )]
    Unreached {
        /// The point.
        point: String,
    },
}

/// Runs one pipeline of a scenario. `reader` follows its events.
///
/// The same scenario and seed give the same events, on any machine and with any workers.
///
/// # Errors
///
/// Fails without running anything if the pipeline breaks a rule, in the middle if it prints more than the scenario's
/// limit, and at the end if its driver did not come to a point at which it was to die.
pub fn run(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
    reader: &mut dyn Reader,
) -> Result<(), RunError> {
    match play(scenario, pipeline, options, reader)? {
        Some(point) => Err(RunError::Unreached { point }),
        None => Ok(()),
    }
}

/// As [`run`], and returns the first point at which the driver was to die and did not. One that is started again then
/// is one that was killed at that instant.
///
/// # Errors
///
/// As [`run`], without that.
pub fn play(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
    reader: &mut dyn Reader,
) -> Result<Option<String>, RunError> {
    let schedule = InOrder { seed: options.seed };
    let cost = scenario.cost_of(pipeline);
    let stop = stop_time(scenario);
    let settings = WorldSettings {
        workers: options.workers,
        cost,
        ..WorldSettings::between(scenario.clock.start, stop)
    };
    let progress = Progress::default();
    let mut follower = ProgressReader {
        reader,
        stop,
        progress: &progress,
    };
    let mut world = World::new(settings, schedule);
    match add(&mut world, scenario, pipeline, options, &mut follower) {
        Err(RunError::Compile(error)) if is_refused_as_expected(pipeline, &error) => {
            return Ok(None);
        }
        added => added?,
    }
    while world.step() {
        progress.check_output(scenario)?;
    }
    let waits = scenario.clock.stop.is_none() && cost != Cost::default();
    let is_query = matches!(pipeline.program, Program::Structured(_));
    while let Some(time) = world.next_time().filter(|_| waits) {
        let is_done = progress.is_finished() && !world.is_busy(is_query);
        if is_done && time > world.now() {
            break;
        }
        progress.check_batches(scenario, time)?;
        world.step_until(time);
        progress.check_output(scenario)?;
    }
    world.end();
    Ok(world.unreached())
}

/// True of a query in SQL that its scenario expects to be refused so: nothing runs.
fn is_refused_as_expected(pipeline: &Pipeline, error: &CompileError) -> bool {
    match (&pipeline.program, error) {
        (Program::Structured(query), CompileError::Refused(refusal)) => is_expected(query, refusal),
        _ => false,
    }
}

/// Adds the machine of a pipeline to a world, with a driver if something happens to it.
fn add<'a>(
    world: &mut World<'a>,
    scenario: &'a Scenario,
    pipeline: &'a Pipeline,
    options: &RunOptions<'a>,
    reader: impl Reader + 'a,
) -> Result<(), RunError> {
    let schedule = InOrder { seed: options.seed };
    let scripted = PipelineSource::Scripted;
    let faults = faults_of(scenario);
    let cluster = Cluster::of(&scenario.cluster);
    let has_faults = !faults.is_empty() || cluster.is_some();
    let surroundings = Surroundings {
        failing: if has_faults {
            FailingParts::possible()
        } else {
            FailingParts::default()
        },
        block_manager: cluster.as_ref().map(Cluster::block_manager),
        program: options.program,
    };
    let machine = compile_life(scenario, pipeline, &scripted, &surroundings, None)?;
    let sources = machine.sources().to_vec();
    let arrivals = move || arrivals(scenario, pipeline, &sources, schedule);
    if has_faults {
        let failing = surroundings.failing.clone();
        let mut lives = Lives::new(scenario, pipeline, surroundings, options.tamper);
        let start = move |now, disk| lives.start(now, disk);
        let has_checkpoints = scenario.cluster.checkpoint.is_some();
        let driver = Driver::new(
            Box::new(start),
            Box::new(arrivals),
            has_checkpoints,
            faults,
            failing,
            scenario.clock.start,
        );
        let is_query = matches!(pipeline.program, Program::Structured(_));
        let driver = driver.tampered(options.tamper).of_query(is_query);
        let driver = driver.with_dice(schedule.dice(PERMUTED_READS));
        world.add_driver(machine, driver, cluster, reader);
    } else {
        world.add(machine, arrivals(), reader);
    }
    Ok(())
}

/// The arrivals of a pipeline with these sources: those of the one in words, or of each that the program of a user has.
fn arrivals(
    scenario: &Scenario,
    pipeline: &Pipeline,
    sources: &[StreamSource],
    schedule: InOrder,
) -> Arrivals {
    match &pipeline.program {
        Program::Rust(_) => Arrivals::at(scenario, sources, &schedule),
        Program::Structured(query) if query.sql.is_some() && !scenario.sources.is_empty() => {
            Arrivals::of_query(scenario, sources, &schedule)
        }
        _ => Arrivals::of_pipeline(scenario, pipeline, &schedule),
    }
}

/// The faults of a scenario, in the order of time.
fn faults_of(scenario: &Scenario) -> Vec<(Time, Fault)> {
    let faults = scenario.timeline.iter().filter_map(|entry| {
        let fault = match &entry.event {
            TimelineEvent::Fault(fault) => *fault,
            TimelineEvent::ChangedRestart(_) => Fault::Restart,
            _ => return None,
        };
        Some((scenario.clock.start.checked_add(entry.at)?, fault))
    });
    faults.collect()
}

/// The sources of a pipeline, as its program has them.
///
/// # Errors
///
/// The pipeline breaks a rule.
pub fn sources_of(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
) -> Result<Vec<StreamSource>, RunError> {
    let surroundings = Surroundings {
        program: options.program,
        ..Surroundings::default()
    };
    let scripted = PipelineSource::Scripted;
    let machine = compile_life(scenario, pipeline, &scripted, &surroundings, None)?;
    Ok(machine.sources().to_vec())
}

/// The kind of the pipeline's source, which decides how lines of the scenario become records.
pub fn source_of(pipeline: &Pipeline) -> Source {
    pipeline.program.source()
}

/// The last instant of a scenario that is played: the clock's `stop`, or else the first batch time at or after the
/// last entry, or the trigger by which a query takes the last line.
pub fn stop_time(scenario: &Scenario) -> Time {
    let clock = &scenario.clock;
    let stop = stop_of(clock, &scenario.timeline);
    let taken = clock.start.checked_add(scenario.taken());
    let taken = taken.filter(|_| clock.stop.is_none());
    taken.map_or(stop, |taken| stop.max(taken))
}

/// The last instant of these entries that is played: the clock's `stop`, or else the first batch time at or
/// after the last entry.
pub fn stop_of<'a>(clock: &Clock, entries: impl IntoIterator<Item = &'a Entry>) -> Time {
    let offset = clock.stop.unwrap_or_else(|| {
        let ends = entries.into_iter().map(Entry::end);
        ends.max().unwrap_or_default()
    });
    let end = clock.start.checked_add(offset).unwrap_or(clock.start);
    if clock.stop.is_some() {
        return end;
    }
    // A batch ends strictly after the start, also when the last entry is at the start.
    let grid = Grid::every(clock.interval);
    let batch = if end == clock.start {
        grid.after(end)
    } else {
        grid.at_or_after(end)
    };
    batch.unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use engine::{Event, Journal};

    use super::*;

    /// A scenario with one word count, which starts 500 ms after the epoch.
    fn scenario(timeline: &str, clock: &str) -> Scenario {
        let text = format!(
            "timeline = [{timeline}]\n[clock]\nstart = 1970-01-01T00:00:00.5Z\n{clock}\n\
             [[pipeline]]\nname = 'counts'\nmode = 'stateless'"
        );
        scenario::parse("run.toml", &text).expect("the scenario has no mistakes")
    }

    #[track_caller]
    fn check_stop(timeline: &str, clock: &str, expected_ms: i64) {
        let stop = stop_time(&scenario(timeline, clock));
        assert_eq!(stop, Time::from_millis(expected_ms));
    }

    #[test]
    fn a_run_ends_with_the_first_batch_at_or_after_the_last_entry() {
        check_stop("{ at = '1500ms', lines = [] }", "", 2_000);
        check_stop("{ at = '1501ms', lines = [] }", "", 3_000);
        check_stop("{ at = '1ms', lines = [] }", "interval = '3s'", 3_000);
    }

    #[test]
    fn trg_2_a_trigger_takes_the_last_line_before_the_run_ends() {
        let lines = "{ at = '1s', lines = [] }, { at = '2s', lines = ['a'] }";
        let mut scenario = scenario(lines, "");
        let query = "mode = 'structured'\ntrigger = { processing_time = '5s' }";
        let text = format!("timeline = [{lines}]\n[[pipeline]]\nname = 'query'\n{query}");
        let other = scenario::parse("query.toml", &text).expect("the text has no mistakes");
        assert_eq!(stop_time(&other), Time::from_millis(5_000));
        scenario.pipelines.extend(other.pipelines);
        assert_eq!(stop_time(&scenario), Time::from_millis(5_000));
        scenario.clock.stop = Some(Duration::from_secs(3));
        assert_eq!(stop_time(&scenario), Time::from_millis(3_500));
    }

    #[test]
    fn an_expectation_is_an_entry_too() {
        let expect = "{ at = '1s', lines = [] }, { at = '5s', expect = { contains = ['x'] } }";
        check_stop(expect, "", 6_000);
    }

    #[test]
    fn the_longest_generator_counts_up_to_its_end() {
        let longest =
            "{ at = '0s', generate = { rate = 1, duration = '9s' } }, { at = '1s', lines = [] }";
        check_stop(longest, "", 10_000);
        let shorter =
            "{ at = '0s', generate = { rate = 1, duration = '1s' } }, { at = '2s', lines = [] }";
        check_stop(shorter, "", 3_000);
    }

    #[test]
    fn there_is_a_batch_even_if_everything_happens_at_the_start() {
        check_stop("{ at = '0s', lines = [] }", "", 1_000);
        let mut at_a_batch = scenario("{ at = '0s', lines = [] }", "");
        at_a_batch.clock.start = Time::from_millis(2_000);
        assert_eq!(stop_time(&at_a_batch), Time::from_millis(3_000));
    }

    #[test]
    fn a_stop_that_is_written_is_kept_to_the_millisecond() {
        check_stop("{ at = '1s', lines = [] }", "stop = '1234ms'", 1_734);
        check_stop("{ at = '0s', lines = [] }", "stop = '0s'", 500);
    }

    #[test]
    fn at_the_end_of_time_there_is_no_batch_to_wait_for() {
        let mut scenario = scenario("{ at = '1s', lines = [] }", "");
        scenario.clock.start = Time::from_millis(i64::MAX - 1_000);
        assert_eq!(stop_time(&scenario), Time::from_millis(i64::MAX));
        scenario.clock.start = Time::from_millis(i64::MAX);
        assert_eq!(stop_time(&scenario), Time::from_millis(i64::MAX));
    }

    #[test]
    fn a_run_ends_where_its_rows_have_more_text_than_the_limit() {
        let ended = |limit: &str| {
            let text = format!(
                "timeline = [{{ at = '1s', lines = ['blue'] }}]\n[clock]\nstop = '1h'\n\
                 [limits]\noutput = '{limit}'\n[[pipeline]]\nname = 'p'\nsteps = [{{ window = {{ length = '2h' }} }}, {{ print = 1 }}]"
            );
            let scenario = scenario::parse("run.toml", &text).expect("the text has no mistakes");
            let mut journal = Journal::new();
            let options = RunOptions::default();
            let ended = run(&scenario, &scenario.pipelines[0], &options, &mut journal);
            ended.map_err(|error| error.to_string())
        };
        assert_eq!(ended("14400B"), Ok(()));
        let message = "its rows have more than 40B of text by 11s: print fewer, or allow more by `[limits] output`";
        assert_eq!(ended("40B"), Err(message.to_owned()));
    }

    /// The number of records that a pipeline makes of two lines that the file has as one.
    fn records(pipeline: &str) -> usize {
        let text = format!(
            "timeline = [{{ at = '1s', lines = [\"a\\nb\"] }}]\n[[pipeline]]\nname = 'p'\n{pipeline}"
        );
        let scenario = scenario::parse("run.toml", &text).expect("the scenario has no mistakes");
        let mut journal = Journal::new();
        let options = RunOptions::default();
        let ended = run(&scenario, &scenario.pipelines[0], &options, &mut journal);
        ended.expect("the program keeps the rules");
        let records = journal.entries().iter().map(|entry| match entry.event {
            Event::BatchSubmitted { records, .. } | Event::QueryProgress { records, .. } => records,
            _ => 0,
        });
        records.sum()
    }

    #[test]
    fn only_a_socket_cuts_lines() {
        for mode in ["stateless", "update_state", "map_with_state", "structured"] {
            assert_eq!(records(&format!("mode = '{mode}'")), 1, "{mode}");
            let socket = format!("mode = '{mode}'\nsource = 'socket'");
            assert_eq!(records(&socket), 2, "{mode}");
        }
        assert_eq!(records("steps = [{ print = 1 }]"), 1);
    }
}
