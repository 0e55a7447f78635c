//! Standard output and standard error: the only place that writes to them.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};
use std::process;
use std::rc::Rc;

use crate::error::CommandError;
use crate::exit::Exit;

/// Prints a line on standard error. Where it cannot be written there is no place left to report that.
pub(crate) fn print_note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints a remark on what goes well and may not be meant so.
pub(crate) fn print_hint(text: impl Display) {
    print_note(format_args!("note: {text}"));
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

/// Standard output. Once its reader has closed the pipe, as in `millrace run FILE | head`, the rest is dropped and
/// the command goes on, so that the exit code is that of all it was to do; a live program ends. Any other failed
/// write ends the program with an error.
#[derive(Debug)]
pub(crate) struct StandardOutput {
    writer: BufWriter<StdoutLock<'static>>,
    is_closed: bool,
    /// The exit code so far of a live program.
    live: Option<Rc<Cell<Exit>>>,
}

impl StandardOutput {
    pub(crate) fn new() -> StandardOutput {
        StandardOutput {
            writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
            is_closed: false,
            live: None,
        }
    }

    /// The output of a program that would go on for nothing without a reader: it then ends with this exit code.
    pub(crate) fn of_live(exit: Rc<Cell<Exit>>) -> StandardOutput {
        StandardOutput {
            live: Some(exit),
            ..StandardOutput::new()
        }
    }

    /// The result of a write, or this one if nothing is written any more.
    fn unless_closed<T>(&mut self, written: io::Result<T>, dropped: T) -> io::Result<T> {
        let error = match written {
            Ok(written) => return Ok(written),
            Err(error) => error,
        };
        match error.kind() {
            // The caller repeats an interrupted write.
            ErrorKind::Interrupted => Err(error),
            ErrorKind::BrokenPipe => {
                if let Some(exit) = &self.live {
                    process::exit(exit.get() as i32);
                }
                self.is_closed = true;
                Ok(dropped)
            }
            _ => {
                let error = CommandError::Output(error);
                print_error(&error);
                process::exit(error.exit() as i32)
            }
        }
    }
}

impl Write for StandardOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.writer.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let written = self.writer.flush();
        self.unless_closed(written, ())
    }
}

/// Returns true if standard output is a file, in which nothing shows where one text ends and the next begins.
pub(crate) fn prints_to_a_file() -> bool {
    #[cfg(unix)]
    let output = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned();
    #[cfg(windows)]
    let output = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned();
    let metadata = output.and_then(|output| File::from(output).metadata());
    metadata.is_ok_and(|metadata| metadata.is_file())
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
