//! Standard output and standard error: the only place that writes to them.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::process;

use miette::{GraphicalReportHandler, GraphicalTheme};
use scenario::Mistakes;
use snapshots::ReadError;

use crate::error::CommandError;
use crate::exit::Exit;

/// Says something to the person at the terminal. If nobody can hear it, so be it.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says what went wrong, with all its causes; mistakes of a scenario with the text underlined.
pub(crate) fn complain(error: &CommandError) {
    let errors = match error {
        CommandError::Read(errors) => errors,
        // It says itself that it is an error.
        CommandError::Run { said, .. } => return note(said.trim_end()),
        error => return note(format_args!("error: {}", explained(error))),
    };
    for error in errors {
        match error {
            ReadError::Mistakes(mistakes) => note(rendered(mistakes)),
            error => note(format_args!("error: {}", explained(error))),
        }
    }
}

/// What went wrong, with each cause on a line of its own.
pub(crate) fn explained(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str("\n  because: ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Writes to standard output at once.
pub(crate) fn print(text: impl Display) -> Result<(), CommandError> {
    let mut output = Output::new();
    let written = write!(output, "{text}").and_then(|()| output.flush());
    written.map_err(CommandError::Output)
}

fn rendered(mistakes: &Mistakes) -> String {
    let theme = if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
    match handler.render_report(&mut text, mistakes) {
        Ok(()) => text,
        Err(_) => mistakes.to_string(),
    }
}

/// A word as it can be copied to a shell.
pub(crate) fn shell_word(word: &OsStr) -> String {
    let word = word.to_string_lossy().into_owned();
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Standard output, which ends the program as soon as it cannot be written to: quietly when nobody
/// reads it any more, as `cat` does in `cat FILE | head`, otherwise with what went wrong. A long run
/// or a live program would go on for nothing.
#[derive(Debug)]
pub(crate) struct Output {
    writer: BufWriter<StdoutLock<'static>>,
}

impl Output {
    pub(crate) fn new() -> Output {
        Output {
            writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(or_leave)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(or_leave)
    }
}

fn or_leave(error: io::Error) -> io::Error {
    match error.kind() {
        // Whoever writes tries again.
        ErrorKind::Interrupted => error,
        ErrorKind::BrokenPipe => process::exit(Exit::Success as i32),
        _ => {
            let error = CommandError::Output(error);
            complain(&error);
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
