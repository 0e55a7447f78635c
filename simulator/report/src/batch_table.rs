//! A table for a person, with one line for each batch.

use std::fmt::Write as _;
use std::io::{self, Write};

use engine::Time;

use crate::Zone;
use crate::text_writer::TextWriter;

/// The width of the first column, which names the batch.
const NAME_WIDTH: usize = 26;

/// A column of cells that are aligned to the right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableColumn {
    title: &'static str,
    width: usize,
}

pub(crate) const fn column(title: &'static str, width: usize) -> TableColumn {
    TableColumn { title, width }
}

/// Writes a header and a line for each batch, with `N` cells beside its name. Without a line there is no
/// header.
#[derive(Debug)]
pub(crate) struct BatchTable<W, const N: usize> {
    columns: [TableColumn; N],
    zone: Zone,
    has_header: bool,
    writer: TextWriter<W>,
}

impl<W: Write, const N: usize> BatchTable<W, N> {
    /// A table with batch times as a clock in `zone` shows them.
    pub(crate) fn new(columns: [TableColumn; N], zone: Zone, writer: W) -> BatchTable<W, N> {
        BatchTable {
            columns,
            zone,
            has_header: false,
            writer: TextWriter::new(writer),
        }
    }

    /// Writes the line of the batch of this time.
    pub(crate) fn batch(&mut self, batch_time: Time, cells: &[String; N]) {
        let mut name = String::new();
        self.zone.write_local(batch_time, &mut name);
        self.line(&name, cells);
    }

    /// Writes a line, and the header before the first one.
    pub(crate) fn line(&mut self, name: &str, cells: &[String; N]) {
        if !self.has_header {
            self.has_header = true;
            let titles = self.columns.map(|column| column.title.to_owned());
            self.write_line("batch", &titles);
        }
        self.write_line(name, cells);
    }

    /// Writes a text in place of a table.
    pub(crate) fn text(&mut self, text: &str) {
        self.writer.append(|out| out.push_str(text));
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        self.writer.finish()
    }

    fn write_line(&mut self, name: &str, cells: &[String; N]) {
        let columns = &self.columns;
        self.writer.append(|out| {
            let mut write = || -> std::fmt::Result {
                write!(out, "{name:NAME_WIDTH$}")?;
                for (cell, TableColumn { width, .. }) in cells.iter().zip(columns) {
                    write!(out, "{cell:>width$}")?;
                }
                out.write_char('\n')
            };
            write().expect("a `String` takes all that is written to it");
        });
    }
}
