//! The files of the repository.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders of Rust sources.
pub(crate) const SOURCES: [&str; 4] = ["benches", "engine", "simulator", "snapshots"];

/// The folder that has `scenarios` and `snapshots`.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

/// A Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path from the top of the repository, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every Rust file, sorted by path.
pub(crate) fn sources() -> Vec<Source> {
    let files = SOURCES.iter().flat_map(|folder| files(folder));
    let rust = files.filter(|file| file.extension() == Some(OsStr::new("rs")));
    let mut sources: Vec<Source> = rust
        .map(|file| Source {
            path: from_home(&file),
            text: read(&file),
        })
        .collect();
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// The sources without tests: folders `tests` and the files of test modules.
pub(crate) fn without_tests() -> Vec<Source> {
    let is_test = |path: &str| path.contains("/tests/") || path.ends_with("/tests.rs");
    let mut sources = sources();
    sources.retain(|source| !is_test(&source.path));
    sources
}

/// Every file below a folder of the repository that is neither hidden nor built.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let entry = entry.expect("its entries can be read");
            let name = entry.file_name();
            if name.to_string_lossy().starts_with('.') || name == "target" {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found
}

pub(crate) fn read(file: &Path) -> String {
    fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("failed to read {}: {error}", file.display()))
}

fn from_home(file: &Path) -> String {
    let path = file.strip_prefix(home()).expect("the file is below home");
    let parts: Vec<_> = path.iter().map(OsStr::to_string_lossy).collect();
    parts.join("/")
}
