//! One run of a pipeline, with a look at the clock before and after each batch.

use std::time::{Duration, Instant};

use engine::{Event, Reader, Text, Time};
use scenario::{Pipeline, Scenario};
use simulator::RunOptions;

use crate::error::CommandError;

/// A batch that was played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Played {
    pub(super) records: usize,
    elapsed: Duration,
}

impl Played {
    /// How long it took; a clock may stand still for so short a time, of which there is no logarithm.
    pub(super) fn seconds(&self) -> f64 {
        self.elapsed.as_secs_f64().max(1e-9)
    }
}

/// Plays a pipeline from start to stop and times its batches: what drawing their words takes is left
/// out, what printing takes is in.
pub(super) fn replay(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
) -> Result<Vec<Played>, CommandError> {
    let mut batches = Batches::default();
    follow(scenario, pipeline, options, &mut batches)?;
    Ok(batches.played)
}

/// Plays a pipeline from start to stop. No batch may fail: it would be timed for what it did not do.
pub(super) fn follow(
    scenario: &Scenario,
    pipeline: &Pipeline,
    options: &RunOptions<'_>,
    reader: &mut dyn Reader,
) -> Result<(), CommandError> {
    let mut watched = Watched {
        reader,
        failure: None,
    };
    let run = simulator::run(scenario, pipeline, options, &mut watched);
    let failure = watched.failure;
    let pipeline = pipeline.name.clone();
    match (run, failure) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(failure)) => Err(CommandError::BatchFailed { pipeline, failure }),
        (Err(source), _) => Err(CommandError::Compile { pipeline, source }),
    }
}

/// A reader, and why the first output operation failed that did.
struct Watched<'a> {
    reader: &'a mut dyn Reader,
    failure: Option<Text>,
}

impl Reader for Watched<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        self.reader.read(time, event);
        self.failure = self.failure.take().or_else(|| event.failure().cloned());
    }
}

/// Batches run as soon as they are submitted, one at a time.
#[derive(Debug, Default)]
struct Batches {
    running: Option<(usize, Instant)>,
    played: Vec<Played>,
}

impl Reader for Batches {
    fn read(&mut self, _: Time, event: &Event) {
        match event {
            Event::BatchSubmitted { records, .. } => {
                self.running = Some((*records, Instant::now()));
            }
            Event::BatchCompleted { .. } => {
                if let Some((records, begun)) = self.running.take() {
                    let elapsed = begun.elapsed();
                    self.played.push(Played { records, elapsed });
                }
            }
            _ => {}
        }
    }
}
