//! Which scenarios there are, and where the snapshot of each pipeline is.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A scenario file with the place of its snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    file: PathBuf,
    name: String,
    folder: PathBuf,
    /// Whether it is below a folder `scenarios`.
    is_at_home: bool,
}

impl Case {
    /// The case of a scenario file: its name is its path below the folder `scenarios`, and its
    /// snapshots are below the folder `snapshots` beside that. A file that is in no such folder has its
    /// snapshots in a folder `snapshots` beside itself.
    ///
    /// ```
    /// use std::path::Path;
    /// let case = snapshots::Case::of(Path::new("scenarios/spark/seed.toml"));
    /// assert_eq!(case.name(), "spark/seed");
    /// assert_eq!(case.snapshot("jvm"), Path::new("snapshots/spark/seed/jvm.snap"));
    /// ```
    pub fn of(file: &Path) -> Case {
        let home = home_of(file);
        let root = home.as_deref().or(file.parent()).unwrap_or(Path::new(""));
        let whole = absolute(file);
        let below = file
            .strip_prefix(root)
            .or_else(|_| whole.strip_prefix(root));
        let below = below.unwrap_or(file).with_extension("");
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        let snapshots = if home.is_some() {
            root.with_file_name("snapshots")
        } else {
            root.join("snapshots")
        };
        Case {
            file: file.to_owned(),
            name: parts.join("/"),
            folder: snapshots.join(&below),
            is_at_home: home.is_some(),
        }
    }

    /// The scenario file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The name of the scenario, with `/` between folders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scenario file as a snapshot names it: the same on every machine.
    pub fn input_file(&self) -> String {
        let folder = if self.is_at_home { "scenarios/" } else { "" };
        format!("{folder}{}.toml", self.name)
    }

    /// Where the snapshots of the scenario's pipelines are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The snapshot file of a pipeline.
    pub fn snapshot(&self, pipeline: &str) -> PathBuf {
        self.folder.join(format!("{pipeline}.snap"))
    }
}

/// Where the snapshots of the scenarios in a folder are, if it is `scenarios` or below that.
pub(crate) fn snapshots_folder(folder: &Path) -> Option<PathBuf> {
    let home = home_of(&folder.join("any"))?;
    let below = folder.strip_prefix(&home).map(Path::to_owned);
    let below = below.or_else(|_| absolute(folder).strip_prefix(&home).map(Path::to_owned));
    Some(home.with_file_name("snapshots").join(below.ok()?))
}

/// The nearest folder `scenarios` above a file: on its path as given, or from the root.
fn home_of(file: &Path) -> Option<PathBuf> {
    let nearest = |file: &Path| {
        let mut folders = file.ancestors().skip(1);
        let is_home = |folder: &&Path| folder.file_name() == Some(OsStr::new("scenarios"));
        folders.find(is_home).map(Path::to_owned)
    };
    nearest(file).or_else(|| nearest(&absolute(file)))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The scenario files at a path, sorted: the file itself, or every `*.toml` below a folder that is not
/// hidden.
///
/// # Errors
///
/// Fails if the path or a folder below it cannot be read.
pub fn find_scenarios(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A link to a folder is not followed: it may lead back up.
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if entry.path().extension() == Some(OsStr::new("toml")) {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths are absolute, for the repository itself may be below a folder `scenarios`.
    #[test]
    fn a_file_of_no_scenarios_folder_has_its_snapshots_beside_it() {
        let case = Case::of(Path::new("/elsewhere/mine.toml"));
        assert_eq!(case.name(), "mine");
        assert_eq!(
            case.snapshot("counts"),
            Path::new("/elsewhere/snapshots/mine/counts.snap")
        );
        assert_eq!(
            Case::of(Path::new("/mine.toml")).snapshot("counts"),
            Path::new("/snapshots/mine/counts.snap")
        );
    }

    #[test]
    fn the_nearest_scenarios_folder_counts() {
        let case = Case::of(Path::new("/a/scenarios/b/scenarios/c/d.toml"));
        assert_eq!(case.name(), "c/d");
        assert_eq!(case.folder(), Path::new("/a/scenarios/b/snapshots/c/d"));
    }
}
