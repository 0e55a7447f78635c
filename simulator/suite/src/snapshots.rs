//! The snapshot files of one scenario, in the format of insta.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::text::{FormatError, decode, encode};

/// The snapshots of one scenario: a folder with a file `<pipeline>.snap` for each pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotFolder {
    path: PathBuf,
    input_file: String,
    source: Option<String>,
}

/// A snapshot that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file exists and cannot be read.
    #[error("failed to read the snapshot {}", file.display())]
    Read {
        /// The snapshot.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not in the format of console text.
    #[error("{}: {reason}", file.display())]
    Broken {
        /// The snapshot.
        file: PathBuf,
        /// The mistake in it.
        reason: FormatError,
    },
}

impl SnapshotFolder {
    /// A folder, which need not exist. `input_file` is the path of the scenario that is written into each
    /// snapshot; it should be the same on every machine.
    pub fn new(path: impl Into<PathBuf>, input_file: impl Into<String>) -> SnapshotFolder {
        SnapshotFolder {
            path: path.into(),
            input_file: input_file.into(),
            source: None,
        }
    }

    /// Names the file of the test that writes the snapshots, which insta shows in a review. Without one a
    /// snapshot keeps the name that it has.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> SnapshotFolder {
        self.source = Some(source.into());
        self
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The snapshot file of a pipeline.
    pub fn file(&self, pipeline: &str) -> PathBuf {
        self.path.join(format!("{pipeline}.snap"))
    }

    /// Reads the console text in the snapshot of a pipeline; `None` if there is no snapshot.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, or is not in the format of console text.
    pub fn read(&self, pipeline: &str) -> Result<Option<String>, SnapshotError> {
        let file = self.file(pipeline);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SnapshotError::Read { file, source }),
        };
        match decode(content(&text)) {
            Ok(console) => Ok(Some(console)),
            Err(reason) => Err(SnapshotError::Broken { file, reason }),
        }
    }

    /// Accepts console text as the snapshot of a pipeline, and removes a proposal that waits for review: to
    /// accept it later would bring back an older text.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot cannot be written; then the previous one is kept.
    pub fn accept(&self, pipeline: &str, console: &str) -> io::Result<()> {
        self.write(&self.file(pipeline), pipeline, console)?;
        self.remove_proposal(pipeline)
    }

    /// Writes console text beside the snapshot of a pipeline, for `cargo insta review` to show and accept.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn propose(&self, pipeline: &str, console: &str) -> io::Result<()> {
        self.write(&self.proposal(pipeline), pipeline, console)
    }

    /// Removes the proposal for a pipeline, if there is one.
    ///
    /// # Errors
    ///
    /// Fails if there is one that cannot be removed.
    pub fn remove_proposal(&self, pipeline: &str) -> io::Result<()> {
        match fs::remove_file(self.proposal(pipeline)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn proposal(&self, pipeline: &str) -> PathBuf {
        self.path.join(format!("{pipeline}.snap.new"))
    }

    /// Writes to a temporary file first, so that a full disk does not cost the file that was there.
    fn write(&self, file: &Path, pipeline: &str, console: &str) -> io::Result<()> {
        let kept = || source_in(&fs::read_to_string(self.file(pipeline)).ok()?);
        let source = self.source.clone().or_else(kept);
        let source = source.map(|source| format!("source: {source}\n"));
        let text = format!(
            "---\n{}input_file: {}\n---\n{}\n",
            source.unwrap_or_default(),
            self.input_file,
            encode(console)
        );
        fs::create_dir_all(&self.path)?;
        let temporary = file.with_extension("snap.tmp");
        let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, file));
        if written.is_err() {
            // It may not exist, and the first error says more.
            let _ = fs::remove_file(&temporary);
        }
        written
    }
}

/// The source that the head of a snapshot file names.
fn source_in(file: &str) -> Option<String> {
    let head = file.lines().skip(1).take_while(|line| *line != "---");
    let mut sources = head.filter_map(|line| line.strip_prefix("source: "));
    sources.next().map(str::to_owned)
}

/// The part of a snapshot file below its two `---` lines.
fn content(file: &str) -> &str {
    let below = file
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    below
        .map_or(file, |(_, content)| content)
        .trim_end_matches('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_a_snapshot_of_another_name_until_one_is_accepted() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let snapshots = SnapshotFolder::new(folder.path().join("new"), "blue.toml");
        snapshots.propose("counts", "(blue, 1)\n")?;
        assert!(matches!(snapshots.read("counts"), Ok(None)));
        let proposal = snapshots.path().join("counts.snap.new");
        let proposed = fs::read_to_string(&proposal)?;
        snapshots.accept("counts", "(blue, 1)\n")?;
        assert_eq!(fs::read_to_string(snapshots.file("counts"))?, proposed);
        assert!(!proposal.exists());
        Ok(())
    }

    #[test]
    fn a_snapshot_keeps_its_source_unless_there_is_another() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let unnamed = SnapshotFolder::new(folder.path(), "blue.toml");
        let check = |snapshots: &SnapshotFolder, expected: &str| {
            snapshots.accept("counts", "(blue, 1)\n")?;
            let text = fs::read_to_string(snapshots.file("counts"))?;
            assert!(text.starts_with(expected), "{text}");
            assert!(matches!(snapshots.read("counts"), Ok(Some(_))));
            io::Result::Ok(())
        };
        check(&unnamed, "---\ninput_file: blue.toml\n---\n")?;
        let source = "---\nsource: tests/scenarios.rs\ninput_file: blue.toml\n---\n";
        check(&unnamed.clone().with_source("tests/scenarios.rs"), source)?;
        check(&unnamed, source)
    }
}
