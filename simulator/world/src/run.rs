//! A scenario's pipeline, run from start to stop.

use std::time::Duration;

use engine::{Grid, Inline, Reader, StreamSource, StreamingContext, Time, Workers};
use engine_storage::VirtualDisk;
use scenario::{
    Clock, Entry, Fault, Pipeline, Program, Scenario, Source, TimelineEvent, duration, size,
};

use crate::arrivals::Arrivals;
use crate::compile::failing_parts::FailingParts;
use crate::compile::{CompileError, PipelineSource, Saved, compile_life};
use crate::output::{Output, OutputCounter};
use crate::schedule::InOrder;
use crate::step::driver::{Driver, NextLife, unreadable};
use crate::step::{World, WorldSettings};
use crate::tamper::{self, Tamper};

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
    let scripted = PipelineSource::Scripted;
    let settings = WorldSettings {
        workers: options.workers,
        ..WorldSettings::between(scenario.clock.start, stop_time(scenario))
    };
    let output = Output::default();
    let mut counter = OutputCounter {
        reader,
        output: &output,
    };
    let mut world = World::new(settings, schedule);
    let faults = faults_of(scenario);
    if faults.is_empty() {
        let parts = FailingParts::default();
        let machine = compile_life(scenario, pipeline, &scripted, &parts, None, options.program)?;
        let arrivals = arrivals(scenario, pipeline, machine.sources(), schedule);
        world.add(machine, arrivals, &mut counter);
    } else {
        let failing = FailingParts::possible();
        let program = options.program;
        let machine = compile_life(scenario, pipeline, &scripted, &failing, None, program)?;
        let sources = machine.sources().to_vec();
        let parts = failing.clone();
        let planted = options.tamper;
        let start = move |disk: Option<VirtualDisk>| {
            let scripted = PipelineSource::Scripted;
            let saved = disk.map(|disk| Saved::read(pipeline, disk)).transpose();
            let saved = saved.map_err(|error| unreadable(&error))?;
            let saved = tamper::recovered(saved, planted);
            let is_replayed = match &pipeline.program {
                // Its source has all its files, and the checkpoint says which of them are read.
                Program::Structured(_) => true,
                _ => matches!(saved, Some(Saved::Streams(Some(_)))),
            };
            let machine = compile_life(scenario, pipeline, &scripted, &parts, saved, program);
            let machine = machine.map_err(|error| unreadable(&error))?;
            Ok(NextLife {
                machine,
                is_replayed,
            })
        };
        let arrivals = move || arrivals(scenario, pipeline, &sources, schedule);
        let has_checkpoints = scenario.cluster.checkpoint.is_some();
        let driver = Driver::new(
            Box::new(start),
            Box::new(arrivals),
            has_checkpoints,
            faults,
            failing,
            scenario.clock.start,
        );
        let driver = driver.tampered(options.tamper);
        world.add_driver(machine, driver, &mut counter);
    }
    let limit = scenario.limits.output;
    while world.step() {
        if output.bytes.get() > limit {
            let at = output.last.get().since(scenario.clock.start);
            return Err(RunError::Output { limit, at });
        }
    }
    Ok(world.unreached())
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
        _ => Arrivals::new(scenario, source_of(pipeline), &schedule),
    }
}

/// The faults of a scenario, in the order of time.
fn faults_of(scenario: &Scenario) -> Vec<(Time, Fault)> {
    let faults = scenario.timeline.iter().filter_map(|entry| {
        let TimelineEvent::Fault(fault) = entry.event else {
            return None;
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
    let scripted = PipelineSource::Scripted;
    let parts = FailingParts::default();
    let machine = compile_life(scenario, pipeline, &scripted, &parts, None, options.program)?;
    Ok(machine.sources().to_vec())
}

/// The kind of the pipeline's source, which decides how lines of the scenario become records.
pub fn source_of(pipeline: &Pipeline) -> Source {
    match &pipeline.program {
        Program::Stateless { source, .. } | Program::UpdateState { source, .. } => *source,
        Program::MapWithState(program) => program.source,
        Program::Structured(structured) => structured.source,
        Program::Steps(_) | Program::Python(_) | Program::Rust(_) => Source::Memory,
    }
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
