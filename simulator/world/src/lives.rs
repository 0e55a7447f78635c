//! The programs of the lives of a driver.

use engine::{Failure, Time};
use engine_storage::VirtualDisk;
use scenario::{Change, Pipeline, Program, Scenario, TimelineEvent};

use crate::compile::{PipelineSource, Saved, Surroundings, compile_life};
use crate::step::driver::{NextLife, unreadable};
use crate::tamper::{self, Tamper};

/// Makes the program of each further life of a driver: that of the scenario, or one that has changed.
pub(crate) struct Lives<'a> {
    scenario: &'a Scenario,
    /// The place of the pipeline in the scenario.
    pipeline: usize,
    surroundings: Surroundings<'a>,
    tamper: Option<&'a dyn Tamper>,
    /// The changes, in the order of time.
    changes: Vec<(Time, &'a Change)>,
    /// The number of changes when the checkpoint folder was begun.
    saved: usize,
}

impl<'a> Lives<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        pipeline: &Pipeline,
        surroundings: Surroundings<'a>,
        tamper: Option<&'a dyn Tamper>,
    ) -> Lives<'a> {
        let mut pipelines = scenario.pipelines.iter();
        let place = pipelines.position(|it| it.name == pipeline.name);
        let changes = scenario.timeline.iter().filter_map(|entry| {
            let TimelineEvent::ChangedRestart(change) = &entry.event else {
                return None;
            };
            Some((scenario.clock.start.checked_add(entry.at)?, &**change))
        });
        Lives {
            scenario,
            pipeline: place.unwrap_or_default(),
            surroundings,
            tamper,
            changes: changes.collect(),
            saved: 0,
        }
    }

    /// The program of the life that begins now, from what is on the disk if it has one.
    pub(crate) fn start(
        &mut self,
        now: Time,
        disk: Option<VirtualDisk>,
    ) -> Result<NextLife, Failure> {
        let changes = self.changes.iter().take_while(|(time, _)| *time <= now);
        let last = changes.count();
        let scenario = self.scenario_after(last);
        let pipeline = &scenario.pipelines[self.pipeline];
        let saved = disk.map(|disk| Saved::read(pipeline, disk)).transpose();
        let saved = saved.map_err(|error| unreadable(&error))?;
        let saved = tamper::recovered(saved, self.tamper);
        // A program of streams is saved as a whole: it goes on as it was, whatever it is now (`CKP-5b`).
        let is_restored = matches!(saved, Some(Saved::Streams(Some(_))));
        if !is_restored {
            self.saved = last;
        }
        let scenario = if self.saved == last {
            scenario
        } else {
            self.scenario_after(self.saved)
        };
        let pipeline = &scenario.pipelines[self.pipeline];
        let is_replayed = match &pipeline.program {
            // Its source has all its files, and the checkpoint says which of them are read.
            Program::Structured(_) => true,
            _ => is_restored,
        };
        let scripted = PipelineSource::Scripted;
        let machine = compile_life(&scenario, pipeline, &scripted, &self.surroundings, saved);
        let machine = machine.map_err(|error| unreadable(&error))?;
        Ok(NextLife {
            machine,
            is_replayed,
        })
    }

    /// The scenario after this number of changes.
    fn scenario_after(&self, changes: usize) -> Scenario {
        let change = changes.checked_sub(1).map(|index| self.changes[index].1);
        change.map_or_else(
            || self.scenario.clone(),
            |change| change.apply(self.scenario),
        )
    }
}
