//! The rows of a micro-batch, as the sink of the query takes them.

use engine::{
    Counters, Event, FailedBatch, Failure, Outcome, OutputMode, Records, Row, StateOwner, Table,
    Text, TextFolder, Workers,
};

use super::{Incremental, MicroBatch};
use crate::physical::{Batch, BatchRows, Partitions, PhysicalPlan};
use crate::settings::{QUERY, QuerySettings};

/// The rows of a micro-batch.
pub(super) enum Output {
    /// The first ones, as many as the console shows and one more.
    Shown(Vec<Row>),
    /// All of them, as files.
    Saved(TextFolder),
}

impl Output {
    /// The rows that the console needs: one more than it shows.
    pub(super) fn shown(
        operators: &PhysicalPlan,
        partitions: &Partitions,
        batch: &Batch<'_>,
        settings: &QuerySettings,
    ) -> Result<Output, Failure> {
        let most = settings.num_rows.saturating_add(1);
        let is_state = settings.output_mode == OutputMode::Complete;
        let rows = operators.first_rows(partitions, batch, most, is_state)?;
        Ok(Output::Shown(rows))
    }

    /// The lines of each partition.
    pub(super) fn saved(rows: BatchRows, folder: &Text, line: impl Fn(&Row) -> Text) -> Output {
        let mut parts: Vec<Records> = Vec::new();
        for (partition, rows) in rows {
            parts.resize(parts.len().max(partition + 1), Records::default());
            parts[partition] = rows.iter().map(&line).collect();
        }
        let name = folder.clone();
        Output::Saved(TextFolder { name, parts })
    }
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
        let settings = self.settings();
        let more = rows.len() > settings.num_rows;
        rows.truncate(settings.num_rows);
        Event::TableShown {
            query: QUERY,
            batch_id,
            table: Table {
                columns: self.columns(),
                rows,
                more,
                truncate: settings.truncate,
                spark: settings.sql.spark,
            },
        }
    }
}
