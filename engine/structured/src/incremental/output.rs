//! The rows of a micro-batch, as the sink of the query takes them.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{
    Counters, Event, FailedBatch, Failure, Outcome, OutputMode, Records, Row, StateOwner, Table,
    TextFolder, Workers,
};

use super::{Incremental, MicroBatch};
use crate::analyze::GroupingKind;
use crate::change::Merged;
use crate::file_format::FileFormat;
use crate::file_sink::Sink;
use crate::group_key::GroupKey;
use crate::settings::QUERY;

/// The rows of a micro-batch.
pub(super) enum Output {
    /// The first ones, as many as the console shows and one more.
    Shown(Vec<Row>),
    /// All of them, as files.
    Saved(TextFolder),
}

impl Incremental {
    /// Runs a micro-batch.
    pub(crate) fn run(&mut self, batch: &MicroBatch, workers: &dyn Workers) -> Outcome {
        match self.rows(batch, workers) {
            Ok((output, counters)) => self.outcome(batch, output, counters),
            Err(failure) => Outcome {
                failure: Some(failure.in_batch(FailedBatch::Number(batch.id))),
                ..Outcome::default()
            },
        }
    }

    fn outcome(&self, batch: &MicroBatch, output: Output, counters: Option<Counters>) -> Outcome {
        let updated = counters.map(|counters| Event::StateUpdated {
            batch_time: batch.begun,
            owner: StateOwner::Query {
                query: QUERY,
                batch_id: batch.id,
            },
            counters,
        });
        let mut outcome = Outcome {
            events: updated.into_iter().collect(),
            ..Outcome::default()
        };
        match output {
            Output::Saved(folder) => outcome.folder = Some(folder),
            Output::Shown(rows) => outcome.events.push(self.table(batch.id, rows)),
        }
        outcome
    }

    /// The table on the console.
    fn table(&self, batch_id: u64, mut rows: Vec<Row>) -> Event {
        let more = rows.len() > self.settings.num_rows;
        rows.truncate(self.settings.num_rows);
        Event::TableShown {
            query: QUERY,
            batch_id,
            table: Table {
                columns: Arc::clone(&self.columns),
                rows,
                more,
                truncate: self.settings.truncate,
                spark: self.settings.spark,
            },
        }
    }

    /// The number of rows that the console needs: one more than it shows.
    fn shown(&self) -> usize {
        self.settings.num_rows.saturating_add(1)
    }

    /// The projected rows of a query without an aggregation.
    pub(super) fn projected(&self, batch: &MicroBatch) -> Result<Output, Failure> {
        let inputs = 0..self.inputs(batch);
        let Sink::Files { format, folder } = &self.settings.sink else {
            let mut rows = Vec::new();
            for input in inputs {
                rows.append(&mut self.first_rows(batch, input, self.shown() - rows.len())?);
            }
            return Ok(Output::Shown(rows));
        };
        let lines = |input| Ok(self.lines(*format, &self.first_rows(batch, input, usize::MAX)?));
        Ok(Output::Saved(TextFolder {
            name: folder.clone(),
            parts: inputs.map(lines).collect::<Result<_, Failure>>()?,
        }))
    }

    /// The first projected rows of an input partition, up to `count`.
    fn first_rows(
        &self,
        batch: &MicroBatch,
        input: usize,
        count: usize,
    ) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        if count > 0 {
            let mut until_enough = |row| {
                rows.push(row);
                if rows.len() < count {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            let _ = self.project(batch, input, &Cell::new(None), &mut until_enough)?;
        }
        Ok(rows)
    }

    /// The rows of an aggregation: of all partitions, in the order of these.
    pub(super) fn output(&self, merged: &[Merged]) -> Output {
        if let Sink::Files { format, folder } = &self.settings.sink {
            // Files have appended rows alone.
            let rows = merged.iter().map(|it| self.written(&it.written).collect());
            let mut parts: Vec<Records> = Vec::new();
            for (partition, rows) in self.state.by_partition(rows.collect::<Vec<Vec<Row>>>()) {
                parts.resize(parts.len().max(partition + 1), Records::default());
                parts[partition] = self.lines(*format, &rows);
            }
            let name = folder.clone();
            return Output::Saved(TextFolder { name, parts });
        }
        let shown = self.shown();
        if self.settings.output_mode != OutputMode::Complete {
            let places = self.state.in_order();
            let written = places.flat_map(|place| self.written(&merged[place].written));
            return Output::Shown(written.take(shown).collect());
        }
        let mut rows = Vec::new();
        for place in self.state.in_order() {
            let state = self.state.store(place);
            let rest = shown - rows.len();
            rows.extend(state.rows().take(rest).map(|(key, count)| key.row(count)));
        }
        Output::Shown(rows)
    }

    /// The rows of groups.
    fn written<'a>(&'a self, groups: &'a [(GroupKey, i64)]) -> impl Iterator<Item = Row> + 'a {
        groups.iter().filter_map(|(key, count)| {
            Some(match self.plan.grouping.as_ref()?.kind {
                GroupingKind::Distinct(ref places) => key.row_of(places),
                GroupingKind::Count | GroupingKind::Total => key.row(*count),
            })
        })
    }

    fn lines(&self, format: FileFormat, rows: &[Row]) -> Records {
        let lines = rows.iter().map(|row| format.line(&self.columns, row));
        lines.collect()
    }
}
