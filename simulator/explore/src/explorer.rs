//! A pipeline under all kinds of schedules.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Grid, OutputId, Time};
use scenario::{
    CrashPoint, Emit, FailingPart, Fault, Pipeline, Program, Scenario, Source, TimelineEvent,
};
use simulator::{RunError, RunOptions, play, source_of, stop_time};

use crate::draw;
use crate::invariants::{Judged, Violation, violations};
use crate::lives::Lives;
use crate::schedule::{POINTS, Schedule};

/// Batches behind the last one of a scenario, in which a driver that was late catches up.
const CALM: u32 = 6;

/// Why a pipeline cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExplored {
    /// It is no pipeline of streams in words.
    #[error("only pipelines of streams in words are explored yet, and it is {0}")]
    Kind(&'static str),
    /// The driver has nothing to go on from.
    #[error(
        "its scenario has no checkpoint folder, without which a crash loses all; for example\n[cluster]\ncheckpoint = \"checkpoint\"\nwrite_ahead_log = true"
    )]
    NoCheckpoint,
    /// It has faults of its own.
    #[error("its scenario has faults of its own: `millrace run` plays it")]
    Faults,
    /// It cannot be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A job fails without a fault.
    #[error("a job fails without a fault: {0}")]
    Fails(String),
    /// There is no batch in which a driver could die.
    #[error("it has no batch that prints")]
    NoBatch,
}

/// A pipeline, and what it prints without faults.
#[derive(Debug)]
pub struct Explorer {
    scenario: Scenario,
    pipeline: Pipeline,
    grid: Grid,
    reference: BTreeMap<(Time, OutputId), Vec<String>>,
    reorders: bool,
    is_lossless: bool,
}

impl Explorer {
    /// Plays a pipeline without faults.
    ///
    /// # Errors
    ///
    /// It cannot be explored.
    pub fn new(scenario: &Scenario, pipeline: &Pipeline) -> Result<Explorer, NotExplored> {
        let reorders = match &pipeline.program {
            Program::Stateless { .. } | Program::UpdateState { .. } | Program::Steps(_) => false,
            Program::MapWithState(program) => program.totals.emit == Emit::Snapshots,
            Program::Structured(_) => return Err(NotExplored::Kind("a query")),
            Program::Python(_) => return Err(NotExplored::Kind("a program in Python")),
            Program::Rust(_) => return Err(NotExplored::Kind("a program in Rust")),
        };
        if scenario.cluster.checkpoint.is_none() {
            return Err(NotExplored::NoCheckpoint);
        }
        let is_fault = |event: &TimelineEvent| {
            matches!(
                event,
                TimelineEvent::Fault(_)
                    | TimelineEvent::SourceFault(_)
                    | TimelineEvent::ChangedRestart(_)
            )
        };
        if scenario.timeline.iter().any(|entry| is_fault(&entry.event)) {
            return Err(NotExplored::Faults);
        }
        let last = stop_time(scenario);
        let mut scenario = scenario.clone();
        let interval = scenario.clock.interval;
        let stop = last
            .since(scenario.clock.start)
            .saturating_add(interval * CALM);
        scenario.clock.stop = Some(stop);
        // An expectation is of a run without faults.
        let is_expectation = |event: &TimelineEvent| matches!(event, TimelineEvent::Expect(_));
        scenario
            .timeline
            .retain(|entry| !is_expectation(&entry.event));
        let mut explorer = Explorer {
            grid: Grid::every(interval),
            pipeline: pipeline.clone(),
            reference: BTreeMap::new(),
            scenario,
            reorders,
            is_lossless: false,
        };
        let calm = explorer.play(&explorer.scenario, &RunOptions::default())?;
        let life = &calm.all[0];
        if let Some(message) = life.failures.first() {
            return Err(NotExplored::Fails(message.clone()));
        }
        let printed = life
            .printed
            .iter()
            .filter(|printed| printed.batch_time <= last);
        explorer.reference = printed
            .map(|printed| ((printed.batch_time, printed.output), printed.rows.clone()))
            .collect();
        if explorer.reference.is_empty() {
            return Err(NotExplored::NoBatch);
        }
        Ok(explorer)
    }

    /// Holds the pipeline to counting each line even where Spark makes no such promise: without a log, lines that a
    /// receiver has are lost with it.
    #[must_use]
    pub fn lossless(mut self, is_lossless: bool) -> Explorer {
        self.is_lossless = is_lossless;
        self
    }

    fn play(&self, scenario: &Scenario, options: &RunOptions<'_>) -> Result<Lives, RunError> {
        let notation = scenario.profile_of(&self.pipeline).notation();
        let mut lives = Lives::new(notation);
        // A driver that runs again may not come to a point of the batch a second time.
        play(scenario, &self.pipeline, options, &mut lives)?;
        Ok(lives)
    }

