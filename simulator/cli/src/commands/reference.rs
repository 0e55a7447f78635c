//! `millrace reference`: the reference of the scenario file.

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// Prints the reference, as Markdown.
pub(crate) fn reference() -> Result<Exit, CommandError> {
    print(scenario::reference())?;
    Ok(Exit::Success)
}
