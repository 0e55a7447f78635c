//! Document → [`Scenario`]; mistakes are collected, and the reading goes on.
//!
//! A mistaken value is replaced by its default or something harmless: the scenario is
//! thrown away at the end if there was any mistake.

mod across;
mod pipeline;
mod settings;
mod steps;
mod timeline;

use toml::de::DeTable;

use crate::Scenario;
use crate::diagnostics::Diagnostics;
use crate::keys::{DESCRIPTION, TITLE, TOP};
use crate::language::TableReader;

/// The meaning of a document, and the offset at which each entry of its timeline is written; not to be
/// used if there are mistakes afterwards.
pub(crate) fn lower(root: &DeTable, diagnostics: &Diagnostics) -> (Scenario, Vec<usize>) {
    let top = TableReader::root(diagnostics, &TOP, root);
    let clock = settings::clock(&top);
    let timeline = timeline::lower(&top);
    let mistakes = diagnostics.len();
    let pipelines = pipeline::lower(&top, clock.interval);
    // Nothing is known of what a mistaken pipeline was meant to be.
    let are_known = diagnostics.len() == mistakes;
    across::check(diagnostics, &clock, &timeline, &pipelines);
    if are_known {
        across::check_counted(diagnostics, &timeline, &pipelines);
    }
    let scenario = Scenario {
        title: top.get_or_default(&TITLE),
        description: top.get(&DESCRIPTION),
        clock: clock.into_clock(),
        console: settings::console(&top),
        cluster: settings::cluster(&top),
        timeline: timeline.entries,
        pipelines,
    };
    (scenario, timeline.offsets)
}