    /// True if each line counts, whenever the driver dies: the source keeps it, or it is logged. A receiver loses lines
    /// that are sent while the driver is down all the same.
    fn keeps_input(&self) -> bool {
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
        source_of(&self.pipeline) == Source::Direct
    }

    /// The ends of the batches that print something, as offsets from the start of the clock.
    pub(crate) fn batches(&self) -> Vec<Duration> {
        let start = self.scenario.clock.start;
        let mut batches: Vec<Duration> = self
            .reference
            .keys()
            .map(|(time, _)| time.since(start))
            .collect();
        batches.dedup();
        batches
    }

    pub(crate) fn interval(&self) -> Duration {
        self.scenario.clock.interval
    }

    /// True if the driver has something to go on from whenever it dies.
    pub(crate) fn is_fair(&self, schedule: &Schedule) -> bool {
        let mut faults = schedule.faults().iter();
        let crash = faults.find_map(|(_, fault)| match fault {
            Fault::CrashIn(point, batch) => Some((*point, *batch)),
            _ => None,
        });
        crash.is_none_or(|(point, batch)| self.points(batch).any(|fair| fair == point))
    }

    /// The points of a batch at which the driver has something to go on from: before the first checkpoint is durable, a
    /// crash loses all, as in Spark.
    pub(crate) fn points(&self, batch: Duration) -> impl Iterator<Item = CrashPoint> + use<> {
        let is_first = self.batches().first() == Some(&batch);
        let comes_first = |point: &CrashPoint| {
            matches!(point, CrashPoint::Generation | CrashPoint::BeforeCheckpoint)
        };
        let points = POINTS.into_iter();
        points.filter(move |point| !(is_first && comes_first(point)))
    }

    /// A crash at each point of each batch, and for a source that keeps its lines each with a time of two intervals in
    /// which the driver is down, too.
    pub fn crashes(&self) -> impl Iterator<Item = Schedule> {
        let downs = if self.has_direct_source() {
            &[0, 2][..]
        } else {
            &[0][..]
        };
        let interval = self.interval();
        self.batches().into_iter().flat_map(move |batch| {
            self.points(batch).flat_map(move |point| {
                downs.iter().map(move |down| {
                    Schedule::new(vec![
                        (batch, Fault::CrashIn(point, batch)),
                        (batch + interval * *down, Fault::Restart),
                    ])
                })
            })
        })
    }

    /// Each pair of crashes, one in each of two lives: the second one at each point of a batch that runs again, or of a
    /// later one.
    pub fn pairs_of_crashes(&self) -> impl Iterator<Item = Schedule> {
        let batches = self.batches();
        let all = batches.clone().into_iter().enumerate();
        all.flat_map(move |(index, first)| {
            let later: Vec<Duration> = batches[index..].to_vec();
            self.points(first).flat_map(move |point| {
                let later = later.clone();
                later.into_iter().flat_map(move |second| {
                    POINTS.into_iter().map(move |other| {
                        let mut faults = vec![(first, Fault::CrashIn(point, first))];
                        if second == first {
                            // It is said of the next life, once the driver is down.
                            let down = first + Duration::from_millis(1);
                            let next_life = [
                                Fault::CrashIn(other, second),
                                Fault::Restart,
                                Fault::Restart,
                            ];
                            faults.extend(next_life.map(|fault| (down, fault)));
                        } else {
                            faults.push((first, Fault::Restart));
                            faults.push((second, Fault::CrashIn(other, second)));
                            faults.push((second, Fault::Restart));
                        }
                        Schedule::new(faults)
                    })
                })
            })
        })
    }

    /// The schedule of a seed: a swarm of faults, and then calm.
    pub fn drawn(&self, seed: u64) -> Schedule {
        draw::schedule(self, seed)
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
        let run = self.play(&schedule.add_to(&self.scenario), options)?;
        let fails = schedule.faults().iter().any(|(_, fault)| {
            matches!(
                fault,
                Fault::Fail {
                    part: FailingPart::Task | FailingPart::Generation,
                    ..
                }
            )
        });
        Ok(violations(&Judged {
            run: &run,
            reference: &self.reference,
            grid: self.grid,
            keeps_input: self.keeps_input(),
            reorders: self.reorders,
            fails,
        }))
    }

    /// A scenario that shows what a schedule does: the pipeline alone, with its faults in the timeline.
    pub fn scenario_of(&self, schedule: &Schedule, title: &str) -> Scenario {
        let mut scenario = schedule.add_to(&self.scenario);
        title.clone_into(&mut scenario.title);
        scenario.pipelines = vec![self.pipeline.clone()];
        scenario
    }
}
