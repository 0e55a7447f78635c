//! Faults in the timeline: each by itself, and what it needs of the rest.

use std::ops::Range;
use std::time::Duration;

use engine::Grid;
use toml::Spanned;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{
    AFTER, BATCH, BEFORE, CHECKPOINT, CLEAR, CLOCK_JUMP, CORRUPT, CRASH, DELETE, FAIL, FILL, LOSE,
    PARTITION, PAUSE, PERMUTE, POINT, Paused, REPAIR, RESTART, RESUME, ROOM, SLOW, STOP_PROCESS,
    TIMES,
};
use crate::language::{AnyKey, TableReader};
use crate::quote::quote;
use crate::{
    Cluster, ClusterFault, Code, CorruptFile, CrashPoint, DeletedFiles, FailingPart, Fault,
    FilePoint, Pipeline, Process, Program, Remote, Step, duration,
};

/// The keys of an entry of which each is a fault.
pub(super) const FAULT_KEYS: [&dyn AnyKey; 16] = [
    &CRASH,
    &STOP_PROCESS,
    &RESTART,
    &PAUSE,
    &RESUME,
    &PARTITION,
    &REPAIR,
    &SLOW,
    &FAIL,
    &DELETE,
    &LOSE,
    &CORRUPT,
    &FILL,
    &CLEAR,
    &CLOCK_JUMP,
    &PERMUTE,
];

/// The faults of an entry, each with the span of its value, in the order of the language.
pub(super) fn faults(entry: &TableReader, now: Duration) -> Vec<(Fault, Range<usize>)> {
    let of_batch: [&dyn AnyKey; 3] = [&POINT, &SLOW, &FAIL];
    if let Some(span) = entry.key_span(&BATCH)
        && !of_batch.into_iter().any(|key| entry.has(key))
    {
        let message = "`batch` means nothing without `point`, `slow` or `fail`";
        let mistake = Code::Needs.at(span, message).label("of no fault");
        entry.push(mistake.help(format!("for example\n{}", POINT.text.example)));
    }
    let batch = entry.get(&BATCH).unwrap_or(now);
    let crash = entry
        .get(&CRASH)
        .map(|process| crash(entry, process, batch));
    let fail = entry.get(&FAIL).map(|part| Fault::Fail {
        part,
        batch,
        times: entry.get(&TIMES),
    });
    let slow = entry.get(&SLOW).map(|time| Fault::Slow { batch, time });
    let of_cluster = |fault: Option<ClusterFault>| fault.map(Fault::Cluster);
    let paused = entry.get(&PAUSE).and_then(Paused::remote);
    let resumed = entry.get(&RESUME).and_then(Paused::remote);
    let faults = [
        crash,
        entry.get(&STOP_PROCESS).map(|_| Fault::Stop),
        entry.get(&RESTART).and_then(|it| restart(entry, it)),
        of_cluster(paused.map(ClusterFault::Pause)),
        of_cluster(resumed.map(ClusterFault::Resume)),
        of_cluster(entry.get(&PARTITION).map(ClusterFault::Partition)),
        of_cluster(entry.get(&REPAIR).map(ClusterFault::Repair)),
        slow,
        fail,
        entry.get(&DELETE).map(Fault::Delete),
        entry.get(&LOSE).map(Fault::Lose),
        entry.get(&CORRUPT).map(Fault::Corrupt),
        entry
            .get(&FILL)
            .map(|_| Fault::Fill(entry.get(&ROOM).unwrap_or_default())),
        entry.get(&CLEAR).map(|_| Fault::Clear),
        entry.get(&CLOCK_JUMP).map(Fault::Clock),
        entry.get(&PERMUTE).map(Fault::Permute),
    ];
    let spans = FAULT_KEYS.iter().map(|key| entry.key_span(*key));
    let spanned = faults.into_iter().zip(spans);
    spanned
        .filter_map(|(fault, span)| fault.zip(span))
        .collect()
}

