//! Reads a scenario file, with errors that a person can act on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use miette::{GraphicalReportHandler, GraphicalTheme};
use scenario::{Mistakes, TEXT_MAX};

/// Columns of a terminal that a mistake in a scenario takes.
const WIDTH: usize = 100;

/// A scenario file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file does not exist, is a folder, or cannot be read.
    #[error("failed to read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is longer than a scenario may be.
    #[error("failed to read {}: it has more than {} MiB; let `generate` draw large inputs", path.display(), TEXT_MAX >> 20)]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The file is not UTF-8.
    #[error("failed to read {}:{line}:{column}: it is not UTF-8 from there on; save it as UTF-8", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is not, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
    },
    /// The file ends within a character, as a recording does whose writer was killed.
    #[error(
        "failed to read {}: it ends within a character; if a recording was cut off there, remove line {line} and those \
         after it", path.display()
    )]
    CutOff {
        /// The file.
        path: PathBuf,
        /// The line of the last entry, from 1.
        line: usize,
    },
    /// The text is not a scenario.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
}

impl ReadError {
    /// The file, as its path was given.
    pub fn path(&self) -> &Path {
        match self {
            ReadError::Io { path, .. }
            | ReadError::TooLong { path }
            | ReadError::NotUtf8 { path, .. }
            | ReadError::CutOff { path, .. } => path,
            ReadError::Mistakes(mistakes) => Path::new(mistakes.name()),
        }
    }

    /// All that is known of it, for a person: the error and its cause, or every mistake of the scenario with the
    /// text underlined and what would be right.
    pub fn explain(&self, has_colour: bool) -> String {
        match self {
            ReadError::Mistakes(mistakes) => rendered(mistakes, has_colour),
            ReadError::Io { source, .. } => format!("error: {self}\n  because: {source}"),
            ReadError::TooLong { .. } | ReadError::NotUtf8 { .. } | ReadError::CutOff { .. } => {
                format!("error: {self}")
            }
        }
    }
}

fn rendered(mistakes: &Mistakes, has_colour: bool) -> String {
    let theme = if has_colour {
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

/// Reads the text of a scenario file.
pub(crate) fn read_text(path: &Path) -> Result<String, ReadError> {
    text_of(path, File::open(path))
}

/// Reads the text of a scenario, with the line ends that a checkout on Windows changes as they were: a text of several
/// lines is then the same everywhere. `path` is what it is called in messages.
pub(crate) fn text_of(path: &Path, opened: io::Result<impl Read>) -> Result<String, ReadError> {
    let bytes = opened
        .and_then(read_bytes)
        .map_err(|source| ReadError::Io {
            path: path.to_owned(),
            source,
        })?;
    if bytes.len() > TEXT_MAX {
        return Err(ReadError::TooLong {
            path: path.to_owned(),
        });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let path = path.to_owned();
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        if error.utf8_error().error_len().is_none()
            && let Some(line) = scenario::cut_off_entry(&before)
        {
            return ReadError::CutOff { path, line };
        }
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        ReadError::NotUtf8 {
            path,
            line,
            column: before[line_start..].chars().count() + 1,
        }
    })?;
    Ok(if text.contains("\r\n") {
        text.replace("\r\n", "\n")
    } else {
        text
    })
}

fn read_bytes(opened: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    opened.take(TEXT_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkout on Windows changes the line ends of a text of several lines, too.
    #[test]
    fn line_ends_of_windows_change_no_line() -> Result<(), ReadError> {
        let text = "timeline = [{ at = '1s', lines = [\"\"\"\nblue\n green\"\"\", \"red\\r\\n\"] }]\n\
                    [[pipeline]]\nname = 'p'\nmode = 'stateless'\n";
        let name = Path::new("blue.toml");
        let read = |text: &str| crate::Case::read_stream(name, text.as_bytes());
        let here = read(text)?;
        assert_eq!(here.scenario, read(&text.replace('\n', "\r\n"))?.scenario);
        assert!(here.scenario.to_string().contains(r"red\r\n"));
        Ok(())
    }

    #[test]
    fn a_recording_that_ends_within_a_character_says_what_to_cut() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("recorded.toml");
        let text = "[[pipeline]]\nname = 'p'\nmode = 'stateless'\n\n[[timeline]]\nat = \"1s\"\nlines = [\"gr\u{fc}";
        std::fs::write(&file, &text.as_bytes()[..text.len() - 1])?;
        let error = read_text(&file).expect_err("it is no text").to_string();
        assert!(
            error.ends_with("if a recording was cut off there, remove line 5 and those after it"),
            "{error}"
        );
        std::fs::write(&file, b"[[timeline]]\nat = \"\xfc\"\n")?;
        let error = read_text(&file).expect_err("it is no text").to_string();
        assert!(
            error.contains("recorded.toml:2:7: it is not UTF-8 from there on"),
            "{error}"
        );
        Ok(())
    }
}
