//! Records, delays and rows, one line a batch, for a person.

use std::collections::BTreeMap;
use std::io::{self, Write};

use engine::{Event, Reader, Time};

use crate::Zone;
use crate::batch_table::{BatchTable, TableColumn, column};

const COLUMNS: [TableColumn; 6] = [
    column("records", 11),
    column("scheduling", 12),
    column("processing", 12),
    column("total", 12),
    column("rows", 8),
    column("failed", 8),
];

/// Stands for a time that is not known.
const UNKNOWN: &str = "-";

/// Writes a table with one line for every batch that has ended.
///
/// Scheduling delay is from submission to the start of the first job, processing time from there to
/// the end of the last one, and total delay is their sum (`MET-2`; Spark's `BatchInfo`). Micro-batches
/// of a structured query have no such times. `rows` counts the printed ones, with a `+` if the batch had
/// more; `failed` counts output operations. Batches that did not end come last, with `-` for times that
/// are not known.
///
/// ```
/// use engine::{Event, Reader, Time};
/// use report::{Summary, Zone};
///
/// let mut summary = Summary::new(Zone::UTC, Vec::new());
/// let batch_time = Time::from_millis(1_000);
/// summary.read(batch_time, &Event::BatchSubmitted { batch_time, records: 3, blocks: vec![] });
/// summary.read(Time::from_millis(1_200), &Event::BatchStarted { batch_time });
/// summary.read(Time::from_millis(1_700), &Event::BatchCompleted { batch_time });
/// assert_eq!(String::from_utf8(summary.finish()?)?, "\
/// batch                         records  scheduling  processing       total    rows  failed
/// 1970-01-01 00:00:01                 3      200 ms      500 ms      700 ms       0       0
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Summary<W> {
    /// The batches that have not ended: the running one and those in the scheduler's queue.
    unfinished: BTreeMap<Time, BatchSummary>,
    /// The rows of the micro-batch whose progress comes next.
    shown: RowCount,
    /// True if rows are events; else they are not known.
    counts_rows: bool,
    table: BatchTable<W, 6>,
}

impl<W: Write> Summary<W> {
    /// A summary with batch times as a clock in `zone` shows them.
    pub fn new(zone: Zone, writer: W) -> Summary<W> {
        Summary {
            unfinished: BTreeMap::new(),
            shown: RowCount::default(),
            counts_rows: true,
            table: BatchTable::new(COLUMNS, zone, writer),
        }
    }

    /// The summary of a program that prints by itself: its rows are not known.
    #[must_use]
    pub fn without_rows(self) -> Summary<W> {
        Summary {
            counts_rows: false,
            ..self
        }
    }

    /// Writes the rest and returns the writer.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        for (batch_time, batch) in &self.unfinished {
            let cells = batch.cells(None, self.counts_rows);
            self.table.batch(*batch_time, &cells);
        }
        self.table.finish()
    }

    /// Changes the summary of a batch that has not ended.
    fn update(&mut self, batch_time: Time, change: impl FnOnce(&mut BatchSummary)) {
        if let Some(batch) = self.unfinished.get_mut(&batch_time) {
            change(batch);
        }
    }

    fn write_progress(&mut self, batch_id: u64, records: usize, failed: bool) {
        let shown = std::mem::take(&mut self.shown);
        self.table.line(
            &format!("batch {batch_id}"),
            &[
                records.to_string(),
                UNKNOWN.to_owned(),
                UNKNOWN.to_owned(),
                UNKNOWN.to_owned(),
                shown.to_string(),
                usize::from(failed).to_string(),
            ],
        );
    }
}

impl<W: Write> Reader for Summary<W> {
    fn read(&mut self, time: Time, event: &Event) {
        match event {
            Event::BatchSubmitted {
                batch_time,
                records,
                ..
            } => {
                self.unfinished
                    .insert(*batch_time, BatchSummary::new(time, *records));
            }
            Event::BatchStarted { batch_time } => {
                self.update(*batch_time, |batch| batch.started = Some(time));
            }
            Event::Printed {
                batch_time,
                rows,
                more,
                ..
            } => self.update(*batch_time, |batch| batch.printed.add(rows.len(), *more)),
            Event::OutputOperationCompleted {
                batch_time,
                failure: Some(_),
                ..
            } => self.update(*batch_time, |batch| batch.failed += 1),
            Event::BatchCompleted { batch_time } => {
                if let Some(batch) = self.unfinished.remove(batch_time) {
                    let cells = batch.cells(Some(time), self.counts_rows);
                    self.table.batch(*batch_time, &cells);
                }
            }
            Event::TableShown { table, .. } => self.shown.add(table.rows.len(), table.more),
            Event::TableWritten { write, .. } => self.shown.add(write.rows.len(), false),
            Event::QueryProgress {
                batch_id,
                records,
                failure,
                ..
            } => self.write_progress(*batch_id, *records, failure.is_some()),
            Event::StreamingStarted { .. }
            | Event::Driver(_)
            | Event::Cluster(_)
            | Event::StateUpdated { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { failure: None, .. }
            | Event::Saved { .. }
            | Event::TextPrinted { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => {}
        }
    }
}

fn delay(from: Option<Time>, to: Option<Time>) -> String {
    match from.zip(to) {
        Some((from, to)) => format!("{} ms", to.since(from).as_millis()),
        None => UNKNOWN.to_owned(),
    }
}

/// A batch of a DStream program.
#[derive(Debug)]
struct BatchSummary {
    records: usize,
    submitted: Time,
    started: Option<Time>,
    printed: RowCount,
    failed: usize,
}

impl BatchSummary {
    fn new(submitted: Time, records: usize) -> BatchSummary {
        BatchSummary {
            records,
            submitted,
            started: None,
            printed: RowCount::default(),
            failed: 0,
        }
    }

    fn cells(&self, completed: Option<Time>, counts_rows: bool) -> [String; 6] {
        let rows = counts_rows.then(|| self.printed.to_string());
        [
            self.records.to_string(),
            delay(Some(self.submitted), self.started),
            delay(self.started, completed),
            delay(Some(self.submitted), completed),
            rows.unwrap_or_else(|| UNKNOWN.to_owned()),
            self.failed.to_string(),
        ]
    }
}

/// The number of rows on the console, with a `+` if the batch had more.
#[derive(Debug, Default)]
struct RowCount {
    rows: usize,
    more: bool,
}

impl RowCount {
    fn add(&mut self, rows: usize, more: bool) {
        self.rows += rows;
        self.more |= more;
    }
}

impl std::fmt::Display for RowCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.rows, if self.more { "+" } else { "" })
    }
}
