//! The message of an error, for a person at a terminal.

use std::error::Error;
use std::io::{self, IsTerminal};

use miette::{GraphicalReportHandler, GraphicalTheme};
use scenario::Mistakes;
use suite::ReadError;

use super::CommandError;

/// Columns of a terminal that a mistake in a scenario takes.
const WIDTH: usize = 100;

impl CommandError {
    /// The message: the error with all its causes; of scenarios all their mistakes, with the text underlined.
    pub(crate) fn message(&self) -> String {
        match self {
            CommandError::Read(errors) => {
                let messages: Vec<String> = errors.iter().map(message_of_read).collect();
                messages.join("\n")
            }
            // It is the whole message of another process.
            CommandError::Run { said, .. } => said.trim_end().to_owned(),
            error => with_causes(error),
        }
    }
}

fn message_of_read(error: &ReadError) -> String {
    match error {
        ReadError::Mistakes(mistakes) => rendered(mistakes),
        error => with_causes(error),
    }
}

/// An error, with each of its causes on a line of its own.
fn with_causes(error: &dyn Error) -> String {
    let mut text = format!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str("\n  because: ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn rendered(mistakes: &Mistakes) -> String {
    let theme = if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(WIDTH);
    match handler.render_report(&mut text, mistakes) {
        Ok(()) => text,
        Err(_) => mistakes.to_string(),
    }
}
