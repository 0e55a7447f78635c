//! The scenario files, or the snapshots, below a folder.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::read::ReadError;

/// Lists the scenario files at a path, sorted: the file itself, or every `*.toml` below a folder that is not
/// hidden. In their place among them stand the errors of folders that cannot be searched; the others are.
pub fn find_scenarios(path: &Path) -> Vec<Result<PathBuf, ReadError>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            let mut found = files_below(path, "toml");
            found.sort_by(|one, two| path_of(one).cmp(path_of(two)));
            found
        }
        Ok(_) => vec![Ok(path.to_owned())],
        Err(source) => vec![Err(unread(path, source))],
    }
}

fn path_of(found: &Result<PathBuf, ReadError>) -> &Path {
    found
        .as_ref()
        .map_or_else(ReadError::path, PathBuf::as_path)
}

/// The files with this extension below a folder that are not hidden, and the folders that cannot be searched.
pub(crate) fn files_below(folder: &Path, extension: &str) -> Vec<Result<PathBuf, ReadError>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let searched = search(&folder, extension, &mut folders, &mut found);
        found.extend(searched.err().map(|source| Err(unread(&folder, source))));
    }
    found
}

/// Adds the folders in a folder, and the files with this extension.
fn search(
    folder: &Path,
    extension: &str,
    folders: &mut Vec<PathBuf>,
    found: &mut Vec<Result<PathBuf, ReadError>>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A link to a folder is not followed: it may lead back up.
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else if entry.path().extension() == Some(OsStr::new(extension)) {
            found.push(Ok(entry.path()));
        }
    }
    Ok(())
}

fn unread(path: &Path, source: io::Error) -> ReadError {
    ReadError::Io {
        path: path.to_owned(),
        source,
    }
}
