//! Faults of sources in the timeline: each by itself, and what it needs of the rest.

use std::collections::BTreeMap;
use std::ops::Range;

use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{
    DELAY, DROP, DUPLICATE, Dropped, FOR, HOLD, NEXT, PAUSE, Paused, RELEASE, REORDER, RESUME,
    SHARE,
};
use crate::language::{AnyKey, TableReader};
use crate::quote::quote;
use crate::{
    Code, Disconnect, Disorder, Disturbance, Entry, Pipeline, Program, Reach, Source, SourceFault,
    TimelineEvent,
};

/// The keys of an entry of which each is a fault of a source.
pub(super) const SOURCE_FAULT_KEYS: [&dyn AnyKey; 8] = [
    &PAUSE, &RESUME, &HOLD, &RELEASE, &DROP, &DUPLICATE, &REORDER, &DELAY,
];

/// The faults of a source in an entry, each with the span of its value, in the order of the language.
pub(super) fn source_faults(entry: &TableReader) -> Vec<(SourceFault, Range<usize>)> {
    let dropped = entry.get(&DROP);
    let lines_of: [&dyn AnyKey; 3] = [&DUPLICATE, &REORDER, &DELAY];
    let mut disturbing = lines_of.into_iter().filter(|key| entry.has(*key));
    let disturbing = disturbing
        .next()
        .or_else(|| (dropped == Some(Dropped::Lines)).then_some(&DROP));
    let reach = reach(entry, disturbing);
    let share = entry.get(&SHARE);
    let is_source = |key| entry.get(key) == Some(Paused::Source);
    let disturb = |disorder| {
        Some(SourceFault::Disturb(Disturbance {
            disorder,
            reach: reach?,
            share,
        }))
    };
    let faults = [
        is_source(&PAUSE).then_some(SourceFault::Pause),
        is_source(&RESUME).then_some(SourceFault::Resume),
        entry.get(&HOLD).map(|_| SourceFault::Hold),
        entry.get(&RELEASE).map(|_| SourceFault::Release),
        dropped.and_then(|dropped| match dropped {
            Dropped::Connection => Some(SourceFault::Disconnect(Disconnect::BetweenLines)),
            Dropped::MidLine => Some(SourceFault::Disconnect(Disconnect::MidLine)),
            Dropped::Lines => disturb(Disorder::Lose),
        }),
        entry
            .get(&DUPLICATE)
            .and_then(|_| disturb(Disorder::Duplicate)),
        entry.get(&REORDER).and_then(|_| disturb(Disorder::Reorder)),
        entry
            .get(&DELAY)
            .and_then(|time| disturb(Disorder::Delay(time))),
    ];
    let spans = SOURCE_FAULT_KEYS.iter().map(|key| entry.key_span(*key));
    let spanned = faults.into_iter().zip(spans);
    spanned
        .filter_map(|(fault, span)| fault.zip(span))
        .collect()
}

/// The lines that `next` or `for` names, which belong to a fault of lines: `disturbing`.
fn reach(entry: &TableReader, disturbing: Option<&dyn AnyKey>) -> Option<Reach> {
    let keys: [&dyn AnyKey; 3] = [&NEXT, &FOR, &SHARE];
    let spans = keys.map(|key| entry.key_span(key));
    let Some(disturbing) = disturbing else {
        for (key, span) in keys.into_iter().zip(spans) {
            let Some(span) = span else { continue };
            let message = format!("`{}` means nothing without a fault of lines", key.name());
            let mistake = Code::Needs.at(span, message).label("of no lines");
            entry.push(mistake.help(format!("for example\n{}", DUPLICATE.text.example)));
        }
        return None;
    };
    match &spans {
        [Some(_), Some(span), _] => {
            let message = "lines are named by `next` or by `for`";
            let mistake = Code::BadFault
                .at(span.clone(), message)
                .label("other lines");
            entry.push(mistake.help("leave one of them out"));
        }
        [None, None, _] if !entry.has(&NEXT) && !entry.has(&FOR) => {
            let name = disturbing.name();
            let span = entry.key_span(disturbing).unwrap_or_else(|| entry.span());
            let message = format!("`{name}` does not say which lines it is of");
            let mistake = Code::Needs.at(span, message).label("of which lines?");
            let [next, time] = [NEXT.text.example, FOR.text.example];
            entry.push(mistake.help(format!("for example\n{next}\nor\n{time}")));
        }
        _ => {}
    }
    let next = entry.get(&NEXT).map(Reach::Next);
    next.or_else(|| entry.get(&FOR).map(Reach::For))
}

