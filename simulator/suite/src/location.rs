//! The layout of a repository: the name of a scenario and the folder of its snapshots, from its path.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::snapshots::SnapshotFolder;

/// The name of a scenario file and the folder of its snapshots.
#[derive(Debug)]
pub(crate) struct Location {
    /// The path below the folder `scenarios`, with `/` between folders and without the extension.
    pub(crate) name: String,
    pub(crate) snapshots: SnapshotFolder,
}

impl Location {
    /// A file below a folder `scenarios` has its snapshots below the folder `snapshots` beside that, any
    /// other file in a folder `snapshots` beside itself.
    pub(crate) fn of(file: &Path) -> Location {
        let home = home_of(file);
        let root = home.as_deref().or(file.parent()).unwrap_or(Path::new(""));
        let below = below(file, root).unwrap_or(file.to_owned());
        let below = below.with_extension("");
        let parts: Vec<_> = below.iter().map(OsStr::to_string_lossy).collect();
        let name = parts.join("/");
        let snapshots = match home {
            Some(_) => SnapshotFolder::new(
                root.with_file_name("snapshots").join(below),
                format!("scenarios/{name}.toml"),
            ),
            None => SnapshotFolder::new(root.join("snapshots").join(below), format!("{name}.toml")),
        };
        Location { name, snapshots }
    }
}

/// The folder that holds the snapshots of all scenarios in a folder, if that is `scenarios` or below it.
pub(crate) fn snapshots_of_folder(folder: &Path) -> Option<PathBuf> {
    let home = home_of(&folder.join("any"))?;
    Some(home.with_file_name("snapshots").join(below(folder, &home)?))
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

/// A path relative to a folder that is above it, on the path as given or from the root.
fn below(path: &Path, folder: &Path) -> Option<PathBuf> {
    let as_given = path.strip_prefix(folder).map(Path::to_owned);
    let relative = as_given.or_else(|_| absolute(path).strip_prefix(folder).map(Path::to_owned));
    relative.ok()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, name: &str, snapshot: &str) {
        let location = Location::of(Path::new(file));
        assert_eq!(location.name, name);
        assert_eq!(location.snapshots.file("counts"), Path::new(snapshot));
    }

    #[test]
    fn snapshots_stand_beside_the_folder_of_scenarios() {
        check(
            "scenarios/spark/seed.toml",
            "spark/seed",
            "snapshots/spark/seed/counts.snap",
        );
    }

    /// The paths are absolute, for the repository itself may be below a folder `scenarios`.
    #[test]
    fn a_file_of_no_scenarios_folder_has_its_snapshots_beside_it() {
        check(
            "/elsewhere/mine.toml",
            "mine",
            "/elsewhere/snapshots/mine/counts.snap",
        );
        check("/mine.toml", "mine", "/snapshots/mine/counts.snap");
    }

    #[test]
    fn the_nearest_scenarios_folder_counts() {
        check(
            "/a/scenarios/b/scenarios/c/d.toml",
            "c/d",
            "/a/scenarios/b/snapshots/c/d/counts.snap",
        );
    }
}
