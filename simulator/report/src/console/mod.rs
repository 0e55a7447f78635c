//! The console of a Spark program, written while the journal grows.

mod dstream;

use std::io::{self, Write};

use engine::render::table;
use engine::{Event, Failure, Reader, Time};
use scenario::Profile;

use self::dstream::DStreamBlocks;
use crate::Zone;
use crate::output::Output;

/// Writes what a Spark program puts on its console: the blocks of `print` and `pprint` (`OUT-1` to
/// `OUT-3`) and the tables of the console sink (`CON-1` to `CON-5`). All other events print nothing.
///
/// | profile | a DStream block | rows |
/// |---|---|---|
/// | [`Profile::Pyspark`] | `Time: 2018-06-21 23:00:30` in the zone, an empty line at its end | `('blue', 5)` |
/// | [`Profile::Jvm`] | `Time: 1529622030000 ms`, an empty line at its end | `(blue,5)` |
/// | [`Profile::Cookbook`] | as pyspark without the empty line; a batch without input shows no rows; a rule closes the transcript | `(u'blue', 5)` |
///
/// Tables are the same in all three, times in them being local ones of the zone. Text is handed to the writer in large pieces, at the latest by
/// [`finish`](Console::finish); for a person who watches, see
/// [`flush_each_batch`](Console::flush_each_batch).
///
/// ```
/// use engine::{Event, OutputId, Reader, Time};
/// use report::{Console, Zone};
/// use scenario::Profile;
///
/// let mut console = Console::new(Profile::Jvm, Zone::UTC, Vec::new());
/// let batch_time = Time::from_millis(1_000);
/// console.read(batch_time, &Event::Printed { batch_time, output: OutputId(0), records: 1, rows: vec![], more: false });
/// let rule = "-".repeat(43);
/// assert_eq!(console.finish()?, format!("{rule}\nTime: 1000 ms\n{rule}\n\n").into_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Console<W> {
    dstream: DStreamBlocks,
    zone: Zone,
    output: Output<W>,
    flush_each_batch: bool,
    show_failures: bool,
    last_failure: Option<Failure>,
}

impl<W: Write> Console<W> {
    /// The console of a program in the language that `profile` names, on a machine in `zone`.
    pub fn new(profile: Profile, zone: Zone, writer: W) -> Console<W> {
        Console {
            dstream: DStreamBlocks::new(profile, zone.clone()),
            zone,
            output: Output::new(writer),
            flush_each_batch: false,
            show_failures: false,
            last_failure: None,
        }
    }

    /// Whether every block reaches the writer, flushed, as soon as it is printed. Default: false.
    pub fn flush_each_batch(mut self, flush: bool) -> Console<W> {
        self.flush_each_batch = flush;
        self
    }

    /// Whether the reason for which a batch failed is written as a line of its own, in the place of the
    /// output that is missing. Default: false, as Spark writes it into its log.
    ///
    /// Jobs of one batch that fail for the same reason have one line.
    ///
    /// ```
    /// use engine::{Event, Failure, FailureKind, QueryId, Reader, Time};
    /// use report::{Console, Zone};
    /// use scenario::Profile;
    ///
    /// let mut console = Console::new(Profile::Jvm, Zone::UTC, Vec::new()).show_failures(true);
    /// let failure = Some(Failure::new(FailureKind::Overflow, "long overflow"));
    /// console.read(Time::EPOCH, &Event::QueryProgress { query: QueryId(0), batch_id: 3, records: 1, failure });
    /// assert_eq!(console.finish()?, b"failed: long overflow\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn show_failures(mut self, show: bool) -> Console<W> {
        self.show_failures = show;
        self
    }

    /// The first error of the writer. Nothing is written after it, so a long run may end here: a
    /// pipe is broken when its reader has seen enough.
    pub fn error(&self) -> Option<&io::Error> {
        self.output.error()
    }

    /// Writes what is still to be written and gives the writer back.
    ///
    /// # Errors
    ///
    /// The first error of the writer, whenever it was.
    pub fn finish(mut self) -> io::Result<W> {
        self.output.append(|text| self.dstream.close(text));
        self.output.finish()
    }

    fn print_failure(&mut self, failure: &Failure) {
        if self.show_failures && self.last_failure.as_ref() != Some(failure) {
            self.last_failure = Some(failure.clone());
            self.print(|_, _, text| {
                text.push_str("failed: ");
                text.push_str(&failure.to_string());
                text.push('\n');
            });
        }
    }

    fn print(&mut self, write: impl FnOnce(&mut DStreamBlocks, &Zone, &mut String)) {
        let (dstream, zone) = (&mut self.dstream, &self.zone);
        self.output.append(|text| write(dstream, zone, text));
        if self.flush_each_batch {
            self.output.flush();
        }
    }
}

impl<W: Write> Reader for Console<W> {
    fn read(&mut self, _time: Time, event: &Event) {
        if let Some(failure) = event.failure() {
            self.print_failure(failure);
        }
        match event {
            Event::Printed {
                batch_time,
                records,
                rows,
                more,
                ..
            } => self.print(|dstream, _, text| {
                let is_shown = dstream.shows_rows(*records);
                let rows = if is_shown { &rows[..] } else { &[] };
                dstream.block(*batch_time, rows, is_shown && *more, text);
            }),
            Event::TableShown {
                batch_id,
                table: shown,
                ..
            } => self.print(|_, zone, text| {
                table::block(*batch_id, shown, &|micros| zone.local_micros(micros), text);
            }),
            Event::StreamingStarted { .. }
            | Event::BatchSubmitted { .. }
            | Event::BatchCompleted { .. }
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::StateUpdated { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::QueryProgress { .. }
            | Event::Stopped => {}
        }
    }
}
