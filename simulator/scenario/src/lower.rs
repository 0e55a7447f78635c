//! Document → [`Scenario`]: one file for each table; mistakes are collected, and the reading goes on.
//!
//! Where a value is mistaken, its default or something harmless stands in for it: the scenario is
//! thrown away at the end if there was any mistake.

mod across;
mod clock;
mod cluster;
mod console;
mod fields;
mod flow;
mod pipeline;
mod steps;
mod timeline;
mod value;
mod window;

use toml::de::DeTable;

use crate::Scenario;
use crate::mistakes::Sink;
use crate::words;

use fields::Fields;

/// The meaning of a document, and where each of its expectations begins; not to be used if `sink` has
/// mistakes afterwards.
pub(crate) fn lower(root: &DeTable, sink: &Sink) -> (Scenario, Vec<usize>) {
    let top = Fields::new(sink, &words::TOP, root, 0..0);
    let clock = clock::lower(&top);
    let interval = clock.interval;
    let timeline = timeline::lower(&top);
    let mistakes = sink.len();
    let pipelines = pipeline::lower(&top, interval);
    // What a mistaken pipeline was to be is not known.
    let are_known = sink.len() == mistakes;
    across::check(sink, &clock, &timeline, &pipelines);
    if are_known {
        across::check_counted(sink, &timeline, &pipelines);
    }
    let scenario = Scenario {
        title: top.text(&words::TITLE).unwrap_or_default(),
        description: top.text(&words::DESCRIPTION),
        clock: clock.into_clock(),
        console: console::lower(&top),
        cluster: cluster::lower(&top),
        timeline: timeline.entries,
        pipelines,
    };
    (scenario, timeline.expectations)
}
