//! A pipeline under all kinds of schedules.

use engine::Reader;
use scenario::{Pipeline, Program, Scenario};
use simulator::{ClaimChecker, RunError, RunOptions, play};

use crate::not_explored::NotExplored;
use crate::query::Query;
use crate::schedule::Schedule;
use crate::setting::Setting;
use crate::streams::Streams;
use crate::subject::Subject;
use crate::violation::Violation;

/// A pipeline, and what it prints without faults.
#[derive(Debug)]
pub struct Explorer {
    setting: Setting,
    subject: Box<dyn Subject>,
}

impl Explorer {
    /// Plays a pipeline without faults.
    ///
    /// # Errors
    ///
    /// It cannot be explored.
    pub fn new(scenario: &Scenario, pipeline: &Pipeline) -> Result<Explorer, NotExplored> {
        let subject = match &pipeline.program {
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::MapWithState(_)
            | Program::Steps(_) => Streams::explored,
            Program::Structured(_) => Query::explored,
            Program::Python(_) => return Err(NotExplored::Kind("a program in Python")),
            Program::Rust(_) => return Err(NotExplored::Kind("a program in Rust")),
        };
        let mut setting = Setting::new(scenario, pipeline)?;
        let subject = subject(&mut setting)?;
        let explorer = Explorer { setting, subject };
        match explorer.judge(&Schedule::new(Vec::new()))?.first() {
            Some(broken) => Err(NotExplored::Broken(broken.message.clone())),
            None => Ok(explorer),
        }
    }

    /// Holds the pipeline to counting each line even where Spark makes no such promise: without a log, lines that a
    /// receiver has are lost with it.
    #[must_use]
    pub fn lossless(mut self, is_lossless: bool) -> Explorer {
        self.setting.is_lossless = is_lossless;
        self
    }

    pub(crate) fn is_fair(&self, schedule: &Schedule) -> bool {
        self.subject.is_fair(schedule)
    }

    /// A crash at each point of each batch, or of a query before and after each file of its checkpoint; and for a source
    /// that keeps its lines each with a time of two intervals in which the driver is down, too.
    pub fn crashes(&self) -> impl Iterator<Item = Schedule> {
        self.subject.crashes(&self.setting)
    }

    /// Each pair of crashes, one in each of two lives: the second one at each point of a batch that runs again, or of a
    /// later one.
    pub fn pairs_of_crashes(&self) -> impl Iterator<Item = Schedule> {
        self.subject.pairs_of_crashes(&self.setting)
    }

    /// The schedule of a seed: a swarm of faults, and then calm.
    pub fn drawn(&self, seed: u64) -> Schedule {
        self.subject.drawn(&self.setting, seed)
    }

    /// Plays the pipeline under a schedule. Returns the invariants that it breaks.
    ///
    /// # Errors
    ///
    /// The run comes to a limit of the scenario.
    pub fn judge(&self, schedule: &Schedule) -> Result<Vec<Violation>, RunError> {
        self.judge_with(schedule, &RunOptions::default())
    }

    /// As [`judge`](Self::judge), with the options of the run.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge).
    pub fn judge_with(
        &self,
        schedule: &Schedule,
        options: &RunOptions<'_>,
    ) -> Result<Vec<Violation>, RunError> {
        let setting = &self.setting;
        let scenario = schedule.add_to(&setting.scenario);
        let mut claims = ClaimChecker::new(&scenario, &setting.pipeline);
        let mut play = |reader: &mut dyn Reader| {
            // A driver that runs again may not come to a point of the batch a second time.
            let mut readers = (&mut claims, reader);
            play(&scenario, &setting.pipeline, options, &mut readers).map(drop)
        };
        let mut violations = self.subject.judge(setting, schedule, &mut play)?;
        violations.extend(claims.finish().iter().map(Violation::of_claim));
        Ok(violations)
    }

    /// A scenario that shows what a schedule does: the pipeline alone, with its faults in the timeline.
    pub fn scenario_of(&self, schedule: &Schedule, title: &str) -> Scenario {
        let mut scenario = schedule.add_to(&self.setting.scenario);
        title.clone_into(&mut scenario.title);
        scenario.pipelines = vec![self.setting.written.clone()];
        scenario
    }
}
