//! The message of an error, for a person at a terminal.

use std::io::{self, IsTerminal};

use suite::ReadError;

use super::CommandError;

impl CommandError {
    /// The message: the error with all its causes; of scenarios all their mistakes, with the text underlined.
    pub(crate) fn message(&self) -> String {
        match self {
            CommandError::Read(errors) => {
                let messages: Vec<String> = errors.iter().map(CommandError::explain).collect();
                messages.join("\n")
            }
            // It is the whole message of another process.
            CommandError::Run { said, .. } => said.trim_end().to_owned(),
            error => format!("error: {}", suite::with_causes(error)),
        }
    }

    /// The message about a scenario that cannot be read, in colours if standard error shows them.
    pub(crate) fn explain(error: &ReadError) -> String {
        error.explain(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
    }
}
