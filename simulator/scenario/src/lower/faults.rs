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
    let mut is_up = true;
    // A crash that is said of the next life, while the driver is down.
    let mut is_doomed = false;
    for spanned in &timeline.faults {
        let fault = *spanned.get_ref();
        let report = |message: &str, label: &str, help: &str| {
            let mistake = Code::BadFault.at(spanned.span(), message);
            diagnostics.push(mistake.label(label).help(help));
        };
        match fault {
            Fault::Crash | Fault::Stop => {
                if !is_up {
                    let help = "`restart = \"driver\"` in an entry before starts it again";
                    report("the driver does not run any more", "of no driver", help);
                }
                is_up = false;
            }
            Fault::CrashIn(..) => {
                is_doomed = !is_up;
                is_up = false;
            }
            Fault::Restart => {
                if is_up {
                    let help = "`crash = \"driver\"` in an entry before ends it";
                    report("the driver runs already", "it is not down", help);
                }
                is_up = !std::mem::take(&mut is_doomed);
            }
            Fault::Slow { .. }
            | Fault::Fail { .. }
            | Fault::Delete(_)
            | Fault::Lose(_)
            | Fault::Corrupt(_) => {}
        }
        let batch = match fault {
            Fault::CrashIn(_, batch) | Fault::Slow { batch, .. } => Some(batch),
            Fault::Fail {
                part: FailingPart::Task | FailingPart::Generation,
                batch,
                ..
            } => Some(batch),
            _ => None,
        };
        if let Some(batch) = batch.filter(|batch| !is_batch(clock, *batch)) {
            let message = format!("no batch ends at {}", duration::print(batch));
            let help = "it is a fault of a batch: `at`, or `batch`, is the time at which that ends";
            report(&message, "of no batch", help);
        }
        let of_files = matches!(
            fault,
            Fault::Delete(_)
                | Fault::Corrupt(_)
                | Fault::Lose(_)
                | Fault::Fail {
                    part: FailingPart::Checkpoint | FailingPart::Completion,
                    ..
                }
        );
        if of_files && cluster.checkpoint.is_none() {
            let help = format!("for example\n[cluster]\n{}", CHECKPOINT.text.example);
            report("there is no checkpoint folder", "of no file", &help);
        }
    }
    let Some(first) = timeline.faults.first() else {
        return;
    };
    let played = |program: &Program| match program {
        Program::Stateless { .. }
        | Program::UpdateState { .. }
        | Program::MapWithState(_)
        | Program::Steps(_) => None,
        Program::Structured(_) => Some("a query"),
        Program::Python(_) => Some("a program in Python"),
        Program::Rust(_) => Some("a program in Rust"),
    };
    for pipeline in pipelines {
        if let Some(kind) = played(&pipeline.program) {
            let name = quote(&pipeline.name);
            let message =
                format!("the pipeline {name} is {kind}, whose faults cannot be played yet");
            let mistake = Code::BadFault.at(first.span(), message).label("a fault");
            let help = "put it into a scenario of its own, without faults";
            diagnostics.push(mistake.help(help));
        }
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
