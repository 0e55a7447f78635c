//! Document → [`Scenario`]; mistakes are collected, and the reading goes on.
//!
//! A mistaken value is replaced by its default or something harmless: the scenario is
//! thrown away at the end if there was any mistake.

mod across;
mod changes;
mod cluster;
mod cost;
mod faults;
mod limits;
mod messages;
mod pipeline;
mod query_tables;
mod receivers;
mod settings;
mod source_faults;
mod static_rows;
mod steps;
mod structured;
mod timeline;

use toml::de::DeTable;

use crate::Scenario;
use crate::diagnostics::Diagnostics;
use crate::keys::{DESCRIPTION, PIPELINES, SPARK, TITLE, TOP};
use crate::language::{AnyKey, TableReader};
use query_tables::QueryTables;
#[cfg(test)]
pub(crate) use query_tables::is_table_name;
use settings::PartialClock;
use timeline::SpannedTimeline;

/// The need of a text for pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pipelines {
    /// A text without pipelines is mistaken.
    Required,
    /// The text may have none.
    Optional,
}

/// The meaning of a document, and the offset at which each entry of its timeline is written; not to be
/// used if there are mistakes afterwards.
pub(crate) fn lower(
    root: &DeTable,
    pipelines: Pipelines,
    diagnostics: &Diagnostics,
) -> (Scenario, Vec<usize>) {
    Lowering::begin(root, pipelines, diagnostics).finish()
}

/// A document whose timeline is read, and may go on in further ones.
pub(crate) struct Lowering<'a> {
    diagnostics: &'a Diagnostics,
    top: TableReader<'a>,
    clock: PartialClock,
    timeline: SpannedTimeline,
}

impl<'a> Lowering<'a> {
    pub(crate) fn begin(
        root: &'a DeTable<'a>,
        pipelines: Pipelines,
        diagnostics: &'a Diagnostics,
    ) -> Lowering<'a> {
        let optional: &[&dyn AnyKey] = match pipelines {
            Pipelines::Required => &[],
            Pipelines::Optional => &[&PIPELINES],
        };
        let top = TableReader::root(diagnostics, &TOP, root, optional);
        let clock = settings::clock(&top);
        let timeline = timeline::lower(&top, &clock);
        Lowering {
            diagnostics,
            top,
            clock,
            timeline,
        }
    }

    /// Adds the timeline of a further document, which is written at this offset.
    pub(crate) fn add_entries(&mut self, root: &DeTable, offset: usize) {
        let top = TableReader::part(self.diagnostics, &TOP, root);
        self.timeline.add_entries(&top, offset);
    }

    pub(crate) fn finish(self) -> (Scenario, Vec<usize>) {
        let Lowering {
            diagnostics,
            top,
            clock,
            mut timeline,
        } = self;
        let spark = top.get_or_default(&SPARK);
        let mistakes = diagnostics.len();
        let pipelines = pipeline::lower(&top, clock.interval, spark);
        // Nothing is known of what a mistaken pipeline was meant to be.
        let known = if diagnostics.len() == mistakes {
            &*pipelines
        } else {
            &[]
        };
        let QueryTables { sources, tables } = QueryTables::lower(&top);
        query_tables::check(&top, known);
        across::check_expected(diagnostics, &timeline, &pipelines);
        across::check_counted(diagnostics, &timeline, known);
        across::check_programs_alone(&top, known);
        across::check_checkpoint(&top, known, &sources);
        across::check_measured(diagnostics, &timeline, known);
        receivers::check(&top, &clock, &timeline, known);
        across::check_stop(diagnostics, &clock, &timeline, known);
        let interval = clock.interval.unwrap_or_default();
        changes::lower(&top, interval, known, &mut timeline.entries);
        let cluster = settings::cluster(&top);
        faults::check(diagnostics, &clock, &timeline, known, &cluster);
        cluster::check(&top, &clock, &timeline, known, &cluster);
        source_faults::check(diagnostics, &timeline, known);
        messages::check(diagnostics, &timeline, known, &sources);
        query_tables::check_faults(diagnostics, &timeline, known, &sources);
        let limits = settings::limits(&top);
        limits::check(diagnostics, &clock, &timeline, known, limits);
        let scenario = Scenario {
            title: top.get_or_default(&TITLE),
            description: top.get(&DESCRIPTION),
            spark,
            clock: clock.into_clock(),
            console: settings::console(&top, spark),
            cluster,
            cost: cost::of_scenario(&top),
            limits,
            claims: settings::claims(&top),
            timeline: timeline.entries,
            sources,
            tables,
            pipelines,
        };
        (scenario, timeline.offsets)
    }
}
