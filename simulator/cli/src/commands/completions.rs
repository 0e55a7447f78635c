//! `millrace completions`: a completion script for a shell.

use std::io::Write;

use clap::CommandFactory;

use crate::args::{Arguments, CompletionsArguments};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::Output;

/// Prints the script.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "millrace",
        &mut script,
    );
    let mut output = Output::new();
    output
        .write_all(&script)
        .and_then(|()| output.flush())
        .map_err(CommandError::Output)?;
    Ok(Exit::Success)
}
