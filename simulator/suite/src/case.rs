//! A scenario with the folder of its snapshots.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scenario::{Mistakes, Scenario, TimelineLines};
use simulator::UnmetExpectation;

use crate::case_outcome::CaseOutcome;
use crate::location::Location;
use crate::play::Played;
use crate::read::{ReadError, read_text};
use crate::snapshots::{SnapshotError, SnapshotFolder};

/// A scenario with the folder of its snapshots.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name: the path below the folder `scenarios`, with `/` between folders and without the extension.
    /// Outside such a folder it is the name of the file.
    pub name: String,
    /// The scenario file.
    pub file: PathBuf,
    /// The scenario.
    pub scenario: Scenario,
    /// The lines of the file on which the entries of the timeline are written.
    pub lines: TimelineLines,
    /// The snapshots of its pipelines.
    pub snapshots: SnapshotFolder,
}

impl Case {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, and with all its mistakes if it is not a scenario.
    pub fn read(file: &Path) -> Result<Case, ReadError> {
        Ok(Case::parse(file, &read_text(file)?)?)
    }

    /// Parses the text of a scenario file. The path gives the name of the case and the folder of its
    /// snapshots; the file need not exist.
    ///
    /// # Errors
    ///
    /// Fails with all mistakes of the text.
    ///
    /// ```
    /// use std::path::Path;
    /// let text = "timeline = [{ at = '1s', lines = ['blue'] }]\n[[pipeline]]\nname = 'jvm'\nmode = 'stateless'";
    /// let case = suite::Case::parse(Path::new("scenarios/spark/seed.toml"), text)?;
    /// assert_eq!(case.name, "spark/seed");
    /// assert_eq!(case.snapshots.file("jvm"), Path::new("snapshots/spark/seed/jvm.snap"));
    /// # Ok::<(), scenario::Mistakes>(())
    /// ```
    pub fn parse(file: &Path, text: &str) -> Result<Case, Mistakes> {
        let (scenario, lines) = scenario::parse_with_lines(&file.display().to_string(), text)?;
        let Location { name, snapshots } = Location::of(file);
        Ok(Case {
            name,
            file: file.to_owned(),
            scenario,
            lines,
            snapshots,
        })
    }

    /// The expectations with the lines of the file on which they are written.
    pub fn located(&self, unmet: &[UnmetExpectation]) -> Vec<UnmetExpectation> {
        let mut unmet = unmet.to_vec();
        for expectation in &mut unmet {
            expectation.line = self.lines.of_entry(expectation.entry);
        }
        unmet
    }

    /// Compares a run of a pipeline with the expectations of the scenario and with its snapshot. The first
    /// kind of problem is returned: expectations, failed jobs, the snapshot.
    ///
    /// # Errors
    ///
    /// Fails if there is a snapshot that cannot be read.
    pub fn compare(&self, pipeline: &str, played: &Played) -> Result<CaseOutcome, SnapshotError> {
        if !played.unmet.is_empty() {
            return Ok(CaseOutcome::Unmet(self.located(&played.unmet)));
        }
        if !played.failures.is_empty() {
            return Ok(CaseOutcome::Failed(played.failures.clone()));
        }
        match self.snapshots.read(pipeline) {
            Ok(Some(expected)) => Ok(CaseOutcome::of(&expected, &played.text)),
            Ok(None) => Ok(CaseOutcome::Missing(self.snapshots.file(pipeline))),
            Err(SnapshotError::Broken { file, reason }) => Ok(CaseOutcome::Broken { file, reason }),
            Err(error @ SnapshotError::Read { .. }) => Err(error),
        }
    }
}

/// Lists the scenario files at a path, sorted: the file itself, or every `*.toml` below a folder that is not
/// hidden.
///
/// # Errors
///
/// Fails if the path or a folder below it cannot be read.
pub fn find_scenarios(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = files_below(path, "toml")?;
    files.sort();
    Ok(files)
}

/// The files with this extension below a folder that are not hidden.
pub(crate) fn files_below(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it may lead back up.
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension() == Some(OsStr::new(extension)) {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}