/// Reports faults of sources that cannot be: a mending of what is well, or of a source without such a fault.
pub(super) fn check(diagnostics: &Diagnostics, timeline: &SpannedTimeline, pipelines: &[Pipeline]) {
    let mut sources = BTreeMap::<Option<&str>, SourceState>::new();
    for spanned in &timeline.source_faults {
        let (stream, fault) = spanned.get_ref();
        let state = sources.entry(stream.as_deref()).or_default();
        if let Some((message, help)) = state.problem(*fault) {
            let mistake = Code::BadFault.at(spanned.span(), message);
            diagnostics.push(mistake.label("not now").help(help));
        }
        let is_program = |it: &Pipeline| matches!(it.program, Program::Python(_));
        if pipelines.is_empty() || pipelines.iter().any(is_program) {
            check_program(diagnostics, timeline, spanned.span(), *fault);
        }
        for pipeline in pipelines {
            if let Some((message, help)) = pipeline_problem(pipeline, *fault) {
                let name = quote(&pipeline.name);
                let message = format!("the pipeline {name} {message}");
                let mistake = Code::BadFault.at(spanned.span(), message);
                diagnostics.push(mistake.label(format!("not of {name}")).help(help));
            }
        }
    }
}

/// Reports a fault that a program with sources of its own cannot have.
fn check_program(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    span: Range<usize>,
    fault: SourceFault,
) {
    let is_line = |entry: &&Entry| match &entry.event {
        TimelineEvent::Lines { lines, .. } => !lines.is_empty(),
        event => matches!(event, TimelineEvent::Generate(_)),
    };
    let lines = timeline.entries.iter().filter(is_line);
    let mut streams: Vec<Option<&str>> = lines.map(|entry| entry.stream.as_deref()).collect();
    if !streams.is_empty() {
        let of_faults = timeline.source_faults.iter().map(|it| &it.get_ref().0);
        streams.extend(of_faults.flatten().map(|stream| Some(stream.as_str())));
    }
    streams.sort_unstable();
    streams.dedup();
    let (message, help) = if needs_connection(fault) {
        let message = "a program of its own has no such fault of its connections yet";
        (message, "pause its source by\npause = \"source\"")
    } else if streams.is_empty() {
        let message = "no line comes that could have such a fault";
        (
            message,
            "write it into the timeline of a scenario file, among its lines",
        )
    } else if streams.len() > 1 {
        let message = "a program of its own has faults of its source where it has one";
        (message, "give all lines the same `stream`, or none")
    } else {
        return;
    };
    let mistake = Code::BadFault.at(span, message).label("not of a program");
    diagnostics.push(mistake.help(help));
}

/// A source while its faults are read.
#[derive(Default)]
struct SourceState {
    is_paused: bool,
    is_held: bool,
}

impl SourceState {
    /// The reason for which a fault cannot be now, and the way out.
    fn problem(&mut self, fault: SourceFault) -> Option<(&'static str, &'static str)> {
        match fault {
            SourceFault::Pause => std::mem::replace(&mut self.is_paused, true).then_some((
                "the source is paused already",
                "`resume = \"source\"` in an entry before lets it send again",
            )),
            SourceFault::Resume => (!std::mem::take(&mut self.is_paused)).then_some((
                "the source is not paused",
                "`pause = \"source\"` in an entry before pauses it",
            )),
            SourceFault::Hold => std::mem::replace(&mut self.is_held, true).then_some((
                "the network of the source holds its lines already",
                "`release = \"source\"` in an entry before lets them arrive",
            )),
            SourceFault::Release => (!std::mem::take(&mut self.is_held)).then_some((
                "the network of the source holds no lines",
                "`hold = \"source\"` in an entry before has it hold them",
            )),
            SourceFault::Disconnect(_) | SourceFault::Disturb(_) => None,
        }
    }
}

/// The reason for which the source of a pipeline has no such fault, and the way out.
fn pipeline_problem(
    pipeline: &Pipeline,
    fault: SourceFault,
) -> Option<(&'static str, &'static str)> {
    let (source, is_query) = match &pipeline.program {
        Program::Stateless { source, .. } | Program::UpdateState { source, .. } => (*source, false),
        Program::MapWithState(program) => (program.source, false),
        Program::Steps(_) => (Source::Memory, false),
        Program::Structured(query) => (query.source, true),
        Program::Python(_) => return None,
        Program::Rust(_) => {
            return Some((
                "is a program in Rust, whose sources have no faults yet",
                "put it into a scenario of its own, without faults of a source",
            ));
        }
    };
    match (fault, source) {
        (_, Source::Memory | Source::Direct) if is_query && needs_connection(fault) => Some((
            "is a query that reads no network",
            "give it a connection by\nsource = \"socket\"\nor pause its source by\npause = \"source\"",
        )),
        (SourceFault::Disconnect(Disconnect::MidLine), Source::Direct) => Some((
            "has a source that keeps its lines, and sends each as a whole",
            "let the connection end between lines by\ndrop = \"connection\"",
        )),
        _ => None,
    }
}

fn needs_connection(fault: SourceFault) -> bool {
    matches!(
        fault,
        SourceFault::Hold | SourceFault::Release | SourceFault::Disconnect(_)
    )
}
