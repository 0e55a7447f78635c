//! `millrace schema`: the JSON schema of the scenario file.

use std::io::Write;

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::Output;

/// Prints the schema.
pub(crate) fn schema() -> Result<Exit, CommandError> {
    let mut output = Output::new();
    let written = writeln!(output, "{:#}", scenario::schema()).and_then(|()| output.flush());
    written.map_err(CommandError::Output)?;
    Ok(Exit::Success)
}
