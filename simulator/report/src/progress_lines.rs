//! The progress of a query as JSON lines.

use std::io::{self, Write};

use engine::{Event, Reader, Time, render};

use crate::text_writer::TextWriter;

/// Writes the progress of each micro-batch of a structured query, as Spark's listeners are given it: the JSON of
/// `StreamingQueryProgress`, a line a micro-batch (`PRG-1`). One that failed has none, and other events write nothing.
///
/// The number of output rows is -1, as of a sink that does not count, where the console shows the first rows of a state.
#[derive(Debug)]
pub struct ProgressLines<W> {
    writer: TextWriter<W>,
}

impl<W: Write> ProgressLines<W> {
    /// The progress of one query.
    pub fn new(writer: W) -> ProgressLines<W> {
        ProgressLines {
            writer: TextWriter::new(writer),
        }
    }

    /// Writes the rest and returns the writer.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.writer.finish()
    }
}

impl<W: Write> Reader for ProgressLines<W> {
    fn read(&mut self, _time: Time, event: &Event) {
        if let Event::QueryProgress {
            progress: Some(progress),
            ..
        } = event
        {
            self.writer
                .append(|text| text.extend([&render::progress(progress), "\n"]));
        }
    }
}
