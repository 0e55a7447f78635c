//! Mistakes between tables: of the timeline with the clock, of expectations with pipelines.

use std::collections::BTreeSet;
use std::time::Duration;

use toml::Spanned;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{CHECKPOINT, CLUSTER_TABLE, MEMORY, SOURCE, SOURCE_KIND};
use crate::language::TableReader;
use crate::quote::{list, quote};
use crate::suggest::nearest;
use crate::{Code, Pipeline, Program, QuerySource, Source, Structured, duration};

/// The most names that are listed in a message.
const NAMES_SHOWN_MAX: usize = 20;

/// Reports a stop before an entry, or before the batch that takes a line: what comes then would be lost without
/// a word.
pub(super) fn check_stop(
    diagnostics: &Diagnostics,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    let Some(stop) = &clock.stop else { return };
    let last = LastTaken::find(clock, timeline, pipelines);
    let times = || timeline.times.iter();
    let after = times().find(|at| at.get_ref() > stop.get_ref());
    let stopped = duration::print(*stop.get_ref());
    let mistake = match (after, &last) {
        (Some(after), _) => {
            let at = duration::print(*after.get_ref());
            let message = format!("the run stops at {stopped}, before an entry at {at}");
            let mistake = Code::AfterStop.at(stop.span(), message);
            mistake.also(after.span(), "never reached")
        }
        (None, Some(last)) if last.taken > *stop.get_ref() => {
            let at = duration::print(*last.line.get_ref());
            let message = format!(
                "the run stops at {stopped}, before {} takes the lines at {at}",
                quote(&last.pipeline.name)
            );
            let taken = duration::print(last.taken);
            let mistake = Code::AfterStop.at(stop.span(), message);
            mistake.also(last.line.span(), format!("for the batch at {taken}"))
        }
        _ => return,
    };
    let latest = times().map(|at| *at.get_ref()).max();
    let taken = last.map(|last| last.taken);
    let latest = duration::print(latest.max(taken).unwrap_or_default());
    let help = format!(
        "`stop = \"{latest}\"` or later reaches every entry, and the batch that takes it; without `stop` so does \
         the run"
    );
    diagnostics.push(mistake.label(format!("stops at {stopped}")).help(help));
}

/// The last line of a timeline, and the pipeline that takes it last.
struct LastTaken<'a> {
    line: &'a Spanned<Duration>,
    pipeline: &'a Pipeline,
    /// The offset from the start of the clock at which that takes it.
    taken: Duration,
}

impl<'a> LastTaken<'a> {
    /// Finds it where there is a line, and clock and pipelines are known.
    fn find(
        clock: &PartialClock,
        timeline: &'a SpannedTimeline,
        pipelines: &'a [Pipeline],
    ) -> Option<LastTaken<'a>> {
        let start = clock.start?;
        let interval = clock.interval?;
        let line = timeline.last_line.as_ref()?;
        let all = pipelines.iter().map(|pipeline| LastTaken {
            line,
            pipeline,
            taken: pipeline.program.takes(*line.get_ref(), start, interval),
        });
        all.max_by_key(|it| it.taken)
    }
}

pub(super) fn check_expected(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    let names: BTreeSet<&str> = pipelines.iter().map(|pipeline| &*pipeline.name).collect();
    for expected in &timeline.expected {
        let name = expected.get_ref();
        if names.contains(&**name) {
            continue;
        }
        let shown = || {
            names
                .iter()
                .copied()
                .filter(|name| !name.is_empty())
                .take(NAMES_SHOWN_MAX)
        };
        let pipelines = format!("pipelines: {}", list(shown()));
        let help = match nearest(name, shown()) {
            Some(nearest) => format!("did you mean `{nearest}`? {pipelines}"),
            None => pipelines,
        };
        let message = format!("there is no pipeline {}", quote(name));
        let mistake = Code::UnknownPipeline.at(expected.span(), message);
        diagnostics.push(mistake.label("no such pipeline").help(help));
    }
}