/// A crash at once, or of a driver at the one point that is written.
fn crash(entry: &TableReader, process: Process, batch: Duration) -> Fault {
    let points: [&dyn AnyKey; 3] = [&POINT, &BEFORE, &AFTER];
    let mut written = points.into_iter().filter(|key| entry.has(*key));
    if let Process::Remote(remote) = process {
        if let Some(point) = written.next()
            && let Some(span) = entry.key_span(point)
        {
            let message = format!("`{}` is a point in the life of a driver", point.name());
            let mistake = Code::BadFault.at(span, message).label("not of a driver");
            entry.push(mistake.help(format!("leave it out: the {remote} ends at this instant")));
        }
        return Fault::Cluster(ClusterFault::Crash(remote));
    }
    let [first, second] = [written.next(), written.next()];
    if let (Some(first), Some(second)) = (first, second)
        && let Some(span) = entry.key_span(second)
    {
        let message = format!(
            "a driver dies at one point, by `{}` or by `{}`",
            first.name(),
            second.name()
        );
        let mistake = Code::BadFault.at(span, message).label("another point");
        entry.push(mistake.help("leave one of them out"));
    }
    let before = entry.get(&BEFORE).map(FilePoint::Before);
    let at_file = before.or(entry.get(&AFTER).map(FilePoint::After));
    let in_batch = entry.get(&POINT).map(|it| Fault::CrashIn(it, batch));
    in_batch
        .or(at_file.map(Fault::CrashAt))
        .unwrap_or(Fault::Crash)
}

