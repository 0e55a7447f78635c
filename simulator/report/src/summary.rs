//! One line a batch for a person: how much came, how long it took, what was printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use engine::{Event, Reader, Time};

use crate::Zone;
use crate::output::Output;

const HEADER: [&str; 6] = [
    "records",
    "scheduling",
    "processing",
    "total",
    "rows",
    "failed",
];
const WIDTHS: [usize; 6] = [11, 12, 12, 12, 8, 8];
const NAME_WIDTH: usize = 26;
const UNKNOWN: &str = "-";

/// Writes a table with one line for every batch that has ended.
///
/// Scheduling delay is from submission to the start of the first job, processing time from there to
/// the end of the last one, and total delay is their sum (`MET-2`; Spark's `BatchInfo`). Micro-batches
/// of a structured query have no such times. `rows` are those that were printed, with a `+` if the
/// batch had more; `failed` counts output operations. A batch that never ended stands at the end,
/// with `-` for what is not known.
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
    zone: Zone,
    /// Batches that have not ended: as many as the scheduler has waiting.
    running: BTreeMap<Time, Batch>,
    /// What the micro-batch has shown whose progress comes next.
    shown: Printed,
    headed: bool,
    output: Output<W>,
}

impl<W: Write> Summary<W> {
    /// A summary with batch times as a clock in `zone` shows them.
    pub fn new(zone: Zone, writer: W) -> Summary<W> {
        Summary {
            zone,
            running: BTreeMap::new(),
            shown: Printed::default(),
            headed: false,
            output: Output::new(writer),
        }
    }

    /// The first error of the writer. Nothing is written after it.
    pub fn error(&self) -> Option<&io::Error> {
        self.output.error()
    }

    /// Writes what is still to be written and gives the writer back.
    ///
    /// # Errors
    ///
    /// The first error of the writer, whenever it was.
    pub fn finish(mut self) -> io::Result<W> {
        for (batch_time, batch) in std::mem::take(&mut self.running) {
            self.write_batch(batch_time, &batch, None);
        }
        self.output.finish()
    }

    /// Takes note of something about a batch that has not ended.
    fn note(&mut self, batch_time: Time, change: impl FnOnce(&mut Batch)) {
        if let Some(batch) = self.running.get_mut(&batch_time) {
            change(batch);
        }
    }

    fn write_batch(&mut self, batch_time: Time, batch: &Batch, completed: Option<Time>) {
        let mut name = String::new();
        self.zone.write_local(batch_time, &mut name);
        self.write_line(
            &name,
            &[
                batch.records.to_string(),
                delay(Some(batch.submitted), batch.started),
                delay(batch.started, completed),
                delay(Some(batch.submitted), completed),
                batch.printed.to_string(),
                batch.failed.to_string(),
            ],
        );
    }

    fn write_progress(&mut self, batch_id: u64, records: usize, failed: bool) {
        let shown = std::mem::take(&mut self.shown);
        self.write_line(
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

    fn write_line(&mut self, name: &str, cells: &[String; 6]) {
        if !self.headed {
            self.headed = true;
            self.output
                .append(|text| line("batch", &HEADER.map(str::to_owned), text));
        }
        self.output.append(|text| line(name, cells, text));
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
                self.running.insert(*batch_time, Batch::new(time, *records));
            }
            Event::BatchStarted { batch_time } => {
                self.note(*batch_time, |batch| batch.started = Some(time));
            }
            Event::Printed {
                batch_time,
                rows,
                more,
                ..
            } => self.note(*batch_time, |batch| batch.printed.add(rows.len(), *more)),
            Event::OutputOperationCompleted {
                batch_time,
                failure: Some(_),
                ..
            } => self.note(*batch_time, |batch| batch.failed += 1),
            Event::BatchCompleted { batch_time } => {
                if let Some(batch) = self.running.remove(batch_time) {
                    self.write_batch(*batch_time, &batch, Some(time));
                }
            }
            Event::TableShown { table, .. } => self.shown.add(table.rows.len(), table.more),
            Event::QueryProgress {
                batch_id,
                records,
                failure,
                ..
            } => self.write_progress(*batch_id, *records, failure.is_some()),
            Event::StreamingStarted { .. }
            | Event::StateUpdated { .. }
            | Event::OutputOperationStarted { .. }
            | Event::OutputOperationCompleted { failure: None, .. }
            | Event::Stopped => {}
        }
    }
}

fn line(name: &str, cells: &[String; 6], out: &mut String) {
    let mut write = || -> std::fmt::Result {
        write!(out, "{name:NAME_WIDTH$}")?;
        for (cell, width) in cells.iter().zip(WIDTHS) {
            write!(out, "{cell:>width$}")?;
        }
        out.write_char('\n')
    };
    write().expect("a `String` takes all that is written to it");
}

fn delay(from: Option<Time>, to: Option<Time>) -> String {
    match from.zip(to) {
        Some((from, to)) => format!("{} ms", to.since(from).as_millis()),
        None => UNKNOWN.to_owned(),
    }
}

#[derive(Debug)]
struct Batch {
    records: usize,
    submitted: Time,
    started: Option<Time>,
    printed: Printed,
    failed: usize,
}

impl Batch {
    fn new(submitted: Time, records: usize) -> Batch {
        Batch {
            records,
            submitted,
            started: None,
            printed: Printed::default(),
            failed: 0,
        }
    }
}

/// Rows on the console, and whether there were more than fit.
#[derive(Debug, Default)]
struct Printed {
    rows: usize,
    more: bool,
}

impl Printed {
    fn add(&mut self, rows: usize, more: bool) {
        self.rows += rows;
        self.more |= more;
    }
}

impl std::fmt::Display for Printed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.rows, if self.more { "+" } else { "" })
    }
}
