//! The console of a Spark program, written as the events come.

use std::io::{self, Write};

use engine::render::{Renderer, table};
use engine::{Event, Reader, TableWrite, Text, Time, Value};
use scenario::Profile;

use crate::cluster_remark::cluster_remark;
use crate::remark::remark;
use crate::section::RULE;
use crate::text_writer::TextWriter;
use crate::{FailureLines, Zone};

/// Writes the console output of a Spark program: the batches of `print` and `pprint` (`OUT-1` to
/// `OUT-3`) and the tables of the console sink (`CON-1` to `CON-5`). Other events print nothing.
///
/// | profile | a DStream batch | rows |
/// |---|---|---|
/// | [`Profile::Pyspark`], [`Profile::Pyspark4`] | `Time: 2018-06-21 23:00:30` in the zone, an empty line at its end | `('blue', 5)` |
/// | [`Profile::Jvm`], [`Profile::Jvm4`] | `Time: 1529622030000 ms`, an empty line at its end | `(blue,5)` |
/// | [`Profile::Cookbook`] | as pyspark without the empty line; a batch without input shows no rows; a rule closes the transcript | `(u'blue', 5)` |
///
/// Tables are the same in all of them, with times in the zone; a table says which Spark shows it. Text is written in
/// large pieces, and the rest by [`finish`](Console::finish); [`flush_each_batch`](Console::flush_each_batch) is for a
/// terminal.
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
    profile: Profile,
    zone: Zone,
    /// The text of the last batch time, kept for its memory: each batch writes one.
    time_text: String,
    /// True if a batch of a DStream has been printed.
    has_batches: bool,
    /// The lines about failures, if they are shown.
    failures: Option<FailureLines>,
    shows_remarks: bool,
    shows_saved: bool,
    writer: TextWriter<W>,
}

impl<W: Write> Console<W> {
    /// The console of a program in the language of `profile`, on a machine in `zone`.
    pub fn new(profile: Profile, zone: Zone, writer: W) -> Console<W> {
        Console {
            profile,
            zone,
            time_text: String::new(),
            has_batches: false,
            failures: None,
            shows_remarks: true,
            shows_saved: true,
            writer: TextWriter::new(writer),
        }
    }

    /// Sets whether each batch is written and flushed at once. Default: false.
    pub fn flush_each_batch(mut self, flush: bool) -> Console<W> {
        self.writer.flush_each(flush);
        self
    }

    /// Sets whether the reason for which a batch failed is printed, in the place of the missing output. Default:
    /// false, as Spark has it in its log alone.
    ///
    /// Each batch that failed has a line, as [`FailureLines`] writes it.
    ///
    /// ```
    /// use engine::{Event, Failure, FailureKind, QueryId, Reader, Time};
    /// use report::{Console, Zone};
    /// use scenario::Profile;
    ///
    /// let mut console = Console::new(Profile::Jvm, Zone::UTC, Vec::new()).show_failures(true);
    /// let failure = Some(Failure::new(FailureKind::Overflow, "long overflow"));
    /// console.read(Time::EPOCH, &Event::QueryProgress { query: QueryId(0), batch_id: 3, records: 1, failure, progress: None });
    /// assert_eq!(console.finish()?, b"failed: batch 3: long overflow\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn show_failures(mut self, show: bool) -> Console<W> {
        self.failures = show.then(|| FailureLines::new(self.profile, self.zone.clone()));
        self
    }

    /// Sets whether a line says that a driver crashed, that it goes on, and from where. Default: true, as the text after
    /// it cannot be understood without it.
    pub fn show_remarks(mut self, show: bool) -> Console<W> {
        self.shows_remarks = show;
        self
    }

    /// Sets whether the lines that are saved are shown, below the title `Saved: …`, and the rows for sinks that are not
    /// here, below `Written: …`. Default: true.
    pub fn show_saved(mut self, show: bool) -> Console<W> {
        self.shows_saved = show;
        self
    }

    /// Writes the rest and returns the writer.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.has_batches {
            self.writer
                .append(|text| self.profile.notation().closing_rule(text));
        }
        self.writer.finish()
    }

    /// Prints a batch of a DStream (`OUT-1`).
    fn print_batch(&mut self, batch_time: Time, rows: &[Value], more: bool) {
        self.has_batches = true;
        self.time_text.clear();
        self.zone
            .write_batch_time(self.profile, batch_time, &mut self.time_text);
        let local = |micros| self.zone.local_micros(micros);
        let renderer = Renderer::new(self.profile.notation(), &local);
        self.writer
            .append(|text| renderer.block(&self.time_text, rows, more, text));
    }

    /// Prints something that Spark has in its log alone, and without which the text cannot be understood.
    fn print_remark(&mut self, event: &Event) {
        let time = |time: Time| {
            let mut text = String::new();
            self.zone.write_batch_time(self.profile, time, &mut text);
            text
        };
        let remark = match event {
            Event::Driver(event) if self.shows_remarks => remark(event, time),
            Event::Cluster(event) if self.shows_remarks => cluster_remark(event, time),
            _ => return,
        };
        self.writer
            .append(|text| text.extend(["-- ", &remark, "\n"]));
    }

    /// Prints the lines of results that were saved, as a batch is printed.
    fn print_saved(&mut self, name: &str, lines: &[Text]) {
        if self.shows_saved {
            self.writer.append(|text| {
                text.extend([RULE, "\nSaved: ", name, "\n", RULE, "\n"]);
                for line in lines {
                    text.extend([line, "\n"]);
                }
                text.push('\n');
            });
        }
    }

    /// Prints the rows that a sink was given which is not here, as a batch is printed.
    fn print_written(&mut self, write: &TableWrite) {
        if self.shows_saved {
            let local = |micros| self.zone.local_micros(micros);
            let written = table::written(write, &local);
            self.writer.append(|text| text.push_str(&written));
        }
    }

    fn print_failure(&mut self, event: &Event) {
        let failures = self.failures.as_mut();
        if let Some(line) = failures.and_then(|failures| failures.line(event)) {
            self.writer
                .append(|text| text.extend(["failed: ", &line, "\n"]));
        }
    }
}

impl<W: Write> Reader for Console<W> {
    fn read(&mut self, _time: Time, event: &Event) {
        self.print_failure(event);
        match event {
            Event::Printed {
                batch_time,
                records,
                rows,
                more,
                ..
            } => {
                if self.profile.notation().shows_rows(*records) {
                    self.print_batch(*batch_time, rows, *more);
                } else {
                    self.print_batch(*batch_time, &[], false);
                }
            }
            Event::TableShown {
                batch_id,
                table: shown,
                ..
            } => {
                let zone = &self.zone;
                let local = |micros| zone.local_micros(micros);
                self.writer
                    .append(|text| table::block(*batch_id, shown, &local, text));
            }
            Event::TextPrinted { text: printed } => {
                self.writer.append(|text| text.push_str(printed));
            }
            Event::TableWritten { write, .. } => self.print_written(write),
            Event::Saved { name, lines, .. } => self.print_saved(name, lines),
            Event::Driver(_) | Event::Cluster(_) => self.print_remark(event),
            Event::StreamingStarted { .. }
            | Event::BatchSubmitted { .. }
            | Event::BatchCompleted { .. }
            | Event::BatchStarted { .. }
            | Event::OutputOperationStarted { .. }
            | Event::StateUpdated { .. }
            | Event::OutputOperationCompleted { .. }
            | Event::QueryProgress { .. }
            | Event::ProgramFailed { .. }
            | Event::Stopped => {}
        }
    }
}
