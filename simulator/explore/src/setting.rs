//! A pipeline in its scenario, as it is played.

use std::time::Duration;

use engine::{Reader, Time};
use scenario::{Pipeline, Scenario, Source, TimelineEvent};
use simulator::{RunError, source_of, stop_time};

use crate::not_explored::NotExplored;

/// Batches behind the last one of a scenario, in which a driver that was late catches up.
const CALM: u32 = 6;

/// Plays the pipeline of a setting, with a reader of its events.
pub(crate) type Play<'a> = dyn FnMut(&mut dyn Reader) -> Result<(), RunError> + 'a;

/// A pipeline in its scenario, as it is played.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The scenario with time behind its last batch, and without its expectations.
    pub(crate) scenario: Scenario,
    /// The pipeline as it is played, all of whose rows are shown.
    pub(crate) pipeline: Pipeline,
    /// The pipeline as it is written.
    pub(crate) written: Pipeline,
    /// The last instant of the scenario itself.
    pub(crate) last: Time,
    /// True if each line has to count, whatever Spark promises.
    pub(crate) is_lossless: bool,
}

impl Setting {
    /// # Errors
    ///
    /// The scenario has no checkpoints, or faults of its own.
    pub(crate) fn new(scenario: &Scenario, pipeline: &Pipeline) -> Result<Setting, NotExplored> {
        if scenario.cluster.checkpoint.is_none() {
            return Err(NotExplored::NoCheckpoint);
        }
        let is_fault = |event: &TimelineEvent| matches!(event, TimelineEvent::Fault(_));
        if scenario.timeline.iter().any(|entry| is_fault(&entry.event)) {
            return Err(NotExplored::Faults);
        }
        let last = stop_time(scenario);
        let mut scenario = scenario.clone();
        let end = last.since(scenario.clock.start);
        scenario.clock.stop = Some(end.saturating_add(scenario.clock.interval * CALM));
        // An expectation is of a run without faults.
        let is_expectation = |event: &TimelineEvent| matches!(event, TimelineEvent::Expect(_));
        scenario
            .timeline
            .retain(|entry| !is_expectation(&entry.event));
        Ok(Setting {
            scenario,
            pipeline: pipeline.clone(),
            written: pipeline.clone(),
            last,
            is_lossless: false,
        })
    }

    /// True if each line counts, whenever the driver dies: the source keeps it, or it is logged. A receiver loses lines
    /// that are sent while the driver is down all the same.
    pub(crate) fn keeps_input(&self) -> bool {
        self.is_lossless || self.has_direct_source() || self.scenario.cluster.write_ahead_log
    }

    /// True if nothing arrives at this offset from the start of the clock.
    pub(crate) fn is_silent(&self, at: Duration) -> bool {
        let timeline = &self.scenario.timeline;
        timeline.iter().all(|entry| match &entry.event {
            TimelineEvent::Lines { .. } => entry.at != at,
            TimelineEvent::Generate(_) => entry.end() <= at,
            TimelineEvent::Fault(_) | TimelineEvent::Expect(_) => true,
        })
    }

    pub(crate) fn has_direct_source(&self) -> bool {
        source_of(&self.pipeline) == Source::Direct
    }

    pub(crate) fn interval(&self) -> Duration {
        self.scenario.clock.interval
    }

    /// The offset of an instant from the start of the clock.
    pub(crate) fn offset(&self, time: Time) -> Duration {
        time.since(self.scenario.clock.start)
    }
}
