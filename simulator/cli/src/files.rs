//! New files, which overwrite none.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::error::CommandError;

/// Writes a new file at once, and the folders above it that do not exist.
pub(crate) fn create_with_folders(path: &Path, text: &str) -> Result<(), CommandError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(CommandError::write(folder))?;
    suite::create_file(path, text).map_err(|error| not_created(path, error))
}

/// The error of a file that was not created.
pub(crate) fn not_created(path: &Path, error: io::Error) -> CommandError {
    match error.kind() {
        ErrorKind::AlreadyExists => CommandError::Exists(path.to_owned()),
        _ => CommandError::write(path)(error),
    }
}