/// A restart of a driver or of an executor. A receiver needs none.
fn restart(entry: &TableReader, process: Process) -> Option<Fault> {
    match process {
        Process::Driver => Some(Fault::Restart),
        Process::Remote(Remote::Executor(executor)) => {
            Some(Fault::Cluster(ClusterFault::Restart(executor)))
        }
        Process::Remote(Remote::Receiver(_)) => {
            let span = entry.key_span(&RESTART)?;
            let mistake = Code::BadFault.at(span, "a receiver starts again by itself");
            let help =
                "it does so 2s after it has ended, or when its executor is lost; leave this out";
            entry.push(mistake.label("needs no restart").help(help));
            None
        }
    }
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
    let is_query = |it: &Pipeline| matches!(it.program, Program::Structured(_));
    let has_streams = !pipelines.iter().all(is_query);
    let mut driver = DriverLives::default();
    for spanned in &timeline.faults {
        let fault = *spanned.get_ref();
        let problems = [
            driver.problem(fault),
            batch_problem(clock, fault).filter(|_| !has_program && has_streams),
            program_problem(fault).filter(|_| has_program),
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
    for fault in &timeline.faults {
        check_kind(diagnostics, fault, pipelines);
        check_permuted(diagnostics, fault, pipelines);
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
            Fault::CrashIn(..) | Fault::CrashAt(_) => {
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
            | Fault::Corrupt(_)
            | Fault::Fill(_)
            | Fault::Clear
            | Fault::Clock(_)
            | Fault::Permute(_)
            | Fault::Cluster(_) => None,
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

/// A program of its own has no fault that its interpreter would have to know of.
fn program_problem(fault: Fault) -> Option<Problem> {
    let subject = match fault {
        Fault::Clock(_) => "its clock does not jump",
        Fault::Fill(_) | Fault::Clear => "its disk has room",
        Fault::Permute(_) => "its map outputs come in order",
        _ => return None,
    };
    Some(Problem {
        message: format!("a program of its own has no such fault yet: {subject}"),
        label: "not of a program",
        help: "put the program into a scenario of its own, without this fault".to_owned(),
    })
}

/// A fault of files has a folder of them.
fn file_problem(cluster: &Cluster, fault: Fault) -> Option<Problem> {
    let is_of_files = matches!(
        fault,
        Fault::CrashIn(
            CrashPoint::BeforeCheckpoint
                | CrashPoint::AfterCheckpoint
                | CrashPoint::BeforeCompletion,
            _,
        ) | Fault::CrashAt(_)
            | Fault::Delete(_)
            | Fault::Corrupt(_)
            | Fault::Lose(_)
            | Fault::Fill(_)
            | Fault::Clear
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
            | Program::Structured(_)
            | Program::Python(_) => continue,
            Program::Rust(_) => "a program in Rust",
        };
        let name = quote(&pipeline.name);
        let message = format!("the pipeline {name} is {kind}, whose faults cannot be played yet");
        let mistake = Code::BadFault.at(fault.clone(), message).label("a fault");
        diagnostics.push(mistake.help("put it into a scenario of its own, without faults"));
    }
}

/// Reports map outputs in another order, where a step reads its own in order.
fn check_permuted(diagnostics: &Diagnostics, fault: &Spanned<Fault>, pipelines: &[Pipeline]) {
    if !matches!(fault.get_ref(), Fault::Permute(_)) {
        return;
    }
    let groups = |pipeline: &&Pipeline| match &pipeline.program {
        Program::Steps(steps) => steps.iter().any(|step| matches!(step, Step::GroupByKey(_))),
        _ => false,
    };
    if let Some(pipeline) = pipelines.iter().find(groups) {
        let name = quote(&pipeline.name);
        let message =
            format!("the pipeline {name} has `group_by_key`, whose map outputs come in order yet");
        let mistake = Code::BadFault.at(fault.span(), message);
        let label = format!("not of {name}");
        diagnostics.push(
            mistake
                .label(label)
                .help("put it into a scenario of its own"),
        );
    }
}

/// The programs that can have a fault, where not all can, and the way out for another one.
struct Belongs {
    to_query: bool,
    help: &'static str,
}

/// Reports a fault that another kind of program than one of the pipelines can have.
fn check_kind(diagnostics: &Diagnostics, fault: &Spanned<Fault>, pipelines: &[Pipeline]) {
    let Some(Belongs { to_query, help }) = belongs(*fault.get_ref()) else {
        return;
    };
    let is_other = |pipeline: &&Pipeline| match &pipeline.program {
        // It may be of either kind.
        Program::Python(_) => false,
        Program::Structured(_) => !to_query,
        _ => to_query,
    };
    let Some(other) = pipelines.iter().find(is_other) else {
        return;
    };
    let name = quote(&other.name);
    let message = if to_query {
        format!("the pipeline {name} is no query, and only a query has such a fault")
    } else {
        format!("the pipeline {name} is a query, and only a program of streams has such a fault")
    };
    let mistake = Code::BadFault.at(fault.span(), message);
    diagnostics.push(mistake.label(format!("not of {name}")).help(help));
}

/// The kind of program that a fault belongs to, if it does to one.
fn belongs(fault: Fault) -> Option<Belongs> {
    let [to_query, to_streams] =
        [true, false].map(|to_query| move |help: &'static str| Some(Belongs { to_query, help }));
    match fault {
        Fault::CrashIn(
            CrashPoint::Generation
            | CrashPoint::Job
            | CrashPoint::Output
            | CrashPoint::InCommit
            | CrashPoint::BeforeCheckpoint
            | CrashPoint::AfterCheckpoint
            | CrashPoint::BeforeCompletion
            | CrashPoint::Completed,
            _,
        ) => to_streams(
            "a query dies `before` or `after` a file of its checkpoint is written, for example\nbefore = \"commits/3\"",
        ),
        Fault::Slow { .. } => to_streams(
            "micro-batches of a query come one after the other; leave it out, or put the query into a scenario of its own",
        ),
        Fault::Fail {
            part: FailingPart::Generation | FailingPart::Completion,
            ..
        } => to_streams(
            "a task of a query fails by\nfail = \"task\"\nand its writes by\nfail = \"checkpoint\"",
        ),
        Fault::Delete(DeletedFiles::Newest | DeletedFiles::Metadata | DeletedFiles::Records) => {
            to_streams("name the file of the query, for example\ndelete = { file = \"offsets/3\" }")
        }
        Fault::Corrupt(CorruptFile::Newest) => to_streams(
            "name the file of the query, for example\ncorrupt = { file = \"commits/3\" }",
        ),
        Fault::Permute(_) => to_streams(
            "the counts of a query are sums, which no order changes; put it into a scenario of its own",
        ),
        Fault::CrashAt(_) => to_query(
            "a program of streams dies at a `point` of a batch, for example\npoint = \"before checkpoint\"",
        ),
        Fault::Delete(DeletedFiles::Source | DeletedFiles::File(_)) => to_query(
            "a program of streams has checkpoints, states and logs, for example\ndelete = \"newest checkpoint\"",
        ),
        Fault::Corrupt(CorruptFile::File { .. }) => to_query(
            "a program of streams has checkpoints, for example\ncorrupt = \"newest checkpoint\"",
        ),
        Fault::Crash
        | Fault::CrashIn(
            CrashPoint::PartSaved | CrashPoint::BeforeCommit | CrashPoint::AfterCommit,
            _,
        )
        | Fault::Stop
        | Fault::Restart
        | Fault::Fail {
            part: FailingPart::Task | FailingPart::Checkpoint | FailingPart::Save,
            ..
        }
        | Fault::Fill(_)
        | Fault::Clear
        | Fault::Clock(_)
        | Fault::Delete(DeletedFiles::All | DeletedFiles::States)
        | Fault::Lose(_)
        | Fault::Cluster(_) => None,
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
