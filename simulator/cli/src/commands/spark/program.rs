//! A PySpark program of a scenario on a real Spark: the same file, with the same lines.

use engine::{Event, Reader, Time};
use oracle::{Answer, Installation, SparkProgram};
use scenario::PythonProgram;
use simulator::RunOptions;
use suite::{Case, ProgramTimeline};

use super::pipeline::SparkPipeline;
use crate::args::SparkArguments;
use crate::error::CommandError;

/// The console of Spark for a program.
pub(super) fn play(
    installation: &Installation,
    pipeline: &SparkPipeline,
    case: &Case,
    program: &PythonProgram,
    arguments: &SparkArguments,
) -> Result<Answer, CommandError> {
    let file = case.program_file(&pipeline.pipeline).unwrap_or_default();
    let job = std::path::absolute(&file)
        .map_err(|source| CommandError::ReadFile { path: file, source })?;
    let mut timeline = ProgramTimeline::of(&case.scenario, arguments.seed);
    if timeline.stop.is_none() {
        timeline.stop = Some(end(case, pipeline, arguments.seed)?);
    }
    // Those of checks: a file without lines would be one that Spark reads.
    timeline.entries.retain(|entry| !entry.lines.is_empty());
    let mut timeline = timeline.to_json();
    timeline["shows_saved"] = true.into();
    let program = SparkProgram {
        job,
        timeline,
        arguments: program.arguments.clone(),
    };
    Ok(program.play(installation, arguments.timeout)?)
}

/// The last instant of ours: the program says its own batch interval.
fn end(case: &Case, pipeline: &SparkPipeline, seed: u64) -> Result<Time, CommandError> {
    let mut last = LastEvent(case.scenario.clock.start);
    let options = RunOptions {
        seed,
        ..RunOptions::default()
    };
    case.run(&pipeline.pipeline, &options, &mut last)
        .map_err(CommandError::play(&case.name, &pipeline.pipeline))?;
    Ok(last.0)
}

/// The time of the last event of a run.
struct LastEvent(Time);

impl Reader for LastEvent {
    fn read(&mut self, time: Time, _: &Event) {
        self.0 = self.0.max(time);
    }
}