/// Settings that count for no pipeline where all are programs in Python: their states are not counted, and each names
/// its own checkpoint folder.
pub(super) fn check_programs_alone(top: &TableReader, pipelines: &[Pipeline]) {
    let is_python = |it: &Pipeline| matches!(it.program, Program::Python(_));
    if pipelines.is_empty() || !pipelines.iter().all(is_python) {
        return;
    }
    let cluster = top.section(&CLUSTER_TABLE);
    if let Some(span) = cluster.key_span(&MEMORY) {
        let message =
            "`memory` bounds the states of no pipeline: those of a `program` are not counted";
        let mistake = Code::NoState.at(span, message).label("bounds nothing here");
        top.push(mistake.help("leave it out"));
    }
    if let Some(span) = cluster.key_span(&CHECKPOINT) {
        let message = "`checkpoint` is the folder of no pipeline: a `program` names its own";
        let mistake = Code::WrongMode
            .at(span, message)
            .label("counts for nothing here");
        let help = "leave it out, and what belongs to it; in the program `ssc.checkpoint(\"checkpoint\")` names it, \
                    the setting `spark.streaming.receiver.writeAheadLog.enable` the log, and `stream.checkpoint(..)` \
                    the interval";
        top.push(mistake.help(help));
    }
}

/// Reports a checkpoint of a query whose source keeps nothing, not even its place: Spark has no such source.
pub(super) fn check_checkpoint(top: &TableReader, pipelines: &[Pipeline], sources: &[QuerySource]) {
    let cluster = top.section(&CLUSTER_TABLE);
    let Some(span) = cluster.key_span(&CHECKPOINT) else {
        return;
    };
    let is_memory = |query: &Structured| match &query.sql {
        Some(_) if !sources.is_empty() => sources.iter().any(|it| it.kind == Source::Memory),
        _ => query.source == Source::Memory,
    };
    let is_of_memory =
        |it: &&Pipeline| matches!(&it.program, Program::Structured(query) if is_memory(query));
    let Some(pipeline) = pipelines.iter().find(is_of_memory) else {
        return;
    };
    let name = quote(&pipeline.name);
    let message = format!("the query {name} reads memory, from which it cannot go on");
    let mistake = Code::Needs
        .at(span, message)
        .label("of a query over memory");
    let key = match sources {
        [] => SOURCE.key.text.name,
        [_, ..] => SOURCE_KIND.key.text.name,
    };
    top.push(mistake.help(format!(
        "give it files, or a socket, which loses its lines, for example\n{key} = \"direct\""
    )));
}

/// Counters are those of states: a pipeline that keeps none has none.
pub(super) fn check_counted(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    for counted in &timeline.counted {
        let expect = counted.get_ref();
        let mut meant = pipelines.iter().filter(|it| expect.means(&it.name));
        let Some(stateless) = meant.find(|pipeline| !pipeline.program.keeps_state()) else {
            continue;
        };
        let name = quote(&stateless.name);
        let message = match stateless.program {
            Program::Python(_) => {
                format!("the pipeline {name} is a program, whose states are not counted")
            }
            _ => format!("the pipeline {name} keeps no state, of which counters would tell"),
        };
        let mistake = Code::NoState
            .at(counted.span(), message)
            .label("counters of a state");
        let is_any_stateful = pipelines.iter().any(|it| it.program.keeps_state());
        diagnostics.push(
            mistake.help(if expect.pipeline.is_none() && is_any_stateful {
                "without `pipeline` all are meant: add the name of one that keeps a state"
            } else {
                "expect its `rows`, or some of them by `contains`"
            }),
        );
    }
}

/// Reports delays and rates of a pipeline that has none of them: a query has no queue, and the interval of a program in
/// Python is its own.
pub(super) fn check_measured(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    for measured in &timeline.measured {
        let expect = measured.get_ref();
        let refused = |pipeline: &Pipeline| match pipeline.program {
            Program::Structured(_) if expect.metrics.is_of_a_queue() => {
                Some("is a query, which has no queue of batches and no batch interval")
            }
            Program::Python(_) if expect.metrics.input_rate.is_some() => {
                Some("is a program, whose batch interval is its own: it has no `input_rate`")
            }
            _ => None,
        };
        let mut meant = pipelines.iter().filter(|it| expect.means(&it.name));
        let Some((pipeline, reason)) = meant.find_map(|it| Some((it, refused(it)?))) else {
            continue;
        };
        let message = format!("the pipeline {} {reason}", quote(&pipeline.name));
        let mistake = Code::NoState.at(measured.span(), message);
        let help = match expect.pipeline {
            None => "without `pipeline` all are meant: add the name of another one",
            Some(_) => {
                "of a query there is `processing_time`, and of a program all but `input_rate`"
            }
        };
        diagnostics.push(mistake.label("expected of it").help(help));
    }
}
