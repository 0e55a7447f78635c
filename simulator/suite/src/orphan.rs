//! Snapshots whose scenario or pipeline does not exist.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::case::{Case, files_below};
use crate::location::snapshots_of_folder;

/// A snapshot file whose scenario or pipeline does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The snapshot file.
    pub file: PathBuf,
    /// The name that its scenario would have, with `/` between folders.
    pub scenario: String,
    /// The name that its pipeline would have.
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

/// Lists the orphaned snapshots, sorted: in the folders of the cases those without a pipeline, and below the
/// snapshot folder of each path that is a folder of scenarios those without a scenario file.
///
/// # Errors
///
/// Fails if a folder of snapshots cannot be read. A folder that does not exist has no orphans.
pub fn orphans(paths: &[PathBuf], cases: &[Case]) -> io::Result<Vec<Orphan>> {
    let mut found = BTreeSet::new();
    for case in cases {
        let folder = case.snapshots.path();
        let mut files = snapshots_below(folder)?;
        // Folders in it belong to other scenarios.
        files.retain(|file| file.parent() == Some(folder));
        found.extend(files);
    }
    for folder in paths.iter().filter(|path| path.is_dir()) {
        let Some(snapshots) = snapshots_of_folder(folder) else {
            continue;
        };
        let mut files = snapshots_below(&snapshots)?;
        // Snapshots of a scenario that exists are left to its case, which has the names of its pipelines.
        files.retain(|file| {
            let home = file.parent().unwrap_or(file);
            let name = home.strip_prefix(&snapshots).unwrap_or(home);
            home != snapshots && !folder.join(name).with_added_extension("toml").exists()
        });
        found.extend(files);
    }
    for case in cases {
        for pipeline in &case.scenario.pipelines {
            found.remove(&case.snapshots.file(&pipeline.name));
        }
    }
    Ok(found.into_iter().map(Orphan::new).collect())
}

fn snapshots_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match files_below(folder, "snap") {
        Err(error) if is_absent(&error) => Ok(Vec::new()),
        found => found,
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A scenario file that was read, with the names of its pipelines.
    type Read<'a> = (&'a str, &'a [&'a str]);

    /// The orphans below `snapshots` if these files exist and the folder `scenarios` is searched.
    fn found(files: &[&str], read: &[Read<'_>]) -> io::Result<Vec<String>> {
        let top = tempfile::tempdir()?;
        for file in files {
            let file = top.path().join(file);
            fs::create_dir_all(file.parent().unwrap_or(top.path()))?;
            fs::write(file, "")?;
        }
        let home = top.path().join("scenarios");
        let cases = read
            .iter()
            .map(|(name, pipelines)| case(&home.join(name), pipelines));
        let cases: Vec<Case> = cases.collect();
        let found = orphans(&[home], &cases)?;
        let name = |orphan: &Orphan| format!("{}/{}.snap", orphan.scenario, orphan.pipeline);
        Ok(found.iter().map(name).collect())
    }

    fn case(file: &Path, pipelines: &[&str]) -> Case {
        let pipelines = pipelines
            .iter()
            .map(|name| format!("[[pipeline]]\nname = '{name}'\nmode = 'stateless'\n"));
        let text = "timeline = [{ at = '1s', lines = [] }]\n".to_owned();
        let text = text + &pipelines.collect::<String>();
        Case::parse(file, &text).expect("the scenario has no mistakes")
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
