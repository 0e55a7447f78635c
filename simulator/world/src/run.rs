//! A scenario's pipeline, run from start to stop.

use engine::{Grid, Inline, Reader, Time, Workers};
use scenario::{Pipeline, Program, Scenario, Source, TimelineEvent};

use crate::compile::{CompileError, Feed, compile};
use crate::step::World;
use crate::timeline::Timeline;

/// What a run is given besides the scenario. Only the seed changes what comes out.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    /// The seed of all that is drawn.
    pub seed: u64,
    /// Where stages of work are spread.
    pub workers: &'a dyn Workers,
}

impl Default for RunOptions<'_> {
    fn default() -> Self {
        RunOptions {
            seed: 0,
            workers: &Inline,
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

/// Runs one pipeline of a scenario and tells `reader` what happens.
///
/// The same scenario and seed tell the same, on any machine and with any workers.
///
/// # Errors
///
/// The rule that the pipeline breaks; then nothing was run.
pub fn run(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
    reader: &mut dyn Reader,
) -> Result<(), CompileError> {
    let machine = compile(scenario, pipeline, &Feed::Scripted)?;
    let timeline = Timeline::new(scenario, source_of(pipeline), options.seed);
    let span = (scenario.clock.start, stop_time(scenario));
    World::start(machine, timeline, span, (options.workers, reader)).run();
    Ok(())
}

/// What the pipeline's source makes of the scenario's text.
fn source_of(pipeline: &Pipeline) -> Source {
    match &pipeline.program {
        Program::Stateless { source, .. } | Program::UpdateState { source, .. } => *source,
        Program::MapWithState(program) => program.source,
        Program::Structured(structured) => structured.source,
        Program::Steps(_) => Source::Memory,
    }
}

/// The last instant that is played: the scenario's `stop`, or else the first batch time at or after
/// its last entry.
pub fn stop_time(scenario: &Scenario) -> Time {
    let clock = &scenario.clock;
    let offset = clock.stop.unwrap_or_else(|| {
        let ends = scenario.timeline.iter().map(|entry| match &entry.event {
            TimelineEvent::Generate(generate) => entry.at.saturating_add(generate.duration),
            TimelineEvent::Lines { .. } | TimelineEvent::Expect(_) => entry.at,
        });
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
