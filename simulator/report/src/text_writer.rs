//! A buffered writer of text that keeps its first error.

use std::io::{self, Write};

/// The buffer is written when it has this many bytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// A writer, and text that it has not been given yet. After an error nothing more is written.
#[derive(Debug)]
pub(crate) struct TextWriter<W> {
    buffer: String,
    writer: W,
    flushes_each: bool,
    error: Option<io::Error>,
}

impl<W: Write> TextWriter<W> {
    pub(crate) fn new(writer: W) -> TextWriter<W> {
        TextWriter {
            buffer: String::new(),
            writer,
            flushes_each: false,
            error: None,
        }
    }

    /// Sets whether each text is written and flushed as soon as it is appended. Default: false.
    pub(crate) fn flush_each(&mut self, flush: bool) {
        self.flushes_each = flush;
    }

    /// Calls `append` with the text, to which it appends. After an error it is not called.
    pub(crate) fn append(&mut self, append: impl FnOnce(&mut String)) {
        if self.error.is_some() {
            return;
        }
        append(&mut self.buffer);
        if self.flushes_each {
            self.flush();
        } else if self.buffer.len() >= BUFFER_BYTES {
            self.write();
        }
    }

    fn write(&mut self) {
        if self.error.is_none() {
            self.error = self.writer.write_all(self.buffer.as_bytes()).err();
            self.buffer.clear();
        }
    }

    fn flush(&mut self) {
        self.write();
        if self.error.is_none() {
            self.error = self.writer.flush().err();
        }
    }

    /// Flushes, and gives the writer back.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.flush();
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.writer),
        }
    }
}
