//! Files that are there whole or not at all, even if the program is killed or another one writes beside it.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Writes a file, in the place of the one of this name if there is one.
///
/// The text goes to a new file of a name of its own beside it, is synced, and only then takes the name: a full
/// disk, a killed process or a second one leaves the old text or the new one. A link of this name is replaced,
/// and not followed; a device or a pipe is written to as it is. A process that is killed may leave a hidden file
/// `.millrace-*.tmp` behind, which nothing reads.
///
/// # Errors
///
/// Fails if the folder does not exist or cannot be written to, or if the disk is full; then the previous file is
/// as it was.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("counts.txt");
/// suite::replace_file(&file, "blue")?;
/// suite::replace_file(&file, "green")?;
/// assert_eq!(std::fs::read_to_string(&file)?, "green");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    if is_stream(path) {
        return fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(text.as_bytes());
    }
    let file = written_beside(path, text)?;
    if let Ok(previous) = fs::symlink_metadata(path)
        && previous.is_file()
    {
        file.as_file().set_permissions(previous.permissions())?;
    }
    file.persist(path)?;
    Ok(())
}

/// Writes a file that does not exist yet, as [`replace_file`] does.
///
/// # Errors
///
/// As [`replace_file`], and with [`ErrorKind::AlreadyExists`] if there is a file, a folder or a link of this name.
pub fn create_file(path: &Path, text: &str) -> io::Result<()> {
    written_beside(path, text)?.persist_noclobber(path)?;
    Ok(())
}

/// Finds out whether [`create_file`] could write a file of this name now, and writes none.
///
/// # Errors
///
/// Fails as it would.
pub fn check_creatable(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => temporary_in(folder_of(path)).map(drop),
    }
}

/// Finds out whether [`replace_file`] could write a file of this name now, and writes none.
///
/// # Errors
///
/// Fails as it would.
pub fn check_replaceable(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if is_stream(path) {
        return fs::OpenOptions::new().write(true).open(path).map(drop);
    }
    temporary_in(folder_of(path)).map(drop)
}

/// Returns true for a device or a pipe, which has no previous text to keep.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir())
}

fn written_beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = temporary_in(folder_of(path))?;
    // An error of the file itself does not name the temporary file, as one of its wrapper would.
    file.as_file_mut().write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A new file with a name that no other process has. It is removed when it is dropped.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".millrace-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Those of any new file: the system takes the umask away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // The error would name the temporary file, and not its cause if there is no such folder.
    fs::metadata(folder)?;
    let file = builder.tempfile_in(folder);
    file.map_err(|error| error.kind().into())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_file_that_others_write_too_is_whole() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("counts.snap");
        let texts = ["blue\n", "green\n"].map(|line| line.repeat(50_000));
        thread::scope(|scope| {
            let writers = texts
                .each_ref()
                .map(|text| scope.spawn(|| (0..20).try_for_each(|_| replace_file(&file, text))));
            writers
                .into_iter()
                .try_for_each(|writer| writer.join().expect("it does not panic"))
        })?;
        assert!(texts.contains(&fs::read_to_string(&file)?));
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let precious = folder.path().join("precious");
        fs::write(&precious, "mine")?;
        for name in ["counts.snap", "counts.snap.tmp"] {
            std::os::unix::fs::symlink(&precious, folder.path().join(name))?;
        }
        let file = folder.path().join("counts.snap");
        replace_file(&file, "blue")?;
        assert_eq!(fs::read_to_string(&precious)?, "mine");
        assert_eq!(fs::read_to_string(&file)?, "blue");

        let dangling = folder.path().join("dangling");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &dangling)?;
        let error = create_file(&dangling, "blue").expect_err("there is a link");
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert!(!folder.path().join("elsewhere").exists());
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_any_other() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let mode = |name: &str| Ok::<_, io::Error>(fs::metadata(path(name))?.permissions().mode());
        fs::write(path("other"), "")?;
        replace_file(&path("new"), "")?;
        assert_eq!(mode("new")?, mode("other")?);
        fs::set_permissions(path("new"), fs::Permissions::from_mode(0o640))?;
        replace_file(&path("new"), "blue")?;
        assert_eq!(mode("new")? & 0o777, 0o640);
        Ok(())
    }

    #[test]
    fn a_new_file_overwrites_none() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("mine.toml");
        create_file(&file, "mine")?;
        let error = create_file(&file, "other").expect_err("it is there");
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&file)?, "mine");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_file_that_could_not_be_written_is_found_out_before() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        check_replaceable(&folder.path().join("curves.svg"))?;
        assert_eq!(fs::read_dir(folder.path())?.count(), 0);
        assert!(check_replaceable(folder.path()).is_err());
        assert!(check_replaceable(&folder.path().join("absent/curves.svg")).is_err());

        check_creatable(&folder.path().join("curves.svg"))?;
        assert_eq!(fs::read_dir(folder.path())?.count(), 0);
        assert!(check_creatable(folder.path()).is_err());
        assert!(check_creatable(&folder.path().join("absent/curves.svg")).is_err());
        Ok(())
    }
}
