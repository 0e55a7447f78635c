//! A pipeline in its scenario, as it is played.

use std::time::Duration;

use engine::{Reader, StreamSource, Time};
use scenario::{Pipeline, Program, Scenario, Source, TimelineEvent};
use simulator::{RunError, RunOptions, UserProgram, play, source_of, sources_of, stop_time};

use crate::not_explored::NotExplored;
use crate::own::Own;

/// Batches behind the last one of a scenario, in which a driver that was late catches up.
const CALM: u32 = 6;

/// Plays the pipeline of a setting, with a reader of its events.
pub(crate) type Play<'a> = dyn FnMut(&mut dyn Reader) -> Result<(), RunError> + 'a;

/// A pipeline in its scenario, as it is played.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The scenario without its expectations, which are of a run without faults.
    pub(crate) base: Scenario,
    /// The same, with time behind its last batch.
    pub(crate) scenario: Scenario,
    /// The pipeline as it is played, all of whose rows are shown.
    pub(crate) pipeline: Pipeline,
    /// The pipeline as it is written.
    pub(crate) written: Pipeline,
    /// The last instant of the scenario itself.
    pub(crate) last: Time,
    pub(crate) own: Own,
    /// True if the source keeps its lines.
    has_direct_source: bool,
    /// True if the result may not depend on the cut of the input into batches.
    pub(crate) is_cut_anyhow: bool,
    /// True if each line has to count, whatever Spark promises.
    pub(crate) is_lossless: bool,
}

impl Setting {
    /// # Errors
    ///
    /// The scenario has no checkpoints, or faults of its own.
    pub(crate) fn new(
        scenario: &Scenario,
        pipeline: &Pipeline,
        own: Own,
    ) -> Result<Setting, NotExplored> {
        if scenario.cluster.checkpoint.is_none() {
            return Err(NotExplored::NoCheckpoint);
        }
        if scenario.timeline.iter().any(|entry| entry.event.is_fault()) {
            return Err(NotExplored::Faults);
        }
        let last = stop_time(scenario);
        let mut base = scenario.clone();
        let is_expectation = |event: &TimelineEvent| matches!(event, TimelineEvent::Expect(_));
        base.timeline.retain(|entry| !is_expectation(&entry.event));
        let mut scenario = base.clone();
        let end = last.since(scenario.clock.start);
        scenario.clock.stop = Some(end.saturating_add(scenario.clock.interval * CALM));
        let options = RunOptions {
            program: program_of(&own),
            ..RunOptions::default()
        };
        let has_direct_source = match &pipeline.program {
            Program::Rust(_) => sources_of(&scenario, pipeline, &options)?
                .iter()
                .all(StreamSource::keeps_records),
            _ => source_of(pipeline) == Source::Direct,
        };
        Ok(Setting {
            has_direct_source,
            own,
            base,
            is_cut_anyhow: false,
            scenario,
            pipeline: pipeline.clone(),
            written: pipeline.clone(),
            last,
            is_lossless: false,
        })
    }

    /// Has the tables of a query show as many rows, also in the lives after the first one, whose program is that of the
    /// scenario.
    pub(crate) fn show_rows(&mut self, rows: usize) {
        let name = self.pipeline.name.clone();
        let of_scenario = self.scenario.pipelines.iter_mut();
        let of_scenario = of_scenario.filter(|it| it.name == name);
        for pipeline in of_scenario.chain([&mut self.pipeline]) {
            if let Program::Structured(query) = &mut pipeline.program {
                query.num_rows = rows;
            }
        }
    }

    /// Plays the pipeline in a scenario with faults. A driver that runs again may not come to a point of a batch a second
    /// time.
    pub(crate) fn play(
        &self,
        scenario: &Scenario,
        options: &RunOptions<'_>,
        reader: &mut dyn Reader,
    ) -> Result<(), RunError> {
        if let Some(before_each) = &self.own.before_each {
            before_each();
        }
        let options = RunOptions {
            program: program_of(&self.own),
            ..*options
        };
        play(scenario, &self.pipeline, &options, reader).map(drop)
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
            TimelineEvent::Fault(_)
            | TimelineEvent::SourceFault(_)
            | TimelineEvent::ChangedRestart(_)
            | TimelineEvent::Expect(_) => true,
        })
    }

    pub(crate) fn has_direct_source(&self) -> bool {
        self.has_direct_source
    }

    pub(crate) fn interval(&self) -> Duration {
        self.scenario.clock.interval
    }

    /// The offset of an instant from the start of the clock.
    pub(crate) fn offset(&self, time: Time) -> Duration {
        time.since(self.scenario.clock.start)
    }
}

fn program_of(own: &Own) -> Option<&UserProgram<'_>> {
    let program = own.program.as_deref();
    program.map(|program| program as &UserProgram<'_>)
}
