//! One run of a pipeline, with the time of each batch.

use std::time::Instant;

use engine::{Event, Reader, Time};
use report::{FailureLines, Zone};
use scenario::{Cost, Pipeline, Scenario};
use simulator::RunOptions;

use crate::error::CommandError;

/// A batch with its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimedBatch {
    pub(super) records: usize,
    pub(super) seconds: f64,
}

/// Runs a pipeline from start to stop and times its batches. The time includes printing, but not the
/// drawing of words.
pub(super) fn replay(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
) -> Result<Vec<TimedBatch>, CommandError> {
    if may_batches_wait(scenario, pipeline) {
        return Err(CommandError::NotTimed(pipeline.name.clone()));
    }
    let mut timer = BatchTimer::default();
    follow(scenario, pipeline, options, &mut timer)?;
    Ok(timer.batches)
}

/// True if batches may wait for each other.
fn may_batches_wait(scenario: &Scenario, pipeline: &Pipeline) -> bool {
    scenario.timeline.iter().any(|entry| entry.event.is_fault())
        || scenario.cluster.executors.is_some()
        || scenario.cluster.concurrent_jobs > 1
        || scenario.cost_of(pipeline) != Cost::default()
}

/// Runs a pipeline from start to stop. A batch that fails is an error, as its time would be that of less
/// work.
pub(super) fn follow(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
    reader: &mut dyn Reader,
) -> Result<(), CommandError> {
    let zone = Zone::named(&scenario.clock.timezone)?;
    let mut first = FirstFailure {
        lines: FailureLines::new(scenario.profile_of(pipeline), zone),
        failure: None,
    };
    simulator::run(scenario, pipeline, options, &mut (reader, &mut first))
        .map_err(CommandError::replay(pipeline))?;
    let pipeline = pipeline.name.clone();
    first.failure.map_or(Ok(()), |failure| {
        Err(CommandError::BatchFailed { pipeline, failure })
    })
}

/// The first failure of an output operation.
#[derive(Debug)]
struct FirstFailure {
    lines: FailureLines,
    failure: Option<String>,
}

impl Reader for FirstFailure {
    fn read(&mut self, _: Time, event: &Event) {
        if self.failure.is_none() {
            self.failure = self.lines.line(event);
        }
    }
}

/// Times batches, which run one at a time, as soon as they are submitted.
#[derive(Debug, Default)]
struct BatchTimer {
    /// The records and the begin of the batch that runs.
    running: Option<(usize, Instant)>,
    batches: Vec<TimedBatch>,
}

impl Reader for BatchTimer {
    fn read(&mut self, _: Time, event: &Event) {
        match event {
            Event::BatchSubmitted { records, .. } => {
                assert!(self.running.is_none(), "one batch runs at a time");
                self.running = Some((*records, Instant::now()));
            }
            Event::BatchCompleted { .. } => {
                let running = self.running.take();
                self.batches
                    .extend(running.map(|(records, begin)| TimedBatch {
                        records,
                        // A coarse clock may show no time for a short batch, and zero has no logarithm.
                        seconds: begin.elapsed().as_secs_f64().max(1e-9),
                    }));
            }
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::StateUpdated { .. }
            | Event::Printed { .. }
            | Event::TableShown { .. }
            | Event::TableWritten { .. }
            | Event::QueryProgress { .. }
            | Event::Saved { .. }
            | Event::TextPrinted { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => {}
        }
    }
}
