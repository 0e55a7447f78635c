//! Faults in the timeline: each by itself, and what it needs of the rest.

use std::ops::Range;
use std::time::Duration;

use engine::Grid;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{
    BATCH, CHECKPOINT, CORRUPT, CRASH, DELETE, FAIL, LOSE, POINT, RESTART, SLOW, STOP_PROCESS,
    TIMES,
};
use crate::language::{AnyKey, TableReader};
use crate::quote::quote;
use crate::{Cluster, Code, FailingPart, Fault, Pipeline, Program, duration};

/// The keys of an entry of which each is a fault.
pub(super) const FAULT_KEYS: [&dyn AnyKey; 8] = [
    &CRASH,
    &STOP_PROCESS,
    &RESTART,
    &SLOW,
    &FAIL,
    &DELETE,
    &LOSE,
    &CORRUPT,
];

/// The faults of an entry, each with the span of its value, in the order of the language.
pub(super) fn faults(entry: &TableReader, now: Duration) -> Vec<(Fault, Range<usize>)> {
    let batch = entry.get(&BATCH).unwrap_or(now);
    let crash = entry.get(&CRASH).map(|_| match entry.get(&POINT) {
        Some(point) => Fault::CrashIn(point, batch),
        None => Fault::Crash,
    });
    let fail = entry.get(&FAIL).map(|part| Fault::Fail {
        part,
        batch,
        times: entry.get(&TIMES),
    });
    let slow = entry.get(&SLOW).map(|time| Fault::Slow { batch, time });
    let faults = [
        crash,
        entry.get(&STOP_PROCESS).map(|_| Fault::Stop),
        entry.get(&RESTART).map(|_| Fault::Restart),
        slow,
        fail,
        entry.get(&DELETE).map(Fault::Delete),
        entry.get(&LOSE).map(Fault::Lose),
        entry.get(&CORRUPT).map(Fault::Corrupt),
    ];
    let spans = FAULT_KEYS.iter().map(|key| entry.key_span(*key));
    let spanned = faults.into_iter().zip(spans);
    spanned
        .filter_map(|(fault, span)| fault.zip(span))
        .collect()
}

/// Reports faults that cannot be: of a driver that is not there, in a batch that is none, to files that are not
/// written, or of a program that is not played with its faults.
pub(super) fn check(
    diagnostics: &Diagnostics,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
    cluster: &Cluster,
) {
    // A program says itself how often a batch ends, and where its checkpoints are.
    let is_program = |it: &Pipeline| matches!(it.program, Program::Python(_));
    let has_program = pipelines.is_empty() || pipelines.iter().any(is_program);
    let mut driver = DriverLives::default();
    for spanned in &timeline.faults {
        let fault = *spanned.get_ref();
        let problems = [
            driver.problem(fault),
            batch_problem(clock, fault).filter(|_| !has_program),
            file_problem(cluster, fault).filter(|_| !has_program),
        ];
        for problem in problems.into_iter().flatten() {
            let mistake = Code::BadFault.at(spanned.span(), problem.message);
            diagnostics.push(mistake.label(problem.label).help(problem.help));
        }
    }
    if let Some(first) = timeline.faults.first() {
        check_programs(diagnostics, first.span(), pipelines);
    }
}

/// The reason for which a fault cannot be.
struct Problem {
    message: String,
    label: &'static str,
    help: String,
}

/// A driver while its faults are read.
#[derive(Default)]
struct DriverLives {
    is_down: bool,
    /// True if the next life has a crash already, which was said while the driver was down.
    is_doomed: bool,
}

impl DriverLives {
    /// A driver that does not run dies no more, and one that runs does not start.
    fn problem(&mut self, fault: Fault) -> Option<Problem> {
        let was_down = self.is_down;
        match fault {
            Fault::Crash | Fault::Stop => {
                self.is_down = true;
                was_down.then(|| Problem {
                    message: "the driver does not run any more".to_owned(),
                    label: "of no driver",
                    help: "`restart = \"driver\"` in an entry before starts it again".to_owned(),
                })
            }
            Fault::CrashIn(..) => {
                self.is_doomed = was_down;
                self.is_down = true;
                None
            }
            Fault::Restart => {
                self.is_down = std::mem::take(&mut self.is_doomed);
                (!was_down).then(|| Problem {
                    message: "the driver runs already".to_owned(),
                    label: "it is not down",
                    help: "`crash = \"driver\"` in an entry before ends it".to_owned(),
                })
            }
            Fault::Slow { .. }
            | Fault::Fail { .. }
            | Fault::Delete(_)
            | Fault::Lose(_)
            | Fault::Corrupt(_) => None,
        }
    }
}

/// A fault of a batch has one.
fn batch_problem(clock: &PartialClock, fault: Fault) -> Option<Problem> {
    let (Fault::CrashIn(_, batch)
    | Fault::Slow { batch, .. }
    | Fault::Fail {
        part: FailingPart::Task | FailingPart::Generation,
        batch,
        ..
    }) = fault
    else {
        return None;
    };
    (!is_batch(clock, batch)).then(|| Problem {
        message: format!("no batch ends at {}", duration::print(batch)),
        label: "of no batch",
        help: "it is a fault of a batch: `at`, or `batch`, is the time at which that ends"
            .to_owned(),
    })
}

/// A fault of files has a folder of them.
fn file_problem(cluster: &Cluster, fault: Fault) -> Option<Problem> {
    let is_of_files = matches!(
        fault,
        Fault::Delete(_)
            | Fault::Corrupt(_)
            | Fault::Lose(_)
            | Fault::Fail {
                part: FailingPart::Checkpoint | FailingPart::Completion,
                ..
            }
    );
    (is_of_files && cluster.checkpoint.is_none()).then(|| Problem {
        message: "there is no checkpoint folder".to_owned(),
        label: "of no file",
        help: format!("for example\n[cluster]\n{}", CHECKPOINT.text.example),
    })
}

/// Reports programs that are not played with faults.
fn check_programs(diagnostics: &Diagnostics, fault: Range<usize>, pipelines: &[Pipeline]) {
    for pipeline in pipelines {
        let kind = match &pipeline.program {
            Program::Stateless { .. }
            | Program::UpdateState { .. }
            | Program::MapWithState(_)
            | Program::Steps(_)
            | Program::Python(_) => continue,
            Program::Structured(_) => "a query",
            Program::Rust(_) => "a program in Rust",
        };
        let name = quote(&pipeline.name);
        let message = format!("the pipeline {name} is {kind}, whose faults cannot be played yet");
        let mistake = Code::BadFault.at(fault.clone(), message).label("a fault");
        diagnostics.push(mistake.help("put it into a scenario of its own, without faults"));
    }
}

/// True if a batch ends at this offset, or the clock is not known.
fn is_batch(clock: &PartialClock, at: Duration) -> bool {
    let Some((start, interval)) = clock.start.zip(clock.interval) else {
        return true;
    };
    let time = start.checked_add(at);
    !at.is_zero() && time.is_none_or(|time| Grid::every(interval).at_or_before(time) == Some(time))
}
