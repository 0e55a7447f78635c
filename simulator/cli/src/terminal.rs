//! Standard output and standard error: the only place that writes to them.

use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};
use std::process;

use crate::error::CommandError;
use crate::exit::Exit;

/// Prints a line on standard error. Where it cannot be written there is no place left to report that.
pub(crate) fn print_note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints the message of an error on standard error.
pub(crate) fn print_error(error: &CommandError) {
    print_note(error.message());
}

/// Prints on standard output and flushes it.
pub(crate) fn print(text: impl Display) -> Result<(), CommandError> {
    let mut output = StandardOutput::new();
    let written = write!(output, "{text}").and_then(|()| output.flush());
    written.map_err(CommandError::Output)
}

/// Quotes a word for a shell, if it needs quotes.
pub(crate) fn shell_word(word: &OsStr) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Standard output. A failed write ends the program: a long run or a live program would go on for nothing.
/// It ends quietly if the reader has closed the pipe, as in `millrace run FILE | head`, and otherwise with an
/// error.
#[derive(Debug)]
pub(crate) struct StandardOutput {
    writer: BufWriter<StdoutLock<'static>>,
}

impl StandardOutput {
    pub(crate) fn new() -> StandardOutput {
        StandardOutput {
            writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        }
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(or_exit)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(or_exit)
    }
}

fn or_exit(error: io::Error) -> io::Error {
    match error.kind() {
        // The caller repeats an interrupted write.
        ErrorKind::Interrupted => error,
        ErrorKind::BrokenPipe => process::exit(Exit::Success as i32),
        _ => {
            let error = CommandError::Output(error);
            print_error(&error);
            process::exit(error.exit() as i32)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_copied_to_a_shell() {
        assert_eq!(
            shell_word(OsStr::new("scenarios/a.toml")),
            "scenarios/a.toml"
        );
        assert_eq!(shell_word(OsStr::new("it's")), "'it'\\''s'");
        assert_eq!(shell_word(OsStr::new("")), "''");
    }
}
