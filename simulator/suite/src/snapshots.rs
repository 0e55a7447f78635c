//! The snapshot files of one scenario, in the format of insta.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::file::replace_file;
use crate::location::Location;
use crate::snapshot::{Snapshot, head_of};
use crate::text::{FormatError, encode};

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
    /// The snapshot is that of another scenario, whose pipeline has the same file.
    #[error(
        "{} is the snapshot of {owner}, and not of {scenario}: give one of the two scenarios another name, or \
         remove the snapshot if it is a copy",
        file.display()
    )]
    OfAnother {
        /// The snapshot.
        file: PathBuf,
        /// The scenario that it names.
        owner: String,
        /// The scenario that was compared.
        scenario: String,
    },
    /// The file cannot be written or removed; the previous one is kept.
    #[error("failed to write {}", file.display())]
    Write {
        /// The snapshot.
        file: PathBuf,
        /// The error of the system.
        source: io::Error,
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

    /// The file of a text that waits to be accepted as the snapshot of a pipeline.
    pub fn proposal(&self, pipeline: &str) -> PathBuf {
        self.path.join(format!("{pipeline}.snap.new"))
    }

    /// Reads the console text in the snapshot of a pipeline; `None` if there is no snapshot.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, is not in the format of console text, or is another scenario's.
    pub fn read(&self, pipeline: &str) -> Result<Option<String>, SnapshotError> {
        let Some(snapshot) = self.open(pipeline)? else {
            return Ok(None);
        };
        let console = snapshot.text.decode();
        console
            .map(Some)
            .map_err(|reason| self.broken(pipeline, reason))
    }

    /// The snapshot of a pipeline as it is written; `None` if there is none.
    pub(crate) fn open(&self, pipeline: &str) -> Result<Option<Snapshot>, SnapshotError> {
        let file = self.file(pipeline);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SnapshotError::Read { file, source }),
        };
        let snapshot = Snapshot::parse(bytes).map_err(|reason| self.broken(pipeline, reason))?;
        self.check_owner(file, snapshot.input_file.as_ref())?;
        Ok(Some(snapshot))
    }

    /// Refuses a snapshot that names this scenario and is that of another one.
    fn check_owner(&self, file: PathBuf, owner: Option<&String>) -> Result<(), SnapshotError> {
        match owner {
            Some(owner) if self.is_of_another(owner) => Err(SnapshotError::OfAnother {
                file,
                owner: owner.clone(),
                scenario: self.input_file.clone(),
            }),
            _ => Ok(()),
        }
    }

    pub(crate) fn broken(&self, pipeline: &str, reason: FormatError) -> SnapshotError {
        SnapshotError::Broken {
            file: self.file(pipeline),
            reason,
        }
    }

    /// Returns true if a snapshot in this folder that names this scenario belongs to it, and not to the scenario of
    /// the folder. A copy belongs to where it is, and one of a scenario that was moved to where that is now.
    pub(crate) fn is_of_another(&self, owner: &str) -> bool {
        let mut folders = self.path.ancestors();
        let snapshots = folders.find(|it| it.file_name() == Some(OsStr::new("snapshots")));
        let has_its_snapshots_here = |snapshots: &Path| {
            let owner = snapshots.with_file_name("").join(owner);
            owner.exists() && Location::of(&owner).snapshots.path == self.path
        };
        owner != self.input_file && snapshots.is_none_or(has_its_snapshots_here)
    }

    /// Accepts console text as the snapshot of a pipeline, and removes a proposal that waits for review: to
    /// accept it later would bring back an older text.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot is another scenario's, or cannot be written; then the previous one is kept.
    pub fn accept(&self, pipeline: &str, console: &str) -> Result<(), SnapshotError> {
        let file = self.file(pipeline);
        let head = head_of(&file).unwrap_or_default();
        self.check_owner(file.clone(), head.input_file.as_ref())?;
        self.write(file, pipeline, console)?;
        self.remove_proposal(pipeline)
    }

    /// Writes console text beside the snapshot of a pipeline, for `cargo insta review` to show and accept.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn propose(&self, pipeline: &str, console: &str) -> Result<(), SnapshotError> {
        self.write(self.proposal(pipeline), pipeline, console)
    }

    /// Removes the proposal for a pipeline, if there is one.
    ///
    /// # Errors
    ///
    /// Fails if there is one that cannot be removed.
    pub fn remove_proposal(&self, pipeline: &str) -> Result<(), SnapshotError> {
        let file = self.proposal(pipeline);
        match fs::remove_file(&file) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(SnapshotError::Write { file, source })
            }
            _ => Ok(()),
        }
    }

    fn write(&self, file: PathBuf, pipeline: &str, console: &str) -> Result<(), SnapshotError> {
        let kept = || head_of(&self.file(pipeline))?.source;
        let source = self.source.clone().or_else(kept);
        let source = source.map(|source| format!("source: {source}\n"));
        let text = format!(
            "---\n{}input_file: {}\n---\n{}\n",
            source.unwrap_or_default(),
            self.input_file,
            encode(console)
        );
        let written = fs::create_dir_all(&self.path).and_then(|()| replace_file(&file, &text));
        written.map_err(|source| SnapshotError::Write { file, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn a_proposal_is_a_snapshot_of_another_name_until_one_is_accepted() -> TestResult {
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
    fn a_snapshot_keeps_its_source_unless_there_is_another() -> TestResult {
        let folder = tempfile::tempdir()?;
        let unnamed = SnapshotFolder::new(folder.path(), "blue.toml");
        let check = |snapshots: &SnapshotFolder, expected: &str| {
            snapshots.accept("counts", "(blue, 1)\n")?;
            let text = fs::read_to_string(snapshots.file("counts"))?;
            assert!(text.starts_with(expected), "{text}");
            assert!(matches!(snapshots.read("counts"), Ok(Some(_))));
            TestResult::Ok(())
        };
        check(&unnamed, "---\ninput_file: blue.toml\n---\n")?;
        let source = "---\nsource: tests/scenarios.rs\ninput_file: blue.toml\n---\n";
        check(&unnamed.clone().with_source("tests/scenarios.rs"), source)?;
        check(&unnamed, source)
    }

    /// A file beside the folder `scenarios` and one in it have the same folder of snapshots.
    #[test]
    fn a_snapshot_of_another_scenario_is_left_alone() -> TestResult {
        let folder = tempfile::tempdir()?;
        let home = folder.path().join("snapshots/foo");
        let outer = SnapshotFolder::new(&home, "foo.toml");
        let inner = SnapshotFolder::new(&home, "scenarios/foo.toml");
        fs::write(folder.path().join("foo.toml"), "")?;
        outer.accept("counts", "(blue, 1)\n")?;
        let errors = [
            inner.read("counts").map(drop),
            inner.accept("counts", "(green, 1)\n"),
        ];
        for error in errors {
            let message = error.expect_err("it is the other one's").to_string();
            let expected =
                "counts.snap is the snapshot of foo.toml, and not of scenarios/foo.toml: ";
            assert!(message.contains(expected), "{message}");
        }
        assert_eq!(outer.read("counts")?.as_deref(), Some("(blue, 1)\n"));

        // A scenario that was moved takes its snapshots with it.
        fs::remove_file(folder.path().join("foo.toml"))?;
        assert_eq!(inner.read("counts")?.as_deref(), Some("(blue, 1)\n"));
        Ok(())
    }

    #[test]
    fn a_snapshot_may_have_the_line_ends_of_another_system() -> TestResult {
        let folder = tempfile::tempdir()?;
        let snapshots = SnapshotFolder::new(folder.path(), "blue.toml");
        let console = "(blue, 1)\r\n\n(green, 2) \n";
        snapshots.accept("counts", console)?;
        let text = fs::read_to_string(snapshots.file("counts"))?;
        fs::write(
            snapshots.file("counts"),
            format!("\u{feff}{}", text.replace('\n', "\r\n")),
        )?;
        assert_eq!(snapshots.read("counts")?.as_deref(), Some(console));
        Ok(())
    }

    #[test]
    fn a_mistake_names_its_line() -> TestResult {
        let folder = tempfile::tempdir()?;
        let snapshots = SnapshotFolder::new(folder.path(), "blue.toml");
        snapshots.accept("counts", "(blue, 1)\n(a\\b, 1)\n")?;
        let text = fs::read_to_string(snapshots.file("counts"))?;
        let check = |bytes: &[u8], expected: &str| {
            fs::write(snapshots.file("counts"), bytes)?;
            let error = snapshots
                .read("counts")
                .expect_err("it is broken")
                .to_string();
            assert!(error.ends_with(expected), "{error}");
            TestResult::Ok(())
        };
        check(
            text.replace("\\\\b", "\\b").as_bytes(),
            "counts.snap: the snapshot has an unknown escape on line 6, \\b, 1); a backslash of the console is \
             written as two",
        )?;
        check(
            text.replace("\\\\b", "\\b")
                .replace('\n', "\r\n")
                .as_bytes(),
            "on line 6, \\b, 1); a backslash of the console is written as two",
        )?;
        check(
            b"---\n\xff\n",
            "counts.snap: the snapshot is not UTF-8 from line 2 on",
        )
    }
}
