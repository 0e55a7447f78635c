//! Text on its way to a writer: handed over in large pieces, and no more of it after an error.

use std::io::{self, Write};

/// Text waits until there is this much of it, in bytes.
const PIECE: usize = 64 * 1024;

/// A writer with the text that it has not been given yet.
#[derive(Debug)]
pub(crate) struct Output<W> {
    waiting: String,
    writer: W,
    error: Option<io::Error>,
}

impl<W: Write> Output<W> {
    pub(crate) fn new(writer: W) -> Output<W> {
        Output {
            waiting: String::new(),
            writer,
            error: None,
        }
    }

    /// Lets `write` append to the text. After an error it is not called any more.
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut String)) {
        if self.error.is_some() {
            return;
        }
        write(&mut self.waiting);
        if self.waiting.len() >= PIECE {
            self.hand_over(W::write_all);
        }
    }

    /// Hands over what waits, and has the writer do the same.
    pub(crate) fn flush(&mut self) {
        self.hand_over(|writer, piece| {
            writer.write_all(piece)?;
            writer.flush()
        });
    }

    /// The first error of the writer, if it had one.
    pub(crate) fn error(&self) -> Option<&io::Error> {
        self.error.as_ref()
    }

    /// Flushes, and gives the writer back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.flush();
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.writer),
        }
    }

    fn hand_over(&mut self, write: impl FnOnce(&mut W, &[u8]) -> io::Result<()>) {
        if self.error.is_none() {
            self.error = write(&mut self.writer, self.waiting.as_bytes()).err();
            self.waiting.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes `room` bytes, then breaks like a pipe whose reader has left.
    #[derive(Debug)]
    struct Pipe {
        room: usize,
        calls_after_break: usize,
        broken: bool,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls_after_break += usize::from(self.broken);
            self.broken |= bytes.len() > self.room;
            if self.broken {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.room -= bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn pipe(room: usize) -> Output<Pipe> {
        Output::new(Pipe {
            room,
            calls_after_break: 0,
            broken: false,
        })
    }

    #[test]
    fn text_is_handed_over_in_large_pieces() {
        let mut output = pipe(PIECE);
        for _ in 0..PIECE - 1 {
            output.append(|text| text.push('x'));
        }
        assert_eq!(output.writer.room, PIECE);
        output.append(|text| text.push('x'));
        assert_eq!(output.writer.room, 0);
        assert!(output.finish().is_ok());
    }

    #[test]
    fn after_an_error_nothing_more_is_written() {
        let mut output = pipe(3);
        output.append(|text| text.push_str("abcd"));
        assert!(output.error().is_none());
        output.flush();
        assert_eq!(
            output.error().map(io::Error::kind),
            Some(io::ErrorKind::BrokenPipe)
        );
        output.append(|_| unreachable!("no text is wanted any more"));
        output.flush();
        assert_eq!(output.writer.calls_after_break, 0);
        let error = output.finish().expect_err("the first error comes back");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
