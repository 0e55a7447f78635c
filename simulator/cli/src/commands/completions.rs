//! `millrace completions`: a completion script for a shell.

use clap::CommandFactory;

use crate::args::{Arguments, CompletionsArguments};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// Prints the script.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "millrace",
        &mut script,
    );
    print(String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
