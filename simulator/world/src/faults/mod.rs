//! Faults of a source: what happens to lines on their way from it to the program.
//!
//! Each is a [`LineFault`]: lines go in as they are sent and come out as they arrive, never before. They stand one
//! behind the other, those of the source before those of the network.

mod connection;
mod delay;
mod duplicate;
mod hold;
mod lose;
mod meant;
mod pause;
mod reorder;
mod way;

use engine::{Records, StreamId, Time};
use scenario::{
    Disconnect, Disorder, Disturbance, Entry, Fault, Pipeline, Program, Scenario, Source,
    SourceFault, TimelineEvent,
};

use self::connection::Connection;
use self::delay::Delay;
use self::duplicate::Duplicate;
use self::hold::Hold;
use self::lose::Lose;
use self::meant::Meant;
use self::pause::Pause;
use self::reorder::Reorder;
pub(crate) use self::way::Way;
use crate::compile::LINES;
use crate::run::source_of;
use crate::schedule::Schedule;

/// Lines that are sent together.
#[derive(Clone, Debug)]
pub(crate) struct SentLines {
    /// The time at which they are sent.
    pub(crate) sent: Time,
    /// The time at which they arrive.
    pub(crate) time: Time,
    pub(crate) stream: StreamId,
    pub(crate) records: Records,
}

/// A fault on the way of lines.
pub(crate) trait LineFault {
    /// Passes lines on, which come in the order of time: at their time, or later.
    fn pass(&mut self, lines: SentLines, on: &mut Vec<SentLines>);

    /// Passes on what it keeps, as no more lines come.
    fn end(&mut self, _: &mut Vec<SentLines>) {}
}

/// The first stream of dice for faults: generators have those before.
const FIRST_DICE: u64 = 1 << 32;

/// A chain of faults, in the order in which lines come to them.
pub(crate) type Chain = Vec<Box<dyn LineFault>>;

/// The faults of the source of a pipeline in words.
pub(crate) fn of_pipeline(
    scenario: &Scenario,
    pipeline: &Pipeline,
    schedule: &dyn Schedule,
) -> Chain {
    let faults = source_faults(scenario, |entry| entry.is_for(LINES));
    let mut chain = of_source(&faults, schedule);
    if faults.is_empty() {
        return chain;
    }
    let held = intervals(&faults, SourceFault::Hold, SourceFault::Release);
    if !held.is_empty() {
        chain.push(Box::new(Hold::new(held)));
    }
    let ends = faults.iter().filter_map(|(time, fault)| match fault {
        SourceFault::Disconnect(point) => Some((*time, *point)),
        _ => None,
    });
    let ends: Vec<(Time, Disconnect)> = ends.collect();
    let keeps = source_of(pipeline) == Source::Direct;
    let is_query = matches!(pipeline.program, Program::Structured(_));
    let restarts = restarts(scenario).collect();
    chain.push(Box::new(Connection::new(&ends, restarts, keeps, is_query)));
    chain
}

/// The faults of the one source of a program of its own, which are none of its connection.
pub(crate) fn of_program(scenario: &Scenario, schedule: &dyn Schedule) -> Chain {
    of_source(&source_faults(scenario, |_| true), schedule)
}

/// The faults of a source itself, and of its lines.
fn of_source(faults: &[(Time, SourceFault)], schedule: &dyn Schedule) -> Chain {
    let mut chain = Chain::new();
    let paused = intervals(faults, SourceFault::Pause, SourceFault::Resume);
    if !paused.is_empty() {
        chain.push(Box::new(Pause::new(paused)));
    }
    for (index, (time, fault)) in (FIRST_DICE..).zip(faults) {
        let SourceFault::Disturb(Disturbance {
            disorder,
            reach,
            share,
        }) = *fault
        else {
            continue;
        };
        let meant = Meant::new(*time, reach, share, schedule.dice(index));
        chain.push(match disorder {
            Disorder::Lose => Box::new(Lose::new(meant)),
            Disorder::Duplicate => Box::new(Duplicate::new(meant)),
            Disorder::Delay(delay) => Box::new(Delay::new(meant, delay)),
            Disorder::Reorder => Box::new(Reorder::new(meant)),
        });
    }
    chain
}

fn source_faults(
    scenario: &Scenario,
    is_meant: impl Fn(&Entry) -> bool,
) -> Vec<(Time, SourceFault)> {
    let entries = scenario.timeline.iter().filter(|entry| is_meant(entry));
    let faults = entries.filter_map(|entry| match entry.event {
        TimelineEvent::SourceFault(fault) => {
            Some((scenario.clock.start.checked_add(entry.at)?, fault))
        }
        _ => None,
    });
    faults.collect()
}

/// The times at which a driver starts again.
fn restarts(scenario: &Scenario) -> impl Iterator<Item = Time> {
    scenario.timeline.iter().filter_map(|entry| {
        let is_restart = matches!(
            entry.event,
            TimelineEvent::Fault(Fault::Restart) | TimelineEvent::ChangedRestart(_)
        );
        is_restart.then(|| scenario.clock.start.checked_add(entry.at))?
    })
}

/// A time in which something is so; without an end, it stays so.
#[derive(Clone, Copy, Debug)]
struct Interval {
    from: Time,
    to: Option<Time>,
}

/// The times between one fault and the one that mends it.
fn intervals(
    faults: &[(Time, SourceFault)],
    begin: SourceFault,
    end: SourceFault,
) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::new();
    for (time, fault) in faults {
        match intervals.last_mut() {
            Some(last) if *fault == end && last.to.is_none() => last.to = Some(*time),
            _ if *fault == begin => intervals.push(Interval {
                from: *time,
                to: None,
            }),
            _ => {}
        }
    }
    intervals
}

impl Interval {
    /// The interval that a time is in: its end is not.
    fn around(intervals: &[Interval], time: Time) -> Option<Interval> {
        let has = |it: &&Interval| it.from <= time && it.to.is_none_or(|to| time < to);
        intervals.iter().find(has).copied()
    }
}
