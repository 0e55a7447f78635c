//! Snapshots that no scenario and pipeline stand behind any more.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::case::{Case, snapshots_folder};

/// A snapshot file that is left over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The snapshot file.
    pub file: PathBuf,
    /// The name of the scenario that it would be of, with `/` between folders.
    pub scenario: String,
    /// The name of the pipeline that it would be of.
    pub pipeline: String,
}

impl Orphan {
    fn new(file: PathBuf) -> Orphan {
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut homes = folder.ancestors();
        let home = homes.find(|home| home.file_name() == Some(OsStr::new("snapshots")));
        let below = home.and_then(|home| folder.strip_prefix(home).ok());
        let parts = below.unwrap_or(folder).iter().map(OsStr::to_string_lossy);
        let pipeline = file.file_stem().unwrap_or_default();
        Orphan {
            scenario: parts.collect::<Vec<_>>().join("/"),
            pipeline: pipeline.to_string_lossy().into_owned(),
            file,
        }
    }
}

/// The snapshots, sorted, that are orphaned: those of the cases whose pipeline is gone, and,
/// below the snapshot folder of each named folder of scenarios, those whose scenario is gone.
///
/// `cases` are the scenarios that were read, each with the names of its pipelines.
///
/// # Errors
///
/// Fails if a folder of snapshots cannot be read. One that is not there has no orphans.
pub fn orphans(named: &[PathBuf], cases: &[(&Case, Vec<&str>)]) -> io::Result<Vec<Orphan>> {
    let mut found = BTreeSet::new();
    for (case, _) in cases {
        found.extend(snapshots_in(case.folder())?);
    }
    for folder in named.iter().filter(|path| path.is_dir()) {
        if let Some(snapshots) = snapshots_folder(folder) {
            collect(&snapshots, folder, &mut found)?;
        }
    }
    for (case, pipelines) in cases {
        for pipeline in pipelines {
            found.remove(&case.snapshot(pipeline));
        }
    }
    Ok(found.into_iter().map(Orphan::new).collect())
}

/// Collects below a folder of snapshots those that do not belong to a scenario which is there, in
/// the folder that goes with it. Of a scenario that is there and was read, the cases know more.
fn collect(snapshots: &Path, scenarios: &Path, found: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for folder in folders_in(snapshots)? {
        let Some(name) = folder.file_name() else {
            continue;
        };
        let scenarios = scenarios.join(name);
        let mut scenario = scenarios.clone().into_os_string();
        scenario.push(".toml");
        if !Path::new(&scenario).exists() {
            found.extend(snapshots_in(&folder)?);
        }
        collect(&folder, &scenarios, found)?;
    }
    Ok(())
}

fn snapshots_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_snapshot = |path: &PathBuf| path.extension() == Some(OsStr::new("snap"));
    Ok(entries(folder)?.into_iter().filter(is_snapshot).collect())
}

fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_folder = |path: &PathBuf| path.is_dir() && !path.is_symlink();
    Ok(entries(folder)?.into_iter().filter(is_folder).collect())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    listed.map(|entry| Ok(entry?.path())).collect()
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The orphans below `snapshots` if these files are there and `test scenarios` names the folder.
    fn found(files: &[&str], read: &[(&str, &[&str])]) -> io::Result<Vec<String>> {
        let top = tempfile::tempdir()?;
        for file in files {
            let file = top.path().join(file);
            fs::create_dir_all(file.parent().unwrap_or(top.path()))?;
            fs::write(file, "")?;
        }
        let home = top.path().join("scenarios");
        let cases: Vec<Case> = read
            .iter()
            .map(|(name, _)| Case::of(&home.join(name)))
            .collect();
        let pipelines = read.iter().map(|(_, pipelines)| pipelines.to_vec());
        let cases: Vec<_> = cases.iter().zip(pipelines).collect();
        let found = orphans(&[home], &cases)?;
        let name = |orphan: &Orphan| format!("{}/{}.snap", orphan.scenario, orphan.pipeline);
        Ok(found.iter().map(name).collect())
    }

    #[test]
    fn a_snapshot_whose_pipeline_is_gone_is_an_orphan() -> io::Result<()> {
        let files = [
            "scenarios/a.toml",
            "snapshots/a/old.snap",
            "snapshots/a/new.snap",
        ];
        assert_eq!(found(&files, &[("a.toml", &["new"])])?, ["a/old.snap"]);
        Ok(())
    }

    #[test]
    fn a_snapshot_whose_scenario_is_gone_is_an_orphan() -> io::Result<()> {
        let files = [
            "scenarios/f/a.toml",
            "snapshots/f/a/p.snap",
            "snapshots/f/b/p.snap",
            "snapshots/g/c/p.snap",
            "snapshots/lib.rs",
        ];
        assert_eq!(
            found(&files, &[("f/a.toml", &["p"])])?,
            ["f/b/p.snap", "g/c/p.snap"]
        );
        Ok(())
    }

    #[test]
    fn a_folder_of_the_name_of_a_scenario_keeps_its_snapshots() -> io::Result<()> {
        let files = [
            "scenarios/a.toml",
            "scenarios/a/b.toml",
            "snapshots/a/p.snap",
            "snapshots/a/b/p.snap",
        ];
        assert_eq!(
            found(&files, &[("a.toml", &["p"]), ("a/b.toml", &["p"])])?,
            [""; 0]
        );
        Ok(())
    }

    #[test]
    fn without_a_folder_of_snapshots_there_are_no_orphans() -> io::Result<()> {
        assert_eq!(
            found(&["scenarios/a.toml"], &[("a.toml", &["p"])])?,
            [""; 0]
        );
        Ok(())
    }
}
