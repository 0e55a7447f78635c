//! Programs of streams: batches, the points at which their driver dies, and the rows that they print.

mod arrangements;
mod draw;
mod invariants;
mod lives;

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{OutputId, Time};
use scenario::{CrashPoint, Emit, FailingPart, Fault, Program};
use simulator::{RunError, RunOptions};

use self::arrangements::Arranged;
use self::invariants::{Judged, invariants};
use self::lives::Lives;
use crate::not_explored::NotExplored;
use crate::schedule::{POINTS, Schedule};
use crate::setting::{Play, Setting};
use crate::subject::{Schedules, Subject};
use crate::violation::{Violation, violations};

/// A program of streams, and what it prints without faults.
#[derive(Debug)]
pub(crate) struct Streams {
    /// The rows of each batch and output.
    reference: BTreeMap<(Time, OutputId), Vec<String>>,
    /// The ends of the batches that print something, as offsets from the start of the clock.
    batches: Vec<Duration>,
    /// The rows that each output printed last, when all is calm.
    ends: BTreeMap<OutputId, Vec<String>>,
    /// True if Spark may hand rows out in another order once they were read from a checkpoint.
    reorders: bool,
}

impl Streams {
    /// Plays the program of a setting without faults.
    pub(crate) fn explored(setting: &mut Setting) -> Result<Box<dyn Subject>, NotExplored> {
        let mut lives = lives_of(setting);
        setting.play(&setting.scenario, &RunOptions::default(), &mut lives)?;
        let life = &lives.all[0];
        if let Some(message) = life.failures.first() {
            return Err(NotExplored::Fails(message.clone()));
        }
        let printed = life.printed.iter();
        let printed = printed.filter(|printed| printed.batch_time <= setting.last);
        let reference: BTreeMap<_, _> = printed
            .map(|printed| ((printed.batch_time, printed.output), printed.rows.clone()))
            .collect();
        if reference.is_empty() {
            return Err(NotExplored::NoBatch);
        }
        let times = reference.keys().map(|(time, _)| setting.offset(*time));
        let mut batches: Vec<Duration> = times.collect();
        batches.dedup();
        let reorders = match &setting.pipeline.program {
            Program::MapWithState(program) => program.totals.emit == Emit::Snapshots,
            Program::Rust(_) => true,
            _ => false,
        };
        Ok(Box::new(Streams {
            ends: lives.ends(),
            reference,
            batches,
            reorders,
        }))
    }

    /// The points of a batch at which the driver has something to go on from: before the first checkpoint is durable, a
    /// crash loses all, as in Spark.
    fn points(&self, batch: Duration) -> impl Iterator<Item = CrashPoint> + use<> {
        let is_first = self.batches.first() == Some(&batch);
        let comes_first = |point: &CrashPoint| {
            matches!(point, CrashPoint::Generation | CrashPoint::BeforeCheckpoint)
        };
        let points = POINTS.into_iter();
        points.filter(move |point| !(is_first && comes_first(point)))
    }
}

fn lives_of(setting: &Setting) -> Lives {
    let profile = setting.scenario.profile_of(&setting.pipeline);
    Lives::new(profile.notation())
}

impl Subject for Streams {
    fn crashes<'a>(&'a self, setting: &'a Setting) -> Schedules<'a> {
        let down = if setting.has_direct_source() {
            setting.interval() * 2
        } else {
            Duration::ZERO
        };
        Box::new(self.batches.iter().copied().flat_map(move |batch| {
            self.points(batch).flat_map(move |point| {
                Schedule::of_crash((batch, Fault::CrashIn(point, batch)), down)
            })
        }))
    }

    fn pairs_of_crashes<'a>(&'a self, _: &'a Setting) -> Schedules<'a> {
        let all = self.batches.iter().copied().enumerate();
        Box::new(all.flat_map(move |(index, first)| {
            let later = &self.batches[index..];
            self.points(first).flat_map(move |point| {
                later.iter().copied().flat_map(move |second| {
                    POINTS.into_iter().map(move |other| {
                        Schedule::of_pair(
                            (first, Fault::CrashIn(point, first)),
                            (second, Fault::CrashIn(other, second)),
                        )
                    })
                })
            })
        }))
    }

    fn drawn(&self, setting: &Setting, seed: u64) -> Schedule {
        draw::schedule(self, setting, seed)
    }

    fn is_fair(&self, schedule: &Schedule) -> bool {
        let mut faults = schedule.faults().iter();
        let crash = faults.find_map(|(_, fault)| match fault {
            Fault::CrashIn(point, batch) => Some((*point, *batch)),
            _ => None,
        });
        crash.is_none_or(|(point, batch)| self.points(batch).any(|fair| fair == point))
    }

    fn judge(
        &self,
        setting: &Setting,
        schedule: &Schedule,
        play: &mut Play<'_>,
    ) -> Result<Vec<Violation>, RunError> {
        let mut run = lives_of(setting);
        play(&mut run)?;
        if let Some(input) = schedule.input() {
            let arranged = Arranged {
                run,
                reference: &self.reference,
                ends: &self.ends,
            };
            return Ok(violations(&[arrangements::promise(input)], &arranged));
        }
        let fails = schedule.faults().iter().any(|(_, fault)| {
            matches!(
                fault,
                Fault::Fail {
                    part: FailingPart::Task | FailingPart::Generation,
                    ..
                }
            )
        });
        let judged = Judged {
            run,
            reference: &self.reference,
            keeps_input: setting.keeps_input(),
            reorders: self.reorders,
            fails,
        };
        Ok(violations(&invariants(), &judged))
    }
}
