//! A pipeline under all kinds of schedules.

use std::sync::Arc;

use engine::{Journal, Reader, StreamingContext};
use scenario::{Pipeline, Program, Scenario};
use simulator::{ClaimChecker, RunError, RunOptions};

use crate::not_explored::NotExplored;
use crate::own::Own;
use crate::query::Query;
use crate::schedule::Schedule;
use crate::setting::Setting;
use crate::shrink::Smallest;
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
        Explorer::with(scenario, pipeline, Own::default())
    }

    /// As [`new`](Self::new), of a pipeline whose program in Rust this is: it is written anew for each life of its driver.
    /// Its input comes in other arrangements, too.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn of_program(
        scenario: &Scenario,
        pipeline: &Pipeline,
        write: impl Fn(&StreamingContext) + Send + Sync + 'static,
    ) -> Result<Explorer, NotExplored> {
        let program = Some(Arc::new(write) as _);
        let own = Own {
            program,
            ..Own::default()
        };
        Explorer::with(scenario, pipeline, own)
    }

    fn with(scenario: &Scenario, pipeline: &Pipeline, own: Own) -> Result<Explorer, NotExplored> {
        let subject = match &pipeline.program {
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::MapWithState(_)
            | Program::Steps(_) => Streams::explored,
            Program::Structured(_) => Query::explored,
            Program::Python(_) => return Err(NotExplored::Kind("a program in Python")),
            Program::Rust(_) if own.program.is_some() => Streams::explored,
            Program::Rust(_) => return Err(NotExplored::Kind("a program in Rust")),
        };
        let mut setting = Setting::new(scenario, pipeline, own)?;
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

    /// Holds the pipeline to the same last rows, however its input is cut into batches.
    #[must_use]
    pub fn any_cut(mut self, is_cut_anyhow: bool) -> Explorer {
        self.setting.is_cut_anyhow = is_cut_anyhow;
        self
    }

    /// Holds each run to an invariant of the caller's own: its name is a sentence, without the full stop, and the check
    /// is of the journal of a run.
    #[must_use]
    pub fn invariant(
        mut self,
        name: &str,
        check: impl Fn(&Journal) -> Result<(), String> + Send + Sync + 'static,
    ) -> Explorer {
        let invariant = (name.to_owned(), Arc::new(check) as _);
        self.setting.own.invariants.push(invariant);
        self
    }

    /// Calls this before each run, to empty what a program writes into.
    #[must_use]
    pub fn before_each(mut self, before_each: impl Fn() + Send + Sync + 'static) -> Explorer {
        self.setting.own.before_each = Some(Arc::new(before_each));
        self
    }

    /// The same exploration of another scenario.
    pub(crate) fn of_scenario(&self, scenario: &Scenario) -> Result<Explorer, NotExplored> {
        let setting = &self.setting;
        let other = Explorer::with(scenario, &setting.written, setting.own.clone())?;
        let other = other.lossless(setting.is_lossless);
        Ok(other.any_cut(setting.is_cut_anyhow))
    }

    /// The scenario, without its expectations.
    pub(crate) fn base(&self) -> &Scenario {
        &self.setting.base
    }

    pub(crate) fn is_fair(&self, schedule: &Schedule) -> bool {
        self.subject.is_fair(schedule)
    }

    /// A crash at each point of each batch, or of a query before and after each file of its checkpoint; each
    /// also with a loss of power, and for a source that keeps its lines two intervals in which the driver is down.
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
        let has_own = !setting.own.invariants.is_empty();
        let mut journal = has_own.then(Journal::new);
        let mut play = |reader: &mut dyn Reader| {
            let mut readers = ((&mut claims, &mut journal), reader);
            setting.play(&scenario, options, &mut readers)
        };
        let mut violations = self.subject.judge(setting, schedule, &mut play)?;
        violations.extend(claims.finish().iter().map(Violation::of_claim));
        let own = journal.iter().flat_map(|it| setting.own.violations(it));
        violations.extend(own);
        Ok(violations)
    }

    /// The journal of a run under a schedule.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge).
    pub fn journal(&self, schedule: &Schedule) -> Result<Journal, RunError> {
        let scenario = schedule.add_to(&self.setting.scenario);
        let mut journal = Journal::new();
        let options = RunOptions::default();
        self.setting.play(&scenario, &options, &mut journal)?;
        Ok(journal)
    }

    /// Plays a schedule twice: the same schedule gives the same journal.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge).
    pub fn judge_twice(&self, schedule: &Schedule) -> Result<Option<Smallest>, RunError> {
        let [first, second] = [self.journal(schedule)?, self.journal(schedule)?];
        let entries = first.entries().iter().zip(second.entries());
        let Some(differs) = entries
            .into_iter()
            .position(|(first, second)| first != second)
        else {
            return Ok(None);
        };
        let violation = Violation {
            invariant: "the_same_schedule_gives_the_same_journal".into(),
            promise: "A function is a pure function of its arguments: the same input gives the same result.".into(),
            message: format!("two runs differ at entry {differs} of their journals"),
        };
        Ok(Some(Smallest {
            scenario: self.scenario_of(schedule, &violation.to_string()),
            schedule: schedule.clone(),
            violations: vec![violation],
        }))
    }

    /// A scenario that shows what a schedule does: the pipeline alone, with its faults in the timeline.
    pub fn scenario_of(&self, schedule: &Schedule, title: &str) -> Scenario {
        let mut scenario = schedule.add_to(&self.setting.scenario);
        title.clone_into(&mut scenario.title);
        scenario.pipelines = vec![self.setting.written.clone()];
        scenario
    }
}
