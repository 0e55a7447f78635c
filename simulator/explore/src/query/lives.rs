//! A run of a query as its invariants see it: life by life.

use std::collections::BTreeMap;

use engine::render::Notation;
use engine::{DriverEvent, Event, Reader, Time};

/// A row, cell by cell, without the padding of a table.
pub(super) type Cells = Vec<String>;

/// The place at which a query goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GoesOn {
    pub(super) batch: u64,
    pub(super) watermark_ms: i64,
}

/// One life of a query: from its start to its death, or to the end of the run.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// `None` of one that starts anew.
    pub(super) goes_on: Option<GoesOn>,
    /// The micro-batches that were shown, with their rows.
    pub(super) shown: Vec<(u64, Vec<Cells>)>,
    /// Those that ended well, with the number of rows that came in.
    pub(super) done: Vec<(u64, usize)>,
    /// The messages of micro-batches that failed.
    pub(super) failures: Vec<String>,
    /// The reason for which the query did not start.
    pub(super) not_recovered: Option<String>,
}

/// A micro-batch, over all lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    /// The number of rows that came in; `None` if its end was not seen.
    pub(super) records: Option<usize>,
    /// The rows that were shown last, ascending: their order is not promised once they were read from a checkpoint.
    pub(super) rows: Vec<Cells>,
}

/// Collects the lives of a run.
#[derive(Debug)]
pub(super) struct Lives {
    pub(super) all: Vec<Life>,
}

impl Default for Lives {
    fn default() -> Lives {
        Lives {
            all: vec![Life::default()],
        }
    }
}

/// The micro-batches that were shown.
pub(super) fn batches(lives: &[Life]) -> BTreeMap<u64, Batch> {
    let shown = lives.iter().flat_map(|life| &life.shown);
    let mut batches: BTreeMap<u64, Batch> = shown
        .map(|(batch, rows)| {
            let shown = Batch {
                records: None,
                rows: rows.clone(),
            };
            (*batch, shown)
        })
        .collect();
    for (batch, records) in lives.iter().flat_map(|life| &life.done) {
        if let Some(batch) = batches.get_mut(batch) {
            batch.records = Some(*records);
        }
    }
    batches
}

/// The number of rows that came in before a micro-batch; `None` if that was not seen.
pub(super) fn records_before(batches: &BTreeMap<u64, Batch>, batch: u64) -> Option<usize> {
    batches.range(..batch).map(|(_, it)| it.records).sum()
}

impl Reader for Lives {
    fn read(&mut self, _: Time, event: &Event) {
        if matches!(event, Event::Driver(DriverEvent::Crashed)) {
            return self.all.push(Life::default());
        }
        let Some(life) = self.all.last_mut() else {
            return;
        };
        let failure = event.failure().map(|failure| failure.message().to_string());
        match event {
            Event::Driver(DriverEvent::NotRecovered { .. }) => life.not_recovered = failure,
            Event::Driver(DriverEvent::QueryRecovered {
                batch_id,
                watermark_ms,
                ..
            }) => {
                life.goes_on = Some(GoesOn {
                    batch: *batch_id,
                    watermark_ms: *watermark_ms,
                });
            }
            Event::TableShown {
                batch_id, table, ..
            } => {
                let cells = |row: &Vec<_>| row.iter().map(|it| Notation::Sql.text(it)).collect();
                let mut rows: Vec<Cells> = table.rows.iter().map(cells).collect();
                rows.sort_unstable();
                life.shown.push((*batch_id, rows));
            }
            Event::QueryProgress {
                batch_id, records, ..
            } if failure.is_none() => life.done.push((*batch_id, *records)),
            _ => life.failures.extend(failure),
        }
    }
}
