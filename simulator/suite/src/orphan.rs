//! Snapshots whose scenario or pipeline does not exist.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::case::Case;
use crate::find::files_below;
use crate::location::snapshots_of_folder;
use crate::read::ReadError;
use crate::snapshot::head_of;
use crate::snapshots::SnapshotFolder;

/// The end of the name of a snapshot.
const SNAPSHOT: &str = ".snap";

/// The end of the name of a proposal, after that of its snapshot.
const PROPOSAL: &str = ".new";

/// A snapshot file whose scenario or pipeline does not exist, or a proposal for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// The file of the snapshot, or of the proposal where there is no snapshot.
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
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(PROPOSAL).unwrap_or(&name);
        let pipeline = name.strip_suffix(SNAPSHOT).unwrap_or(name).to_owned();
        Orphan {
            scenario: parts.collect::<Vec<_>>().join("/"),
            pipeline,
            file,
        }
    }

    /// Removes the snapshot, the proposal beside it, and the folders that have nothing else.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot cannot be removed.
    pub fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.file)?;
        // There may be none, and the snapshot is what counts.
        let _ = fs::remove_file(self.file.with_added_extension("new"));
        let folders = self.file.ancestors().skip(1);
        let mut folders =
            folders.take_while(|folder| folder.file_name() != Some(OsStr::new("snapshots")));
        // A folder with anything in it stays, and so do those above it.
        let _ = folders.try_for_each(fs::remove_dir);
        Ok(())
    }
}

/// Lists the orphaned snapshots, sorted: in the folders of the cases those without a pipeline, and below the
/// snapshot folder of each path that is a folder of scenarios those without a scenario file.
///
/// # Errors
///
/// Fails if a folder of snapshots cannot be read. A folder that does not exist has no orphans.
pub fn orphans(paths: &[PathBuf], cases: &[&Case]) -> io::Result<Vec<Orphan>> {
    let mut found = BTreeSet::new();
    for case in cases {
        let folder = case.snapshots.path();
        let mut files = snapshots_below(folder)?;
        // Folders in it belong to other scenarios, and so may a snapshot of the same folder.
        files.retain(|file| file.parent() == Some(folder) && !is_of_another(&case.snapshots, file));
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
            home != snapshots
                && !may_exist(&folder.join(name).with_added_extension("toml"))
                && !is_of_another(&SnapshotFolder::new(home, ""), file)
        });
        found.extend(files);
    }
    for case in cases {
        for pipeline in &case.scenario.pipelines {
            found.remove(&case.snapshots.file(&pipeline.name));
            found.remove(&case.snapshots.proposal(&pipeline.name));
        }
    }
    Ok(found.into_iter().map(Orphan::new).collect())
}

/// Returns true if a file in the folder of a scenario names another scenario, whose snapshots are in this folder.
fn is_of_another(folder: &SnapshotFolder, file: &Path) -> bool {
    let owner = head_of(file).and_then(|head| head.input_file);
    owner.is_some_and(|owner| folder.is_of_another(&owner))
}

/// False if there is no such file for certain, and not only a folder on the way that cannot be searched.
fn may_exist(file: &Path) -> bool {
    file.try_exists().unwrap_or_else(|error| !is_absent(&error))
}

/// The snapshots below a folder, and the proposals without one.
fn snapshots_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = files_below(folder, &SNAPSHOT[1..]);
    let is_alone = |file: &PathBuf| {
        let snapshot = file.with_extension("");
        snapshot.to_string_lossy().ends_with(SNAPSHOT) && !may_exist(&snapshot)
    };
    let proposals = files_below(folder, &PROPOSAL[1..]).into_iter();
    files.extend(proposals.filter(|file| file.as_ref().is_ok_and(is_alone)));
    match files.into_iter().collect() {
        Ok(found) => Ok(found),
        Err(ReadError::Io { source, .. }) if is_absent(&source) => Ok(Vec::new()),
        Err(ReadError::Io { source, .. }) => Err(source),
        Err(error) => Err(io::Error::other(error)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
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
        let cases: Vec<&Case> = cases.iter().collect();
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
    fn a_proposal_for_a_pipeline_that_is_gone_is_an_orphan() -> io::Result<()> {
        let files = [
            "scenarios/a.toml",
            "snapshots/a/old.snap.new",
            "snapshots/a/older.snap",
            "snapshots/a/older.snap.new",
            "snapshots/a/new.snap.new",
            "snapshots/a/notes.new",
            "snapshots/b/p.snap.new",
        ];
        assert_eq!(
            found(&files, &[("a.toml", &["new"])])?,
            ["a/old.snap", "a/older.snap", "b/p.snap"]
        );
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

    /// The snapshots of `foo.toml`, beside the folder `scenarios`, are where those of `scenarios/foo.toml` would be.
    #[test]
    fn a_snapshot_of_another_scenario_is_no_orphan() -> io::Result<()> {
        let top = tempfile::tempdir()?;
        let home = top.path().join("scenarios");
        fs::create_dir(&home)?;
        fs::write(top.path().join("foo.toml"), "")?;
        let outer = SnapshotFolder::new(top.path().join("snapshots/foo"), "foo.toml");
        outer.accept("p", "").map_err(io::Error::other)?;
        assert_eq!(orphans(std::slice::from_ref(&home), &[])?, []);

        fs::write(home.join("foo.toml"), "")?;
        let inner = case(&home.join("foo.toml"), &["q"]);
        assert_eq!(orphans(&[home], &[&inner])?, []);

        fs::remove_file(top.path().join("foo.toml"))?;
        assert_eq!(orphans(&[], &[&inner])?.len(), 1);
        Ok(())
    }

    #[test]
    fn an_orphan_is_removed_with_what_was_only_for_it() -> io::Result<()> {
        let top = tempfile::tempdir()?;
        let home = top.path().join("snapshots");
        for file in ["f/a/p.snap", "f/a/p.snap.new", "f/b/p.snap"] {
            let file = home.join(file);
            fs::create_dir_all(file.parent().unwrap_or(&home))?;
            fs::write(file, "")?;
        }
        Orphan::new(home.join("f/a/p.snap")).remove()?;
        assert!(!home.join("f/a").exists() && home.join("f/b/p.snap").exists());
        Orphan::new(home.join("f/b/p.snap")).remove()?;
        assert!(!home.join("f").exists() && home.exists());
        assert!(Orphan::new(home.join("f/b/p.snap")).remove().is_err());
        Ok(())
    }
}
