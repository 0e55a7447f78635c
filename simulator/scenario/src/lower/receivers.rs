//! `[cluster] block_interval` and the limits of receivers, with the pipelines and the timeline.

use super::settings::PartialClock;
use super::timeline::SpannedTimeline;
use crate::keys::{
    BACK_PRESSURE_TABLE, BLOCK_INTERVAL, CLUSTER_TABLE, INITIAL_RATE, MAX_RATE, PARTITIONS,
};
use crate::language::{AnyKey, TableReader};
use crate::quote::quote;
use crate::{Code, MapWithState, Pipeline, Program, Source, TimelineEvent};

/// Reports receivers that a pipeline has not, blocks that are cut in another way, and limits of a run that may end before
/// all lines are taken.
pub(super) fn check(
    top: &TableReader,
    clock: &PartialClock,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
) {
    let cluster = top.section(&CLUSTER_TABLE);
    let Some(span) = cluster.key_span(&BLOCK_INTERVAL) else {
        return;
    };
    let without = pipelines.iter().find(|it| !has_receiver(&it.program));
    if let Some(pipeline) = without {
        let name = quote(&pipeline.name);
        let message = format!("the pipeline {name} has no receiver that cuts blocks");
        let mistake = Code::Needs
            .at(span.clone(), message)
            .label("of no receiver");
        let help = "receivers are those of `mode` and `steps`, but for `structured` and `source = \"direct\"`: give the \
                    pipeline a scenario of its own";
        top.push(mistake.help(help));
    }
    let is_cut = |event: &TimelineEvent| matches!(event, TimelineEvent::Lines { partitions, .. } if *partitions > 1);
    if timeline.entries.iter().any(|entry| is_cut(&entry.event)) {
        let message = format!(
            "an entry has `{}`, and blocks are cut by the clock",
            AnyKey::name(&PARTITIONS)
        );
        let mistake = Code::Needs.at(span, message).label("cuts blocks");
        top.push(mistake.help("leave out one of them"));
    }
    let limits: [&dyn AnyKey; 3] = [&MAX_RATE, &INITIAL_RATE, &BACK_PRESSURE_TABLE];
    let limit = limits
        .into_iter()
        .find_map(|key| Some((key, cluster.key_span(key)?)));
    if let Some((key, span)) = limit.filter(|_| !clock.has_stop) {
        let message = format!("with `{}` a run needs a `stop`", key.name());
        let mistake = Code::Needs.at(span, message).label("lines may wait");
        let help = "lines wait in their source after the last entry: say when the run ends, for example\n\
                    [clock]\nstop = \"10s\"";
        top.push(mistake.help(help));
    }
}

fn has_receiver(program: &Program) -> bool {
    match program {
        Program::Stateless { source, .. }
        | Program::UpdateState { source, .. }
        | Program::MapWithState(MapWithState { source, .. }) => *source != Source::Direct,
        Program::Steps(_) => true,
        Program::Structured(_) | Program::Python(_) | Program::Rust(_) => false,
    }
}
