//! Mistakes between tables: of the timeline with the clock, of expectations with pipelines.

use std::collections::BTreeSet;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::quote::{list, quote};
use crate::suggest::nearest;
use crate::{Code, Pipeline, duration, instant};

/// The most names that are listed in a message.
const NAMES_SHOWN_MAX: usize = 20;

pub(super) fn check(
    diagnostics: &Diagnostics,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    check_stop(diagnostics, clock, timeline);
    check_calendar(diagnostics, clock, timeline);
    check_expected(diagnostics, timeline, pipelines);
}

fn check_stop(diagnostics: &Diagnostics, clock: &PartialClock, timeline: &SpannedTimeline) {
    let Some(stop) = &clock.stop else { return };
    let times = || timeline.times.iter();
    let Some(after) = times().find(|at| at.get_ref() > stop.get_ref()) else {
        return;
    };
    let latest = times().max_by_key(|at| *at.get_ref()).unwrap_or(after);
    let [stopped, at, latest] = [stop, after, latest].map(|it| duration::print(*it.get_ref()));
    let message = format!("the run stops at {stopped}, before an entry at {at}");
    diagnostics.push(
        Code::AfterStop
            .at(stop.span(), message)
            .label(format!("stops at {stopped}"))
            .also(after.span(), "never reached")
            .help(format!(
                "`stop = \"{latest}\"` or later reaches every entry; without `stop` so does the run"
            )),
    );
}

fn check_calendar(diagnostics: &Diagnostics, clock: &PartialClock, timeline: &SpannedTimeline) {
    let Some(start) = clock.start else { return };
    let SpannedTimeline { times, end, .. } = timeline;
    let ends = times.iter().chain(end).chain(&clock.stop);
    let Some(end) = ends.max_by_key(|end| *end.get_ref()) else {
        return;
    };
    let last = start.checked_add(*end.get_ref());
    if last.is_some_and(instant::is_printable) {
        return;
    }
    let length = duration::print(*end.get_ref());
    let message = format!("the run ends {length} after its start, beyond the calendar");
    let mistake = Code::BeyondCalendar
        .at(end.span(), message)
        .label("too late");
    diagnostics.push(mistake.help("a run ends before the year 9997"));
}

fn check_expected(diagnostics: &Diagnostics, timeline: &SpannedTimeline, pipelines: &[Pipeline]) {
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
        let message = format!(
            "the pipeline {} keeps no state, of which counters would tell",
            quote(&stateless.name)
        );
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
