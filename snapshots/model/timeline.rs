//! The times of batches, and the lines of each batch.

use std::collections::BTreeMap;

use scenario::{Program, Scenario, Source, Structured, TimelineEvent, Trigger};

use crate::rules::{Rule, Rules};
use crate::split;

/// A batch of a DStream program.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The number of the batch, from 1.
    pub(crate) number: usize,
    /// The time at which it ends, in milliseconds since the epoch.
    pub(crate) time: i64,
    /// The lines of each block, none of which is empty.
    pub(crate) blocks: Vec<Vec<String>>,
}

/// The batches of a DStream program. The last is at the stop, or else at the first batch time after all
/// entries and after the trigger that takes the last line.
pub(crate) fn batches(scenario: &Scenario, source: Source, rules: &Rules) -> Vec<Batch> {
    let start = start(scenario);
    let interval = interval(scenario);
    let mut time = if rules.hold(Rule::FirstBatchEndsAfterStart) {
        next_on_grid(start, interval)
    } else {
        next_on_grid(start - 1, interval)
    };
    let mut arrivals = arrivals(scenario, source, rules);
    let mut batches = Vec::new();
    while time <= stop(scenario) {
        // A line at the very time of a batch is in it.
        let later = arrivals.split_off(&(time + 1));
        batches.push(Batch {
            number: batches.len() + 1,
            time,
            blocks: arrivals.into_values().flatten().collect(),
        });
        arrivals = later;
        time += interval;
    }
    batches
}

/// The lines of each micro-batch of a query.
pub(crate) fn micro_batches(
    scenario: &Scenario,
    query: &Structured,
    rules: &Rules,
) -> Vec<Vec<String>> {
    let start = start(scenario);
    let mut batches: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let starts_empty = query.source == Source::Socket && rules.hold(Rule::SocketBatchZeroIsEmpty);
    for (time, blocks) in arrivals(scenario, query.source, rules) {
        let is_due = !blocks.is_empty() || !rules.hold(Rule::NoDataNoBatch);
        let trigger = if starts_empty && time == start {
            second_trigger(start, query.trigger)
        } else {
            trigger_for(time, start, query.trigger)
        };
        if let Some(trigger) = trigger.filter(|it| is_due && *it <= stop(scenario)) {
            let lines = batches.entry(trigger).or_default();
            lines.extend(blocks.into_iter().flatten());
        }
    }
    let first = starts_empty.then(Vec::new);
    first.into_iter().chain(batches.into_values()).collect()
}

/// The time of the trigger after the one at the start, if there is one.
fn second_trigger(start: i64, trigger: Trigger) -> Option<i64> {
    match trigger {
        Trigger::Default => Some(start),
        Trigger::Once | Trigger::AvailableNow => None,
        Trigger::ProcessingTime(every) => Some(next_on_grid(start, every.as_millis() as i64)),
    }
}

/// The time of the trigger that takes lines of this time, if there is one.
fn trigger_for(time: i64, start: i64, trigger: Trigger) -> Option<i64> {
    match trigger {
        Trigger::Default => Some(time),
        Trigger::Once | Trigger::AvailableNow => (time == start).then_some(start),
        // The first trigger is at the start, wherever that is on the grid.
        Trigger::ProcessingTime(_) if time == start => Some(start),
        Trigger::ProcessingTime(every) => Some(next_on_grid(time - 1, every.as_millis() as i64)),
    }
}

/// The blocks that arrive at each time.
fn arrivals(scenario: &Scenario, source: Source, rules: &Rules) -> BTreeMap<i64, Vec<Vec<String>>> {
    let mut arrivals: BTreeMap<i64, Vec<Vec<String>>> = BTreeMap::new();
    for entry in &scenario.timeline {
        if let TimelineEvent::Lines { lines, partitions } = &entry.event {
            let lines: Vec<String> = match source {
                Source::Memory | Source::Direct => lines.clone(),
                Source::Socket => lines
                    .iter()
                    .flat_map(|line| split::socket(line, rules))
                    .collect(),
            };
            let at = start(scenario) + entry.at.as_millis() as i64;
            arrivals
                .entry(at)
                .or_default()
                .extend(slices(&lines, *partitions));
        }
    }
    arrivals
}

/// The contiguous slices of `parallelize`.
fn slices(lines: &[String], partitions: usize) -> impl Iterator<Item = Vec<String>> {
    let from = move |slice: usize| slice * lines.len() / partitions;
    let slices = (0..partitions).map(move |slice| lines[from(slice)..from(slice + 1)].to_vec());
    slices.filter(|slice| !slice.is_empty())
}

fn start(scenario: &Scenario) -> i64 {
    scenario.clock.start.as_millis()
}

fn interval(scenario: &Scenario) -> i64 {
    scenario.clock.interval.as_millis() as i64
}

fn stop(scenario: &Scenario) -> i64 {
    let start = start(scenario);
    let last = scenario
        .timeline
        .iter()
        .map(|entry| entry.at.as_millis())
        .max();
    let last = start + last.unwrap_or(0) as i64;
    if let Some(stop) = scenario.clock.stop {
        return start + stop.as_millis() as i64;
    }
    let end = next_on_grid(start.max(last - 1), interval(scenario));
    last_trigger(scenario).map_or(end, |trigger| trigger.max(end))
}

/// The time of the last trigger that takes a line.
fn last_trigger(scenario: &Scenario) -> Option<i64> {
    let start = start(scenario);
    let entries = scenario.timeline.iter();
    let lines = entries.filter(|entry| match &entry.event {
        TimelineEvent::Lines { lines, .. } => !lines.is_empty(),
        TimelineEvent::Generate(_)
        | TimelineEvent::Fault(_)
        | TimelineEvent::SourceFault(_)
        | TimelineEvent::ChangedRestart(_)
        | TimelineEvent::Expect(_) => false,
    });
    let last = start + lines.map(|entry| entry.at.as_millis()).max()? as i64;
    let triggers = scenario
        .pipelines
        .iter()
        .filter_map(|it| match &it.program {
            Program::Structured(query) => trigger_for(last, start, query.trigger),
            _ => None,
        });
    triggers.max()
}

/// The first multiple of the interval after this time.
fn next_on_grid(time: i64, interval: i64) -> i64 {
    (time.div_euclid(interval) + 1) * interval
}
