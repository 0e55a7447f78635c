//! From a file to a scenario, or to a message that a person can act on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use scenario::{Mistakes, Scenario, TEXT_MAX, TimelineLines};

/// Why there is no scenario at a path.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not there, is a folder, or cannot be read.
    #[error("failed to read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is far longer than any scenario.
    #[error("failed to read {}: it has more than {} MiB; let `generate` draw large inputs", path.display(), TEXT_MAX >> 20)]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The file is not text.
    #[error("failed to read {}:{line}:{column}: it is not UTF-8 from there on; save it as UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line, from 1, of the first byte that is not.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
    },
    /// The text is not a scenario.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
}

/// Reads a scenario file.
///
/// # Errors
///
/// Fails if the file cannot be read, and with all its mistakes if it is no scenario.
pub fn read_scenario(path: &Path) -> Result<Scenario, ReadError> {
    read_with_lines(path).map(|(scenario, _)| scenario)
}

/// Reads a scenario file, and where the entries of its timeline are written.
///
/// # Errors
///
/// As [`read_scenario`].
pub fn read_with_lines(path: &Path) -> Result<(Scenario, TimelineLines), ReadError> {
    let bytes = read_bytes(path).map_err(|source| ReadError::Io {
        path: path.to_owned(),
        source,
    })?;
    if bytes.len() > TEXT_MAX {
        return Err(ReadError::TooLong {
            path: path.to_owned(),
        });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        ReadError::NotUtf8 {
            path: path.to_owned(),
            line,
            column: before[line_start..].chars().count() + 1,
        }
    })?;
    Ok(scenario::parse_with_lines(
        &path.display().to_string(),
        &text,
    )?)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(TEXT_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
