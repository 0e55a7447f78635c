//! `millrace schema`: the JSON schema of the scenario file.

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print;

/// Prints the schema.
pub(crate) fn schema() -> Result<Exit, CommandError> {
    print(format_args!("{:#}\n", scenario::schema()))?;
    Ok(Exit::Success)
}
