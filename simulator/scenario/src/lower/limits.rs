//! Runs that go too far: beyond the calendar, or beyond a limit of time or of batches.

use std::time::Duration;

use toml::Spanned;

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{BATCHES_MAX, LIMITS, TIME_MAX};
use crate::language::grouped;
use crate::quote::quote;
use crate::{Code, Limits, Pipeline, duration, instant};

/// Reports the first of the limits that the run breaks. Nothing is said where the clock is mistaken.
pub(super) fn check(
    diagnostics: &Diagnostics,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
    limits: Limits,
) {
    let Some(start) = clock.start else { return };
    let entries = timeline.times.iter().chain(&timeline.end);
    let last = entries.max_by_key(|end| *end.get_ref());
    let ends = last.into_iter().chain(&clock.stop);
    let Some(latest) = ends.max_by_key(|end| *end.get_ref()) else {
        return;
    };
    let time = start.checked_add(*latest.get_ref());
    if !time.is_some_and(instant::is_printable) {
        report_calendar(diagnostics, latest);
        return;
    }
    let end = clock.stop.as_ref().unwrap_or(latest);
    if *end.get_ref() > limits.time {
        report_time(diagnostics, end, limits.time);
        return;
    }
    let Some(interval) = clock.interval else {
        return;
    };
    let length = *end.get_ref();
    let batches = |pipeline: &&Pipeline| {
        let program = &pipeline.program;
        program.batches(&timeline.entries, start, interval, length)
    };
    if let Some(longest) = pipelines.iter().max_by_key(batches) {
        let count = batches(&longest);
        if count > limits.batches {
            report_batches(diagnostics, end, longest, count, limits.batches);
        }
    }
}

fn report_calendar(diagnostics: &Diagnostics, end: &Spanned<Duration>) {
    let length = duration::print(*end.get_ref());
    let message = format!("the run ends {length} after its start, beyond the calendar");
    let mistake = Code::BeyondCalendar
        .at(end.span(), message)
        .label("too late");
    diagnostics.push(mistake.help("a run ends before the year 9997"));
}

fn report_time(diagnostics: &Diagnostics, end: &Spanned<Duration>, limit: Duration) {
    let length = duration::print(*end.get_ref());
    let allowed = duration::print(limit);
    let message = format!("the run takes {length} of virtual time, and its limit is {allowed}");
    let mistake = Code::TooLong.at(end.span(), message).label("too late");
    let key = limit_key(TIME_MAX.key.text.name);
    diagnostics.push(mistake.help(format!("`{key} = \"{length}\"` allows it")));
}

fn report_batches(
    diagnostics: &Diagnostics,
    end: &Spanned<Duration>,
    pipeline: &Pipeline,
    count: u64,
    limit: u64,
) {
    let name = quote(&pipeline.name);
    let [count, limit] = [count, limit].map(|it| grouped(i64::try_from(it).unwrap_or(i64::MAX)));
    let message = format!("the pipeline {name} has {count} batches, and the limit is {limit}");
    let mistake = Code::TooLong
        .at(end.span(), message)
        .label("too many by here");
    let key = limit_key(BATCHES_MAX.key.text.name);
    let help = format!("stop earlier, or take a longer interval; `{key} = {count}` allows it");
    diagnostics.push(mistake.help(help));
}

/// The name of a limit with that of its table.
fn limit_key(name: &str) -> String {
    format!("[{}] {name}", LIMITS.name)
}
