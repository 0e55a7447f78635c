//! A folder on the disk of the machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crate::{Operation, Storage, StorageError};

/// The file by which a process has the folder. It stays there, as another process may wait for it.
const LOCK: &str = ".lock";

/// The end of the name under which a file is written first.
const TEMPORARY: &str = ".temp";

/// A folder on the disk of the machine, which one process has at a time. Clones are the same folder.
///
/// ```
/// use engine_storage::{Folder, Storage};
/// # let scratch = tempfile::tempdir()?;
/// # let path = scratch.path().join("checkpoint");
/// let mut folder = Folder::open(&path)?;
/// folder.write("state/1", b"blue 5")?;
/// folder.sync("state/1")?;
/// assert_eq!(folder.list()?, ["state/1"]);
/// assert!(Folder::open(&path).is_err(), "it is in use");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// Locked until the last clone is dropped; `None` of a folder that others have, too.
    _lock: Option<Arc<File>>,
}

impl Folder {
    /// Takes a folder, which is made if there is none.
    ///
    /// # Errors
    ///
    /// Fails if another process has it, or if it cannot be made or written to.
    pub fn open(path: &Path) -> Result<Folder, StorageError> {
        let failed = |source| StorageError::Io {
            operation: Operation::Write,
            file: path.display().to_string(),
            source,
        };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path.join(LOCK))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StorageError::InUse {
                    folder: path.display().to_string(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        Ok(Folder {
            path: path.to_owned(),
            _lock: Some(Arc::new(lock)),
        })
    }

    /// A folder that is only read, while another process may have it.
    pub fn to_read(path: &Path) -> Folder {
        Folder::shared(path)
    }

    /// A folder in which others may have files of their own, such as one of results.
    pub fn shared(path: &Path) -> Folder {
        Folder {
            path: path.to_owned(),
            _lock: None,
        }
    }

    fn path_of(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// The result of an operation on a file, with both in its error.
    fn named<T>(
        &self,
        operation: Operation,
        file: &str,
        result: io::Result<T>,
    ) -> Result<T, StorageError> {
        result.map_err(|source| StorageError::Io {
            operation,
            file: self.path_of(file).display().to_string(),
            source,
        })
    }

    /// Renames a file. Into another folder it takes along those that are empty then, as no file needs them.
    fn rename_to(&self, from: &str, to: &str) -> io::Result<()> {
        let [from, to] = [from, to].map(|file| self.path_of(file));
        if from.parent() == to.parent() {
            return fs::rename(from, to);
        }
        if let Some(folder) = to.parent().filter(|folder| !folder.exists()) {
            fs::create_dir_all(folder)?;
            sync_folders(folder, &self.path)?;
        }
        fs::rename(&from, to)?;
        for folder in folders(&from, &self.path) {
            // One that has files stays.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Opens a file to write to it, in a folder that is made if there is none.
    fn create(&self, file: &str, options: &mut OpenOptions) -> io::Result<File> {
        let path = self.path_of(file);
        match options.create(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                    sync_folders(folder, &self.path)?;
                }
                options.open(&path)
            }
            opened => opened,
        }
    }
}

/// The files that are synced at the same time. A thread waits for the disk nearly all of the time, and a file system makes
/// those of several threads durable in one go.
const SYNCED_TOGETHER: usize = 32;

impl Folder {
    /// Writes a file under its other name and syncs it, and then its name.
    fn replace_synced(&self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        // Files of one folder are written at the same time, each under a name of its own.
        let temporary = format!("{file}{TEMPORARY}");
        let opened = self.create(&temporary, OpenOptions::new().write(true).truncate(true));
        let written = opened.and_then(|mut opened| {
            opened.write_all(bytes)?;
            opened.sync_all()
        });
        self.named(Operation::Write, &temporary, written)?;
        let path = self.path_of(file);
        let renamed = fs::rename(self.path_of(&temporary), &path);
        self.named(Operation::Rename, &temporary, renamed)?;
        let folder = path.parent().unwrap_or(&self.path);
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        self.named(Operation::Sync, file, synced)
    }
}

/// The folders above a file, the nearest first, up to `root` without it.
fn folders<'a>(file: &'a Path, root: &'a Path) -> impl Iterator<Item = &'a Path> {
    let above = file.ancestors().skip(1);
    above.take_while(move |folder| *folder != root)
}

/// Makes the names of a new folder, and of those between it and `root`, outlast a crash.
fn sync_folders(folder: &Path, root: &Path) -> io::Result<()> {
    for folder in folder.ancestors().skip(1) {
        File::open(folder)?.sync_all()?;
        if folder == root {
            break;
        }
    }
    Ok(())
}

impl Storage for Folder {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        match fs::read(self.path_of(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => self.named(Operation::Read, file, read).map(Some),
        }
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let opened = self.create(file, OpenOptions::new().write(true).truncate(true));
        let written = opened.and_then(|mut opened| opened.write_all(bytes));
        self.named(Operation::Write, file, written)
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let opened = self.create(file, OpenOptions::new().append(true));
        let written = opened.and_then(|mut opened| opened.write_all(bytes));
        self.named(Operation::Append, file, written)
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        let path = self.path_of(file);
        let synced = File::open(&path).and_then(|file| file.sync_all());
        let folder = path.parent().unwrap_or(&self.path);
        let synced = synced.and_then(|()| File::open(folder)?.sync_all());
        self.named(Operation::Sync, file, synced)
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        let renamed = self.rename_to(from, to);
        self.named(Operation::Rename, from, renamed)
    }

    fn replace(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.replace_synced(file, bytes)
    }

    /// On several threads, if there are several files.
    fn replace_all(&mut self, files: &[(String, Vec<u8>)]) -> Vec<Result<(), StorageError>> {
        let folder = &*self;
        let replace = |(file, bytes): &(String, Vec<u8>)| folder.replace_synced(file, bytes);
        let per_thread = files.len().div_ceil(SYNCED_TOGETHER).max(1);
        thread::scope(|scope| {
            let parts = files.chunks(per_thread);
            let started: Vec<_> = parts
                .map(|files| {
                    let work = move || files.iter().map(replace).collect::<Vec<_>>();
                    (files, thread::Builder::new().spawn_scoped(scope, work))
                })
                .collect();
            let ended = started.into_iter().flat_map(|(files, started)| {
                let ended = started.ok().and_then(|thread| thread.join().ok());
                // The system has no more threads.
                ended.unwrap_or_else(|| files.iter().map(replace).collect())
            });
            ended.collect()
        })
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        match fs::remove_file(self.path_of(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => self.named(Operation::Remove, file, removed),
        }
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        let mut files = Vec::new();
        let listed = list(&self.path, "", &mut files);
        self.named(Operation::List, "", listed)?;
        files.sort_unstable();
        Ok(files)
    }

    fn list_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        let mut files = Vec::new();
        match list(&self.path_of(folder), folder, &mut files) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            listed => self.named(Operation::List, folder, listed)?,
        }
        files.sort_unstable();
        Ok(files)
    }
}

/// Adds the files of a folder, and of those in it, to `files`; `prefix` stands before each name.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Names that are no text are none of ours.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), files)?;
        } else if name != LOCK {
            files.push(name);
        }
    }
    Ok(())
}
