//! The rows of a micro-batch, as the sink of the query takes them.

use engine::{
    Counters, Event, FailedBatch, Failure, Outcome, OutputMode, Row, StateOwner, Table, TableWrite,
    Text, Workers, stage,
};

use super::{Incremental, MicroBatch};
use crate::file_parts::file_parts;
use crate::file_sink::PartFile;
use crate::physical::{Batch, BatchRows, Partitioned, Partitions, PhysicalPlan};
use crate::session::LOGICAL_RDD;
use crate::settings::{QUERY, QuerySettings};
use crate::sink::Sink;
use crate::start::Prepared;

/// The rows of a micro-batch, as far as something is still to be done with them.
pub(super) enum Output {
    /// The first ones, as many as the console shows and one more.
    Shown(Vec<Row>),
    /// All of them, as files.
    Saved(Vec<PartFile>),
    /// All of them, for a place that is not here.
    Written(TableWrite),
    /// Nothing: the sink has them.
    Taken,
}

/// The rows that the console needs: one more than it shows.
fn shown(
    operators: &PhysicalPlan,
    partitions: &Partitions,
    batch: &Batch<'_>,
    settings: &QuerySettings,
) -> Result<(Output, Option<u64>), Failure> {
    let most = settings.num_rows.saturating_add(1);
    let is_state = settings.output_mode == OutputMode::Complete;
    let (rows, mut count) = operators.first_rows(partitions, batch, most, is_state)?;
    if count.is_none() && settings.counts_rows {
        let rows = operators.rows(partitions, batch)?;
        count = Some(rows.iter().map(|(_, rows)| rows.len() as u64).sum());
    }
    Ok((Output::Shown(rows), count))
}

impl Prepared {
    /// Hands the rows of micro-batch `id`, which was begun, to the sink. Returns what is left to do, and the number of rows
    /// if the sink counts them.
    pub(super) fn output(
        &self,
        id: u64,
        partitions: &Partitions,
        batch: &Batch<'_>,
    ) -> Result<(Output, Option<u64>), Failure> {
        let Prepared {
            settings,
            operators,
            schema,
            ..
        } = self;
        if let Sink::Console = settings.sink {
            return shown(operators, partitions, batch, settings);
        }
        let rows = operators.rows(partitions, batch)?;
        let count = rows.iter().map(|(_, rows)| rows.len() as u64).sum();
        match &settings.sink {
            Sink::Console | Sink::Noop => {}
            Sink::Files {
                format,
                partition_by,
                ..
            } => {
                let files = file_parts(
                    format,
                    &self.schema.to_struct(),
                    partition_by,
                    rows,
                    &settings.sql,
                )?;
                return Ok((Output::Saved(files), None));
            }
            Sink::Memory { table, is_recorded } => {
                self.remember(*table, &rows);
                if *is_recorded {
                    let write = self.written("memory", &[], rows);
                    return Ok((Output::Written(write), Some(count)));
                }
            }
            Sink::Recorded { format, options } => {
                let write = self.written(format, options, rows);
                return Ok((Output::Written(write), Some(count)));
            }
            Sink::Foreach(function) => {
                let all = all_partitions(rows, partitions.count);
                stage("foreach", batch.workers, all.len(), |partition| {
                    function(partition, id, all[partition].to_vec())
                })?;
            }
            Sink::ForeachBatch(function) => {
                let table = self
                    .session
                    .add_finite(all_partitions(rows, partitions.count));
                let table = self.session.finite(table, LOGICAL_RDD, schema.clone());
                stage("foreachBatch", batch.workers, 1, |_| {
                    function(table.clone(), id)
                })?;
                return Ok((Output::Taken, None));
            }
        }
        Ok((Output::Taken, Some(count)))
    }

    /// The record of rows that go to a place which is not here.
    fn written(&self, format: &str, options: &[(Text, Text)], rows: BatchRows) -> TableWrite {
        let mode = format!("{:?}", self.settings.output_mode).to_lowercase();
        let rows = rows.into_iter().flat_map(|(_, rows)| rows).collect();
        TableWrite::new(format, mode)
            .with_options(options.iter().cloned())
            .with_rows(self.schema.to_struct().into(), rows)
    }

    /// Adds rows to a table of the session, or puts them in its place.
    fn remember(&self, table: usize, rows: &BatchRows) {
        let mut tables = self.session.tables();
        let known = tables.finite.entry(table).or_default();
        if self.settings.output_mode == OutputMode::Complete {
            known.clear();
        }
        known.extend(rows.iter().map(|(_, rows)| rows.clone().into()));
    }
}

/// The rows of each of `count` partitions.
fn all_partitions(rows: BatchRows, count: usize) -> Partitioned {
    let mut all = vec![Vec::new(); count];
    for (partition, rows) in rows {
        all[partition] = rows;
    }
    all.into_iter().map(Into::into).collect()
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

    fn outcome(
        &mut self,
        batch: &MicroBatch,
        output: Output,
        counters: Option<Counters>,
    ) -> Outcome {
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
            Output::Saved(files) => self.files = Some(files),
            Output::Shown(rows) => outcome.events.push(self.table(batch.id, rows)),
            Output::Written(write) => outcome.events.push(Event::TableWritten {
                query: QUERY,
                batch_id: batch.id,
                write,
            }),
            Output::Taken => {}
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
